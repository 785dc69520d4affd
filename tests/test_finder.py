"""The order of the finder: what it promises whatever the evidence, and each case that decides about directness."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treatments.finder import (
    FAVOURABLE_FIRST,
    ORDER_OF_TIER,
    UNKNOWN,
    Cohort,
    Entry,
    Kinship,
    Question,
    Tier,
    match,
    rank,
    speaks_to,
)
from treatments.models.choices import Aspect, Direction, Population, Setting
from treatments.models.rules import DIRECTIONS_BY_ASPECT

ANTIBODIES = ("anti-a", "anti-b", "anti-c", "anti-class")
FEATURES = ("rash", "cough", "stones")
TREATMENTS = ("exampletinib", "samplimab", "placebol", "inhibitors")
KINSHIP = Kinship({"anti-class": frozenset({"anti-a", "anti-b"})}, {"inhibitors": frozenset({"exampletinib"})})
ASKED = Question("anti-a", ("rash",))


def words(enumeration):
    return st.sampled_from([choice.value for choice in enumeration])


def several(values):
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


@st.composite
def an_entry(draw, number=0):
    """From few values, so that treatments meet in one tier, at one level and with one direction."""
    aspect = draw(st.sampled_from(["efficacy", "efficacy", "safety"]))
    return Entry(
        accession=f"EV{number:05d}",
        treatment=draw(st.sampled_from(TREATMENTS)),
        level_id=draw(st.sampled_from("23")),
        direction=draw(st.sampled_from([str(word) for word in DIRECTIONS_BY_ASPECT[aspect]])),
        aspect=aspect,
        population=draw(st.sampled_from(["adult", "mixed", "juvenile"])),
        setting=draw(st.sampled_from(["any", "any", "refractory"])),
        n_treated=draw(st.sampled_from([None, 0, 5, 50])),
        autoantibodies=draw(several(ANTIBODIES)),
        manifestations=draw(several(FEATURES)),
    )


@st.composite
def evidence(draw):
    return [draw(an_entry(number)) for number in range(draw(st.integers(0, 12)))]


questions = st.builds(
    Question,
    autoantibody=st.sampled_from(("", UNKNOWN, *ANTIBODIES)),
    manifestations=several(FEATURES),
    population=st.sampled_from(("", "adult", "juvenile")),
    setting=st.sampled_from(("", "refractory", "rescue")),
)


def ahead(ranking, treatment):
    """The treatments that stand before this one; all that are ranked, before one that is not."""
    names = [row.treatment for row in ranking.rows]
    return names[: names.index(treatment)] if treatment in names else names


# What holds whatever the evidence -------------------------------------------------------------------------------------


@given(questions, evidence(), an_entry(99_999))
def test_one_more_supporting_entry_never_lowers_a_treatment(question, entries, entry):
    more = replace(entry, direction=Direction.SUPPORTS.value, aspect=Aspect.EFFICACY.value)
    before, after = rank(question, entries, KINSHIP), rank(question, [*entries, more], KINSHIP)
    assert set(ahead(after, more.treatment)) <= set(ahead(before, more.treatment))
    others = [[row.treatment for row in ranking.rows if row.treatment != more.treatment] for ranking in (before, after)]
    assert others[0] == others[1]


@given(questions, evidence(), st.sampled_from(TREATMENTS), st.sampled_from("1234"), st.none() | st.integers(0, 500))
def test_direct_supporting_evidence_never_lowers_a_treatment(question, entries, treatment, level, treated):
    direct = Entry(
        accession="EV99999",
        treatment=treatment,
        level_id=level,
        direction=Direction.SUPPORTS.value,
        population=question.population or Population.MIXED.value,
        setting=question.setting or Setting.ANY.value,
        n_treated=treated,
        autoantibodies=(question.autoantibody,) if question.names_antibody else (),
        manifestations=question.manifestations,
    )
    before, after = rank(question, entries, KINSHIP), rank(question, [*entries, direct], KINSHIP)
    assert set(ahead(after, treatment)) <= set(ahead(before, treatment))
    row = after.row(treatment)
    assert direct in [found.entry for found in row.matches]
    assert row.tier == match(question, direct, KINSHIP).tier


@settings(max_examples=40)
@given(questions, evidence(), st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_the_order_of_the_entries(question, entries, random):
    shuffled = list(entries)
    random.shuffle(shuffled)
    ranking = rank(question, entries, KINSHIP)
    assert rank(question, shuffled, KINSHIP) == ranking
    keys = [row.order for row in ranking.rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(questions, evidence())
def test_rows_stand_by_tier_then_level_then_direction_then_patients(question, entries):
    rows = rank(question, entries, KINSHIP).rows
    for first, second in itertools.pairwise(rows):
        assert ORDER_OF_TIER[first.tier] <= ORDER_OF_TIER[second.tier]
        if first.tier != second.tier:
            continue
        assert first.tally.best_level <= second.tally.best_level
        if first.tally.best_level != second.tally.best_level:
            continue
        best = [
            [FAVOURABLE_FIRST[m.entry.direction] for m in row.matches if m.entry.level_id == row.tally.best_level]
            for row in (first, second)
        ]
        ranges = [(min(directions), max(directions)) for directions in best]
        assert ranges[0] <= ranges[1]
        if ranges[0] == ranges[1]:
            assert first.patients >= second.patients


@settings(max_examples=40)
@given(questions, evidence())
def test_no_entry_is_lost_and_none_is_counted_twice(question, entries):
    ranking = rank(question, entries, KINSHIP)
    rows = [*ranking.rows, *ranking.unranked]
    assert len({row.treatment for row in rows}) == len(rows), "a treatment stands once"
    shown = [found.entry for row in rows for found in (*row.matches, *row.further, *row.elsewhere, *row.safety)] + [
        found.entry for part in ranking.left_out for found in part.matches
    ]
    assert sorted(entry.accession for entry in shown) == sorted(entry.accession for entry in entries)


@settings(max_examples=40)
@given(questions, evidence())
def test_no_treatment_with_evidence_that_fits_is_missing(question, entries):
    ranking = rank(question, entries, KINSHIP)
    left_out = {found.entry.accession for part in ranking.left_out for found in part.matches}
    for entry in entries:
        if entry.accession in left_out or entry.aspect == Aspect.SAFETY:
            continue
        row = ranking.row(entry.treatment)
        tier = match(question, entry, KINSHIP).tier
        assert row is not None
        if tier:
            assert ORDER_OF_TIER[row.tier] <= ORDER_OF_TIER[tier], "in the best tier it reaches, or a better one"


@settings(max_examples=40)
@given(questions, evidence())
def test_the_figures_of_a_row_count_its_entries_and_nothing_else(question, entries):
    for row in rank(question, entries, KINSHIP).rows:
        behind = [entry for entry in entries if entry.accession in {found.entry.accession for found in row.matches}]
        assert len(behind) == len(row.matches) == row.tally.efficacy > 0
        assert row.tally.safety == 0
        assert {found.tier for found in row.matches} == {row.tier}
        assert {entry.treatment for entry in behind} == {row.treatment}
        assert {entry.aspect for entry in behind} == {Aspect.EFFICACY}
        assert row.tally.best_level == min(entry.level_id for entry in behind)
        for direction in Direction:
            assert row.tally.directions[direction.value] == sum(entry.direction == direction for entry in behind)
        assert row.patients == sum(entry.n_treated or 0 for entry in behind)
        assert row.without_number == sum(entry.n_treated is None for entry in behind)


@settings(max_examples=40)
@given(questions, evidence())
def test_what_is_left_out_does_not_fit_and_what_is_shown_does(question, entries):
    ranking = rank(question, entries, KINSHIP)
    for part in ranking.left_out:
        for found in part.matches:
            assert getattr(found.entry, part.parameter) not in ("", getattr(question, part.parameter), "mixed", "any")
    for row in (*ranking.rows, *ranking.unranked):
        for found in (*row.matches, *row.further, *row.elsewhere, *row.of_class, *row.safety):
            assert not question.population or found.entry.population in (question.population, "mixed")
            assert not question.setting or found.entry.setting in (question.setting, "any")


# Directness, case by case ---------------------------------------------------------------------------------------------


def entry(accession="EV00001", treatment="exampletinib", level_id="3", direction="supports", **facts):
    return Entry(accession, treatment, level_id, direction, **facts)


@pytest.mark.parametrize(
    ("antibodies", "features", "tier", "cohort"),
    [
        (("anti-a",), ("rash",), Tier.ANTIBODY_AND_MANIFESTATION, Cohort.ASKED),
        (("anti-a", "anti-c"), ("cough", "rash"), Tier.ANTIBODY_AND_MANIFESTATION, Cohort.ASKED),
        (("anti-a",), ("cough",), Tier.ANTIBODY, Cohort.ASKED),
        (("anti-class",), ("rash",), Tier.ANTIBODY_AND_MANIFESTATION, Cohort.CLASS),
        ((), ("rash",), Tier.MANIFESTATION, Cohort.UNSELECTED),
        (("anti-c",), ("rash",), Tier.MANIFESTATION, Cohort.OTHER),
        (("anti-b",), ("rash",), Tier.MANIFESTATION, Cohort.OTHER),
        ((), ("cough",), Tier.DISEASE, Cohort.UNSELECTED),
        (("anti-c",), ("cough",), None, Cohort.OTHER),
    ],
)
def test_an_entry_is_as_direct_as_its_patients_and_its_subject_make_it(antibodies, features, tier, cohort):
    found = match(ASKED, entry(autoantibodies=antibodies, manifestations=features), KINSHIP)
    assert (found.tier, found.cohort) == (tier, cohort)


def test_a_class_asked_about_takes_its_members():
    found = match(Question("anti-class"), entry(autoantibodies=("anti-c", "anti-b")), KINSHIP)
    assert (found.tier, found.cohort, found.named) == (Tier.ANTIBODY, Cohort.MEMBER, ("anti-b",))


@pytest.mark.parametrize("antibody", ["", UNKNOWN])
def test_without_a_known_antibody_nothing_is_direct_for_one(antibody):
    question = Question(antibody, ("rash",))
    on_it = match(question, entry(autoantibodies=("anti-a",), manifestations=("rash",)), KINSHIP)
    apart = match(question, entry(autoantibodies=("anti-a",), manifestations=("cough",)), KINSHIP)
    assert (on_it.tier, apart.tier) == (Tier.MANIFESTATION, None)


def test_evidence_in_another_antibody_is_no_evidence_on_the_disease_but_is_shown():
    elsewhere = entry(autoantibodies=("anti-c",), manifestations=("cough",))
    ranking = rank(ASKED, [elsewhere], KINSHIP)
    assert ranking.rows == ()
    assert [found.entry for found in ranking.row("exampletinib").elsewhere] == [elsewhere]


def test_any_of_several_manifestations_counts_and_says_which():
    question = Question("", ("rash", "stones"))
    assert match(question, entry(manifestations=("cough", "stones")), KINSHIP).hits == ("stones",)


def test_what_is_reported_for_a_class_stands_beside_its_members_and_lifts_none():
    of_class = entry("EV00001", "inhibitors", "1", autoantibodies=("anti-a",), manifestations=("rash",))
    own = entry("EV00002", "exampletinib", "5", manifestations=("rash",))
    ranking = rank(ASKED, [of_class, own], KINSHIP)
    assert [(row.treatment, row.tier) for row in ranking.rows] == [
        ("inhibitors", Tier.ANTIBODY_AND_MANIFESTATION),
        ("exampletinib", Tier.MANIFESTATION),
    ]
    member = ranking.row("exampletinib")
    assert [found.entry for found in member.of_class] == [of_class]
    assert (member.tally.best_level, member.tally.efficacy) == ("5", 1)


def test_a_member_of_a_class_without_evidence_of_its_own_is_listed_but_not_ranked():
    ranking = rank(ASKED, [entry(treatment="inhibitors", manifestations=("rash",))], KINSHIP)
    assert [row.treatment for row in ranking.rows] == ["inhibitors"]
    assert [(row.treatment, len(row.of_class)) for row in ranking.unranked] == [("exampletinib", 1)]


def test_safety_never_ranks_a_treatment():
    harm = entry(direction="harm", aspect="safety", autoantibodies=("anti-a",), manifestations=("rash",))
    ranking = rank(ASKED, [harm], KINSHIP)
    assert ranking.rows == ()
    assert [found.entry for found in ranking.row("exampletinib").safety] == [harm]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("supports",), ("supports", "no_benefit")),
        (("supports", "harm"), ("mixed",)),
        (("supports", "mixed", "mixed", "mixed"), ("supports", "inconclusive")),
        (("mixed",), ("inconclusive",)),
        (("inconclusive",), ("no_benefit",)),
        (("no_benefit",), ("harm",)),
    ],
)
def test_agreement_stands_before_conflict_and_harm_comes_last(better, worse):
    entries = [entry(f"EV0001{n}", "samplimab", direction=word) for n, word in enumerate(better)]
    entries += [entry(f"EV0002{n}", "exampletinib", direction=word, n_treated=900) for n, word in enumerate(worse)]
    assert [row.treatment for row in rank(Question(), entries, KINSHIP).rows] == ["samplimab", "exampletinib"]


def test_mixed_populations_and_any_setting_fit_every_question():
    question = Question("", ("rash",), "juvenile", "rescue")
    fits = entry("EV00001", manifestations=("rash",), population="mixed", setting="any")
    adult = entry("EV00002", manifestations=("rash",), population="adult", setting="rescue")
    first_line = entry("EV00003", manifestations=("cough",), population="juvenile", setting="first_line")
    ranking = rank(question, [fits, adult, first_line], KINSHIP)
    assert [found.entry for found in ranking.rows[0].matches] == [fits]
    assert [(part.parameter, part.values, part.direct) for part in ranking.left_out] == [
        ("population", ["adult"], 1),
        ("setting", ["first_line"], 0),
    ]


# What stands beside the evidence --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("antibodies", "features", "population", "fits"),
    [
        (("anti-a",), ("cough",), "adult", True),
        (("anti-class",), ("cough",), "adult", True),
        ((), ("rash",), "adult", True),
        ((), ("rash",), "mixed", True),
        ((), ("rash",), "juvenile", False),
        ((), ("cough",), "adult", False),
        (("anti-c",), ("rash",), "adult", False),
    ],
)
def test_a_guideline_statement_is_about_the_question_or_it_is_not(antibodies, features, population, fits):
    asked = replace(ASKED, population="adult")
    assert speaks_to(asked, antibodies, features, population, "any", KINSHIP) == fits


def test_without_a_manifestation_statements_on_unselected_disease_are_about_the_question_too():
    assert speaks_to(Question("anti-a"), (), ("cough",), "adult", "any", KINSHIP)
    assert not speaks_to(Question("anti-a"), ("anti-c",), ("cough",), "adult", "any", KINSHIP)


@pytest.mark.parametrize("antibody", ["", UNKNOWN])
def test_a_statement_for_patients_with_an_antibody_says_nothing_on_the_disease_overall(antibody):
    assert not speaks_to(Question(antibody, population="adult"), ("anti-a",), ("rash",), "adult", "any", KINSHIP)
    assert not speaks_to(Question(antibody, ("cough",)), ("anti-a",), ("rash",), "adult", "any", KINSHIP)
    assert speaks_to(Question(antibody, ("rash",)), ("anti-a",), ("rash",), "adult", "any", KINSHIP)
