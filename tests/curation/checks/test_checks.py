"""Each check finds a made-up case, and leaves its nearest innocent neighbour alone."""

from datetime import date

import pytest

from tests import builders
from treatments.curation.checks import CHECKS, run
from treatments.models import EvidenceAutoantibody
from treatments.models.choices import (
    Analysis,
    Aspect,
    Better,
    Design,
    Direction,
    PublicationType,
    ResultKind,
    RetractionStatus,
    TrialStatus,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


@pytest.fixture
def found(db):
    """What a check finds about made-up records: the names of the records concerned, by finding."""
    before = {finding.fingerprint for finding in run(TODAY)}

    def by(check, today=TODAY):
        return [
            {record.name for record in finding.records}
            for finding in run(today, [check])
            if finding.fingerprint not in before
        ]

    return by


def entry(*results, **fields):
    claim = builders.evidence(**{"level_note": "made up", **fields})
    for result in results:
        builders.result(claim, **result)
    return claim


# Figures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "is_found"), [("70", False), ("70.0", False), ("71", True), ("70.1", True), ("17", True)]
)
def test_percentage_against_counts(found, value, is_found):
    claim = entry({"treated_value": value, "treated_unit": "%"})
    assert found("percentage") == ([{claim.accession}] if is_found else [])


def test_a_proportion_without_a_unit_is_checked_as_the_percentage_that_readers_take_it_for(found):
    claim = entry({"treated_value": "50"})
    entry({"treated_value": "70"})
    assert found("percentage") == [{claim.accession}]


@pytest.mark.parametrize("value", ["66", "67", "66.6", "66.7", "66.67"])
def test_rounding_and_cutting_off_are_no_disagreement(found, value):
    entry({"treated_events": 2, "treated_total": 3, "treated_value": value, "treated_unit": "%"})
    assert found("percentage") == []


def test_survival_is_not_events_of_total(found):
    entry({"kind": ResultKind.SURVIVAL, "treated_value": "90", "treated_unit": "%"})
    assert found("percentage") == []


def test_more_patients_than_the_arm_has(found):
    claim = entry({}, n_treated=9)
    entry({}, n_treated=10, n_control=12)
    assert found("arm-size") == [{claim.accession}]


@pytest.mark.parametrize(
    ("result", "direction", "is_found"),
    [
        ({"treated_events": 3}, Direction.SUPPORTS, True),
        ({"treated_events": 4}, Direction.SUPPORTS, False),
        ({"treated_events": 3}, Direction.MIXED, False),
        ({"label": "Mortality"}, Direction.SUPPORTS, True),
        ({"label": "Alive at one year"}, Direction.SUPPORTS, False),
        ({"label": "Relapse-free at one year"}, Direction.SUPPORTS, False),
        ({"label": "Relapse"}, Direction.SUPPORTS, True),
    ],
)
def test_direction_against_proportions(found, result, direction, is_found):
    claim = entry({"measure": builders.outcome_measure(unit="%"), **result}, direction=direction)
    assert found("direction") == ([{claim.accession}] if is_found else [])


@pytest.mark.parametrize(
    ("kind", "interval", "direction", "is_found"),
    [
        (ResultKind.MEAN_DIFFERENCE, (-9, -5, -1), Direction.SUPPORTS, False),  # less is better
        (ResultKind.MEAN_DIFFERENCE, (1, 5, 9), Direction.SUPPORTS, True),
        (ResultKind.MEAN_DIFFERENCE, (-9, -5, -1), Direction.NO_BENEFIT, True),
        (ResultKind.MEAN_DIFFERENCE, (-9, -5, 1), Direction.NO_BENEFIT, False),
        (ResultKind.MEAN_CHANGE, (1, 5, 9), Direction.SUPPORTS, False),  # within one group
    ],
)
def test_direction_against_intervals(found, kind, interval, direction, is_found):
    low, value, high = interval
    arms = dict.fromkeys(("treated_events", "treated_total", "control_events", "control_total"))
    effect = {"effect_ci_low": low, "effect_value": value, "effect_ci_high": high}
    measure = builders.outcome_measure(better=Better.LOWER, unit="points")
    claim = entry({"kind": kind, "measure": measure, **arms, **effect}, direction=direction)
    assert found("direction") == ([{claim.accession}] if is_found else [])


def test_one_outcome_in_favour_is_enough_and_safety_has_no_such_rule(found):
    entry({"treated_events": 1}, {})
    entry({"treated_events": 1}, aspect=Aspect.SAFETY)
    assert found("direction") == []


# Entries beside each other --------------------------------------------------------------------------------------------


def test_duplicates(found):
    one = entry()
    same = {"treatment": one.treatment, "reference": one.reference}
    measure = builders.outcome_measure()
    builders.result(one, measure=measure, timepoint="24 weeks")
    other = entry({"measure": measure, "timepoint": "24 Weeks"}, **same)
    entry({"measure": measure, "timepoint": "52 weeks"}, **same)
    entry({"measure": measure, "timepoint": "24 weeks"}, treatment=one.treatment)
    assert found("possible-duplicate") == [{one.accession, other.accession}]


def test_entries_without_results_that_say_the_same(found):
    one = entry(statement="Ten of the made-up patients improved within a year.")
    same = {"treatment": one.treatment, "reference": one.reference}
    other = entry(statement="Ten of the made-up patients improved within one year.", **same)
    entry(statement="Nobody was harmed, and all of them stayed in the study.", **same)
    assert found("possible-duplicate") == [{one.accession, other.accession}]


