"""What a comparison is made of: columns with all that is known of one treatment each, and rows across them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from treatments.models import Appraisal, Evidence, Recommendation, Treatment
from treatments.models.choices import Aspect
from treatments.tally import strongest_first

from .evidence import Entry, entry


@dataclass(frozen=True)
class Stated:
    """A guideline statement; ``reported_for`` says when it is about the class of the treatment."""

    claim: Recommendation
    reported_for: str


@dataclass(frozen=True)
class Column:
    """One treatment with all claims on it and on its classes, evidence strongest first."""

    treatment: Treatment
    entries: list[Entry]
    recommendations: list[Stated]
    appraisals: list[Appraisal]

    def with_aspect(self, aspect: Aspect) -> list[Entry]:
        return [row for row in self.entries if row.claim.aspect == aspect]

    @property
    def names(self) -> set[str]:
        """All that the treatment is called, case folded."""
        record = self.treatment
        return {name.casefold() for name in (record.name, *record.synonyms, *record.brand_names)}


@dataclass(frozen=True)
class Cell:
    """What a row says of one treatment; empty content was not recorded."""

    treatment: Treatment
    content: Any


@dataclass(frozen=True)
class Row:
    """One heading across the columns. ``kind`` says what its cells hold and names their template.

    ``same`` where it says the same of every treatment, or nothing of any.
    """

    heading: str
    kind: str
    cells: list[Cell]
    same: bool
    url: str = ""
    note: str = ""

    @property
    def template(self) -> str:
        return f"components/compare/{self.kind}.html"


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    note: str
    rows: list[Row]


def column(
    treatment: Treatment,
    evidence: Iterable[Evidence],
    recommendations: Iterable[Recommendation],
    appraisals: Iterable[Appraisal],
) -> Column:
    """The column of ``treatment``, which picks its own out of all claims given."""
    reported_for = {treatment.pk: ""}
    reported_for |= {known.pk: f"Reported for the class: {known.name}" for known in treatment.classes.all()}
    return Column(
        treatment=treatment,
        entries=[
            entry(claim, reported_for[claim.treatment_id])
            for claim in sorted(evidence, key=strongest_first)
            if claim.treatment_id in reported_for
        ],
        recommendations=[
            Stated(claim, reported_for[claim.treatment_id])
            for claim in recommendations
            if claim.treatment_id in reported_for
        ],
        appraisals=[claim for claim in appraisals if claim.treatment_id == treatment.pk],
    )


def across(heading: str, kind: str, columns: list[Column], contents: list[Any], **more: Any) -> Row:
    """A row of claims, which are never the same for two treatments unless none has any."""
    cells = [Cell(column.treatment, content) for column, content in zip(columns, contents, strict=True)]
    return Row(heading, kind, cells, **{"same": not any(contents), **more})
