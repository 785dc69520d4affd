"""The evidence map: treatments against autoantibodies or against manifestations, counted in the database.

A cell counts the published entries on one treatment that name one term; an entry that names two terms stands in two
cells. Entries that name none have a column of their own. A treatment stands in one row: grouped by mechanism, under
the pathway of the first mechanism entered for it, and the other pathways it acts on name it too. What is reported for
a class stands in the row or column of the class. Retired terms are left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, TextChoices

from .filtering import LayoutChoice, StrictFilterSet
from .filters import EvidenceFilter, TreatmentFilter
from .models import Autoantibody, Evidence, Manifestation, Mechanism, MechanismOfAction, Treatment, TreatmentMember
from .models.choices import AutoantibodyGroup, AutoantibodyKind, TreatmentKind
from .tally import Tally, tallies, together

# What is asked for ----------------------------------------------------------------------------------------------------


class Columns(TextChoices):
    AUTOANTIBODY = "autoantibody", "Autoantibodies"
    MANIFESTATION = "manifestation", "Manifestations"


class Grouping(TextChoices):
    MECHANISM = "mechanism", "Mechanism"
    KIND = "kind", "Kind of treatment"


class Empty(TextChoices):
    """What becomes of rows and columns without a single entry."""

    HIDE = "hide", "Hidden"
    SHOW = "show", "Shown"


@dataclass(frozen=True)
class Layout:
    columns: Columns
    group: Grouping
    empty: Empty


class EvidenceMapFilter(StrictFilterSet):
    """How the map is laid out, and which evidence it counts: filters of the evidence list, and the same ones.

    A filter that narrows the terms along the top leaves the columns it names.
    """

    passthrough = ()
    narrows_nothing = ("columns", "group", "empty")

    columns = LayoutChoice(Columns, label="Columns")
    group = LayoutChoice(Grouping, label="Group rows by")
    empty = LayoutChoice(Empty, label="Empty rows and columns")

    population = EvidenceFilter.base_filters["population"]
    setting = EvidenceFilter.base_filters["setting"]
    level = EvidenceFilter.base_filters["level"]
    mechanism = EvidenceFilter.base_filters["mechanism"]
    treatment_kind = EvidenceFilter.base_filters["treatment_kind"]
    treatment = EvidenceFilter.base_filters["treatment"]
    autoantibody = EvidenceFilter.base_filters["autoantibody"]
    manifestation = EvidenceFilter.base_filters["manifestation"]
    autoantibody_named = EvidenceFilter.base_filters["autoantibody_named"]
    manifestation_named = EvidenceFilter.base_filters["manifestation_named"]

    class Meta:
        model = Evidence
        fields: list[str] = []

    @property
    def layout(self) -> Layout:
        asked = self.form.cleaned_data
        return Layout(
            Columns(asked["columns"] or Columns.AUTOANTIBODY),
            Grouping(asked["group"] or Grouping.MECHANISM),
            Empty(asked["empty"] or Empty.HIDE),
        )

    @property
    def evidence(self) -> list[tuple[str, str]]:
        """The parameters that ask the evidence list for what this map counts."""
        names = [name for name in self.filters if name in EvidenceFilter.base_filters]
        return [(name, value) for name in names for value in self.data.getlist(name)]


# The answer -----------------------------------------------------------------------------------------------------------

Term = Autoantibody | Manifestation
Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Axis:
    """What stands along the top: the model, the way to it from evidence, and the filters that name it."""

    model: type[Term]
    path: str
    parameter: str
    named: str
    unnamed: str  # the heading of the column of entries that name no such term


AXES = {
    Columns.AUTOANTIBODY: Axis(
        Autoantibody, "autoantibodies", "autoantibody", "autoantibody_named", "Not selected by antibody"
    ),
    Columns.MANIFESTATION: Axis(
        Manifestation, "manifestations", "manifestation", "manifestation_named", "No manifestation named"
    ),
}


@dataclass(frozen=True)
class Column:
    """A term along the top; without one, the entries that name none."""

    term: Term | None
    name: str
    tally: Tally

    @property
    def key(self) -> int | None:
        return self.term.pk if self.term else None

    @property
    def slug(self) -> str:
        return self.term.slug if self.term else ""

    @property
    def group(self) -> str:
        """The group of an autoantibody, in words; manifestations have none."""
        return self.term.get_group_display() if isinstance(self.term, Autoantibody) else ""

    @property
    def is_class(self) -> bool:
        return isinstance(self.term, Autoantibody) and self.term.kind == AutoantibodyKind.CLASS


@dataclass(frozen=True)
class Cell:
    """Entries on one treatment that name one term; ``evidence`` asks the evidence list for just these."""

    column: Column
    tally: Tally
    evidence: Parameters


@dataclass(frozen=True)
class Row:
    """One treatment: all its entries counted once, and its cells that hold any, by the key of their column."""

    treatment: Treatment
    tally: Tally
    evidence: Parameters
    cells: dict[int | None, Cell]
    classes: list[Treatment] = field(default_factory=list)  # with rows of their own in this map


@dataclass(frozen=True)
class Group:
    """Rows under one heading, best evidence first; ``also`` are treatments that act here and stand elsewhere."""

    key: str
    name: str
    mechanism: Mechanism | None
    rows: list[Row]
    also: list[Treatment]


@dataclass(frozen=True)
class EvidenceMap:
    """The whole table; ``unrecorded_…`` is what is left out because nothing is recorded for it."""

    layout: Layout
    columns: list[Column]
    groups: list[Group]
    unrecorded_columns: list[Term]
    unrecorded_treatments: list[Treatment]

    @property
    def rows(self) -> Iterator[Row]:
        for group in self.groups:
            yield from group.rows

    @property
    def tally(self) -> Tally:
        """Every entry once, however many cells it stands in."""
        return together(row.tally for row in self.rows)

    @property
    def cell_count(self) -> int:
        return sum(len(row.cells) for row in self.rows)


def evidence_map(asked: EvidenceMapFilter) -> EvidenceMap:
    """The map of published evidence that ``asked``, which must be valid, describes.

    Takes the same few queries however much evidence there is: the database adds up.
    """
    layout = asked.layout
    axis = AXES[layout.columns]
    claims = asked.qs.published().order_by()
    by_cell = tallies(
        ((treatment, term), level, direction, aspect, count)
        for treatment, term, level, direction, aspect, count in claims.values_list(
            "treatment", axis.path, "level", "direction", "aspect"
        ).annotate(count=Count("pk"))
    )
    by_treatment = tallies(claims.values_list("treatment", "level", "direction", "aspect").annotate(count=Count("pk")))

    treatments = list(_treatments(asked))
    in_rows: dict[int | None, list[Tally]] = {}
    present = {treatment.pk for treatment in treatments}
    for (treatment, term), count in by_cell.items():
        if treatment in present:
            in_rows.setdefault(term, []).append(count)
    candidates = [Column(term, name, together(in_rows.get(key, []))) for key, term, name in _terms(asked, axis)]
    columns = [column for column in candidates if column.tally.total or layout.empty == Empty.SHOW]
    columns.sort(key=_order)

    common = asked.evidence
    rows = []
    for treatment in treatments:
        if treatment.pk not in by_treatment and layout.empty == Empty.HIDE:
            continue
        about = _narrowed(common, treatment=treatment.slug)
        cells = {
            column.key: Cell(column, by_cell[treatment.pk, column.key], _at(about, axis, column))
            for column in columns
            if (treatment.pk, column.key) in by_cell
        }
        rows.append(Row(treatment, by_treatment.get(treatment.pk, Tally()), about, cells))
    _name_classes(rows)
    shown = {row.treatment.pk for row in rows}
    return EvidenceMap(
        layout=layout,
        columns=columns,
        groups=_by_mechanism(rows) if layout.group == Grouping.MECHANISM else _by_kind(rows),
        unrecorded_columns=[column.term for column in candidates if column.term and column not in columns],
        unrecorded_treatments=[treatment for treatment in treatments if treatment.pk not in shown],
    )


# Rows and columns -----------------------------------------------------------------------------------------------------


ORDER_OF_GROUP = {group.value: number for number, group in enumerate(AutoantibodyGroup)}


def _treatments(asked: EvidenceMapFilter) -> QuerySet:
    """Treatments in use that the filters leave, with evidence or without."""
    wanted = asked.form.cleaned_data
    found = Treatment.objects.in_use().defer("search_vector").order_by("name", "pk")
    found = TreatmentFilter.base_filters["mechanism"].filter(found, wanted["mechanism"])
    found = TreatmentFilter.base_filters["kind"].filter(found, wanted["treatment_kind"])
    return found.filter(pk__in=[one.pk for one in wanted["treatment"]]) if wanted["treatment"] else found


def _terms(asked: EvidenceMapFilter, axis: Axis) -> Iterator[tuple[int | None, Term | None, str]]:
    """(key, term, heading) of every column that the filters leave, the one without a term last."""
    wanted, named = asked.form.cleaned_data[axis.parameter], asked.form.cleaned_data[axis.named]
    if named is not False:
        found = axis.model.objects.in_use().defer("search_vector")
        for term in found.filter(pk__in=[one.pk for one in wanted]) if wanted else found:
            yield term.pk, term, term.name
    if not wanted and named is not True:
        yield None, None, axis.unnamed


def _order(column: Column) -> tuple:
    """Sort key: antibodies by group, a class before its members; the most entries first; without a term last."""
    group = ORDER_OF_GROUP[column.term.group] if isinstance(column.term, Autoantibody) else 0
    return (column.term is None, group, not column.is_class, -column.tally.total, column.name)


def _narrowed(parameters: Iterable[tuple[str, str]], **values: str) -> Parameters:
    """``parameters`` with these in the place of all of the same name."""
    return (*((name, value) for name, value in parameters if name not in values), *values.items())


def _at(parameters: Parameters, axis: Axis, column: Column) -> Parameters:
    if column.term:
        return _narrowed(parameters, **{axis.parameter: column.slug})
    return _narrowed(parameters, **{axis.named: "false"})


def _name_classes(rows: list[Row]) -> None:
    """Tell each row which classes its treatment is a member of, so that what is reported for them is not missed."""
    by_key = {row.treatment.pk: row for row in rows}
    members = TreatmentMember.objects.filter(treatment_class__in=by_key, member__in=by_key)
    for whole, member in members.order_by("treatment_class__name").values_list("treatment_class", "member"):
        by_key[member].classes.append(by_key[whole].treatment)


# Groups ---------------------------------------------------------------------------------------------------------------


def _strongest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.tally.order, row.treatment.name))


def _by_kind(rows: list[Row]) -> list[Group]:
    found = [
        Group(kind.value, str(kind.label), None, [row for row in rows if row.treatment.kind == kind.value], [])
        for kind in TreatmentKind
    ]
    return [
        Group(group.key, group.name, None, _strongest_first(group.rows), group.also) for group in found if group.rows
    ]


def _by_mechanism(rows: list[Row]) -> list[Group]:
    """A group for each pathway at the top of the tree, by name; treatments without a mechanism come last."""
    pathways: dict[int, list[Mechanism | None]] = _pathways(rows)
    own: dict[Mechanism | None, list[Row]] = {}
    others: dict[Mechanism | None, list[Treatment]] = {}
    for row in rows:
        first, *more = pathways.get(row.treatment.pk) or [None]
        own.setdefault(first, []).append(row)
        for pathway in more:
            others.setdefault(pathway, []).append(row.treatment)
    return [
        Group(
            key=pathway.slug if pathway else "",
            name=pathway.name if pathway else "No mechanism recorded",
            mechanism=pathway,
            rows=_strongest_first(own.get(pathway, [])),
            also=others.get(pathway, []),
        )
        for pathway in sorted({*own, *others}, key=lambda found: (found is None, found.name if found else ""))
    ]


def _pathways(rows: Iterable[Row]) -> dict[int, list[Mechanism | None]]:
    """For each treatment, what stands at the top of the tree above its mechanisms, each once, as they were entered."""
    mechanisms = {one.pk: one for one in Mechanism.objects.in_use().defer("search_vector")}

    def top(key: int) -> Mechanism:
        above = mechanisms[key].parent_id
        return top(above) if above in mechanisms else mechanisms[key]

    actions = MechanismOfAction.objects.filter(
        treatment__in=[row.treatment.pk for row in rows], mechanism__retired_on__isnull=True
    )
    found: dict[int, dict[Mechanism, None]] = {}
    for treatment, mechanism in actions.order_by("pk").values_list("treatment", "mechanism"):
        found.setdefault(treatment, {})[top(mechanism)] = None
    return {treatment: list(pathways) for treatment, pathways in found.items()}
