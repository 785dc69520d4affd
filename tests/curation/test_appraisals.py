"""Appraisals through the workflow: made from published evidence, which is found by what the appraisal is about."""

import pytest
from django.urls import reverse

from tests import builders
from treatments.curation.appraisals import evidence_in_scope
from treatments.curation.workflow import WorkflowError, publish, submit
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return builders.person("curator")


@pytest.fixture
def reviewer():
    return builders.person("reviewer", declared=True)


def test_an_appraisal_goes_to_readers_through_another_person(curator, reviewer):
    entry = builders.published(builders.evidence())
    claim = publish(submit(builders.appraisal(author=curator, rests_on=[entry]), curator), reviewer)
    assert (claim.status, claim.reviewer) == (ClaimStatus.PUBLISHED, reviewer)


def test_it_rests_on_something(curator):
    with pytest.raises(WorkflowError, match="rests on no evidence yet"):
        submit(builders.appraisal(author=curator), curator)


@pytest.mark.parametrize(
    "make", [builders.evidence, lambda: builders.retracted(builders.published(builders.evidence()))]
)
def test_it_rests_on_what_is_published(curator, make):
    with pytest.raises(WorkflowError, match="put what is published now in its place"):
        submit(builders.appraisal(author=curator, rests_on=[make()]), curator)


def test_evidence_that_falls_during_review_stops_the_publication(curator, reviewer):
    entry = builders.published(builders.evidence())
    claim = submit(builders.appraisal(author=curator, rests_on=[entry]), curator)
    builders.retracted(entry)
    with pytest.raises(WorkflowError, match="is retracted"):
        publish(claim, reviewer)


def test_the_scope_narrows_what_can_be_picked(client, curator):
    drug, feature, antibody = builders.treatment(), builders.manifestation(), builders.autoantibody()

    def entry(**fields):
        given = {"treatment": drug, "manifestations": [feature], **fields}
        return builders.published(builders.evidence(**given))

    fits, direct = entry(), entry(autoantibodies=[antibody])
    others = [
        entry(treatment=builders.treatment()),
        entry(manifestations=[builders.manifestation()]),
        entry(autoantibodies=[builders.autoantibody()]),
        entry(population="juvenile"),
        builders.evidence(treatment=drug, manifestations=[feature]),
    ]
    asked = {
        "treatment": str(drug.pk),
        "manifestation": str(feature.pk),
        "autoantibody": str(antibody.pk),
        "population": "adult",
    }
    assert {*evidence_in_scope(**asked)} == {fits, direct}

    client.force_login(curator)
    field = {"app_label": "treatments", "model_name": "appraisalevidence", "field_name": "evidence"}

    def offered(**query):
        answer = client.get(reverse("admin:autocomplete"), {**field, **query})
        assert answer.status_code == 200
        return {int(row["id"]) for row in answer.json()["results"]}

    assert offered(term="", **asked) == {fits.pk, direct.pk}
    assert offered(term=others[0].accession, **asked) == {others[0].pk}, "a whole accession is found whatever its scope"
    assert offered(term=others[-1].accession, **asked) == set()
    for nonsense in ("x", "99999999999999999999999", "-1", "٣"):
        offered(term="", treatment=nonsense, manifestation=nonsense, autoantibody=nonsense, population=nonsense)
