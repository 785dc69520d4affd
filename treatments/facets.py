"""How many rows each value of a filter would give, beside the other filters that are on.

The count of a value is the number of rows one gets by choosing it, with all other filters as they are. Values of one
filter widen each other ("any of"), so what is chosen in the same filter is left out of its counts.
"""

from collections import Counter
from collections.abc import Iterable
from functools import singledispatch

import django_filters
from django.db.models import Count, Q, QuerySet

from treatments.filtering import AnyLinked, AnyOf, AssociatedWith, MechanismAndBelow, StrictFilterSet, TrueOrFalse
from treatments.models import Mechanism, PhenotypeAssociation

COUNTED = (AnyOf, AnyLinked, TrueOrFalse)

Counts = dict[str, int]


def facet_counts(filterset: StrictFilterSet, names: Iterable[str]) -> dict[str, Counts]:
    """For each filter among ``names`` that has values to choose from: how many rows each value would give.

    Values are written as in an address; those that would give nothing are absent. ``filterset`` must be valid. The
    number of queries depends on the filters only.
    """
    return {
        name: counts(filterset.filters[name], _rows_beside(filterset, name))
        for name in names
        if isinstance(filterset.filters[name], COUNTED)
    }


def _rows_beside(filterset: StrictFilterSet, name: str) -> QuerySet:
    """The rows that all filters but ``name`` leave."""
    rows = filterset.queryset.all()
    for other, value in filterset.form.cleaned_data.items():
        if other != name:
            rows = filterset.filters[other].filter(rows, value)
    # Once more by their keys: the joins of a filter would take part in the counting.
    return rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")).order_by()


def _grouped(rows: QuerySet, path: str) -> Counts:
    """How many of ``rows`` have each value at the end of ``path``."""
    found = rows.filter(**{f"{path}__isnull": False}).values_list(path).annotate(count=Count("pk", distinct=True))
    return {str(value): count for value, count in found}


@singledispatch
def counts(one: django_filters.Filter, rows: QuerySet) -> Counts:
    """How many of ``rows`` each value of the filter ``one`` lets through."""
    raise TypeError(f"{type(one).__name__} has no values to count")


@counts.register
def _any_of(one: AnyOf, rows: QuerySet) -> Counts:
    return _grouped(rows, one.field_name)


@counts.register
def _any_linked(one: AnyLinked, rows: QuerySet) -> Counts:
    return _grouped(rows, f"{one.field_name}__{one.extra['to_field_name']}")


@counts.register
def _true_or_false(one: TrueOrFalse, rows: QuerySet) -> Counts:
    let_through = {word: one.filter(rows, word == "true").order_by().values("pk") for word, _ in one.extra["choices"]}
    return rows.aggregate(**{word: Count("pk", filter=Q(pk__in=keys)) for word, keys in let_through.items()})


@counts.register
def _associated_with(one: AssociatedWith, rows: QuerySet) -> Counts:
    published = PhenotypeAssociation.objects.published().filter(autoantibody__in=rows).order_by()
    found = published.values_list("manifestation__slug").annotate(count=Count("autoantibody", distinct=True))
    return dict(found)


@counts.register
def _mechanism_and_below(one: MechanismAndBelow, rows: QuerySet) -> Counts:
    """A row counts once for every mechanism that its treatment acts on, and once for each above them."""
    path, _, actions = one.field_name.rpartition("__")
    acting = rows.model._meta.get_field(path).related_model if path else rows.model
    rows_of = _grouped(rows, path or "pk")
    slugs, parents = {}, {}
    for key, slug, parent in Mechanism.objects.order_by().values_list("pk", "slug", "parent"):
        slugs[key], parents[key] = slug, parent
    reached: dict[int, set[int]] = {}
    pairs = acting._default_manager.filter(**{f"{actions}__isnull": False}).order_by().values_list("pk", actions)
    for treatment, mechanism in pairs:
        above = mechanism
        while above is not None:
            reached.setdefault(treatment, set()).add(above)
            above = parents[above]
    total: Counter[str] = Counter()
    for treatment, mechanisms in reached.items():
        if count := rows_of.get(str(treatment)):
            total.update({slugs[mechanism]: count for mechanism in mechanisms})
    return dict(total)
