"""The fields of an evidence entry that a reader may choose to see, in rows or as a table.

What an entry found, its level, its direction and whether it is about safety always stand in front and cannot be
taken away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.formats import date_format

from treatments.models import Evidence

from .evidence import Entry
from .figures import result_row


class View(TextChoices):
    """How entries are laid out."""

    ENTRIES = "entries", "Entries"
    TABLE = "table", "Table"


class Column(TextChoices):
    """What can be shown of an entry, in the order it is shown in."""

    AUTOANTIBODY = "autoantibody", "Autoantibody"
    MANIFESTATION = "manifestation", "Manifestation"
    POPULATION = "population", "Population"
    SETTING = "setting", "Setting"
    PATIENTS = "patients", "Patients"
    RESULT = "result", "First result"
    RESULTS = "results", "All results"
    DESIGN = "design", "Design"
    ANALYSIS = "analysis", "Analysis"
    COMPARATOR = "comparator", "Comparator"
    REGIMEN = "regimen", "Regimen"
    SAFETY = "safety", "Safety"
    LIMITATIONS = "limitations", "Limitations"
    LEVEL_NOTE = "level_note", "Note on the level"
    REFERENCE = "reference", "Reference"
    YEAR = "year", "Year"
    TRIAL = "trial", "Trial"
    CHECK = "check", "Primary check"
    PUBLISHED = "published", "Published here"
    ACCESSION = "accession", "Accession"


STANDARD = {
    View.ENTRIES: [
        *(Column.RESULT, Column.DESIGN, Column.ANALYSIS, Column.POPULATION, Column.SETTING),
        *(Column.AUTOANTIBODY, Column.MANIFESTATION, Column.PATIENTS, Column.REFERENCE, Column.CHECK),
    ],
    View.TABLE: [
        *(Column.AUTOANTIBODY, Column.MANIFESTATION, Column.PATIENTS, Column.RESULT, Column.DESIGN, Column.REFERENCE),
    ],
}


@dataclass(frozen=True)
class Part:
    """One piece of a cell, with the address it leads to, if any, and a remark beneath it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """What one entry has in one column; without parts nothing was recorded."""

    name: str
    label: str
    parts: list[Part]


@dataclass(frozen=True)
class Row:
    entry: Entry
    cells: list[Cell]


def chosen_columns(view: View, asked: Iterable[str]) -> list[Column]:
    """The columns to show, always in the same order; the standard ones of ``view`` where none was asked for."""
    wanted = set(asked) or set(STANDARD[view])
    return [column for column in Column if column in wanted]


def row(entry: Entry, columns: Iterable[Column]) -> Row:
    """``entry`` with a cell for each of ``columns``."""
    return Row(entry, [Cell(column.value, str(column.label), PARTS[column](entry)) for column in columns])


def _text(text: str) -> list[Part]:
    return [Part(text)] if text else []


def _terms(terms: Iterable) -> list[Part]:
    return [Part(term.name, term.get_absolute_url()) for term in terms]


def _patients(claim: Evidence) -> list[Part]:
    if claim.n_treated is None and claim.n_control is None:
        return []
    treated = "not recorded" if claim.n_treated is None else str(claim.n_treated)
    return [Part(treated if claim.n_control is None else f"{treated} vs {claim.n_control}")]


def _first_result(entry: Entry) -> list[Part]:
    if not entry.figures:
        return []
    more = f"; {entry.more_results} more" if entry.more_results else ""
    return [Part(entry.figures, note=f"{entry.figures_label}{more}")]


def _results(claim: Evidence) -> list[Part]:
    rows = [result_row(result) for result in claim.results.all()]
    return [
        Part(
            "; ".join(part for part in (row.in_short, f"p value {row.p_value}" if row.p_value else "") if part)
            or "No figure recorded",
            note=f"{row.label}, {row.timepoint}" if row.timepoint else row.label,
        )
        for row in rows
    ]


def _reference(claim: Evidence) -> list[Part]:
    return [Part(str(claim.reference), claim.reference.get_absolute_url())]


def _trial(claim: Evidence) -> list[Part]:
    if claim.trial is None:
        return []
    return [Part(claim.trial.nct_id, claim.trial.get_absolute_url(), note=claim.trial.acronym)]


def _setting(claim: Evidence) -> list[Part]:
    return [Part(claim.get_setting_display())]


def _published(claim: Evidence) -> list[Part]:
    return [Part(date_format(claim.published_at, "j F Y"))] if claim.published_at else []


PARTS: dict[Column, Callable[[Entry], list[Part]]] = {
    Column.AUTOANTIBODY: lambda entry: _terms(entry.claim.autoantibodies.all()) or [Part("Not selected by antibody")],
    Column.MANIFESTATION: lambda entry: _terms(entry.claim.manifestations.all()) or [Part("No manifestation named")],
    Column.POPULATION: lambda entry: _text(entry.claim.get_population_display()),
    Column.SETTING: lambda entry: _setting(entry.claim),
    Column.PATIENTS: lambda entry: _patients(entry.claim),
    Column.RESULT: _first_result,
    Column.RESULTS: lambda entry: _results(entry.claim),
    Column.DESIGN: lambda entry: _text(entry.claim.get_design_display()),
    Column.ANALYSIS: lambda entry: _text(entry.claim.get_analysis_display()),
    Column.COMPARATOR: lambda entry: _text(entry.claim.comparator),
    Column.REGIMEN: lambda entry: _text(entry.claim.regimen),
    Column.SAFETY: lambda entry: _text(entry.claim.safety),
    Column.LIMITATIONS: lambda entry: _text(entry.claim.limitations),
    Column.LEVEL_NOTE: lambda entry: _text(entry.claim.level_note),
    Column.REFERENCE: lambda entry: _reference(entry.claim),
    Column.YEAR: lambda entry: _text(str(entry.claim.reference.year or "")),
    Column.TRIAL: lambda entry: _trial(entry.claim),
    Column.CHECK: lambda entry: [Part("Checked" if entry.claim.primary_checked else "Awaiting primary check")],
    Column.PUBLISHED: lambda entry: _published(entry.claim),
    Column.ACCESSION: lambda entry: [Part(entry.claim.accession, entry.claim.get_absolute_url())],
}
