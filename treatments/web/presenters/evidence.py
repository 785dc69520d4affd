"""Evidence entries as rows and groups."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
    """Entries under one heading; ``term`` is what they share, None where they share its absence."""

    anchor: str
    title: str
    term: object | None
    entries: list[Entry]
    tally: Tally


def grouped(
    entries: Iterable[Entry],
    terms_of: Callable[[Evidence], Iterable],
    *,
    prefix: str,
    without: str,
) -> list[Group]:
    """Entries under each term that ``terms_of`` names; an entry with several stands under each.

    ``without`` is the heading for entries with none, which come last. Groups go from best to
    weakest evidence, so do the entries in them.
    """
    found: dict[object | None, list[Entry]] = {}
    for row in sorted(entries, key=lambda row: strongest_first(row.claim)):
        for term in list(terms_of(row.claim)) or [None]:
            found.setdefault(term, []).append(row)
    groups = [
        Group(
            anchor=f"{prefix}-{term.slug}" if term else f"{prefix}-none",  # type: ignore[attr-defined]
            title=str(term) if term else without,
            term=term,
            entries=rows,
            tally=tally(row.claim for row in rows),
        )
        for term, rows in found.items()
    ]
    return sorted(groups, key=lambda group: (group.term is None, group.tally.order, group.title))


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
