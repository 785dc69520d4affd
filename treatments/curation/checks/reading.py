"""Which claims the checks read, and their figures in words."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from treatments.models import Claim, Evidence, EvidenceAutoantibody, EvidenceManifestation, Result
from treatments.models.choices import ClaimStatus
from treatments.models.claims import OPEN_STATES

ARMS = ("treated", "control")
FIGURES = (
    *("treated_events", "treated_total", "treated_value", "treated_unit"),
    *("control_events", "control_total", "control_value", "control_unit"),
    *("effect_value", "effect_ci_low", "effect_ci_high", "effect_ci_level", "effect_unit"),
    "p_value",
)


def current(model: type[Claim]) -> QuerySet[Any]:
    """One version of each claim: the published one or, of a claim that is not published yet, the one being written.

    The revision of a published claim is left out: it would be found to say the same as what it revises.
    """
    published = model.objects.published().filter(accession=OuterRef("accession"))
    claims: QuerySet[Any] = model.objects.filter(
        Q(status=ClaimStatus.PUBLISHED) | (Q(status__in=OPEN_STATES) & ~Exists(published))
    )
    return claims.defer("search_vector").order_by("accession")


def current_results() -> QuerySet[Result]:
    """The results of the entries that the checks read, with the entry and the measure of each."""
    return (
        Result.objects.filter(evidence__in=current(Evidence).order_by().values("pk"))
        .select_related("evidence", "measure")
        .defer("evidence__search_vector")
        .order_by("evidence__accession", "pk")
    )


def with_results(entries: QuerySet[Any]) -> QuerySet[Any]:
    """The entries with their results and the measures of these, in two more queries."""
    return entries.prefetch_related(Prefetch("results", Result.objects.select_related("measure")))


def with_scope(entries: QuerySet[Any]) -> QuerySet[Any]:
    """The entries with their links to autoantibodies and manifestations, in two more queries."""
    return entries.prefetch_related(
        Prefetch("autoantibody_links", EvidenceAutoantibody.objects.only("evidence_id", "autoantibody_id")),
        Prefetch("manifestation_links", EvidenceManifestation.objects.only("evidence_id", "manifestation_id")),
    )


def group_of_patients(entry: Evidence) -> tuple[Any, ...]:
    """Whom the figures of an entry are about, as far as it says; the entry must come ``with_scope``."""
    antibodies = sorted(link.autoantibody_id for link in entry.autoantibody_links.all())
    return entry.analysis, entry.population, entry.setting, tuple(antibodies)


def figures_of(result: Result) -> dict[str, str]:
    """Every figure of a result, as it was entered; what is empty is left out."""
    values = ((name, getattr(result, name)) for name in FIGURES)
    return {name: number(value) for name, value in values if value not in (None, "")}


def number(value: Any) -> str:
    """A figure with the digits it was entered with."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def arm_in_words(result: Result, arm: str) -> str:
    """ "79 % (37/47)", "79 %", "37/47" or nothing, whichever was entered of one arm."""
    events, total, value, unit = (getattr(result, f"{arm}_{part}") for part in ("events", "total", "value", "unit"))
    counts = "/".join(str(count) for count in (events, total) if count is not None)
    if events is None and total is not None:
        counts = f"n = {total}"
    if value is None:
        return counts
    return f"{number(value)} {unit}".strip() + (f" ({counts})" if counts else "")


def figures_in_words(result: Result) -> str:
    """Both arms and the effect of a result, in one line."""
    arms = " against ".join(filter(None, (arm_in_words(result, "treated"), arm_in_words(result, "control"))))
    effect = ""
    if result.effect_value is not None:
        effect = f"{number(result.effect_value)} {result.effect_unit}".strip()
        bounds: list[Decimal | None] = [result.effect_ci_low, result.effect_ci_high]
        if None not in bounds:
            effect += f" (interval {number(bounds[0])} to {number(bounds[1])})"
    return "; ".join(filter(None, (arms, effect)))


def named(result: Result) -> str:
    """What was measured, and when: "TIS of at least 20, 16 weeks"."""
    return ", ".join(filter(None, (result.label, result.timepoint)))


def listed(words: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