def test_a_revision_is_no_duplicate_of_what_it_revises(found):
    claim = builders.published(entry({}))
    revision = entry(
        {"measure": claim.results.get().measure},
        treatment=claim.treatment,
        reference=claim.reference,
        accession=claim.accession,
        version=2,
        supersedes=claim,
    )
    assert revision.accession == claim.accession
    assert found("possible-duplicate") == []


def test_numbers_of_one_study(found):
    one = entry()
    measure = builders.outcome_measure()
    builders.result(one, measure=measure, label="Improvement of at least 20")
    same = {"treatment": one.treatment, "reference": one.reference}
    other = entry({"measure": measure, "label": "Improvement of at least 20", "treated_events": 8}, **same)
    entry({"measure": measure, "label": "Improvement of at least 40", "treated_events": 5}, **same)
    antibody = builders.autoantibody()
    subgroup = entry({"measure": measure, "label": "Improvement of at least 20", "treated_events": 2}, **same)
    EvidenceAutoantibody.objects.create(evidence=subgroup, autoantibody=antibody)
    assert found("numbers-disagree") == [{one.accession, other.accession}]


def test_sizes_of_an_arm(found):
    one = entry(n_treated=47)
    same = {"treatment": one.treatment, "reference": one.reference}
    other = entry(n_treated=46, **same)
    entry(n_treated=12, analysis=Analysis.SUBGROUP, **same)
    assert found("arm-size") == [{one.accession, other.accession}]


def test_near_identical_titles(found):
    title = "A randomized trial of exampletinib in adults with made-up dermatomyositis"
    one = builders.reference(title=title)
    other = builders.reference(title="A randomised trial of exampletinib in adults with made-up dermatomyositis.")
    builders.reference(title=title.replace("adults", "children"))
    builders.reference(title=f"{title}, part 2")
    assert found("same-study") == [{one.slug, other.slug}]


def test_the_same_figures_from_two_references(found):
    one = entry()
    measure = builders.outcome_measure()
    builders.result(one, measure=measure, label="Response at the end")
    other = entry({"measure": measure, "label": "Improved, as the abstract words it"}, treatment=one.treatment)
    entry({"measure": measure, "control_total": 11}, treatment=one.treatment)
    entry({"measure": measure})
    assert found("same-study") == [{one.accession, other.accession}]


# What claims say of themselves ----------------------------------------------------------------------------------------


def test_randomized_without_a_control_arm(found):
    alone = {"control_events": None, "control_total": None}
    claim = entry(alone)
    entry({})
    entry(alone, analysis=Analysis.BEFORE_AFTER)
    entry(alone, design=Design.CASE_SERIES, level=builders.evidence_level("4"))
    entry()
    entry({**alone, "treated_events": None, "treated_total": None, "p_value": "0.8"})
    assert found("no-control") == [{claim.accession}]


def test_level_without_a_reason(found):
    claim = entry(level=builders.evidence_level("4"), level_note="")
    entry(level=builders.evidence_level("4"), level_note="graded down: follow-up without control")
    entry(level=builders.evidence_level("2"), level_note="")
    assert found("level") == [{claim.accession}]


def test_secondary_sources_only(found):
    claim = entry(source_checks=[builders.SECONDARY_CHECK])
    unread = builders.recommendation()
    entry(source_checks=[builders.SECONDARY_CHECK, builders.PRIMARY_CHECK])
    assert found("secondary-only") == [{claim.accession}, {unread.accession}]


def test_retracted_publications(found):
    bad = builders.reference(retraction_status=RetractionStatus.RETRACTED)
    claim = builders.published(entry(reference=bad))
    association = builders.published(builders.phenotype_association(references=[bad]))
    entry(reference=bad)  # a draft shows readers nothing
    builders.reference(retraction_status=RetractionStatus.CORRECTED)  # cited by nobody
    assert found("retracted") == [{bad.slug, claim.accession, association.accession}]


# Records --------------------------------------------------------------------------------------------------------------


def test_missing_identifiers(found):
    without = builders.reference()
    builders.reference(pmid="99999999")
    builders.reference(publication_type=PublicationType.NEWS_REPORT)
    feature = builders.manifestation()
    builders.manifestation(hpo_id="HP:9999999")
    drug = builders.treatment()
    builders.combination(*(builders.treatment(chembl_id=f"CHEMBL99999{n}") for n in (1, 2)))
    assert found("missing-identifier") == [{without.slug}, {feature.slug}, {drug.slug}]


@pytest.mark.parametrize(
    ("status", "seen", "is_found"),
    [
        (TrialStatus.RECRUITING, "2025-11-20", True),
        (TrialStatus.RECRUITING, "2025-11-26", False),
        (TrialStatus.RECRUITING, "2025-11", False),  # it may have been its last day
        (TrialStatus.RECRUITING, "2024", True),
        (TrialStatus.RECRUITING, "", True),
        (TrialStatus.UNKNOWN, "2026-11-01", True),
        (TrialStatus.COMPLETED, "2020", False),
    ],
)
def test_trial_status(found, status, seen, is_found):
    trial = builders.trial(status=status, status_as_of=seen)
    assert found("trial-status") == ([{trial.nct_id}] if is_found else [])


# The whole ------------------------------------------------------------------------------------------------------------


def test_the_real_data(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        findings = run(TODAY)
    assert {finding.check for finding in findings} <= CHECKS.keys()
    assert len({(finding.check, finding.key) for finding in findings}) == len(findings)
    assert all(finding.sentence.endswith(".") and "None" not in finding.sentence for finding in findings)
    # One study that came in as an abstract and as a paper; the checks found it.
    assert ["EV00126", "EV00128", "EV00141", "EV00143"] in [[r.name for r in f.records] for f in findings]
