"""Citations of references and claims, as files for reference managers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from treatments.models import Appraisal, DatasetRevision, Evidence, PhenotypeAssociation, Recommendation, Reference

from .citations import BIBTEX_TYPE, RIS_TYPE, bibtex, ris
from .citing import claim_bibtex, claim_ris

CLAIMS: dict[str, Any] = {
    "evidence": Evidence,
    "phenotype-associations": PhenotypeAssociation,
    "recommendations": Recommendation,
    "appraisals": Appraisal,
}


def reference_citation(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """A publication as RIS or BibTeX. One that is no longer used is cited all the same."""
    reference = get_object_or_404(Reference, slug=slug)
    return _file(ris([reference]) if form == "ris" else bibtex([reference]), form, slug)


def claim_citation(request: HttpRequest, kind: str, accession: str, form: str, version: int = 0) -> HttpResponse:
    """A claim as RIS or BibTeX: the version named, or else the one published now, or last."""
    found = CLAIMS[kind].objects.public().filter(accession=accession)
    if version:
        found = found.filter(version=version)
    claim = found.order_by("-version").first()
    if claim is None:
        raise Http404("There is no such published version.")
    write = claim_ris if form == "ris" else claim_bibtex
    return _file(write(claim, DatasetRevision.current()), form, f"{claim.accession}-v{claim.version}")


def _file(text: str, form: str, name: str) -> HttpResponse:
    kind = RIS_TYPE if form == "ris" else BIBTEX_TYPE
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
