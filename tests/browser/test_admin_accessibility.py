"""The pages curators work in: nothing against WCAG 2.2 AA, in the dark on a phone and in the light at a desk."""

from collections.abc import Callable
from typing import Literal
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests import builders
from tests.browser.test_curation import ROLES, sign_in
from tests.sheets.sheet import as_csv, entry
from treatments.curation.findings import findings_now
from treatments.curation.restoring import states_of
from treatments.curation.roles import CURATOR
from treatments.models import Release

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture
def pages() -> dict[str, str]:
    """The address of every kind of page, under its name, with something to show on each."""
    draft, public = builders.evidence(), builders.published(builders.evidence())
    builders.result(draft, treated_value=12, treated_unit="%")  # 7 of 10 is not 12 %: something to find
    finding = next(found for found in findings_now(timezone.localdate()) if "12" in found.sentence)
    person, paper = builders.person(), builders.candidate(retraction_status="retracted")
    named: dict[str, tuple[str, list[object]]] = {
        "front page": ("index", []),
        "list of evidence": ("treatments_evidence_changelist", []),
        "new evidence": ("treatments_evidence_add", []),
        "draft": ("treatments_evidence_change", [draft.pk]),
        "draft as readers will see it": ("treatments_evidence_as_readers_see_it", [draft.pk]),
        "published claim": ("treatments_evidence_change", [public.pk]),
        "history": ("treatments_evidence_history", [public.pk]),
        "step": ("treatments_evidence_step", [public.pk, "retract"]),
        "treatment": ("treatments_treatment_change", [draft.treatment_id]),
        "new reference": ("treatments_reference_add", []),
        "literature inbox": ("treatments_candidate_changelist", []),
        "candidate": ("treatments_candidate_change", [paper.pk]),
        "literature query": ("treatments_literaturequery_change", [paper.query_id]),
        "data checks": ("treatments_dismissal_changelist", []),
        "finding": ("treatments_finding", [finding.check, finding.key]),
        "person": ("auth_user_change", [person.pk]),
        "history of a draft": ("treatments_evidence_history", [draft.pk]),
        "audit log": ("treatments_auditlog_changelist", []),
        "new release": ("treatments_release_add", []),
        "release": ("treatments_release_change", [Release.objects.get(name="2026-11").pk]),
    }
    addresses = {name: reverse(f"admin:{page}", args=arguments) for name, (page, arguments) in named.items()}
    state = urlencode({"state": states_of(draft)[-1].isoformat()})
    restoring = f"{reverse('admin:treatments_evidence_restore', args=[draft.pk])}?{state}"
    # A page of findings or changes is long, and each of its rows like the next: a few are as good.
    return addresses | {
        "data checks": f"{addresses['data checks']}?check={finding.check}",
        "audit log": f"{addresses['audit log']}?kind=evidence&key={draft.accession}",
        "audit log, refused": f"{addresses['audit log']}?key=1&since=x",
        "restoring": restoring,
    }


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_pages_of_the_admin_are_accessible(
    page: Page,
    live_server: LiveServer,
    assert_accessible: Callable[[], None],
    pages: dict[str, str],
    size: ViewportSize,
    theme: Literal["dark", "light"],
):
    sign_in(page, live_server, builders.person(*ROLES))
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)
    for address in pages.values():
        page.goto(live_server.url + address)
        assert_accessible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{address} is too wide"


def test_pages_of_spreadsheets_are_accessible(
    page: Page, live_server: LiveServer, assert_accessible: Callable[[], None]
):
    curator = builders.person(CURATOR)
    sign_in(page, live_server, curator)
    public = builders.published(builders.evidence())
    edited = {"entry": public.accession, "limitations": "Made up."}
    files = [as_csv(edited, headings=[*edited]), as_csv(entry(level="9"))]
    good, bad = (builders.evidence_import(uploaded_by=curator, content=content) for content in files)
    pages = [("export", []), ("import", []), ("import_preview", [bad.pk]), ("import_preview", [good.pk])]
    for size, theme in ((PHONE, "dark"), (DESK, "light")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        for name, arguments in pages:
            page.goto(live_server.url + reverse(f"admin:treatments_evidence_{name}", args=arguments))
            assert_accessible()
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{name} is too wide"
