"""The evidence map counts what the evidence list lists, cell by cell."""

from collections import Counter
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import builders
from tests.api import seed
from treatments.evidence_map import EvidenceMapFilter, evidence_map
from treatments.filters import EvidenceFilter
from treatments.models import Evidence, MechanismOfAction

pytestmark = pytest.mark.django_db


def map_of(query=""):
    asked = EvidenceMapFilter(QueryDict(query), queryset=Evidence.objects.published())
    assert not asked.problems
    return evidence_map(asked)


def cells_of(found):
    return [(row, cell) for row in found.rows for cell in row.cells.values()]


def listed(parameters):
    """How many entries the evidence list has for these parameters."""
    asked = EvidenceFilter(QueryDict(urlencode(parameters)), queryset=Evidence.objects.published())
    assert not asked.problems
    return asked.qs.count()


def cell(found, treatment, term=None):
    """The cell of one treatment and one term (None: entries that name none), or None."""
    (row,) = [row for row in found.rows if row.treatment == treatment]
    return row.cells.get(term.pk if term else None)


def retire(term):
    term.retired_on, term.retirement_reason = timezone.now().date(), "Made up."
    term.save()


# The whole data set ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["autoantibody", "manifestation"])
def test_every_cell_is_what_the_data_set_says(columns):
    written = Counter()
    for entry in seed.rows("evidence"):
        for term in entry["autoantibodies" if columns == "autoantibody" else "manifestations"] or [""]:
            what = "safety" if entry["aspect"] == "safety" else entry["direction"]
            written[entry["treatment"], term, what] += 1
    counted = Counter()
    for row, one in cells_of(map_of(f"columns={columns}")):
        for direction, count in one.tally.directions.items():
            counted[row.treatment.slug, one.column.slug, direction] += count
        counted[row.treatment.slug, one.column.slug, "safety"] += one.tally.safety
    assert +counted == written


@pytest.mark.parametrize("columns", ["autoantibody", "manifestation"])
def test_behind_every_cell_and_row_stand_as_many_entries_as_it_says(columns):
    found = map_of(f"columns={columns}")
    for row in found.rows:
        assert listed(row.evidence) == row.tally.total, row.treatment
    for row, one in cells_of(found):
        assert listed(one.evidence) == one.tally.total > 0, (row.treatment, one.column.name)


@pytest.mark.parametrize(
    "query",
    [
        "population=juvenile&columns=manifestation",
        "mechanism=jak-stat&setting=refractory",
        "treatment_kind=biologic&level=1&level=2&columns=manifestation",
        "autoantibody=anti-mda5&columns=manifestation",
        "autoantibody=anti-mda5&autoantibody=anti-jo1",
        "manifestation=rapidly-progressive-ild&manifestation=calcinosis",
        "autoantibody_named=true",
        "autoantibody_named=false",
        "treatment=rituximab&treatment=tofacitinib&columns=manifestation&manifestation=skin-disease",
    ],
)
def test_filters_narrow_the_cells_and_the_lists_behind_them_alike(query):
    found = map_of(query)
    whole = EvidenceFilter(QueryDict(urlencode(narrowing(query))), queryset=Evidence.objects.published())
    assert found.tally.total == whole.qs.count() > 0, "every entry that matches, and no other"
    for row, one in cells_of(found):
        assert listed(one.evidence) == one.tally.total > 0, (row.treatment, one.column.name)


def narrowing(query):
    return [(name, value) for name, values in QueryDict(query).lists() for value in values if name != "columns"]


def test_the_map_takes_as_many_queries_for_two_hundred_treatments_as_for_the_data_set():
    def queries(query):
        with CaptureQueriesContext(connection) as captured:
            map_of(query)
        return len(captured)

    asked = ("", "columns=manifestation&group=kind&empty=show")
    few = [queries(query) for query in asked]
    release, mechanism, antibody = builders.release(), builders.mechanism(), builders.autoantibody()
    for _ in range(120):
        claim = builders.evidence(autoantibodies=[antibody], manifestations=[builders.manifestation()])
        builders.published(claim, release=release)
        MechanismOfAction.objects.create(treatment=claim.treatment, mechanism=mechanism, action="inhibits")
    assert [queries(query) for query in asked] == few
    assert max(few) <= 8


