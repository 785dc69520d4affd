"""What a claim says about itself that a second look is due for: design, level, source checks, cited publications."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from treatments.models import (
    Claim,
    Evidence,
    PhenotypeAssociation,
    PhenotypeAssociationReference,
    Recommendation,
    Reference,
    Result,
)
from treatments.models.choices import Design, RetractionStatus
from treatments.models.rules import USUAL_LEVEL

from .finding import Finding, Record
from .reading import current, listed, with_results

WITHIN_A_GROUP = re.compile(r"\b(within|baseline)\b", re.IGNORECASE)
NAMED = 4  # accessions in a sentence; the page of the finding lists all


def randomized_without_control(today: date) -> Iterator[Finding]:
    """Entries of randomized trials whose results compare nothing, and that do not say what analysis they are.

    A result with nothing but a p value may well be a comparison, unless it is said to be within a group.
    """
    entries = current(Evidence).filter(design=Design.RANDOMIZED_CONTROLLED_TRIAL, analysis="")
    for entry in with_results(entries.select_related("treatment")):
        yield from without_control(entry, list(entry.results.all()))


def without_control(entry: Evidence, results: list[Result]) -> Iterator[Finding]:
    """The same of one entry, saved or not."""
    if entry.design != Design.RANDOMIZED_CONTROLLED_TRIAL or entry.analysis:
        return
    if any(map(_compares, results)) or not any(map(_has_one_arm, results)):
        return
    yield Finding(
        "no-control",
        (Record.of(entry),),
        f"{entry.accession} is from a randomized trial of {entry.treatment}, but none of its results has a control"
        " arm or an effect, and no analysis is named.",
        [entry.design],
    )


def _compares(result: Result) -> bool:
    given = result.control_events, result.control_total, result.control_value, result.effect_value
    return any(figure is not None for figure in given)


def _has_one_arm(result: Result) -> bool:
    given = result.treated_events, result.treated_value
    within = WITHIN_A_GROUP.search(result.label) or WITHIN_A_GROUP.search(result.p_value)
    return any(figure is not None for figure in given) or within is not None


def level_unexplained(today: date) -> Iterator[Finding]:
    """Entries whose level is not the usual one of their design, without a note that says why."""
    usual = Q()
    for design, level in USUAL_LEVEL.items():
        usual |= Q(design=design, level=level)
    for entry in current(Evidence).filter(~usual, level_note=""):
        yield from level_of(entry)


def level_of(entry: Evidence) -> Iterator[Finding]:
    """The same of one entry, saved or not."""
    if not entry.design or not entry.level_id or entry.level_note or entry.level_id == USUAL_LEVEL[entry.design]:
        return
    yield Finding(
        "level",
        (Record.of(entry),),
        f"{entry.accession} has level {entry.level_id}; the usual level of its design"
        f" ({entry.get_design_display().lower()}) is {USUAL_LEVEL[entry.design]}, and no note says why.",
        [entry.design, entry.level_id],
    )


def secondary_only(today: date) -> Iterator[Finding]:
    """Claims of which nothing was read in a primary source."""
    for model in (Evidence, PhenotypeAssociation, Recommendation):
        for claim in current(model).filter(primary_checked=False):
            read = [check["what"] for check in claim.source_checks]
            told = f"was read in secondary sources only ({listed(read)})" if read else "has no source check at all"
            yield Finding(
                "secondary-only",
                (Record.of(claim),),
                f"{claim.accession} {told}.",
                sorted(read),
            )


def cited_though_retracted(today: date) -> Iterator[Finding]:
    """Publications that were retracted, corrected or questioned, and the published claims that rest on them."""
    flagged = Reference.objects.exclude(retraction_status=RetractionStatus.NONE_RECORDED).defer("search_vector")
    references = flagged.in_bulk()
    if not references:
        return
    citing: dict[int, list[Claim]] = defaultdict(list)
    for claim, cited in _citations(references):
        citing[cited].append(claim)
    for key, claims in sorted(citing.items(), key=lambda item: references[item[0]].slug):
        reference = references[key]
        named = [claim.accession for claim in claims]
        shown = named if len(named) <= NAMED else [*named[: NAMED - 1], f"{len(named) - NAMED + 1} more"]
        status = {
            RetractionStatus.RETRACTED: "was retracted",
            RetractionStatus.CORRECTED: "was corrected",
        }.get(RetractionStatus(reference.retraction_status), "is under an expression of concern")
        yield Finding(
            "retracted",
            (Record.of(reference), *map(Record.of, claims)),
            f"{reference} {status}, and {listed(shown)} {'cites' if len(named) == 1 else 'cite'} it.",
            [reference.retraction_status, *named],
        )


def _citations(references: Any) -> Iterator[tuple[Claim, int]]:
    for entry in Evidence.objects.published().filter(reference__in=references).order_by("accession"):
        yield entry, entry.reference_id
    links = PhenotypeAssociationReference.objects.filter(
        reference__in=references, association__in=PhenotypeAssociation.objects.published()
    )
    for link in links.select_related("association").order_by("association__accession"):
        yield link.association, link.reference_id
    for statement in Recommendation.objects.published().filter(guideline__in=references).order_by("accession"):
        yield statement, statement.guideline_id
