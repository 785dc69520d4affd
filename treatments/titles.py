"""What a record is called in a heading, a citation or a feed, in the words of its page."""

from typing import Any

from treatments.models import (
    Appraisal,
    Evidence,
    Level,
    MechanismInteraction,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Release,
    Term,
    Trial,
)


def title(record: Any) -> str:
    """The heading of a record's page; for a claim without its accession and version.

    Reads what the record is linked to: the treatment of a claim, the manifestations of evidence.
    """
    match record:
        case Evidence():
            studied = ", ".join(term.name for term in record.manifestations.all())
            return f"{record.treatment.name}: {studied}" if studied else record.treatment.name
        case PhenotypeAssociation():
            return f"{record.autoantibody.name}: {record.manifestation.name}"
        case Recommendation():
            return f"Recommendation on {record.treatment.name}" if record.treatment else "Recommendation"
        case Appraisal():
            return f"{record.treatment.name} for {record.manifestation.name}"
        case MechanismInteraction():
            return f"{record.upstream.name} {record.get_effect_display().lower()} {record.downstream.name}"
        case Reference() | Trial():
            return record.title
        case Level():
            return f"{record}: {record.label}" if str(record) != record.label else record.label
        case Term():
            return record.name
        case Release():
            return f"Release {record.name}: {record.title}"
    return str(record)
