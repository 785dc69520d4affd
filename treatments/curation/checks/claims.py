"""What a claim says about itself that a second look is due for: design, level, source checks, cited publications."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

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
from .reading import current, listed

WITHIN_A_GROUP = r"\y(within|baseline)\y"
NAMED = 4  # accessions in a sentence; the page of the finding lists all


def randomized_without_control(today: date) -> Iterator[Finding]:
    """Entries of randomized trials whose results compare nothing, and that do not say what analysis they are.

    A result with nothing but a p value may well be a comparison, unless it is said to be within a group.
    """
    results = Result.objects.filter(evidence=OuterRef("pk"))
    compared = results.filter(
        Q(control_events__isnull=False)
        | Q(control_total__isnull=False)
        | Q(control_value__isnull=False)
        | Q(effect_value__isnull=False)
    )
    one_arm = results.filter(
        Q(treated_events__isnull=False)
        | Q(treated_value__isnull=False)
        | Q(label__iregex=WITHIN_A_GROUP)
        | Q(p_value__iregex=WITHIN_A_GROUP)
    )
    entries = current(Evidence).filter(
        Exists(one_arm), ~Exists(compared), design=Design.RANDOMIZED_CONTROLLED_TRIAL, analysis=""
    )
    for entry in entries.select_related("treatment"):
        yield Finding(
            "no-control",
            (Record.of(entry),),
            f"{entry.accession} is from a randomized trial of {entry.treatment}, but none of its results has a control"
            " arm or an effect, and no analysis is named.",
            [entry.design],
        )


def level_unexplained(today: date) -> Iterator[Finding]:
    """Entries whose level is not the usual one of their design, without a note that says why."""
    usual = Q()
    for design, level in USUAL_LEVEL.items():
        usual |= Q(design=design, level=level)
    for entry in current(Evidence).filter(~usual, level_note="").select_related("treatment"):
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
