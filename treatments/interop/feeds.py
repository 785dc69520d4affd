"""Atom feeds of claims that were published, replaced or retracted: of all, of a treatment, of an autoantibody."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join

from treatments.changes import Change, Headers, Scope, changes
from treatments.models import Autoantibody, DatasetRevision, Treatment
from treatments.models.choices import ChangeKind, ClaimStatus, RecordType
from treatments.titles import title

from .citing import NAME

ENTRIES = 100

CLAIMS = (
    RecordType.EVIDENCE,
    RecordType.PHENOTYPE_ASSOCIATION,
    RecordType.RECOMMENDATION,
    RecordType.APPRAISAL,
)
# What XML cannot hold, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` without the characters that no XML document may hold."""
    return _NOT_XML.sub("", text)


class ClaimsAtom(Atom1Feed):
    """Atom that is dated by its newest entry, and by the data set where it has none: never by the clock."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["changed_at"] or datetime(1970, 1, 1, tzinfo=UTC))


class ClaimsFeed(Feed):
    """Every claim: when a version was published, when it replaced another, when it was retracted and why.

    One entry for each of these events, so that a reader is told of a retraction though the claim is old. Entries hold
    what was public at the event and name what became of it since.
    """

    feed_type = ClaimsAtom
    language = settings.LANGUAGE_CODE
    author_name = NAME
    author_link = f"{settings.SITE_URL}/"

    def scope(self, about: Any) -> Scope:
        return Scope(types=CLAIMS)

    # The feed

    def title(self, about: Any) -> str:
        return f"{NAME}: changed claims"

    def subtitle(self, about: Any) -> str:
        return "New claims, new versions and retractions. A reference work, not medical advice."

    def link(self, about: Any) -> str:
        return settings.SITE_URL + reverse("web:changes")

    def feed_url(self, about: Any) -> str:
        return settings.SITE_URL + reverse("interop:claims-feed")

    def feed_guid(self, about: Any) -> str:
        return self.feed_url(about)

    def feed_extra_kwargs(self, about: Any) -> dict[str, Any]:
        return {"changed_at": DatasetRevision.current().changed_at}

    # Its entries

    def items(self, about: Any) -> list[Change]:
        return changes(Headers(self.scope(about))[0:ENTRIES])

    def item_title(self, item: Change) -> str:
        happened = {
            ChangeKind.PUBLISHED: "",
            ChangeKind.NEW_VERSION: "New version: ",
            ChangeKind.RETRACTED: "Retracted: ",
        }[item.kind]
        return xml_text(f"{happened}{item.record.accession} v{item.record.version}, {title(item.record)}")

    def item_description(self, item: Change) -> str:
        paragraphs = [*about_event(item), *about_claim(item)]
        return xml_text(format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs if text)))

    def item_link(self, item: Change) -> str:
        return settings.SITE_URL + item.record.get_version_url()

    def item_guid(self, item: Change) -> str:
        """A tag (RFC 4151): it stays the same when the site gets another scheme, or the entry another text."""
        host = urlsplit(settings.SITE_URL).hostname
        happened = "retracted" if item.kind == ChangeKind.RETRACTED else "published"
        return f"tag:{host},2026:{item.record.accession}/v{item.record.version}/{happened}"

    def item_pubdate(self, item: Change) -> datetime:
        return item.at

    def item_updateddate(self, item: Change) -> datetime:
        return item.at

    def item_categories(self, item: Change) -> list[str]:
        return [item.kind.value, item.record_type.value]


def about_event(change: Change) -> Iterable[str]:
    """What happened, and why."""
    claim = change.record
    if change.kind == ChangeKind.RETRACTED:
        yield f"Retracted. Reason: {change.why}"
        yield "It must not be relied on. What was published is kept, marked as retracted, at the address of this entry."
        return
    if change.kind == ChangeKind.NEW_VERSION:
        yield f"Version {claim.version} replaces version {claim.supersedes.version}, which is superseded."
        yield f"Why: {change.why}" if change.why else ""
    if claim.status == ClaimStatus.RETRACTED:
        yield f"This version has been retracted since. Reason: {claim.retraction_reason}"
    elif claim.status == ClaimStatus.SUPERSEDED:
        yield "This version has been superseded since."


def about_claim(change: Change) -> Iterable[str]:
    """What the claim says, and how strongly; nothing of one that was retracted."""
    claim = change.record
    if claim.status == ClaimStatus.RETRACTED:
        return
    match change.record_type:
        case RecordType.EVIDENCE:
            yield claim.statement
            aspect = "Safety. " if claim.aspect == "safety" else ""
            yield f"{aspect}{claim.get_direction_display()}. Evidence level {claim.level_id}."
            yield f"Source: {claim.reference}"
        case RecordType.PHENOTYPE_ASSOCIATION:
            yield f"{claim.get_population_display()}: {claim.get_strength_display().lower()}."
            yield claim.note
        case RecordType.RECOMMENDATION:
            yield claim.statement
            yield f"{claim.get_direction_display()}; {claim.get_strength_display().lower()}. Source: {claim.guideline}"
        case RecordType.APPRAISAL:
            yield claim.bottom_line


class _FeedAboutTerm(ClaimsFeed):
    """What changed about one term and about the classes whose claims its page shows too."""

    model: type[Model]
    name: str

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        about: Any = get_object_or_404(self.model._default_manager.select_related("successor"), slug=kwargs["slug"])
        if about.retired_on:
            return render(request, "410.html", {"record": about, "retired": True}, status=410)
        return super().__call__(request, about=about)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return kwargs["about"]

    def title(self, about: Any) -> str:
        return xml_text(f"{about.name}: changed claims · {NAME}")

    def link(self, about: Any) -> str:
        return settings.SITE_URL + about.get_absolute_url()

    def feed_url(self, about: Any) -> str:
        return settings.SITE_URL + reverse(f"interop:{self.name}", args=[about.slug])


class TreatmentFeed(_FeedAboutTerm):
    """Claims about a treatment or about a class it belongs to."""

    model = Treatment
    name = "treatment-feed"

    def scope(self, about: Treatment) -> Scope:
        return Scope(types=CLAIMS, treatments=(about, *about.classes.all()))


class AutoantibodyFeed(_FeedAboutTerm):
    """Claims about an autoantibody, a class it belongs to or a member it has."""

    model = Autoantibody
    name = "autoantibody-feed"

    def scope(self, about: Autoantibody) -> Scope:
        return Scope(types=CLAIMS, autoantibodies=(about, *about.classes.all(), *about.members.all()))