# Rules ----------------------------------------------------------------------------------------------------------------


def test_entries_that_name_no_antibody_have_a_column_of_their_own_at_the_end():
    antibody = builders.autoantibody()
    unselected = builders.published(builders.evidence(direction="no_benefit"))
    builders.published(builders.evidence(treatment=unselected.treatment, autoantibodies=[antibody]))
    found = map_of(f"treatment={unselected.treatment.slug}")
    assert [column.term for column in found.columns] == [antibody, None]
    assert cell(found, unselected.treatment).tally.in_words == "1 no benefit"
    assert cell(found, unselected.treatment, antibody).tally.in_words == "1 supports"


def test_entries_that_name_no_manifestation_are_counted_and_listed_too():
    claim = builders.published(builders.evidence())
    found = map_of(f"columns=manifestation&treatment={claim.treatment.slug}")
    one = cell(found, claim.treatment)
    assert one.tally.efficacy == listed(one.evidence) == 1


def test_an_entry_stands_in_every_column_it_names_and_once_in_the_totals():
    first, second = builders.manifestation(), builders.manifestation()
    claim = builders.published(builders.evidence(manifestations=[first, second]))
    found = map_of(f"columns=manifestation&treatment={claim.treatment.slug}")
    assert found.cell_count == 2
    assert found.tally.total == 1
    assert [column.tally.efficacy for column in found.columns] == [1, 1]


def test_safety_never_counts_as_efficacy():
    claim = builders.published(builders.evidence(aspect="safety", direction="harm"))
    one = cell(map_of(f"treatment={claim.treatment.slug}"), claim.treatment)
    assert (one.tally.efficacy, one.tally.safety, one.tally.best_level) == (0, 1, "")


def test_only_what_is_published_counts():
    draft = builders.evidence()
    withdrawn = builders.retracted(builders.published(builders.evidence()))
    old = builders.published(builders.evidence())
    new = builders.evidence(accession=old.accession, version=2, supersedes=old, treatment=old.treatment)
    builders.superseded(old)
    builders.published(new)
    shown = {row.treatment: row.tally.total for row in map_of().rows}
    assert draft.treatment not in shown
    assert withdrawn.treatment not in shown
    assert shown[old.treatment] == 1


def test_retired_terms_have_neither_row_nor_column_nor_heading():
    antibody, mechanism = builders.autoantibody(), builders.mechanism()
    claim = builders.published(builders.evidence(autoantibodies=[antibody]))
    other = builders.published(builders.evidence(autoantibodies=[antibody]))
    MechanismOfAction.objects.create(treatment=claim.treatment, mechanism=mechanism, action="inhibits")
    for term in (antibody, mechanism, other.treatment):
        retire(term)
    for empty in ("hide", "show"):
        found = map_of(f"empty={empty}")
        assert antibody not in [*(column.term for column in found.columns), *found.unrecorded_columns]
        assert other.treatment not in [*(row.treatment for row in found.rows), *found.unrecorded_treatments]
        (group,) = [group for group in found.groups if claim.treatment in [row.treatment for row in group.rows]]
        assert group.mechanism is None


def test_a_treatment_stands_once_under_its_first_mechanism_and_is_named_at_the_others():
    claim = builders.published(builders.evidence())
    pathway, other = builders.mechanism("Example pathway"), builders.mechanism("Sample pathway")
    for mechanism in (builders.mechanism("Example target", parent=pathway), other, pathway):
        MechanismOfAction.objects.create(treatment=claim.treatment, mechanism=mechanism, action="inhibits")
    found = map_of(f"treatment={claim.treatment.slug}")
    standing = {group.mechanism: [row.treatment for row in group.rows] for group in found.groups}
    assert standing == {pathway: [claim.treatment], other: []}
    assert {group.mechanism: group.also for group in found.groups} == {pathway: [], other: [claim.treatment]}


