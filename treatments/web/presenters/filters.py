"""The filter form of a list as facets and removable chips, and what is wrong with a query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django import forms
from django.http import QueryDict

from treatments.facets import Counts
from treatments.filtering import AnyLinked, StrictFilterSet

UNSET = ""
# A list longer than this is ordered by what is most frequent, and can be narrowed by typing.
LONG = 12


@dataclass(frozen=True)
class Option:
    """``count`` is how many rows one gets by choosing it, None where nothing was counted."""

    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Facet:
    """One control of the filter form. ``control`` is many, one, text, number or date.

    ``folded`` holds the options of a long list that would give nothing and are not chosen.
    """

    name: str
    label: str
    control: str
    options: list[Option]
    value: str
    errors: list[str]
    folded: list[Option] = field(default_factory=list)

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)

    @property
    def active(self) -> bool:
        return bool(self.chosen or self.value or self.errors)

    @property
    def is_long(self) -> bool:
        return len(self.options) + len(self.folded) > LONG


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


def facet(filterset: StrictFilterSet, name: str, counts: Counts | None = None) -> Facet:
    """The control for filter ``name``, holding what was typed, right or wrong.

    Short lists keep their own order, since most are scales. Long ones go by count and then by name; what is chosen in
    a list does not change its counts, so nothing moves under the hand that is choosing.
    """
    field = filterset.form.fields[name]
    typed = filterset.data.getlist(name)
    control = _control(field)
    options = _options(field, typed, counts) if control in ("many", "one") else []
    shown = Facet(
        name=name,
        label=_label(filterset, name),
        control=control,
        options=options,
        value="" if options else (typed[-1] if typed else ""),
        errors=[problem.detail for problem in filterset.problems if problem.parameter == name],
    )
    if counts is None or not shown.is_long:
        return shown
    options = sorted(options, key=lambda option: (-(option.count or 0), option.label.casefold()))
    return replace(
        shown,
        options=[option for option in options if option.count or option.chosen],
        folded=[option for option in options if not option.count and not option.chosen],
    )


def _options(field: forms.Field, typed: list[str], counts: Counts | None) -> list[Option]:
    options = []
    for value, label in field.choices:  # type: ignore[attr-defined]
        word = str(value)
        if word == UNSET:
            continue
        option = Option(word, str(label), word in typed, None if counts is None else counts.get(word, 0))
        retired = getattr(getattr(value, "instance", None), "retired_on", None)
        if not retired or option.chosen or option.count:
            options.append(option)
    return options


def _label(filterset: StrictFilterSet, name: str) -> str:
    field = filterset.form.fields.get(name)
    return str((field and field.label) or name.replace("_", " ").capitalize())


def without(query: QueryDict, name: str, value: str) -> str:
    """The query string with one value of ``name`` taken away, back on the first page."""
    left = query.copy()
    left.pop("page", None)
    left.setlist(name, [other for other in left.getlist(name) if other != value])
    return left.urlencode()


def only(query: QueryDict, names: Iterable[str]) -> str:
    """The query string with nothing but the parameters ``names``."""
    left = query.copy()
    for name in list(left):
        if name not in names:
            del left[name]
    return left.urlencode()


def chips(filterset: StrictFilterSet, facets: Iterable[Facet]) -> list[Chip]:
    """A chip for every value in the query, whatever is wrong with it, but for what narrows nothing."""
    known = {shown.name: shown for shown in facets}
    found = []
    for name in filterset.data:
        if name in (*filterset.passthrough, *filterset.narrows_nothing):
            continue
        labels = _value_labels(filterset, name, known.get(name))
        found += [
            Chip(
                label=_label(filterset, name),
                value=labels.get(value, value),
                query=without(filterset.data, name, value),
            )
            for value in filterset.data.getlist(name)
        ]
    return found


def _value_labels(filterset: StrictFilterSet, name: str, shown: Facet | None) -> Mapping[str, str]:
    """How the values of a filter are called, as far as they are known."""
    if shown:
        return {option.value: option.label for option in shown.options}
    one = filterset.filters.get(name)
    if not isinstance(one, AnyLinked):
        return {}
    key = one.extra["to_field_name"]
    return {getattr(record, key): str(record) for record in filterset.form.cleaned_data.get(name, ())}


def hidden(filterset: StrictFilterSet, shown: Iterable[str]) -> list[tuple[str, str]]:
    """Valid parameters that have no control of their own, to be sent along with the form."""
    return [(name, value) for name in filterset.filters if name not in shown for value in filterset.data.getlist(name)]
