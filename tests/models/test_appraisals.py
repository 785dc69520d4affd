"""An appraisal asks for a re-check when what it rests on falls, or newer evidence comes into its scope."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import builders
from treatments.models import Appraisal

pytestmark = pytest.mark.django_db

NOW = timezone.now()
EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.fixture
def drug():
    return builders.treatment()


@pytest.fixture
def feature():
    return builders.manifestation()


def entry(drug, feature, *, on=EARLIER, **fields):
    return builders.published(builders.evidence(treatment=drug, manifestations=[feature], **fields), published_at=on)


def opinion(drug, feature, *, rests_on=(), **fields):
    return builders.published(
        builders.appraisal(treatment=drug, manifestation=feature, rests_on=rests_on, **fields), published_at=NOW
    )


def needs_recheck(appraisal):
    found: Any = Appraisal.objects.with_recheck().get(pk=appraisal.pk)
    return found.needs_recheck


def test_it_stands_while_nothing_happens(drug, feature):
    known = entry(drug, feature)
    entry(drug, feature)  # published before the appraisal, and left out on purpose
    assert not needs_recheck(opinion(drug, feature, rests_on=[known]))


@pytest.mark.parametrize("fate", [builders.replaced, builders.retracted])
def test_evidence_it_rests_on_falls(drug, feature, fate):
    known = entry(drug, feature)
    appraisal = opinion(drug, feature, rests_on=[known, entry(drug, feature)])
    fate(known)
    assert needs_recheck(appraisal)


def test_newer_evidence_in_its_scope(drug, feature):
    appraisal = opinion(drug, feature, rests_on=[entry(drug, feature)])
    entry(drug, feature, on=LATER)
    assert needs_recheck(appraisal)


def test_newer_evidence_it_rests_on_already(drug, feature):
    assert not needs_recheck(opinion(drug, feature, rests_on=[entry(drug, feature, on=LATER)]))


def test_newer_evidence_elsewhere(drug, feature):
    appraisal = opinion(drug, feature)
    entry(builders.treatment(), feature, on=LATER)
    entry(drug, builders.manifestation(), on=LATER)
    builders.evidence(treatment=drug, manifestations=[feature])  # a draft
    assert not needs_recheck(appraisal)


@pytest.mark.parametrize(
    ("its", "newer", "expected"),
    [
        ("adult", "adult", True),
        ("adult", "mixed", True),
        ("mixed", "juvenile", True),
        ("adult", "juvenile", False),
        ("juvenile", "adult", False),
    ],
)
def test_populations_that_overlap(drug, feature, its, newer, expected):
    appraisal = opinion(drug, feature, population=its)
    entry(drug, feature, population=newer, on=LATER)
    assert needs_recheck(appraisal) is expected


def test_an_appraisal_for_an_antibody_looks_at_that_antibody_only(drug, feature):
    antibody, other = builders.autoantibody(), builders.autoantibody()
    appraisal = opinion(drug, feature, autoantibody=antibody)
    entry(drug, feature, on=LATER)
    entry(drug, feature, on=LATER, autoantibodies=[other])
    assert not needs_recheck(appraisal)
    entry(drug, feature, on=LATER, autoantibodies=[other, antibody])
    assert needs_recheck(appraisal)


def test_an_appraisal_for_none_in_particular_looks_at_every_antibody(drug, feature):
    appraisal = opinion(drug, feature)
    entry(drug, feature, on=LATER, autoantibodies=[builders.autoantibody()])
    assert needs_recheck(appraisal)


def test_asking_for_many_takes_one_query(drug, feature, django_assert_num_queries):
    for _ in range(3):
        opinion(drug, feature, rests_on=[entry(drug, feature)])
    with django_assert_num_queries(1):
        found: list[Any] = list(Appraisal.objects.with_recheck().filter(treatment=drug))
    assert [appraisal.needs_recheck for appraisal in found] == [False] * 3
