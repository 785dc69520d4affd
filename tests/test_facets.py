"""Counts beside the values of filters, held against what asking for each value gives."""

from functools import cache

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests import builders
from treatments import filters
from treatments.facets import COUNTED, facet_counts
from treatments.models import (
    Appraisal,
    Autoantibody,
    Evidence,
    MechanismOfAction,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)

pytestmark = pytest.mark.django_db

LISTS = {
    filters.EvidenceFilter: Evidence.objects.published,
    filters.PhenotypeAssociationFilter: PhenotypeAssociation.objects.published,
    filters.RecommendationFilter: Recommendation.objects.published,
    filters.AppraisalFilter: Appraisal.objects.published,
    filters.TreatmentFilter: Treatment.objects.in_use,
    filters.AutoantibodyFilter: Autoantibody.objects.in_use,
    filters.ReferenceFilter: Reference.objects.in_use,
    filters.TrialFilter: Trial.objects.in_use,
}
# No filter, one, several of one kind, several kinds, a search that reaches through links, and one that finds nothing.
QUERIES = [
    (filters.EvidenceFilter, ""),
    (filters.EvidenceFilter, "autoantibody=anti-mda5"),
    (
        filters.EvidenceFilter,
        "autoantibody=anti-mda5&autoantibody=anti-tif1-gamma&direction=mixed&direction=no_benefit",
    ),
    (filters.EvidenceFilter, "mechanism=jak-stat&population=juvenile&aspect=efficacy&outcome_measure=response-rate"),
    (filters.EvidenceFilter, "search=rash&level=3&level=4&primary_checked=true"),
    (filters.EvidenceFilter, "treatment=probenecid&direction=harm"),
    (filters.PhenotypeAssociationFilter, "autoantibody=anti-mda5&population=adult"),
    (filters.RecommendationFilter, ""),
    (filters.RecommendationFilter, "mechanism=jak-stat&strength=conditional&search=rash"),
    (filters.AppraisalFilter, ""),
    (filters.TreatmentFilter, "mechanism=jak-stat"),
    (filters.TreatmentFilter, "approved=false&kind=biologic&kind=small_molecule"),
    (filters.AutoantibodyFilter, "group=dm_specific&manifestation=calcinosis"),
    (filters.ReferenceFilter, "year_from=2020&publication_type=cohort"),
    (filters.TrialFilter, "status=completed&treatment=ivig"),
]


def asked(filterset, query: QueryDict):
    found = filterset(query, queryset=LISTS[filterset]())
    assert found.problems == []
    return found


def counted_names(filterset) -> list[str]:
    """All but publications and trials: hundreds of values, offered on no page."""
    left_out = ("reference", "guideline", "trial")
    return [name for name, one in filterset.base_filters.items() if isinstance(one, COUNTED) and name not in left_out]


def values_of(filterset, name: str) -> list[str]:
    field = asked(filterset, QueryDict()).form.fields[name]
    return [str(value) for value, _ in field.choices if str(value)]


@cache
def keys_of(filterset, name: str, value: str) -> frozenset:
    """The rows of the data set that one value of one filter gives; worked out once, since each costs a query."""
    query = QueryDict(mutable=True)
    query[name] = value
    return frozenset(asked(filterset, query).qs.values_list("pk", flat=True))


@pytest.mark.parametrize(("filterset", "text"), QUERIES, ids=[f"{one.__name__}: {text}" for one, text in QUERIES])
def test_every_count_is_the_number_of_rows_that_choosing_the_value_gives(filterset, text):
    found = asked(filterset, QueryDict(text))
    names = counted_names(filterset)
    counts = facet_counts(found, names)
    assert list(counts) == names
    for name in names:
        others = QueryDict(text, mutable=True)
        others.pop(name, None)
        beside = set(asked(filterset, others).qs.values_list("pk", flat=True))
        for value in values_of(filterset, name):
            expected = len(beside & keys_of(filterset, name, value))
            assert counts[name].get(value, 0) == expected, f"{name}={value} beside {text}"


def test_an_entry_linked_twice_counts_once_in_each_value_and_never_twice():
    antibody, other = builders.autoantibody(), builders.autoantibody()
    measure = builders.outcome_measure()
    claim = builders.evidence(autoantibodies=[antibody, other])
    for _ in range(3):
        builders.result(claim, measure=measure)
    above = builders.mechanism()
    for below in (builders.mechanism(parent=above), builders.mechanism(parent=above)):
        MechanismOfAction.objects.create(treatment=claim.treatment, mechanism=below, action="inhibits")
    builders.published(claim)
    counts = facet_counts(
        asked(filters.EvidenceFilter, QueryDict()), ["autoantibody", "outcome_measure", "mechanism", "treatment"]
    )
    assert counts["autoantibody"][antibody.slug] == counts["autoantibody"][other.slug] == 1
    assert counts["outcome_measure"][measure.slug] == 1
    assert counts["mechanism"][above.slug] == 1
    assert counts["treatment"][claim.treatment.slug] == 1


def test_what_is_not_published_is_not_counted():
    claim = builders.evidence()
    counts = facet_counts(asked(filters.EvidenceFilter, QueryDict()), ["treatment"])
    assert claim.treatment.slug not in counts["treatment"]


@pytest.mark.parametrize("filterset", LISTS, ids=lambda one: one.__name__)
def test_counting_takes_as_many_queries_with_filters_as_without(filterset):
    names = counted_names(filterset)
    found = asked(filterset, QueryDict())
    with CaptureQueriesContext(
        connection,
    ) as without:
        facet_counts(found, names)
    query = QueryDict(mutable=True)
    for name in names:
        query[name] = values_of(filterset, name)[0]
    narrowed = asked(filterset, query)
    with CaptureQueriesContext(connection) as with_all:
        facet_counts(narrowed, names)
    assert len(with_all) == len(without)
