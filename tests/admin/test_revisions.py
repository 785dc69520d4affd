"""Reasons, and a revision beside the version that readers see, on the pages of the admin."""

import pytest

from tests import builders
from tests.admin.forms import fields_of
from tests.admin.test_claims import address, as_person
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import publish, start_revision, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return as_person(builders.person(CURATOR))


@pytest.fixture
def revision(curator):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    return start_revision(publish(claim, builders.person(REVIEWER)), curator.person, "An erratum.")


def history(client, row):
    return client.get(address(row, "history")).content.decode()


# Comparing ------------------------------------------------------------------------------------------------------------


def test_a_revision_is_shown_beside_what_readers_see(curator, revision):
    form = fields_of(curator.get(address(revision))) | {"statement": "A later finding."}
    curator.post(address(revision), form)
    page = curator.get(address(revision)).content.decode()
    assert f"1 difference from {revision.supersedes}," in " ".join(page.split())
    whole = curator.get(address(revision, "compare")).content.decode()
    for content in (page, whole):
        assert "<del>made-up</del>" in content
        assert "<ins>later</ins>" in content
        assert '<span class="differs-word">changed</span>' in content, "said in words too"
    assert "Not recorded" not in page, "the page of the claim shows what differs"
    assert "Randomized controlled trial" in whole


def test_a_first_version_is_compared_with_nothing(curator, revision):
    assert curator.get(address(revision.supersedes, "compare")).status_code == 404
    assert as_person(builders.person()).get(address(revision, "compare")).status_code == 403


# Reasons --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [builders.treatment, builders.reference, builders.trial])
def test_vocabulary_and_sources_are_changed_for_a_reason(make):
    editor, row = as_person(builders.person(EDITOR)), make()
    name = "name" if hasattr(row, "name") else "title"
    before = getattr(row, name)
    form = fields_of(editor.get(address(row))) | {name: "Renamed"}
    refused = editor.post(address(row), form | {"reason": "  "})
    assert refused.context["adminform"].form.errors["reason"] == ["This field is required."]
    assert fields_of(refused)[name] == "Renamed", "what was typed stays"
    row.refresh_from_db()
    assert getattr(row, name) == before
    assert editor.post(address(row), form | {"reason": "The label says so."}).status_code == 302
    assert "<q>The label says so.</q>" in history(editor, row)


def test_a_new_claim_needs_no_reason_and_keeps_one(curator):
    claim = builders.evidence(author=curator.person)
    form = fields_of(curator.get(address(claim)))
    assert curator.post(address(claim), form | {"statement": "One.", "reason": ""}).status_code == 302
    form = fields_of(curator.get(address(claim)))
    typed = {"statement": "Two.", "reason": "The abstract says so.", "_submit_for_review": "1"}
    assert curator.post(address(claim), form | typed).status_code == 302
    assert "<q>The abstract says so.</q>" in history(curator, claim)


def test_changes_of_a_revision_carry_its_change_note_as_their_reason(curator, revision):
    form = fields_of(curator.get(address(revision))) | {"reason": "", "statement": "A later finding."}
    refused = curator.post(address(revision), form | {"change_note": ""})
    assert "Say why this version is made" in refused.content.decode()
    assert curator.post(address(revision), form).status_code == 302
    event = revision.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata["reason"] == "An erratum."
