"""Treatments side by side: a column for each, and a row for every heading that any of them has something under."""

from collections.abc import Callable, Iterable
from typing import Any

from treatments.models import Treatment
from treatments.models.choices import RUNNING_TRIALS, Aspect, RecommendationDirection

from .approvals import approved_in, dermatomyositis_first
from .comparison_evidence import all_efficacy, counted_by, leading, measures, studies
from .comparison_table import Column, Row, Section, across
from .evidence import by_autoantibody, by_manifestation


def comparison(columns: list[Column]) -> list[Section]:
    """Every section of the table; those without a row are left out."""
    sections = [
        Section("treatments", "The treatments", "", _records(columns)),
        Section(
            "by-manifestation",
            "Evidence by manifestation",
            "Efficacy entries, each counted once under every manifestation it reports on.",
            [all_efficacy(columns), *counted_by(columns, by_manifestation, "manifestation")],
        ),
        Section(
            "by-antibody",
            "Evidence by autoantibody",
            "Efficacy entries whose cohort was selected by the antibody, or that report it separately.",
            counted_by(columns, by_autoantibody, "autoantibody"),
        ),
        Section(
            "strongest",
            "Strongest entries",
            "Best level first, then direction, then most patients: what leads the list of each treatment.",
            leading(columns),
        ),
        Section(
            "measures",
            "Results on the same outcome measures",
            "Figures of different studies, in different patients and often at different times. Reading across a row is"
            " not a head-to-head comparison. A measure stands here where entries on two of the treatments give figures"
            " for it; the strongest entries are shown, and of every direction at least one.",
            measures(columns),
        ),
        Section(
            "studies",
            "Studies that report on more than one of them",
            "One trial or one publication. Whether it compared them with each other, each entry says under what it was"
            " compared with; there may be comparisons that are not recorded in a way that can be listed here.",
            studies(columns),
        ),
        Section("safety", "Safety and monitoring", "Safety entries never count as efficacy.", _safety(columns)),
        Section("recommendations", "Recommendations", "", _recommendations(columns)),
        Section("trials", "Registered trials", "", _trials(columns)),
    ]
    return [section for section in sections if section.rows]


def differing(sections: Iterable[Section]) -> list[Section]:
    """The sections without the rows that say the same of every treatment."""
    left = [
        Section(section.anchor, section.title, section.note, [row for row in section.rows if not row.same])
        for section in sections
    ]
    return [section for section in left if section.rows]


# What the records say -------------------------------------------------------------------------------------------------


def _fact(
    heading: str,
    kind: str,
    columns: list[Column],
    value: Callable[[Treatment], Any],
    key: Callable[[Any], Any] = lambda content: content,
) -> Row:
    """A row of ``value`` of each treatment; two are the same where their ``key`` is."""
    contents = [value(column.treatment) for column in columns]
    keys = [key(content) for content in contents]
    return across(heading, kind, columns, contents, same=all(other == keys[0] for other in keys))


def _records(columns: list[Column]) -> list[Row]:
    rows = [
        _fact("Kind", "word", columns, lambda record: record.get_kind_display()),
        _fact("Stage", "word", columns, lambda record: record.get_stage_display()),
        _fact("Drug class", "word", columns, lambda record: record.drug_class),
        _fact("Member of", "terms", columns, lambda record: list(record.classes.all())),
        _fact("Members", "terms", columns, lambda record: list(record.members.all())),
        _fact("Components", "terms", columns, lambda record: list(record.components.all())),
        _fact(
            "Mechanism of action",
            "mechanisms",
            columns,
            lambda record: list(record.mechanisms_of_action.all()),
            key=lambda actions: {(action.action, action.mechanism_id) for action in actions},
        ),
        _fact("Approved for dermatomyositis", "marks", columns, lambda record: approved_in(record.approvals.all())),
        _fact(
            "Approvals",
            "approvals",
            columns,
            lambda record: dermatomyositis_first(record.approvals.all()),
            key=lambda approvals: [approval.pk for approval in approvals],
        ),
        _fact("Routes", "words", columns, lambda record: record.routes),
        _fact("Brand names", "words", columns, lambda record: record.brand_names),
    ]
    # Most treatments are no class, of no class and no combination: that is nothing to compare.
    return [row for row in rows if row.kind != "terms" or any(cell.content for cell in row.cells)]


def _safety(columns: list[Column]) -> list[Row]:
    entries = [column.with_aspect(Aspect.SAFETY) for column in columns]
    rows = [
        across("Safety entries", "entries", columns, entries),
        _fact("Boxed warning", "text", columns, lambda record: record.boxed_warning),
        _fact("Contraindications", "items", columns, lambda record: record.contraindications),
        _fact("Pregnancy", "text", columns, lambda record: record.pregnancy),
        _fact("Monitoring", "items", columns, lambda record: record.monitoring),
    ]
    if any(column.treatment.label_note for column in columns):
        rows.append(_fact("About the label", "text", columns, lambda record: record.label_note))
    return rows


def _recommendations(columns: list[Column]) -> list[Row]:
    """A row for each direction, that without a recommendation only where a guideline says so."""
    rows = []
    for direction in RecommendationDirection:
        cells = [[row for row in column.recommendations if row.claim.direction == direction] for column in columns]
        if direction != RecommendationDirection.NO_RECOMMENDATION or any(cells):
            rows.append(across(str(direction.label), "recommendations", columns, cells))
    appraisals = [column.appraisals for column in columns]
    if any(appraisals):
        rows.append(across("Appraisals", "appraisals", columns, appraisals))
    return rows


def _trials(columns: list[Column]) -> list[Row]:
    trials = [list(column.treatment.trials.all()) for column in columns]
    running = [[trial for trial in found if trial.status in RUNNING_TRIALS] for found in trials]
    others = [[trial for trial in found if trial.status not in RUNNING_TRIALS] for found in trials]
    return [
        across("Running or planned", "trials", columns, running),
        across("Others", "trials", columns, others),
    ]
