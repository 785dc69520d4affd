"""Two people with the same draft open: the second one to save is told what changed, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.admin.forms import fields_of
from tests.concurrency import at_once
from treatments.curation.roles import CURATOR
from treatments.models import Evidence

pytestmark = pytest.mark.django_db


def signed_in():
    client = Client()
    client.person = builders.person(CURATOR)
    client.force_login(client.person)
    return client


@pytest.fixture
def one():
    return signed_in()


@pytest.fixture
def two():
    return signed_in()


@pytest.fixture
def draft():
    claim = builders.evidence(author=builders.person(CURATOR), statement="As it was.", regimen="10 mg")
    builders.result(claim, label="First outcome", treated_events=5, treated_total=10)
    builders.result(claim, label="Second outcome", treated_events=6, treated_total=10)
    return claim


def address(claim):
    return reverse(f"admin:treatments_{claim._meta.model_name}_change", args=[claim.pk])


def told(response):
    """The rows of the table of what changed meanwhile: what, was, theirs, yours, and whether there is a choice."""
    meanwhile = response.context["meanwhile"]
    assert response.status_code == 200
    assert meanwhile is not None, response.context["errors"]
    return [(row.what, row.was, row.theirs, row.yours, row.both) for row in meanwhile.differences]


def test_the_second_is_told_and_saves_knowingly(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    assert one.post(address(draft), first | {"statement": "One says."}).status_code == 302
    response = two.post(address(draft), second | {"statement": "Two says.", "comparator": "placebo"})
    assert told(response) == [("Statement", "As it was.", "One says.", "Two says.", True)]
    content = response.content.decode()
    assert "was changed meanwhile by" in content
    draft.refresh_from_db()
    assert (draft.statement, draft.comparator) == ("One says.", "")
    shown = fields_of(response)
    assert (shown["statement"], shown["comparator"]) == ("Two says.", "placebo")
    assert two.post(address(draft), shown).status_code == 302
    draft.refresh_from_db()
    assert (draft.statement, draft.comparator) == ("Two says.", "placebo")


def test_the_second_takes_theirs_in_one_field_and_keeps_the_others(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    one.post(address(draft), first | {"statement": "One says.", "regimen": "20 mg"})
    response = two.post(address(draft), second | {"statement": "Two says.", "regimen": "30 mg"})
    shown = fields_of(response)
    assert two.post(address(draft), shown | {"_theirs": "statement"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.statement, draft.regimen) == ("One says.", "30 mg")


def test_what_only_the_other_changed_is_not_put_back(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    one.post(address(draft), first | {"regimen": "20 mg", "last_checked_on": "2026-11-20"})
    response = two.post(address(draft), second | {"statement": "Two says."})
    assert ("Regimen", "10 mg", "20 mg", "", False) in told(response)
    two.post(address(draft), fields_of(response))
    draft.refresh_from_db()
    assert (draft.statement, draft.regimen, str(draft.last_checked_on)) == ("Two says.", "20 mg", "2026-11-20")


@pytest.mark.parametrize("key", ["nothing", "\u00b2", "9" * 30, "a\x00b"])
def test_a_key_that_is_none_is_shown_as_it_was_sent(one, two, draft, key):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    one.post(address(draft), first | {"treatment": str(builders.treatment().pk)})
    response = two.post(address(draft), second | {"treatment": key})
    [(what, _, _, yours, both)] = told(response)
    assert (what, yours, both) == ("Treatment", key, True)
    assert one.get(reverse("admin:treatments_evidence_add"), {"reference": "nothing"}).status_code == 200


def test_results_changed_by_both(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    one.post(address(draft), first | {"results-0-treated_events": "4", "results-0-treated_total": "9"})
    response = two.post(address(draft), second | {"results-0-treated_events": "3", "results-1-label": "Renamed"})
    assert told(response) == [
        ("Result 1, treated events", "5", "4", "3", True),
        ("Result 1, treated total", "10", "9", "", False),
    ]
    two.post(address(draft), fields_of(response) | {"_theirs": "results-0-treated_events"})
    rows = list(draft.results.values_list("label", "treated_events", "treated_total"))
    assert rows == [("First outcome", 4, 9), ("Renamed", 6, 10)]


def test_a_result_and_a_link_that_the_other_added(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    antibody, measure = builders.autoantibody(), builders.outcome_measure()
    added = {
        "results-2-measure": measure.pk,
        "results-2-kind": "proportion",
        "results-2-label": "Third outcome",
        "autoantibody_links-0-autoantibody": antibody.pk,
    }
    assert one.post(address(draft), first | added).status_code == 302
    mine = added | {"results-2-label": "My outcome"}
    response = two.post(address(draft), second | mine)
    rows = told(response)
    assert [row[0] for row in rows] == ["Result added", "Autoantibody added"]
    assert "Third outcome" in rows[0][2]
    saved = two.post(address(draft), fields_of(response))
    assert saved.status_code == 302, saved.context["errors"]
    assert [row.label for row in draft.results.all()] == [
        "First outcome",
        "Second outcome",
        "Third outcome",
        "My outcome",
    ]
    assert draft.autoantibodies.get() == antibody, "the same link by both is there once"


def test_a_result_that_the_other_deleted(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    one.post(address(draft), first | {"results-0-DELETE": "on", "results-1-DELETE": "on"})
    assert not draft.results.exists()
    response = two.post(address(draft), second | {"results-1-treated_events": "7"})
    rows = told(response)
    assert [(row[0], row[4]) for row in rows] == [("Result deleted", False), ("Result deleted", True)]
    assert "would be added again" in rows[1][3]
    assert two.post(address(draft), fields_of(response)).status_code == 302
    assert list(draft.results.values_list("label", "treated_events")) == [("Second outcome", 7)]


def test_source_checks_changed_by_both(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    check = {"source_checks-0-what": "figures", "source_checks-0-grade": "secondary"}
    one.post(address(draft), first | check)
    response = two.post(address(draft), second | check | {"source_checks-0-what": "everything"})
    assert told(response)[0][0] == "Source checks"
    shown = fields_of(response)
    assert shown["source_checks-0-what"] == "everything"
    two.post(address(draft), shown | {"_theirs": "source_checks"})
    draft.refresh_from_db()
    assert draft.source_checks == [{"what": "figures", "grade": "secondary"}]


def test_a_change_outside_the_admin_is_told_too(one, draft):
    form = fields_of(one.get(address(draft)))
    Evidence.objects.filter(pk=draft.pk).update(regimen="by SQL")
    response = one.post(address(draft), form)
    assert told(response) == [("Regimen", "10 mg", "by SQL", "", False)]


def test_a_third_change_is_told_again(one, two, draft):
    first, second = (fields_of(client.get(address(draft))) for client in (one, two))
    one.post(address(draft), first | {"statement": "One says."})
    shown = fields_of(two.post(address(draft), second | {"statement": "Two says."}))
    Evidence.objects.filter(pk=draft.pk).update(statement="Three says.")
    again = two.post(address(draft), shown)
    assert told(again) == [("Statement", "One says.", "Three says.", "Two says.", True)]


@pytest.mark.parametrize("token", ["", "made up", None])
def test_a_form_that_does_not_say_what_it_was_made_from_is_not_saved(one, draft, token):
    form = fields_of(one.get(address(draft))) | {"statement": "Typed.", "_state": token or ""}
    if token is None:
        other = builders.evidence()
        form["_state"] = fields_of(one.get(address(other)))["_state"]
    response = one.post(address(draft), form)
    assert "does not say which state" in response.content.decode()
    assert one.post(address(draft), fields_of(response)).status_code == 302
    draft.refresh_from_db()
    assert draft.statement == "Typed."


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_every_kind_of_claim_is_guarded(one, two, kind):
    claim = builders.CLAIMS[kind](author=builders.person(CURATOR))
    first, second = (fields_of(client.get(address(claim))) for client in (one, two))
    assert one.post(address(claim), first | {"change_note": "One."}).status_code == 302
    assert told(two.post(address(claim), second | {"change_note": "Two."}))[0][:4] == (
        "Change note",
        "",
        "One.",
        "Two.",
    )


@pytest.mark.django_db(transaction=True)
def test_two_save_at_the_same_moment():
    one, two = signed_in(), signed_in()
    claim = builders.evidence(author=builders.person(CURATOR), statement="As it was.")
    forms = [fields_of(client.get(address(claim))) for client in (one, two)]
    outcomes = at_once(
        lambda: one.post(address(claim), forms[0] | {"statement": "One says."}),
        lambda: two.post(address(claim), forms[1] | {"statement": "Two says."}),
    )
    won, lost = sorted(outcomes, key=lambda response: -response.status_code)
    assert (won.status_code, lost.status_code) == (302, 200)
    winner = one if won is outcomes[0] else two
    assert f"was changed meanwhile by {winner.person.username}." in lost.content.decode()
    claim.refresh_from_db()
    assert {claim.statement, fields_of(lost)["statement"]} == {"One says.", "Two says."}
    assert told(lost) == [("Statement", "As it was.", claim.statement, fields_of(lost)["statement"], True)]