def test_rows_are_grouped_by_kind_where_asked_and_those_without_mechanism_come_last_otherwise():
    assert [group.key for group in map_of("group=kind").groups][:2] == ["small_molecule", "biologic"]
    groups = map_of().groups
    assert [group.name for group in groups[:-1]] == sorted(group.name for group in groups[:-1])
    assert groups[-1].name == "No mechanism recorded"
    for query in ("group=kind", ""):
        for group in map_of(query).groups:
            assert [row.tally.order for row in group.rows] == sorted(row.tally.order for row in group.rows)


def test_each_treatment_has_one_row():
    for query in ("", "empty=show", "group=kind&empty=show", "columns=manifestation"):
        rows = [row.treatment.pk for row in map_of(query).rows]
        assert len(rows) == len(set(rows))


def test_what_is_reported_for_a_class_stays_with_the_class_and_members_point_to_it():
    member = builders.treatment()
    whole = builders.treatment_class(member)
    builders.published(builders.evidence(treatment=whole))
    alone = map_of(f"treatment={member.slug}&treatment={whole.slug}")
    assert [row.treatment for row in alone.rows] == [whole]
    assert alone.unrecorded_treatments == [member]
    builders.published(builders.evidence(treatment=member))
    found = map_of(f"treatment={member.slug}&treatment={whole.slug}")
    assert {row.treatment: (row.tally.total, row.classes) for row in found.rows} == {
        whole: (1, []),
        member: (1, [whole]),
    }


def test_a_class_of_antibodies_stands_before_its_members():
    columns = [column for column in map_of().columns if column.group == "Antisynthetase"]
    assert [column.is_class for column in columns] == [True, *[False] * (len(columns) - 1)]
    assert len(columns) > 1


def test_empty_rows_and_columns_are_left_out_and_named_or_shown():
    treatment, antibody = builders.treatment(), builders.autoantibody()
    hidden, shown = map_of(), map_of("empty=show")
    assert treatment in hidden.unrecorded_treatments
    assert antibody in hidden.unrecorded_columns
    assert all(row.tally.total for row in hidden.rows)
    assert treatment in [row.treatment for row in shown.rows]
    assert antibody in [column.term for column in shown.columns]
    assert not [*shown.unrecorded_treatments, *shown.unrecorded_columns]
    assert hidden.tally.total == shown.tally.total == Evidence.objects.published().count()


def test_filters_of_treatments_narrow_the_empty_rows_too():
    kinds = {row.treatment.kind for row in map_of("empty=show&treatment_kind=procedure").rows}
    assert kinds == {"procedure"}
    acting = map_of("empty=show&mechanism=type-i-ifn")
    expected = {row["slug"] for row in seed.rows("treatments") if acts_on_interferon(row)}
    assert {row.treatment.slug for row in acting.rows} == expected


def acts_on_interferon(row):
    parents = {one["slug"]: one.get("parent") for one in seed.rows("mechanisms")}
    return any(
        "type-i-ifn" in (action["mechanism"], parents.get(action["mechanism"])) for action in row.get("mechanisms", [])
    )


def test_a_filter_of_the_terms_along_the_top_leaves_the_columns_it_names():
    assert [column.slug for column in map_of("autoantibody=anti-mda5").columns] == ["anti-mda5"]
    assert [column.slug for column in map_of("autoantibody=anti-mda5&empty=show").columns] == ["anti-mda5"]
    assert [column.slug for column in map_of("autoantibody_named=false&empty=show").columns] == [""]
    assert "" not in [column.slug for column in map_of("autoantibody_named=true&empty=show").columns]


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("columns=treatment", "columns", ["autoantibody", "manifestation"]),
        ("group=stage", "group", ["mechanism", "kind"]),
        ("empty=maybe", "empty", ["hide", "show"]),
        ("population=adults", "population", ["adult", "juvenile", "mixed"]),
        ("columns=autoantibody&columns=manifestation", "columns", []),
        ("mechanism=none-such", "mechanism", None),
        ("direction=supports", "direction", None),
        ("page=2", "page", None),
    ],
)
def test_what_the_map_does_not_take_is_refused_and_named(query, parameter, allowed):
    asked = EvidenceMapFilter(QueryDict(query), queryset=Evidence.objects.published())
    (problem,) = asked.problems
    assert problem.parameter == parameter
    if allowed is not None:
        assert problem.allowed == allowed
