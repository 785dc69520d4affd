"""What a load or a dump did, for people to read."""

from collections import Counter
from dataclasses import dataclass, field

from .schema import Table


@dataclass(frozen=True)
class Update:
    """A row that was changed, and in what; ``edited_here`` when it had been edited here since the last load."""

    table: Table
    name: str
    fields: tuple[str, ...]
    edited_here: bool = False

    def __str__(self) -> str:
        edited = "; edited here since the last load" if self.edited_here else ""
        return f"{self.table.title} {self.name}: {', '.join(self.fields)}{edited}"


@dataclass(frozen=True)
class LeftAlone:
    """A claim that the data set has otherwise than this database, which was not touched."""

    table: Table
    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.table.title} {self.name}: {self.reason}"


@dataclass
class LoadReport:
    """What ``load`` did, by table name.

    ``said_otherwise`` names the rows that the files have otherwise than when a release of this name was loaded before.
    """

    release: str = ""
    added: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    updated: list[Update] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)
    not_in_data_set: dict[str, list[str]] = field(default_factory=dict)
    said_otherwise: list[str] = field(default_factory=list)
    revision_before: int = 0
    revision: int = 0

    @property
    def changed_anything(self) -> bool:
        return bool(self.updated) or any(self.added.values())

    def updated_in(self, table: Table) -> int:
        return sum(update.table is table for update in self.updated)

    def left_alone_in(self, table: Table) -> int:
        return sum(left.table is table for left in self.left_alone)


@dataclass
class DumpReport:
    """What ``dump`` wrote: rows by table name, and what it left out with the reason."""

    rows: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
