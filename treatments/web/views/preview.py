"""How a claim that is not published yet will look to readers: their own page, marked, for curators only."""

from django.http import HttpRequest, HttpResponse

from treatments.models import Appraisal, Claim, Evidence, PhenotypeAssociation, Recommendation

from .claims import APPRAISAL, ASSOCIATION, EVIDENCE, RECOMMENDATION
from .pages import ClaimPage, show

PAGES: dict[type[Claim], ClaimPage] = {
    Evidence: EVIDENCE,
    PhenotypeAssociation: ASSOCIATION,
    Recommendation: RECOMMENDATION,
    Appraisal: APPRAISAL,
}


def preview(request: HttpRequest, claim: Claim, back: str, missing: list[str]) -> HttpResponse:
    """The public page of ``claim`` as it stands, beside its public versions. Who may see it, the caller knows."""
    page = PAGES[type(claim)]
    versions = list(page.model.objects.public().filter(accession=claim.accession).order_by("-version"))
    marked = {"back": back, "missing": missing}
    response = show(request, page, versions, claim.pk, permanent=False, preview=marked)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
