"""The data checks in the admin: the list, the page of a finding, and who may judge it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.models import Dismissal

pytestmark = pytest.mark.django_db

LIST = "/admin/treatments/dismissal/"


def signed_in(*roles):
    client = Client()
    client.force_login(builders.person(*roles))
    return client


@pytest.fixture
def claim():
    claim = builders.evidence()
    builders.result(claim, treated_value="99", treated_unit="%")
    return claim


def address(client, claim):
    """Of the finding about a claim's percentage."""
    lines = client.get(LIST, {"check": "percentage"}).context["lines"]
    return next(line["address"] for line in lines if claim.accession in line["finding"].sentence)


def judge(client, address, **typed):
    page = client.get(address)
    finding = page.context["finding"]
    step = "dismiss" if page.context["dismissal"] is None else "reopen"
    return client.post(address, {"fingerprint": finding.fingerprint, "step": step, **typed})


@pytest.mark.parametrize("role", [CURATOR, REVIEWER, EDITOR])
def test_every_role_sees_the_list_from_the_front_page(role):
    client = signed_in(role)
    assert LIST in client.get(reverse("admin:index")).content.decode()
    page = client.get(LIST)
    assert page.status_code == 200
    assert "One study under two references" in page.content.decode()


def test_strangers_see_nothing(claim):
    there = address(signed_in(CURATOR), claim)
    for where in (LIST, there):
        assert Client().get(where).status_code == 302
        assert signed_in().get(where).status_code == 403
    assert signed_in().post(there, {"reason": "No."}).status_code == 403
    assert not Dismissal.objects.exists()


def test_filters(claim):
    client = signed_in(CURATOR)
    page = client.get(LIST, {"kind": "trial"})
    assert {line["finding"].kind for line in page.context["lines"]} == {"trial"}
    page = client.get(LIST, {"check": "level", "state": "dismissed"})
    assert page.context["lines"] == []
    assert "Nothing of this kind was found" in page.content.decode()


@pytest.mark.parametrize("name", ["check", "kind", "state"])
def test_a_value_that_does_not_exist_is_said(name):
    page = signed_in(CURATOR).get(LIST, {name: "<b>spelling"})
    assert page.status_code == 400
    assert "has no value “&lt;b&gt;spelling”" in page.content.decode()


def test_the_records_stand_beside_each_other():
    client = signed_in(CURATOR)
    lines = client.get(LIST, {"check": "same-study"}).context["lines"]
    page = client.get(next(line["address"] for line in lines if "EV00126" in line["finding"].sentence))
    content = page.content.decode()
    [table] = page.context["tables"]
    assert [name for name, _ in table.columns] == ["EV00126", "EV00128", "EV00141", "EV00143"]
    for _, link in table.columns:
        assert f'href="{link}"' in content
        assert client.get(link).status_code == 200
    assert [row.differs for row in table.rows if row.label in ("Treatment", "Reference")] == [False, True]


def test_dismissing_and_reopening(claim):
    curator, reviewer = signed_in(CURATOR), signed_in(REVIEWER)
    there = address(curator, claim)
    assert "fingerprint" in curator.get(there).content.decode()
    answer = judge(curator, there, reason="The made-up source prints 99.")
    assert (answer.status_code, answer["Location"]) == (302, there)
    listed = curator.get(LIST, {"check": "percentage", "state": "dismissed"}).content.decode()
    assert claim.accession in listed
    assert "The made-up source prints 99." in listed
    assert claim.accession not in curator.get(LIST, {"check": "percentage"}).content.decode()
    assert judge(reviewer, there, reason="It prints 70.").status_code == 302
    content = curator.get(there).content.decode()
    assert "The made-up source prints 99." in content
    assert "It prints 70." in content
    assert claim.accession in curator.get(LIST, {"check": "percentage"}).content.decode()


def test_a_refused_dismissal_keeps_what_was_typed(claim):
    client = signed_in(CURATOR)
    there = address(client, claim)
    page = judge(client, there, reason=" ")
    assert page.status_code == 409
    assert "Say why this is no fault." in page.content.decode()
    page = judge(client, there, reason="What I typed.", fingerprint="another")
    assert page.status_code == 409
    assert "The figures changed while you were reading" in page.content.decode()
    assert "What I typed." in page.content.decode()
    judge(client, there, reason="No fault.")
    page = judge(client, there, reason="Mine too.", step="dismiss")
    assert "a moment ago" in page.content.decode()
    assert Dismissal.objects.count() == 1


def test_a_finding_that_is_gone_says_what_was_said_of_it(claim):
    client = signed_in(CURATOR)
    there = address(client, claim)
    judge(client, there, reason="The made-up source prints 99.")
    claim.results.update(treated_value="70")
    page = client.get(there)
    assert page.status_code == 404
    assert "it was corrected" in page.content.decode()
    assert "The made-up source prints 99." in page.content.decode()
    assert client.get(there.replace("percentage", "spelling")).status_code == 404


def test_queries_do_not_grow_with_findings():
    client = signed_in(CURATOR)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    def make():
        builders.result(builders.evidence(level=builders.evidence_level("4")), treated_value="99", treated_unit="%")
        builders.dismissal()

    make()
    queries()
    before = queries()
    for _ in range(4):
        make()
    assert queries() == before
