"""Declaring interests, commenting and taking drafts on, through the pages of the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.admin.forms import fields_of, steps_of
from tests.admin.test_claims import address, as_person, step
from treatments.curation.assignments import assignment_of
from treatments.curation.comments import comments_on
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import submit
from treatments.models import Declaration
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db

DECLARE = "admin:treatments_declaration_add"


@pytest.fixture
def curator():
    return as_person(builders.person(CURATOR))


@pytest.fixture
def reviewer():
    return as_person(builders.person(REVIEWER))


def text_of(response):
    return response.content.decode()


# Declaring ------------------------------------------------------------------------------------------------------------


def test_a_new_reviewer_is_told_to_declare_and_then_reviews(curator):
    reviewer = as_person(builders.person(REVIEWER, declared=False))
    claim = submit(builders.evidence(author=curator.person), curator.person)
    page = reviewer.get(address(claim))
    assert steps_of(page) == set()
    assert "Before you review a claim, declare your interests." in text_of(page)
    assert f'href="{reverse(DECLARE)}"' in text_of(page)
    assert reviewer.post(step(claim, "publish")).status_code == 409

    form = fields_of(reviewer.get(reverse(DECLARE))) | {"nothing_to_declare": "on", "person": curator.person.pk}
    assert reviewer.post(reverse(DECLARE), form).status_code == 302
    declared = Declaration.objects.latest("pk")
    assert (declared.person, declared.nothing_to_declare) == (reviewer.person, True), "for oneself only"
    assert steps_of(reviewer.get(address(claim))) == {"request_changes", "publish"}
    reviewer.post(step(claim, "publish"))
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PUBLISHED


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Say what your interests are, or tick that there is nothing to declare."),
        ({"interests": "  "}, "Say what your interests are, or tick that there is nothing to declare."),
        ({"interests": "Fees.", "nothing_to_declare": "on"}, "Keep one of them."),
    ],
)
def test_a_declaration_says_one_thing(reviewer, typed, told):
    before = Declaration.objects.count()
    response = reviewer.post(reverse(DECLARE), typed)
    assert told in text_of(response)
    assert Declaration.objects.count() == before


def test_declarations_are_read_by_colleagues_and_changed_by_nobody(curator, reviewer):
    declared = builders.declaration(person=reviewer.person, interests="Fees of a made-up company.")
    page = curator.get(address(declared))
    assert "Fees of a made-up company." in text_of(page)
    assert "Fees of a made-up company." in text_of(curator.get(reverse("admin:treatments_declaration_changelist")))
    for client in (curator, reviewer, as_person(builders.person(is_superuser=True))):
        assert client.post(address(declared), {"interests": "None."}).status_code == 403
    assert "Fees of a made-up company." in text_of(reviewer.get(reverse(DECLARE))), "what was declared last"


def test_a_superuser_is_held_to_the_two_persons_and_to_the_declaration_too(curator):
    root = as_person(builders.person(is_superuser=True, declared=False))
    own, other = builders.evidence(author=root.person), builders.evidence(author=curator.person)
    for claim in (own, other):
        submit(claim, claim.author)
        assert steps_of(root.get(address(claim))) == set()
    builders.declaration(person=root.person)
    assert steps_of(root.get(address(own))) == {"request_changes"}
    assert steps_of(root.get(address(other))) == {"request_changes", "publish"}


# Comments -------------------------------------------------------------------------------------------------------------


def test_a_claim_is_talked_about_on_its_page(curator, reviewer):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    reviewer.post(step(claim, "request_changes"), {"text": "Which arm?"})
    form = fields_of(curator.get(address(claim)))
    curator.post(address(claim), form | {"_submit_for_review": "1", "_word_to_the_reviewer": "The <treated> one."})
    assert [said.text for said in comments_on(claim)] == ["Which arm?", "The <treated> one."]
    response = reviewer.post(address(claim, "comment"), {"comment": "Now it is clear."}, follow=True)
    page = text_of(response)
    for told in ("Which arm?", "The &lt;treated&gt; one.", "Now it is clear.", "version 1", "changes requested"):
        assert told in page, told
    assert "Write the comment first." in text_of(reviewer.post(address(claim, "comment"), {}, follow=True))
    reviewer.post(step(claim, "publish"))
    readers = Client().get(claim.get_absolute_url())
    assert readers.status_code == 200
    assert "Which arm?" not in text_of(readers)


def test_a_refused_comment_is_shown_again_as_it_was_typed(curator):
    claim = builders.evidence(author=curator.person)
    for typed, told in (
        ("Pasted\x00 from a PDF.", "cannot be stored"),
        ("Rubbish " * 3000, "has 24,000 characters; at most 20,000"),
    ):
        response = curator.post(address(claim, "comment"), {"comment": typed})
        assert response.status_code == 409
        assert told in text_of(response)
        assert f">{typed}</textarea>" in text_of(response), "what was typed stays"
    assert list(comments_on(claim)) == []


def test_whoever_looks_at_claims_may_comment_and_others_may_not(curator):
    claim = builders.evidence(author=curator.person)
    editor = as_person(builders.person(EDITOR))
    editor.post(address(claim, "comment"), {"comment": "From the editor."})
    assert as_person(builders.person()).post(address(claim, "comment"), {"comment": "No."}).status_code == 403
    assert Client().post(address(claim, "comment"), {"comment": "No."}).status_code == 302
    assert [said.text for said in comments_on(claim)] == ["From the editor."]


# Drafts in hand -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_everybody_sees_who_works_on_a_draft(curator, reviewer, kind):
    claim = builders.CLAIMS[kind](author=curator.person)
    curator.post(address(claim, "take_on"))
    badge = f"{curator.person.username} is working on this"
    assert "You are working on this" in text_of(curator.get(address(claim)))
    assert badge in text_of(reviewer.get(address(claim)))
    changelist = reverse(f"admin:treatments_{claim._meta.model_name}_changelist")
    assert badge in text_of(reviewer.get(changelist, {"q": claim.accession}))
    assert badge not in text_of(reviewer.get(address(builders.CLAIMS[kind]())))
    curator.post(address(claim, "let_go"))
    assert badge not in text_of(reviewer.get(changelist, {"q": claim.accession}))


def test_a_colleague_takes_a_draft_over_and_is_told_who_had_it(curator, reviewer):
    claim = builders.evidence(author=curator.person)
    curator.post(address(claim, "take_on"))
    refused = reviewer.post(address(claim, "take_on"), follow=True)
    told = [str(message) for message in refused.context["messages"]]
    assert told[0].startswith(f"{curator.person.username} is working on {claim}, since ")
    taken = reviewer.post(address(claim, "take_on"), {"instead_of": curator.person.pk}, follow=True)
    assert f"{curator.person.username} had it until now." in text_of(taken)
    assert assignment_of(claim).person == reviewer.person


def test_who_writes_no_claims_is_offered_no_draft(curator):
    claim = builders.evidence(author=curator.person)
    editor = as_person(builders.person(EDITOR))
    assert "I am working on this" not in text_of(editor.get(address(claim)))
    refused = editor.post(address(claim, "take_on"), follow=True)
    assert "Your roles do not include this" in text_of(refused)
    assert assignment_of(claim) is None
