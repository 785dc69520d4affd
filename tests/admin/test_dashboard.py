"""The front page of the admin: what waits, with links to the rows and to the filtered lists."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders
from tests.admin.test_claims import address, as_person
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import submit

pytestmark = pytest.mark.django_db

INDEX = "admin:index"


def front_page(client):
    return client.get(reverse(INDEX)).content.decode()


def test_what_waits_leads_to_the_claim_and_to_the_list(client):
    author, reviewer = builders.person(CURATOR), as_person(builders.person(REVIEWER))
    waiting = submit(builders.evidence(author=author), author)
    own = submit(builders.evidence(author=reviewer.person), reviewer.person)
    page = front_page(reviewer)
    section = page.partition('id="work-to-review"')[2].partition("</section>")[0]
    assert f'<a href="{address(waiting)}">{waiting}</a>' in section
    assert str(own) not in section
    (to_list,) = re.findall(r'href="([^"]*\?work=to-review)"', section)
    listed = reviewer.get(to_list).content.decode()
    assert waiting.accession in listed
    assert own.accession not in listed


def test_an_unknown_queue_or_one_of_others_filters_nothing():
    curator = as_person(builders.person(CURATOR))
    changelist = reverse("admin:treatments_evidence_changelist")
    for name in ("to-review", "nothing", "'"):
        assert curator.get(changelist, {"work": name}).status_code == 200


def test_each_person_is_shown_what_they_can_do():
    author = builders.person(CURATOR)
    submit(builders.evidence(author=author), author)
    pages = {role: front_page(as_person(builders.person(role))) for role in (CURATOR, REVIEWER, EDITOR)}
    assert "Waiting for my review" in pages[REVIEWER]
    for role in (CURATOR, EDITOR):
        assert "Waiting for my review" not in pages[role]
        assert "Declare your interests" not in pages[role]
    assert "Treatments without evidence" in pages[CURATOR]
    assert 'class="module work-queue"' not in pages[EDITOR]
    assert reverse("admin:auth_user_add") in pages[EDITOR], "an editor names people and gives them roles"
    assert reverse("admin:auth_user_add") not in pages[REVIEWER]


def test_a_reviewer_without_declaration_is_told_first():
    assert "Declare your interests" in front_page(as_person(builders.person(REVIEWER, declared=False)))
    assert "Declare your interests" not in front_page(as_person(builders.person(REVIEWER)))


def test_the_front_page_takes_the_same_number_of_queries_however_much_waits():
    reviewer, author = as_person(builders.person(REVIEWER)), builders.person(CURATOR)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert reviewer.get(reverse(INDEX)).status_code == 200
        return len(captured)

    submit(builders.evidence(author=author), author)
    queries()
    before = queries()
    for _ in range(3):
        submit(builders.evidence(author=author), author)
    assert queries() == before
    assert before <= 35
