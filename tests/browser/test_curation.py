"""Curation in a real Chromium: entered, sent back, published, revised, with the strict content security policy."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import builders
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import start_revision, submit
from treatments.models import Evidence
from treatments.models.choices import ClaimStatus


def sign_in(page: Page, live_server, person):
    client = Client()
    client.force_login(person)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def choose(page: Page, field: str, text: str):
    """Pick the first row that the autocomplete of ``field`` offers for ``text``."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field").fill(text)
    page.locator(".select2-results__option--highlighted", has_text=text).click()


def test_a_claim_is_entered_checked_and_published(page: Page, live_server):
    curator, reviewer = builders.person(CURATOR), builders.person(REVIEWER)
    drug, source = builders.treatment(), builders.reference(authors="Example A", title="A made-up study")
    measure = builders.outcome_measure("Made-up score")
    sign_in(page, live_server, curator)
    page.goto(f"{live_server.url}{reverse('admin:treatments_evidence_add')}")

    choose(page, "treatment", drug.name)
    choose(page, "reference", "Example A")
    for field, value in {
        "design": "randomized_controlled_trial",
        "level": "2",
        "population": "adult",
        "direction": "supports",
        "results-0-kind": "proportion",
    }.items():
        page.locator(f"#id_{field}").select_option(value)
    choose(page, "results-0-measure", measure.name)
    kind, percentage, effect = (
        page.locator(f"#id_results-0-{name}") for name in ("kind", "treated_value", "effect_value")
    )
    kind.select_option("hazard_ratio")
    expect(percentage).to_be_hidden()
    expect(effect).to_be_visible()
    page.get_by_role("button", name="Show all figures").click()
    percentage.fill("78.7")
    kind.select_option("odds_ratio")
    expect(percentage).to_be_visible()
    kind.select_option("proportion")
    percentage.fill("")
    page.locator("#id_statement").fill("Exampletinib did better.")
    page.locator("#id_results-0-label").fill("Made-up response")
    page.locator("#id_results-0-treated_events").fill("48")
    page.locator("#id_results-0-treated_total").fill("47")
    check = page.get_by_role("group", name="Source check 1")
    check.get_by_label("What was read").fill("every figure")
    check.get_by_label("Grade").select_option("secondary")
    page.get_by_role("button", name="Save and submit for review").click()

    expect(page.get_by_text("there cannot be more events than patients")).to_be_visible()
    expect(page.locator("#id_statement")).to_have_value("Exampletinib did better.")
    expect(check.get_by_label("What was read")).to_have_value("every figure")
    page.locator("#id_results-0-treated_events").fill("37")
    doubts = page.get_by_role("region", name="Checks")
    expect(doubts).not_to_contain_text("Cannot be saved so")
    expect(doubts).to_contain_text("none of its results has a control arm")
    expect(page.get_by_role("link", name="1 to look at")).to_be_visible()
    doubts.get_by_label("Why it is right all the same").fill("The paper prints one arm only.")
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.get_by_text("was submitted for review.")).to_be_visible()
    claim = Evidence.objects.latest("pk")
    assert (claim.status, claim.treatment, claim.reference) == (ClaimStatus.IN_REVIEW, drug, source)

    sign_in(page, live_server, reviewer)
    address = f"{live_server.url}{reverse('admin:treatments_evidence_change', args=[claim.pk])}"
    page.goto(address)
    page.get_by_label("What should be changed").fill("Name the arm.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_text("was sent back with your comment.")).to_be_visible()

    sign_in(page, live_server, curator)
    page.goto(address)
    expect(page.get_by_role("region", name="Comment of the reviewer")).to_contain_text("Name the arm.")
    page.locator("#id_statement").fill("Exampletinib, twice a day, did better.")
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.get_by_text("was submitted for review.")).to_be_visible()

    sign_in(page, live_server, reviewer)
    page.goto(address)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("was published.")).to_be_visible()
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    expect(page.get_by_text("Exampletinib, twice a day, did better.").first).to_be_visible()


def test_leaving_a_draft_or_signing_in_anew_loses_nothing_that_was_typed(page: Page, live_server):
    curator = builders.person(CURATOR)
    draft = builders.evidence(author=curator)
    sign_in(page, live_server, curator)
    page.goto(f"{live_server.url}{reverse('admin:treatments_evidence_change', args=[draft.pk])}")
    page.locator("#id_statement").fill("Typed, and not saved yet.")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="I am working on this").click(no_wait_after=True)
    expect(page.locator("#id_statement")).to_have_value("Typed, and not saved yet.")
    assert asked == ["beforeunload"]

    page.context.clear_cookies(name="sessionid")
    page.locator("#id_limitations").fill("Signed out meanwhile.")
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")

    sign_in(page, live_server, curator)
    page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": live_server.url}])
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.statement, draft.limitations) == ("Typed, and not saved yet.", "Signed out meanwhile.")


ROLES = [CURATOR, EDITOR, REVIEWER]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_pages_of_the_workflow_are_accessible_and_fit(
    page: Page, live_server, assert_fits, assert_accessible, width, scheme
):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    author, reviewer = builders.person(CURATOR), builders.person(*ROLES)
    revision = start_revision(builders.published(builders.evidence()), author, "An erratum.")
    revision.statement = "A made-up, later finding."
    revision.save()
    builders.comment(revision, author=author, step="request_changes")
    submit(revision, author)
    sign_in(page, live_server, reviewer)
    for name, arguments in [
        ("index", []),
        ("treatments_evidence_compare", [revision.pk]),
        ("treatments_evidence_change", [revision.pk]),
        ("treatments_declaration_add", []),
    ]:
        page.goto(f"{live_server.url}{reverse(f'admin:{name}', args=arguments)}")
        assert_accessible()
        assert_fits(name)


@pytest.fixture
def assert_fits(page: Page):
    """Fails when the page is wider than its window."""

    def check(name: str):
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the window"

    return check
