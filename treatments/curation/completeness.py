"""What a claim must say before it is submitted, and need not say while it is a draft.

A draft can be saved as soon as the columns that are never empty are filled: they are foreign keys and words of fixed
lists. The texts here may follow; the database wants them of everything that is no draft (``…_text_given``).
"""

from treatments.models import Appraisal, Claim, Evidence, Recommendation

TEXTS: dict[type[Claim], tuple[str, ...]] = {
    Evidence: ("statement",),
    Recommendation: ("statement",),
    Appraisal: ("bottom_line",),
}


def needed_to_submit(model: type[Claim]) -> tuple[str, ...]:
    """The fields that a draft may leave empty and a claim in review may not."""
    return TEXTS.get(model, ())


def missing(claim: Claim) -> list[str]:
    """The fields that are empty and must not be when the claim is submitted."""
    return [name for name in needed_to_submit(type(claim)) if not getattr(claim, name).strip()]
