"""Evidence entries as rows and groups."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from treatments.models import Evidence
from treatments.tally import Tally, strongest_first, tally

from .figures import headline


@dataclass(frozen=True)
class Entry:
    """One evidence entry as a row; ``reported_for`` says when it is about a class or a member instead."""

    claim: Evidence
    figures: str
    figures_label: str
    more_results: int
    reported_for: str = ""
    p_value: str = ""


def entry(claim: Evidence, reported_for: str = "") -> Entry:
    """The row of ``claim``, with the result that stands for it."""
    results = claim.results.all()
    first = headline(results, claim.aspect)
    return Entry(
        claim=claim,
        figures=first.in_short if first else "",
        figures_label=first.measured if first else "",
        more_results=len(results) - 1 if first else 0,
        reported_for=reported_for,
        p_value=first.p_value if first else "",
    )


@dataclass(frozen=True)
class Group:
    """Entries under one heading; ``term`` is what they share, None where they share its absence.

    What is reported for a class or a member is counted apart, so that no figure of the group is taken from it.
    """

    anchor: str
    title: str
    term: object | None
    entries: list[Entry]

    @cached_property
    def tally(self) -> Tally:
        """Entries on the subject of the page itself."""
        return tally(row.claim for row in self.entries if not row.reported_for)

    @cached_property
    def reported(self) -> list[tuple[str, Tally]]:
        """The other entries, under what each says that it is reported for."""
        words = sorted({row.reported_for for row in self.entries} - {""})
        return [(said, tally(row.claim for row in self.entries if row.reported_for == said)) for said in words]

    @property
    def order(self) -> tuple:
        """Sort key: groups with entries on the subject itself first, best to weakest; then the others likewise."""
        others = tally(row.claim for row in self.entries if row.reported_for)
        return (self.term is None, self.tally.order, others.order, self.title)


def grouped(
    entries: Iterable[Entry],
    terms_of: Callable[[Evidence], Iterable],
    *,
    prefix: str,
    without: str,
) -> list[Group]:
    """Entries under each term that ``terms_of`` names; an entry with several stands under each.

    ``without`` is the heading for entries with none, which come last. Groups go from best to
    weakest evidence, so do the entries in them, those reported for a class or a member after the others.
    """
    found: dict[object | None, list[Entry]] = {}
    for row in sorted(entries, key=lambda row: (bool(row.reported_for), strongest_first(row.claim))):
        for term in list(terms_of(row.claim)) or [None]:
            found.setdefault(term, []).append(row)
    groups = [
        Group(
            anchor=f"{prefix}-{term.slug}" if term else f"{prefix}-none",  # type: ignore[attr-defined]
            title=str(term) if term else without,
            term=term,
            entries=rows,
        )
        for term, rows in found.items()
    ]
    return sorted(groups, key=lambda group: group.order)


def by_manifestation(entries: Iterable[Entry]) -> list[Group]:
    return grouped(
        entries, lambda claim: claim.manifestations.all(), prefix="manifestation", without="No manifestation named"
    )


def by_autoantibody(entries: Iterable[Entry]) -> list[Group]:
    return grouped(
        entries, lambda claim: claim.autoantibodies.all(), prefix="antibody", without="Not selected by antibody"
    )


def by_treatment(entries: Iterable[Entry]) -> list[Group]:
    return grouped(entries, lambda claim: [claim.treatment], prefix="treatment", without="")
