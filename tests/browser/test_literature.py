"""A paper from its number, and from the inbox, to the form for evidence: by keyboard, in a real Chromium."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.test_curation import sign_in
from tests.literature.stand_in import services
from treatments.curation.roles import CURATOR

__all__ = ["services"]


def test_a_number_is_pasted_and_a_paper_of_the_inbox_taken(page: Page, live_server, services, assert_accessible):
    builders.reference(pmid="99999902", title="A made-up paper that is here", year=2020)
    paper = builders.candidate()
    services.add(1, "Exampletinib in made-up disease", types=("Retracted Publication", "Randomized Controlled Trial"))
    services.add(2, "A made-up paper that is here", types=("Retracted Publication",))
    sign_in(page, live_server, builders.person(CURATOR))
    page.goto(f"{live_server.url}{reverse('admin:treatments_import')}")
    page.get_by_label("PMIDs, DOIs, PMCIDs or NCT numbers").focus()
    page.keyboard.type("99999901, 99999902 and 99999999")
    page.get_by_role("button", name="Look them up").press("Enter")

    expect(page.get_by_role("heading", name="3 found: 1 new, 1 already here, 1 not found")).to_be_visible()
    assert_accessible()
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.get_by_label("Add number 1")).to_be_checked()
    page.get_by_label("Standing: Retracted").press("Space")
    page.get_by_role("button", name="Add what is marked").press("Enter")
    expect(page.get_by_text("Added 1:")).to_be_visible()
    expect(page.get_by_text("Changed 1:")).to_be_visible()

    page.goto(f"{live_server.url}{reverse('admin:treatments_candidate_changelist')}")
    page.get_by_role("link", name=paper.title).press("Enter")
    page.get_by_label("Publication type").select_option("cohort")
    page.get_by_role("button", name="Add as a reference and draft evidence").press("Enter")
    expect(page.get_by_text("is a reference now.")).to_be_visible()
    expect(page.locator("#id_reference option:checked")).to_contain_text("J Made Up Results, 2026")
