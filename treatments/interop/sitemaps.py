"""The sitemap: every public page that stands for itself, with the day it last changed."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap, x_robots_tag
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import get_resolver, reverse

from treatments.models import (
    Appraisal,
    Autoantibody,
    CertaintyLevel,
    Claim,
    DatasetRevision,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Release,
    Treatment,
    Trial,
)

# Pages that are nothing until they are asked something.
ONLY_ANSWERS = {"compare", "search", "search-suggestions"}


def overviews() -> list[str]:
    """Paths of the pages that take no argument: lists, and pages that gather what is elsewhere. Files are none."""
    included: list[Any] = get_resolver().url_patterns
    pages = [page for part in included if getattr(part, "namespace", "") == "web" for page in part.url_patterns]
    return [
        reverse(f"web:{page.name}")
        for page in pages
        if not page.pattern.converters and f"/{page.pattern}".endswith("/") and page.name not in ONLY_ANSWERS
    ]


KEYS: dict[Any, str] = {Trial: "nct_id", EvidenceLevel: "code", CertaintyLevel: "code"}


class Pages(Sitemap):
    """Addresses begin with the site's own, whatever host a request came to."""

    limit = 50_000  # what the protocol allows in one file

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Overviews(Pages):
    """They change whenever anything does."""

    def items(self) -> list[str]:
        return overviews()

    def location(self, item: str) -> str:
        return item

    def lastmod(self, item: str) -> datetime | None:
        return self.changed_at

    @property
    def changed_at(self) -> datetime | None:
        if not hasattr(self, "_changed_at"):
            self._changed_at = DatasetRevision.current().changed_at
        return self._changed_at


class Records(Pages):
    """Pages of vocabulary and sources. One also changes when evidence about it does, found by ``way``."""

    def __init__(self, model: Any, way: str = "") -> None:
        self.model = model
        self.way = way

    def items(self) -> QuerySet:
        rows = self.model._default_manager.filter(retired_on__isnull=True)
        return rows.only(KEYS.get(self.model, "slug"), "updated_at").annotate(changed_at=self._changed_at())

    def _changed_at(self) -> Any:
        if not self.way:
            return F("updated_at")
        about = Evidence.objects.public().filter(**{self.way: OuterRef("pk")}).order_by().values(self.way)
        last = about.annotate(last=Greatest(Max("published_at"), Max("superseded_at"), Max("retracted_at")))
        return Greatest(F("updated_at"), Subquery(last.values("last")))

    def lastmod(self, item: Any) -> datetime:
        return item.changed_at


class TreatmentPlots(Records):
    """The plots of treatments that have results."""

    def items(self) -> QuerySet:
        with_results = Evidence.objects.published().filter(results__isnull=False)
        return super().items().filter(pk__in=with_results.values("treatment"))

    def location(self, item: Treatment) -> str:
        return reverse("web:treatment-plots", args=[item.slug])


class Claims(Pages):
    """Published claims at the address that stays, and versions that no longer stand at theirs."""

    def __init__(self, model: type[Claim]) -> None:
        self.model = model

    def items(self) -> QuerySet:
        claims: Any = self.model._default_manager
        columns = ("accession", "version", "status", "published_at", "superseded_at", "retracted_at")
        return claims.public().only(*columns).order_by("accession", "version")

    def location(self, item: Any) -> str:
        return item.get_absolute_url() if item.status == "published" else item.get_version_url()

    def lastmod(self, item: Any) -> datetime:
        return item.retracted_at or item.superseded_at or item.published_at


class Releases(Pages):
    """What a release holds does not change; one that has no files yet may still be given them."""

    def items(self) -> QuerySet:
        return Release.objects.only("name", "updated_at").annotate(
            changed_at=Greatest(F("updated_at"), F("snapshot__cut_at"))
        )

    def lastmod(self, item: Any) -> datetime:
        return item.changed_at


SITEMAPS: dict[str, Any] = {
    "overviews": Overviews,
    "treatments": lambda: Records(Treatment, "treatment"),
    "treatment-plots": lambda: TreatmentPlots(Treatment, "treatment"),
    "autoantibodies": lambda: Records(Autoantibody, "autoantibodies"),
    "manifestations": lambda: Records(Manifestation, "manifestations"),
    "mechanisms": lambda: Records(Mechanism, "treatment__mechanisms"),
    "references": lambda: Records(Reference, "reference"),
    "trials": lambda: Records(Trial, "trial"),
    "outcome-measures": lambda: Records(OutcomeMeasure, "results__measure"),
    "evidence-levels": lambda: Records(EvidenceLevel, "level"),
    "certainty-levels": lambda: Records(CertaintyLevel),
    "evidence": lambda: Claims(Evidence),
    "phenotype-associations": lambda: Claims(PhenotypeAssociation),
    "recommendations": lambda: Claims(Recommendation),
    "appraisals": lambda: Claims(Appraisal),
    "releases": Releases,
}


@x_robots_tag
def index(request: HttpRequest) -> HttpResponse:
    """The sitemaps that there are: one for each kind of page that has any, in files of at most 50,000 addresses."""
    found = []
    for section, make in SITEMAPS.items():
        pages = make()
        if not pages.paginator.count:
            continue
        address = settings.SITE_URL + reverse("interop:sitemap-section", args=[section])
        changed: Any = pages.get_latest_lastmod()
        found += [
            SitemapIndexItem(address if number == 1 else f"{address}?p={number}", changed)
            for number in pages.paginator.page_range
        ]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": found}, content_type="application/xml")


def section(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one kind of page."""
    return sitemap(request, SITEMAPS, section)
