"""How a sheet names rows of other tables: by their keys, and by the other names that are theirs alone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from treatments.dataset.schema import Table

from .columns import COLUMNS

# Other names by which a row can be meant, beside its key.
NAMES: dict[str, tuple[str, ...]] = {
    "treatments": ("name",),
    "autoantibodies": ("name", "full_name"),
    "manifestations": ("name",),
    "outcome_measures": ("name", "abbreviation"),
    "references": ("pmid", "doi", "pmcid"),
    "trials": ("acronym",),
    "evidence_levels": (),
}


@dataclass
class Named:
    """The rows of one table: the primary key of each key, whom a name means, and which keys are retired."""

    pks: dict[str, Any] = field(default_factory=dict)
    keys: dict[Any, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)

    def key(self, text: str) -> str:
        """The key that ``text`` means, or ``text`` itself where it means none."""
        if text in self.pks:
            return text
        return self.by_name.get(text.casefold(), text)


def read_named(table: Table) -> Named:
    (key,) = table.key
    others = NAMES[table.name]
    named = Named()
    meanings: dict[str, set[str]] = defaultdict(set)
    for pk, name, retired_on, *more in table.model._default_manager.values_list("pk", key, "retired_on", *others):
        named.pks[name] = pk
        named.keys[pk] = name
        if retired_on is not None:
            named.retired.add(name)
        for text in (name, *more):
            if text:
                meanings[str(text).casefold()].add(name)
    named.by_name = {text: next(iter(keys)) for text, keys in meanings.items() if len(keys) == 1}
    return named


class Names:
    """The names of every table that a sheet names rows of, read once each."""

    def __init__(self) -> None:
        self._tables: dict[str, Named] = {}

    def of(self, table: Table) -> Named:
        if table.name not in self._tables:
            self._tables[table.name] = read_named(table)
        return self._tables[table.name]


def values_to_choose() -> dict[str, list[str]]:
    """For each column with values to choose from, these: nothing retired, in an order to find them by."""
    return dict(_values())


def _values() -> Iterator[tuple[str, list[str]]]:
    names = Names()
    for name, column in COLUMNS.items():
        if column.choices:
            yield name, [value for value, _ in column.choices]
        elif column.links_to is not None:
            named = names.of(column.links_to)
            yield name, sorted(named.pks.keys() - named.retired)
