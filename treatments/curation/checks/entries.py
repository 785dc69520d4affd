"""Evidence entries beside each other: the same thing entered twice, and one study with two figures for one thing.

Entries are compared within small groups that must agree (reference, treatment, measure, timepoint …), never all with
all, so that the time grows with the number of entries and not with its square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from rapidfuzz import fuzz, utils

from treatments.models import Evidence, Reference, Result

from .finding import Finding, Record
from .reading import (
    ARMS,
    current,
    current_results,
    figures_in_words,
    figures_of,
    group_of_patients,
    named,
    with_results,
    with_scope,
)

FIGURES_OF_A_RESULT = 3  # fewer are the same by chance
ALIKE = 88  # of 100: two labels or statements that say the same, but for a word
SAME_TITLE = 93  # of 100
SAME_WORD = 80  # of 100: randomised and randomized, not polymyositis and dermatomyositis
WORDS_OF_A_TITLE = 8
RAREST_WORDS = 5
LONGEST_BLOCK = 60  # references that share a word rarer than any other of their titles; more is no rare word
SHORTEST_TITLE = 25  # shorter ones ("Dermatomyositis") are the same by chance


def possible_duplicates(today: date) -> Iterator[Finding]:
    """Two entries of one reference and treatment that give one result twice, or, without results, say the same."""
    for one, other in _pairs_of_one_reference("treatment_id"):
        shared = [r for r in one.results.all() for s in other.results.all() if _same_result(r, s)]
        if shared:
            again = "the same result" if len(shared) == 1 else f"{len(shared)} results"
            yield _about_two(
                "possible-duplicate",
                one,
                other,
                f"{one.accession} and {other.accession} both give {again} of {one.reference} for {one.treatment}:"
                f" {named(shared[0])}, {figures_in_words(shared[0])}.",
                [[named(result), figures_of(result)] for result in shared],
            )
        elif _says_the_same(one, other):
            yield _about_two(
                "possible-duplicate",
                one,
                other,
                f"{one.accession} and {other.accession} say nearly the same of {one.treatment} from {one.reference},"
                " and neither has results.",
                sorted([one.statement, other.statement]),
            )


def same_study_twice(today: date) -> Iterator[Finding]:
    """One study under two references: titles that are nearly the same, or the same figures from both."""
    found = set()
    for one, other in _nearly_the_same_titles():
        found.add(frozenset((one.pk, other.pk)))
        yield Finding(
            "same-study",
            (Record.of(one), Record.of(other)),
            f"The references {one.slug} and {other.slug} have nearly the same title: “{one.title}”.",
            [one.title, other.title],
        )
    for pair, shared in _same_results_elsewhere().items():
        if pair in found:
            continue
        entries = {result.evidence.accession: result.evidence for both in shared for result in both}
        first, second = shared[0]
        more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
        yield Finding(
            "same-study",
            tuple(Record.of(entries[accession]) for accession in sorted(entries)),
            f"{first.evidence.accession} ({first.evidence.reference}) and {second.evidence.accession}"
            f" ({second.evidence.reference}) give the same figures for {first.evidence.treatment} from two references:"
            f" {figures_in_words(first)}{more}.",
            [[named(result), figures_of(result)] for both in shared for result in both],
        )


def numbers_disagree(today: date) -> Iterator[Finding]:
    """Two entries of one reference, for one treatment and group of patients, with two figures for one outcome."""
    for one, other in _pairs_of_one_reference("treatment_id"):
        if group_of_patients(one) != group_of_patients(other):
            continue
        for result in one.results.all():
            for second in other.results.all():
                if _same_outcome(result, second) and (differing := _differing(result, second)):
                    yield _about_two(
                        "numbers-disagree",
                        one,
                        other,
                        f"{one.accession} gives {figures_in_words(result)} and {other.accession}"
                        f" {figures_in_words(second)} for the same outcome in {one.reference}: {named(result)}.",
                        differing,
                        named(result),
                    )


def arm_sizes_disagree(today: date) -> Iterator[Finding]:
    """Two entries of one reference, for one treatment, group and regimen, that count the patients of an arm
    differently; and results counted in more patients than their own entry says were in the arm."""
    for one, other in _pairs_of_one_reference("treatment_id", "aspect"):
        if group_of_patients(one) != group_of_patients(other) or not _same_regimen(one, other):
            continue
        for arm in ARMS:
            counts = getattr(one, f"n_{arm}"), getattr(other, f"n_{arm}")
            if None not in counts and counts[0] != counts[1]:
                yield _about_two(
                    "arm-size",
                    one,
                    other,
                    f"{one.accession} counts {counts[0]} and {other.accession} {counts[1]} patients in the {arm} arm"
                    f" of {one.reference}.",
                    sorted(counts),
                    arm,
                )
    yield from _results_counted_in_more()


def _results_counted_in_more() -> Iterator[Finding]:
    more = Q(treated_total__gt=F("evidence__n_treated")) | Q(control_total__gt=F("evidence__n_control"))
    for result in current_results().filter(more):
        yield from more_than_the_arm(result)


def more_than_the_arm(result: Result) -> Iterator[Finding]:
    """A result, saved or not, that is counted in more patients than its entry says were in the arm."""
    for arm in ARMS:
        total, patients = getattr(result, f"{arm}_total"), getattr(result.evidence, f"n_{arm}")
        if total is not None and patients is not None and total > patients:
            yield Finding(
                "arm-size",
                (Record.of(result.evidence),),
                f"{result.evidence.accession}: a result is counted in {total} patients, but the {arm} arm is said"
                f" to have {patients} ({named(result)}).",
                [total, patients],
                f"{named(result)}, {arm}",
            )


def _about_two(check: str, one: Evidence, other: Evidence, sentence: str, facts: Any, about: str = "") -> Finding:
    return Finding(check, (Record.of(one), Record.of(other)), sentence, facts, about)


def _pairs_of_one_reference(*also: str) -> Iterator[tuple[Evidence, Evidence]]:
    """Entries that share their reference and the fields ``also``, two by two."""
    shared = ("reference_id", *also)
    entries = current(Evidence)
    sibling = entries.filter(**{name: OuterRef(name) for name in shared}).exclude(accession=OuterRef("accession"))
    entries = with_scope(with_results(entries.filter(Exists(sibling)).select_related("treatment", "reference")))
    groups: dict[tuple[Any, ...], list[Evidence]] = defaultdict(list)
    for entry in entries:
        groups[tuple(getattr(entry, name) for name in shared)].append(entry)
    for group in groups.values():
        yield from combinations(group, 2)


# Results --------------------------------------------------------------------------------------------------------------


def _same_outcome(one: Result, other: Result) -> bool:
    """Whether two results are of the same thing: measure, kind, time, and a label of the same meaning and numbers."""
    return (
        (one.measure_id, one.kind) == (other.measure_id, other.kind)
        and _plain(one.timepoint) == _plain(other.timepoint)
        and _numbers(one.label) == _numbers(other.label)
        and fuzz.token_sort_ratio(one.label, other.label, processor=utils.default_process) >= ALIKE
    )


def _same_result(one: Result, other: Result) -> bool:
    return _same_outcome(one, other) and figures_of(one) == figures_of(other) != {}


def _differing(one: Result, other: Result) -> list[list[str]]:
    """The figures that both results give, and give differently."""
    first, second = figures_of(one), figures_of(other)
    return [
        [name, *sorted([first[name], second[name]])]
        for name in first.keys() & second.keys()
        if getattr(one, name) != getattr(other, name) and not name.endswith("_unit") and name != "p_value"
    ]


def _same_regimen(one: Evidence, other: Evidence) -> bool:
    return not (one.regimen and other.regimen) or _plain(one.regimen) == _plain(other.regimen)


def _says_the_same(one: Evidence, other: Evidence) -> bool:
    if one.results.all() or other.results.all() or one.aspect != other.aspect:
        return False
    features = [{link.manifestation_id for link in entry.manifestation_links.all()} for entry in (one, other)]
    return (
        group_of_patients(one) == group_of_patients(other)
        and features[0] == features[1]
        and fuzz.token_sort_ratio(one.statement, other.statement, processor=utils.default_process) >= ALIKE
    )


def _same_results_elsewhere() -> dict[frozenset[int], list[tuple[Result, Result]]]:
    """By pair of references, the results that both give for one treatment and time.

    Both arms alike are taken for one result whatever its label says. A single arm is, in one registered trial, where
    the labels are alike as well.
    """
    groups: dict[tuple[Any, ...], list[Result]] = defaultdict(list)
    for result in current_results().select_related("evidence__reference", "evidence__treatment", "measure"):
        figures = figures_of(result)
        arms = tuple(item for item in figures.items() if item[0].startswith(ARMS))
        compared = any(name.startswith("control") for name in figures)
        trial = None if compared else result.evidence.trial_id
        if len(arms) >= FIGURES_OF_A_RESULT and (compared or trial):
            outcome = result.evidence.treatment_id, result.measure_id, result.kind, _plain(result.timepoint)
            groups[(*outcome, trial, arms)].append(result)
    found: dict[frozenset[int], list[tuple[Result, Result]]] = defaultdict(list)
    for (*_, trial, _), group in groups.items():
        for one, other in combinations(group, 2):
            pair = frozenset((one.evidence.reference_id, other.evidence.reference_id))
            if len(pair) == 2 and (trial is None or _same_outcome(one, other)):
                found[pair].append((one, other))
    return found


# Titles ---------------------------------------------------------------------------------------------------------------


def _nearly_the_same_titles() -> Iterator[tuple[Reference, Reference]]:
    """References whose titles differ by little more than punctuation.

    Only titles that share one of their rarest words are compared. Titles that differ in a number (2019 and 2022, part
    1 and part 2) are of two publications.
    """
    references = list(Reference.objects.filter(retired_on=None).only("slug", "title").order_by("pk"))
    titles = {row.pk: utils.default_process(row.title) for row in references}
    words = {pk: set(title.split()) for pk, title in titles.items()}
    common = Counter(word for of_one in words.values() for word in of_one)
    blocks: dict[str, list[Reference]] = defaultdict(list)
    for row in references:
        if len(titles[row.pk]) >= SHORTEST_TITLE:
            for word in sorted(words[row.pk], key=lambda word: (common[word], word))[:RAREST_WORDS]:
                blocks[word].append(row)
    seen = set()
    for block in blocks.values():
        if len(block) > LONGEST_BLOCK:
            continue
        for one, other in combinations(block, 2):
            if (one.pk, other.pk) in seen:
                continue
            seen.add((one.pk, other.pk))
            if _same_title(titles[one.pk], titles[other.pk]):
                yield one, other


def _same_title(one: str, other: str) -> bool:
    """Whether two titles are one, but for spelling, or for a subtitle that only one of them has."""
    first, second = Counter(one.split()), Counter(other.split())
    if _numbers(one) != _numbers(other):
        return False
    only_first, only_second = " ".join((first - second).elements()), " ".join((second - first).elements())
    if not only_first or not only_second:
        return min(first.total(), second.total()) >= WORDS_OF_A_TITLE
    # Guidelines "for the treatment" and "for the screening" have all else in common, and are two.
    return fuzz.ratio(one, other) >= SAME_TITLE and fuzz.ratio(only_first, only_second) >= SAME_WORD


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _plain(text: str) -> str:
    return utils.default_process(text)
