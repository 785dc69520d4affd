"""Evidence as tables to take away: one row an entry, one row a result.

The columns are fixed; docs/api.md lists nothing that is not said here. Words are those of the filters and of the API
(``no_benefit``, ``retrospective_cohort``), so that what is read in a file can be asked for again. Several values in
one cell are separated by "; ". An empty cell was not recorded.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.conf import settings

from treatments.models import Evidence, Result

Row = list[Any]


@dataclass(frozen=True)
class Field:
    """A column: its name, how its value is found, what it holds, and how many characters wide it is shown."""

    name: str
    value: Callable[[Any], Any]
    about: str
    width: int = 14


def _names(attribute: str, name: str) -> Callable[[Evidence], str]:
    return lambda claim: "; ".join(getattr(term, name) for term in getattr(claim, attribute).all())


def _level(claim: Evidence) -> int | str:
    return int(claim.level_id) if claim.level_id.isdigit() else claim.level_id


def _published(claim: Evidence) -> date | None:
    return claim.published_at.date() if claim.published_at else None


def _address(claim: Evidence) -> str:
    return f"{settings.SITE_URL}{claim.get_version_url()}"


ENTRY_FIELDS = (
    Field("accession", attrgetter("accession"), "The name of the entry, for good.", 11),
    Field("version", attrgetter("version"), "Which published version of it this is.", 8),
    Field("treatment", attrgetter("treatment.name"), "The treatment.", 28),
    Field("treatment_slug", attrgetter("treatment.slug"), "The treatment as filters and addresses name it.", 20),
    Field("treatment_kind", attrgetter("treatment.kind"), "What kind of treatment; a class is one too.", 16),
    Field("level", _level, "Oxford CEBM 2011 level, 1 (strongest) to 5.", 7),
    Field("level_note", attrgetter("level_note"), "Why the level was moved.", 30),
    Field("direction", attrgetter("direction"), "supports, mixed, no_benefit, harm or inconclusive.", 13),
    Field("aspect", attrgetter("aspect"), "efficacy or safety; safety never counts as efficacy.", 10),
    Field("statement", attrgetter("statement"), "What was found, in one or two sentences.", 70),
    Field("design", attrgetter("design"), "The design of the study.", 24),
    Field("analysis", attrgetter("analysis"), "How the figures relate to the design.", 22),
    Field("population", attrgetter("population"), "adult, juvenile or mixed.", 11),
    Field("setting", attrgetter("setting"), "first_line, refractory, maintenance, rescue or any.", 12),
    Field("autoantibodies", _names("autoantibodies", "name"), "Selected by, or reported for; empty: unselected.", 22),
    Field("autoantibody_slugs", _names("autoantibodies", "slug"), "The same as filters name them.", 22),
    Field("manifestations", _names("manifestations", "name"), "The clinical features it is about.", 30),
    Field("manifestation_slugs", _names("manifestations", "slug"), "The same as filters name them.", 30),
    Field("comparator", attrgetter("comparator"), "What it was compared with.", 26),
    Field("regimen", attrgetter("regimen"), "Dose and duration.", 36),
    Field("n_treated", attrgetter("n_treated"), "How many were treated.", 10),
    Field("n_control", attrgetter("n_control"), "How many were in the control group.", 10),
    Field("results", lambda claim: len(claim.results.all()), "How many results it has in the other table.", 8),
    Field("safety", attrgetter("safety"), "What was reported on safety.", 40),
    Field("limitations", attrgetter("limitations"), "What limits the finding.", 40),
    Field("reference", lambda claim: str(claim.reference), "The publication: author, journal, year.", 34),
    Field("reference_slug", attrgetter("reference.slug"), "The publication as filters name it.", 24),
    Field("title", attrgetter("reference.title"), "The title of the publication.", 60),
    Field("year", attrgetter("reference.year"), "When it was published.", 7),
    Field("retraction_status", attrgetter("reference.retraction_status"), "Whether it was corrected or retracted.", 16),
    Field("pmid", attrgetter("reference.pmid"), "PubMed identifier.", 11),
    Field("doi", attrgetter("reference.doi"), "Digital object identifier.", 28),
    Field("pmcid", attrgetter("reference.pmcid"), "PubMed Central identifier.", 13),
    Field("trial", lambda claim: claim.trial.nct_id if claim.trial else None, "The registered trial.", 14),
    Field("primary_checked", attrgetter("primary_checked"), "Whether anything was read in a primary source.", 10),
    Field("last_checked_on", attrgetter("last_checked_on"), "When it was last checked.", 12),
    Field("published_on", _published, "When this version was published here.", 12),
    Field("url", _address, "The permanent address of this version.", 44),
)  # fmt: skip

# Of each result, the entry it belongs to, so that no figure stands without its direction and its aspect.
OF_ENTRY = ("accession", "version", "treatment", "level", "direction", "aspect", "design", "population")

RESULT_FIELDS = (
    Field("measure", attrgetter("measure.name"), "The outcome measure.", 30),
    Field("measure_slug", attrgetter("measure.slug"), "The measure as filters name it.", 24),
    Field("label", attrgetter("label"), "What was measured, as the source puts it.", 40),
    Field("timepoint", attrgetter("timepoint"), "When.", 14),
    Field("kind", attrgetter("kind"), "proportion, mean_change, hazard_ratio, …", 16),
    *(
        Field(f"{arm}_{part}", attrgetter(f"{arm}_{part}"), about.format(group), 11)
        for arm, group in (("treated", "treated"), ("control", "control"))
        for part, about in (
            ("events", "Events in the {} group."),
            ("total", "Patients in the {} group that were counted."),
            ("value", "The figure of the {} group, as printed."),
            ("unit", "Its unit."),
        )
    ),
    Field("effect_value", attrgetter("effect_value"), "The difference or ratio between groups, as printed.", 11),
    Field("effect_ci_low", attrgetter("effect_ci_low"), "Its confidence interval begins here.", 11),
    Field("effect_ci_high", attrgetter("effect_ci_high"), "Its confidence interval ends here.", 11),
    Field("effect_ci_level", attrgetter("effect_ci_level"), "The level of the interval in percent.", 11),
    Field("effect_unit", attrgetter("effect_unit"), "Its unit.", 16),
    Field("p_value", attrgetter("p_value"), "As printed.", 16),
)

_OF_ENTRY = [field for field in ENTRY_FIELDS if field.name in OF_ENTRY]
ENTRY_HEADER = [field.name for field in ENTRY_FIELDS]
RESULT_HEADER = [field.name for field in (*_OF_ENTRY, *RESULT_FIELDS)]
ENTRY_WIDTHS = [field.width for field in ENTRY_FIELDS]
RESULT_WIDTHS = [field.width for field in (*_OF_ENTRY, *RESULT_FIELDS)]


def entry_rows(claims: Iterable[Evidence]) -> Iterator[Row]:
    """One row an entry, in the columns of ``ENTRY_HEADER``."""
    for claim in claims:
        yield [field.value(claim) for field in ENTRY_FIELDS]


def result_rows(claims: Iterable[Evidence]) -> Iterator[Row]:
    """One row a result, in the columns of ``RESULT_HEADER``; entries without results have none."""
    for claim in claims:
        results: list[Result] = list(claim.results.all())
        of_entry = [field.value(claim) for field in _OF_ENTRY] if results else []
        for result in results:
            yield [*of_entry, *(field.value(result) for field in RESULT_FIELDS)]


def columns_explained() -> Iterator[Row]:
    """Every column of both tables with what it holds."""
    for table, fields in (("Entries", ENTRY_FIELDS), ("Results", (*_OF_ENTRY, *RESULT_FIELDS))):
        for field in fields:
            yield [table, field.name, field.about]
