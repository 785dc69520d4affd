"""The columns of a sheet of evidence, taken from the schema of the data set files, so that both hold the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from treatments.dataset.schema import EVIDENCE, Column, Form, Group, Links, Rows, Table

ENTRY, VERSION, RESULT_NUMBER, FINGERPRINT = "entry", "version", "result_number", "fingerprint"
NOT_IN_SHEETS = {"accession", "key"}


@dataclass(frozen=True)
class SheetColumn:
    """A column of the sheet that holds one field of an entry or, in ``results``, of one of its results."""

    name: str
    part: Any  # a Column or Links of the schema
    group: str = ""
    in_results: bool = False

    @property
    def required(self) -> bool:
        """Whether an entry, or a result, cannot do without it. An empty list of antibodies says "unselected"."""
        return bool(self.part.required) and not isinstance(self.part, Links)

    @property
    def form(self) -> Form:
        return self.part.form if isinstance(self.part, Column) else Form.TEXTS

    @property
    def is_number(self) -> bool:
        return self.form in (Form.NUMBER, Form.WHOLE)

    @property
    def links_to(self) -> Table | None:
        """The table whose rows are named in the cell."""
        if isinstance(self.part, Links) or self.form is Form.LINK:
            found: Table = self.part.links_to
            return found
        return None

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """The values that can be chosen, each with its label; empty where anything can be said."""
        if isinstance(self.part, Links):
            return []
        return [(str(value), str(label)) for value, label in self.part.column.flatchoices if value]

    @property
    def explanation(self) -> str:
        return EXPLANATIONS[self.name]


def _claim_columns() -> Iterator[SheetColumn]:
    for part in EVIDENCE.parts:
        if isinstance(part, Column | Links) and part.name not in NOT_IN_SHEETS:
            yield SheetColumn(part.name, part)


def _result_columns() -> Iterator[SheetColumn]:
    for part in RESULTS.parts:
        if isinstance(part, Column):
            yield SheetColumn(part.name, part, in_results=True)
        elif isinstance(part, Group):
            for column in part.columns:
                yield SheetColumn(f"{part.name}_{column.name}", column, part.name, in_results=True)


RESULTS = next(part for part in EVIDENCE.parts if isinstance(part, Rows))

EXPLANATIONS: dict[str, str] = {
    ENTRY: "Which entry the row belongs to: its accession (EV00012), or for a new entry any name of your own (new 1)."
    " Rows of one entry carry the same.",
    VERSION: "Which version was exported. For reading only.",
    "treatment": "The treatment, by the name in its address (tofacitinib) or its full name.",
    "reference": "The publication, by the name in its address, its PMID or its DOI. Enter it in the admin first.",
    "trial": "The registry record: NCT number. Empty where none is known.",
    "design": "The design of the study, as published.",
    "analysis": "How the figures relate to the study, where they are not its main comparison.",
    "aspect": "Efficacy or safety; one entry has one. Empty: efficacy.",
    "level": "Oxford CEBM 2011 level for treatment benefit, 1 to 5. Not every design can carry every level.",
    "level_note": "Why the level was moved from the usual one of the design.",
    "population": "Adult, juvenile or mixed.",
    "setting": "When in the course of the disease. Empty: any.",
    "autoantibodies": "Only where the cohort was selected by, or the result reported separately for, the antibody."
    " Several with ; between them. Empty: unselected disease.",
    "manifestations": "What was treated. Several with ; between them.",
    "comparator": "What the control group received.",
    "regimen": "Dose, route, duration, background treatment.",
    "n_treated": "Patients treated, a whole number. Empty: not seen.",
    "n_control": "Patients in the control group, a whole number. Empty: not seen.",
    "direction": "Which way the entry points. No benefit is for efficacy only.",
    "statement": "What was found, in one or two sentences.",
    "safety": "What the study says of safety.",
    "limitations": "What weakens the finding.",
    "source_checks": "What was read, and where; one check a line: grade | what | source | date | note."
    " Grade is primary or secondary; a primary check needs its web address.",
    "last_checked_on": "The day the entry was last compared with its source: 2026-11-23.",
    RESULT_NUMBER: "The place of the result in its entry: 1, 2, 3 … Empty: the order of the rows counts.",
    "measure": "The outcome measure, by the name in its address, its full name or its abbreviation.",
    "label": "What was measured, in the words of the source.",
    "timepoint": "When it was measured: week 24.",
    "kind": "What kind of figure it is.",
    "treated_events": "Treated patients with the event, a whole number.",
    "treated_total": "Treated patients assessed, a whole number.",
    "treated_value": "The figure of the treated group, as printed: 79, 79.0 and 79.00 are different.",
    "treated_unit": "Its unit: %, points, mg.",
    "control_events": "Control patients with the event, a whole number.",
    "control_total": "Control patients assessed, a whole number.",
    "control_value": "The figure of the control group, as printed.",
    "control_unit": "Its unit.",
    "effect_value": "The estimate between the groups, or the model's where there is one group, as printed.",
    "effect_ci_low": "Lower end of the confidence interval, as printed.",
    "effect_ci_high": "Upper end of the confidence interval, as printed.",
    "effect_ci_level": "Its level in percent, mostly 95.",
    "effect_unit": "The unit of the estimate.",
    "p_value": "As printed: <0.05.",
    FINGERPRINT: "Written by the export. Leave it: it tells whether somebody changed the entry since.",
}

CLAIM_COLUMNS = tuple(_claim_columns())
RESULT_COLUMNS = tuple(_result_columns())
COLUMNS = {column.name: column for column in (*CLAIM_COLUMNS, *RESULT_COLUMNS)}
HEADINGS = (
    *(ENTRY, VERSION),
    *(column.name for column in CLAIM_COLUMNS),
    RESULT_NUMBER,
    *(column.name for column in RESULT_COLUMNS),
    FINGERPRINT,
)
"""Every heading, in the order of the sheet."""


def is_number(heading: str) -> bool:
    """Whether a cell under ``heading`` holds a figure, which no program takes for a formula."""
    return heading == RESULT_NUMBER or (heading in COLUMNS and COLUMNS[heading].is_number)
