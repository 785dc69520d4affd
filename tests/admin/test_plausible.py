"""What looks wrong in an entry is said while it is written: it can be saved, and submitted once it is explained."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.admin.forms import fields_of
from tests.admin.test_claims import ADD, address, new_entry, step
from treatments.curation.checks import run
from treatments.curation.history import changes_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.models import Dismissal, Evidence
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db

CHECK = "admin:treatments_evidence_check"
PERCENTAGE = "37 of 47 is 78.7 %, but 42.0 % is entered for the treated arm (Made-up response)."


@pytest.fixture
def curator():
    client = Client()
    client.person = builders.person(CURATOR)
    client.force_login(client.person)
    return client


def asked(response):
    """The names of the fields for reasons, by what they are asked about."""
    return {one["doubt"].finding.check: one["name"] for one in response.context["doubts"] if one["doubt"].is_open}


WRONG = [
    ({"results-0-treated_value": "42.0"}, "percentage", PERCENTAGE),
    ({"level": "4"}, "level", "This entry has level 4; the usual level of its design"),
    ({"n_treated": "40"}, "arm-size", "A result is counted in 47 patients, but the treated arm is said to have 40"),
    (
        {"results-0-control_events": "45", "results-0-control_value": "97.8", "results-0-control_unit": "%"},
        "direction",
        "the treated arm did no better than the control arm",
    ),
    (
        {"results-0-control_events": "", "results-0-control_total": ""},
        "no-control",
        "none of its results has a control arm or an effect",
    ),
]


@pytest.mark.parametrize(("typed", "check", "told"), WRONG, ids=[check for _, check, _ in WRONG])
def test_it_is_said_while_typing_and_after_saving_and_once_explained_no_more(curator, typed, check, told):
    if "level" in typed:
        builders.evidence_level("4")
    form = new_entry(curator, **typed)
    count = Evidence.objects.count()
    live = curator.post(reverse(CHECK), form)
    assert told in live.content.decode()
    assert Evidence.objects.count() == count, "nothing is saved by asking"

    page = curator.post(reverse(ADD), form, follow=True)
    claim = Evidence.objects.latest("pk")
    assert page.redirect_chain[-1][0] == f"{address(claim)}#plausible"
    assert "One thing in it looks implausible" in page.content.decode()
    names = asked(page)
    assert set(names) == {check}

    refused = curator.post(address(claim), fields_of(page) | {"_submit_for_review": "1"})
    assert refused.status_code == 200
    assert "Correct this or say why it is right" in refused.content.decode()
    reason = "Table 2 of the made-up paper prints it so."
    explained = fields_of(refused) | {names[check]: reason, "_submit_for_review": "1"}
    assert curator.post(address(claim), explained).status_code == 302
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_REVIEW
    assert any(reason in change.reason for change in changes_of(claim))
    if check == "level":
        assert claim.level_note == reason
        assert not Dismissal.objects.exists()
    else:
        dismissal = Dismissal.objects.get()
        assert (dismissal.reason, dismissal.dismissed_by) == (reason, curator.person)
        found = [f for f in run(None, [check]) if claim.accession in {record.name for record in f.records}]
        assert dismissal.fingerprint in {finding.fingerprint for finding in found}
        reviewer = Client()
        reviewer.force_login(builders.person(REVIEWER))
        assert reason in reviewer.get(address(claim)).content.decode(), "the reviewer reads the reason"


def test_reasons_typed_stay_with_a_refused_form(curator):
    form = new_entry(curator, **{"results-0-treated_value": "42.0"})
    name = asked(curator.post(reverse(CHECK), form))["percentage"]
    refused = curator.post(reverse(ADD), form | {name: "As printed.", "n_treated": "many"})
    assert fields_of(refused)[name] == "As printed."
    assert not Dismissal.objects.exists()


def test_other_figures_ask_again(curator):
    form = new_entry(curator, **{"results-0-treated_value": "42.0"})
    name = asked(curator.post(reverse(CHECK), form))["percentage"]
    curator.post(reverse(ADD), form | {name: "As printed."})
    claim = Evidence.objects.latest("pk")
    page = curator.get(address(claim))
    assert asked(page) == {}
    again = curator.post(address(claim), fields_of(page) | {"results-0-treated_value": "43.0"}, follow=True)
    assert set(asked(again)) == {"percentage"}


def test_several_reasons_stand_in_the_history_together(curator):
    form = new_entry(curator, **{"results-0-treated_value": "42.0", "n_treated": "40"})
    names = asked(curator.post(reverse(CHECK), form))
    curator.post(reverse(ADD), form | {names["percentage"]: "As printed.", names["arm-size"]: "Seven were added."})
    claim = Evidence.objects.latest("pk")
    told = changes_of(claim)[0].reason
    assert "As printed." in told
    assert "Seven were added." in told


def test_what_the_database_refuses_stays_an_error_whatever_the_reason(curator):
    typed = {"results-0-effect_value": "3", "results-0-effect_ci_low": "1", "results-0-effect_ci_high": "2"}
    form = new_entry(curator, **typed)
    assert (
        "Result 1: The confidence interval does not contain the effect."
        in curator.post(reverse(CHECK), form).content.decode()
    )
    assert curator.post(reverse(ADD), form).status_code == 200


def test_the_step_itself_asks_too(curator):
    curator.post(reverse(ADD), new_entry(curator, n_treated="40"))
    claim = Evidence.objects.latest("pk")
    response = curator.post(step(claim, "submit"))
    assert response.status_code == 409
    assert "Correct this or say why it is right" in response.content.decode()


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_anything_half_typed_is_answered(curator, kind):
    model = type(builders.CLAIMS[kind]())._meta.model_name
    page = reverse(f"admin:treatments_{model}_check")
    form = fields_of(curator.get(reverse(f"admin:treatments_{model}_add")))
    for typed in (form, {}, form | {"treatment": "x", "results-0-measure": "9" * 30, "results-TOTAL_FORMS": "-"}):
        response = curator.post(page, typed)
        assert response.status_code == 200
        assert "Still missing" in response.content.decode()
    assert curator.get(page).status_code == 405


def test_only_who_may_write_asks(curator):
    claim = builders.evidence()
    editor = Client()
    editor.force_login(builders.person(EDITOR))
    assert editor.post(reverse(CHECK)).status_code == 403
    assert editor.post(reverse(CHECK, args=[claim.pk])).status_code == 403
    assert curator.post(reverse(CHECK, args=[builders.published(builders.evidence()).pk])).status_code == 403
    assert curator.post(reverse(CHECK, args=[0])).status_code == 404
    assert Client().post(reverse(CHECK)).status_code == 302


# Drafts that are not complete -----------------------------------------------------------------------------------------


def test_a_draft_is_saved_as_far_as_it_goes_and_submitted_when_complete(curator):
    add = curator.get(reverse(ADD))
    assert "A draft can be saved as soon as it has: treatment, reference, design, " in add.content.decode()
    needed = ("treatment", "reference", "design", "level", "population", "direction")
    form = fields_of(add) | {name: value for name, value in new_entry(curator).items() if name in needed}
    response = curator.post(reverse(ADD), form)
    assert response.status_code == 302, response.context["errors"]
    claim = Evidence.objects.latest("pk")
    page = curator.get(address(claim))
    assert "before this can be submitted: Statement." in page.content.decode()
    refused = curator.post(address(claim), fields_of(page) | {"_submit_for_review": "1", "regimen": "10 mg"})
    assert "This field is required." in refused.content.decode()
    assert fields_of(refused)["regimen"] == "10 mg"
    response = curator.post(step(claim, "submit"))
    assert f"Needed before {claim} can be submitted: statement." in response.content.decode()
    typed = fields_of(refused) | {"statement": "Made up.", "_submit_for_review": "1"}
    assert curator.post(address(claim), typed).status_code == 302
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_REVIEW
