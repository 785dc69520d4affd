"""Contradictory values: refused by the database whichever way they come, and by forms in the same words."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests import builders
from tests.models.refusal import attempts, refused, refused_every_way
from treatments.curation.problems import REFUSED
from treatments.models import Approval, OutcomeThreshold

pytestmark = pytest.mark.django_db


def draft_result(**fields):
    return builders.result(builders.evidence(), **fields)


def interval():
    return draft_result(effect_value="0.5", effect_ci_low="0.2", effect_ci_high="0.9", effect_ci_level="95")


def approval():
    return Approval.objects.create(treatment=builders.treatment(), region="Exampleland", indication="Made up.")


def association(**fields):
    return builders.phenotype_association(effect_kind="odds_ratio", effect_value="2", **fields)


RETIREMENT = "A retired row has a date and a reason; only a retired row has a successor."
RANGE = "A range in percent: 0 ≤ low ≤ high ≤ 100."
EFFECT = "An effect has a kind and a value greater than zero."
SOURCE_CHECK = "A source check says what was read, its grade and, if primary, its source."
CASES = [
    # Results
    (draft_result, {"treated_events": 11}, "Treated: there cannot be more events than patients."),
    (draft_result, {"control_total": 2}, "Control: there cannot be more events than patients."),
    (draft_result, {"treated_unit": "%"}, "Treated: a unit needs a value."),
    (draft_result, {"control_unit": "%"}, "Control: a unit needs a value."),
    (interval, {"effect_value": "0.1"}, "The confidence interval does not contain the effect."),
    (interval, {"effect_value": "0.91"}, "The confidence interval does not contain the effect."),
    (interval, {"effect_value": None}, "A confidence interval needs the effect it belongs to."),
    (interval, {"effect_ci_level": "0"}, "A confidence level lies between 0 and 100 percent."),
    (interval, {"effect_ci_level": "100"}, "A confidence level lies between 0 and 100 percent."),
    (interval, {"kind": "hazard_ratio", "effect_value": "0", "effect_ci_low": None}, "A ratio is greater than zero."),
    (draft_result, {"kind": "odds_ratio", "effect_value": "-1"}, "A ratio is greater than zero."),
    (draft_result, {"effect_unit": "points"}, "A confidence interval needs the effect it belongs to."),
    # Evidence
    (builders.evidence, {"design": "case_report"}, "This design cannot carry that level."),
    (builders.evidence, {"design": "expert_opinion"}, "This design cannot carry that level."),
    (
        builders.evidence,
        {"aspect": "safety", "direction": "no_benefit"},
        "That direction does not go with this aspect.",
    ),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": "primary"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "", "grade": "secondary"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": {"what": "all", "grade": "secondary"}}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [[{"what": "all", "grade": "secondary"}]]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": ["all"]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [None]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": 7, "grade": "secondary"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": ["all"], "grade": "secondary"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": ["primary", "secondary"]}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": "secondary", "note": None}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": "secondary", "when": "2026"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": "secondary", "on": "2026-11"}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": "primary", "source": 1}]}, SOURCE_CHECK),
    (builders.evidence, {"source_checks": [{"what": "all", "grade": "primary", "source": "a book"}]}, SOURCE_CHECK),
    # Phenotype associations
    (builders.phenotype_association, {"frequency_low": "-1", "frequency_high": "2"}, RANGE),
    (builders.phenotype_association, {"frequency_low": "3", "frequency_high": "2"}, RANGE),
    (builders.phenotype_association, {"frequency_low": "3", "frequency_high": "100.1"}, RANGE),
    (builders.phenotype_association, {"frequency_low": "3"}, RANGE),
    (builders.phenotype_association, {"frequency_high": "3"}, RANGE),
    (builders.phenotype_association, {"effect_value": "2"}, EFFECT),
    (builders.phenotype_association, {"effect_kind": "odds_ratio"}, EFFECT),
    (association, {"effect_value": "0"}, EFFECT),
    (
        association,
        {"effect_ci_low": "3", "effect_ci_high": "4"},
        "The confidence interval does not contain the effect.",
    ),
    # Vocabulary
    (builders.prevalence, {"high": "100.5"}, RANGE),
    (builders.prevalence, {"low": "3"}, RANGE),
    (
        lambda: builders.outcome_measure(minimum="0", maximum="1"),
        {"maximum": "0"},
        "The minimum lies below the maximum.",
    ),
    (approval, {"year": 1849}, "A year lies between 1850 and 2100."),
    (approval, {"source_checks": [{"grade": "secondary"}]}, SOURCE_CHECK),
    (builders.treatment, {"retired_on": date(2026, 11, 1)}, RETIREMENT),
    (builders.treatment, {"retirement_reason": "Never existed."}, RETIREMENT),
    # Sources
    (builders.reference, {"year": 2101}, "A year lies between 1850 and 2100."),
    (builders.trial, {"status_as_of": "2025-13"}, "A date: 2025, 2025-11 or 2025-11-20."),
]


@pytest.mark.parametrize(("row", "bad", "text"), CASES, ids=[f"{c[2][:30]} {c[1]}" for c in CASES])
def test_the_database_refuses_it_every_way_and_says_why(row, bad, text):
    assert refused_every_way(row(), **bad) == {text}


@pytest.mark.parametrize(("row", "bad", "text"), CASES, ids=[f"{c[2][:30]} {c[1]}" for c in CASES])
def test_forms_say_the_same(row, bad, text):
    row = row()
    for name, value in bad.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as caught:
        row.full_clean(exclude=["accession"])
    told = " ".join(caught.value.messages)
    if "source_checks" in bad:  # forms go further: they name the check and what is wrong with it
        assert "ource check" in told
    else:
        assert text in told


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (builders.evidence, "n_treated"),
        (builders.evidence, "n_control"),
        (draft_result, "treated_events"),
        (draft_result, "treated_total"),
        (draft_result, "control_events"),
        (draft_result, "control_total"),
        (builders.trial, "enrollment"),
        (builders.reference, "year"),
    ],
)
def test_counts_are_not_negative(row, field):
    row = row()
    told = refused_every_way(row, **{field: -1})
    # A column's own check has no sentence of its own; forms say it before.
    assert told <= {
        REFUSED,
        "A year lies between 1850 and 2100.",
        "Treated: there cannot be more events than patients.",
        "Control: there cannot be more events than patients.",
    }
    setattr(row, field, -1)
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        row.full_clean(exclude=["accession"])


def test_a_row_does_not_succeed_itself():
    row = builders.treatment(retired_on=date(2026, 11, 1), retirement_reason="Made up.")
    ways = attempts(row, successor=row)  # a copy of it would succeed the row, which is no harm
    for way in ("save", "update", "bulk_update", "SQL UPDATE"):
        assert refused(ways[way]) == "A row cannot succeed itself."


def test_nothing_is_its_own_member_component_or_partner():
    whole, antibodies = builders.combination(), builders.autoantibody_class()
    drugs, edge = builders.treatment_class(), builders.mechanism_interaction()
    assert refused_every_way(whole.component_links.all()[0], component=whole) == {
        "A combination is not its own component."
    }
    assert refused_every_way(drugs.member_links.all()[0], member=drugs) == {"A class is not its own member."}
    assert refused_every_way(antibodies.member_links.all()[0], member=antibodies) == {"A class is not its own member."}
    assert refused_every_way(edge, downstream=edge.upstream) == {"A mechanism does not interact with itself."}


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_figure_is_a_finite_number(value):
    measure = builders.outcome_measure()
    threshold = OutcomeThreshold(outcome_measure=measure, label="made up", value=value)
    with pytest.raises(ValidationError):
        threshold.full_clean()


@pytest.mark.parametrize("value", ["1.123456789012345", "-1234567890123456", "1E+15", "0.1234567890123456"])
def test_a_figure_has_at_most_fifteen_digits(value):
    threshold = OutcomeThreshold(outcome_measure=builders.outcome_measure(), label="made up", value=value)
    with pytest.raises(ValidationError, match="at most 15 digits"):
        threshold.full_clean()
    assert refused_every_way(draft_result(), treated_value=Decimal(value)) == {REFUSED}
    assert refused_every_way(builders.outcome_measure(), minimum=Decimal(value)) == {REFUSED}


def test_every_figure_is_checked_by_the_database():
    """Also where the column was made before its rule."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
            " WHERE relkind = 'r' AND relname LIKE 'treatments%' AND atttypid = 'numeric'::regtype AND NOT attisdropped"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND conkey = ARRAY[attnum]"
            " AND pg_get_constraintdef(oid) LIKE '%<= 15%' AND pg_get_constraintdef(oid) LIKE '%NaN%')"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("text", ["79", "79.0", "79.00", "0.0000001", "-6.91", "100000000000000"])
def test_a_figure_is_kept_as_printed(text):
    row = draft_result(effect_value=text, kind="mean_difference")
    row.refresh_from_db()
    assert f"{row.effect_value:f}" == text


@pytest.mark.parametrize("address", ["https://[x", "https://", "https://a b/"])
def test_a_source_that_is_no_address_is_refused_and_cannot_break_a_page(address):
    check = {"what": "every figure", "grade": "primary", "source": address}
    row = builders.treatment()
    row.source_checks = [check]
    with pytest.raises(ValidationError, match="not a web address"):
        row.full_clean()
