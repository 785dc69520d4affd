"""From a number in PubMed to a claim that readers see, is revised and is retracted: by keyboard, on the real data."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.keyboard import press_until
from tests.browser.test_curation import sign_in
from tests.literature.stand_in import services
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.models import Evidence

__all__ = ["services"]

PAPER = "Exampletinib against brepocitinib in a made-up trial"
FIRST, SECOND = "Of 47 made-up patients 37 responded.", "Of 47 made-up patients 37 responded at week 16."


def choose(page: Page, field: str, text: str) -> None:
    """Pick what an autocomplete offers first for ``text``, without a pointer."""
    page.locator(f"#id_{field} + .select2 .select2-selection").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".select2-search__field")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator(".select2-results__option--highlighted", has_text=text)).to_be_visible()
    page.keyboard.press("Enter")


def fill(page: Page, values: dict[str, str]) -> None:
    """Type ``values`` into the fields of these names."""
    for name, value in values.items():
        field = page.locator(f"#id_{name}")
        field.focus()
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            page.keyboard.press("Control+A")
            page.keyboard.type(value)


def take(page: Page, button: str, text: str = "", asked: str = "") -> None:
    """Press the button of a step, with what it asks for."""
    if asked:
        page.get_by_label(asked).focus()
        page.keyboard.type(text)
    press_until(page, button, limit=300)  # the form of a claim is long
    page.keyboard.press("Enter")


def in_the_admin(claim: Evidence) -> str:
    return reverse("admin:treatments_evidence_change", args=[claim.pk])


def test_a_claim_from_its_paper_to_its_end(page: Page, live_server, services):
    both, reviewer = builders.person(CURATOR, REVIEWER), builders.person(REVIEWER)
    services.add(1, PAPER, types=("Randomized Controlled Trial",))

    sign_in(page, live_server, both)
    page.goto(f"{live_server.url}{reverse('admin:treatments_import')}")
    page.get_by_label("PMIDs, DOIs, PMCIDs or NCT numbers").focus()
    page.keyboard.type("99999901")
    take(page, "Look them up")
    expect(page.get_by_label("Add number 1")).to_be_checked()
    take(page, "Add what is marked")
    expect(page.get_by_text("Added 1:")).to_be_visible()

    page.goto(f"{live_server.url}{reverse('admin:treatments_evidence_add')}")
    choose(page, "treatment", "Brepocitinib")
    choose(page, "reference", "99999901")
    fill(page, {"design": "randomized_controlled_trial", "level": "2", "population": "adult", "direction": "supports"})
    fill(page, {"n_treated": "47", "statement": FIRST, "results-0-label": "Made-up response"})
    choose(page, "results-0-measure", "ACR/EULAR total improvement score")
    fill(page, {"results-0-kind": "proportion", "results-0-treated_events": "37", "results-0-treated_total": "47"})
    fill(page, {"results-0-control_events": "21", "results-0-control_total": "48"})
    press_until(page, "Add another Result")
    page.keyboard.press("Enter")
    fill(page, {"results-1-label": "Made-up major response"})
    choose(page, "results-1-measure", "ACR/EULAR total improvement score")
    fill(page, {"results-1-kind": "proportion", "results-1-treated_events": "12", "results-1-treated_total": "47"})
    take(page, "Save and submit for review")
    expect(page.get_by_text("was submitted for review.")).to_be_visible()
    claim = Evidence.objects.latest("pk")
    assert claim.results.count() == 2
    of_curators = live_server.url + in_the_admin(claim)
    of_readers = live_server.url + claim.get_absolute_url()

    page.goto(of_curators)
    expect(page.get_by_text("Nobody publishes their own claim")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    assert page.goto(of_readers).status == 404

    sign_in(page, live_server, reviewer)
    page.goto(of_curators)
    take(page, "Publish")
    expect(page.get_by_text("was published.")).to_be_visible()
    page.goto(of_readers)
    expect(page.get_by_text(FIRST).first).to_be_visible()
    expect(page.get_by_text("37/47").first).to_be_visible()

    sign_in(page, live_server, both)
    page.goto(of_curators)
    take(page, "Start a revision", "The week was left out.", "Why a new version is needed")
    expect(page.get_by_text("was started; edit it here.")).to_be_visible()
    fill(page, {"statement": SECOND})
    take(page, "Save and submit for review")
    expect(page.get_by_text("was submitted for review.")).to_be_visible()

    sign_in(page, live_server, reviewer)
    page.goto(
        f"{live_server.url}{reverse('admin:treatments_evidence_change', args=[Evidence.objects.latest('pk').pk])}"
    )
    press_until(page, "Both versions beside each other")
    page.keyboard.press("Enter")
    expect(page.locator("ins", has_text="at week 16")).to_be_visible()
    page.go_back()
    take(page, "Publish")
    expect(page.get_by_text("was published.")).to_be_visible()
    page.goto(of_readers)
    expect(page.get_by_text(SECOND).first).to_be_visible()
    page.goto(f"{of_readers}v1/")
    expect(page.get_by_text(FIRST).first).to_be_visible()
    press_until(page, "Version 2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{of_readers}v2/")

    page.goto(
        f"{live_server.url}{reverse('admin:treatments_evidence_change', args=[Evidence.objects.latest('pk').pk])}"
    )
    take(page, "Retract", "The made-up trial was never run.", "Reason, which readers will see")
    expect(page.get_by_text("was retracted.")).to_be_visible()
    assert page.goto(of_readers).status == 410
    expect(page.get_by_text("The made-up trial was never run.")).to_be_visible()
