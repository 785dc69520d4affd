"""The filter form of a list as facets and removable chips, and what is wrong with a query."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from treatments.filters import StrictFilterSet

UNSET = ""


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One control of the filter form. ``control`` is many, one, text, number or date."""

    name: str
    label: str
    control: str
    options: list[Option]
    value: str
    errors: list[str]

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)

    @property
    def active(self) -> bool:
        return bool(self.chosen or self.value or self.errors)


@dataclass(frozen=True)
class Chip:
    """An active filter, with the query that is left when it is taken away."""

    label: str
    value: str
    query: str


def _control(field: forms.Field) -> str:
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return "many"
    if isinstance(field, forms.ChoiceField):
        return "one"
    if isinstance(field, forms.DateField):
        return "date"
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        return "number"
    return "text"


def facet(filterset: StrictFilterSet, name: str) -> Facet:
    """The control for filter ``name``, holding what was typed, right or wrong."""
    field = filterset.form.fields[name]
    typed = filterset.data.getlist(name)
    control = _control(field)
    options = []
    if control in ("many", "one"):
        options = [
            Option(str(value), str(label), str(value) in typed) for value, label in field.choices if str(value) != UNSET
        ]
    return Facet(
        name=name,
        label=str(field.label or name.replace("_", " ").capitalize()),
        control=control,
        options=options,
        value="" if options else (typed[-1] if typed else ""),
        errors=[problem.detail for problem in filterset.problems if problem.parameter == name],
    )


def without(query: QueryDict, name: str, value: str) -> str:
    """The query string with one value of ``name`` taken away, back on the first page."""
    left = query.copy()
    left.pop("page", None)
    left.setlist(name, [other for other in left.getlist(name) if other != value])
    return left.urlencode()


def chips(filterset: StrictFilterSet, facets: Iterable[Facet]) -> list[Chip]:
    """A chip for every value in the query, whatever is wrong with it, but for what narrows nothing."""
    known = {shown.name: shown for shown in facets}
    found = []
    for name in filterset.data:
        if name in (*filterset.passthrough, *filterset.narrows_nothing):
            continue
        shown = known.get(name)
        labels = {option.value: option.label for option in shown.options} if shown else {}
        found += [
            Chip(
                label=shown.label if shown else name.replace("_", " ").capitalize(),
                value=labels.get(value, value),
                query=without(filterset.data, name, value),
            )
            for value in filterset.data.getlist(name)
        ]
    return found


def hidden(filterset: StrictFilterSet, shown: Iterable[str]) -> list[tuple[str, str]]:
    """Valid parameters that have no control of their own, to be sent along with the form."""
    return [(name, value) for name in filterset.filters if name not in shown for value in filterset.data.getlist(name)]
