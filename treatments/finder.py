"""Ranks treatments by how directly, how strongly and which way their evidence speaks to one patient's phenotype.

Nothing here reads the database or knows of HTTP: ``rank`` is a pure function of a question and of the published
evidence entries, each reduced to what the answer depends on (``Entry``).

**Directness.** Every entry falls into the first of these tiers that fits it (``Tier``):

1. ``antibody_and_manifestation``: its patients were selected for the antibody asked about, or reported separately for
   it, and it is about one of the manifestations asked about;
2. ``antibody``: such patients, but none of the manifestations;
3. ``manifestation``: one of the manifestations, in patients who were not selected for the antibody;
4. ``disease``: neither, in patients not selected by any antibody ("dermatomyositis overall").

What is selected for which antibody decides, so each case in turn:

* an entry that names no antibody is unselected disease, and never direct for an antibody;
* an entry on the class of the antibody (anti-synthetase for anti-Jo-1), or on a member of a class asked about, is
  direct, because such patients are or may be among those asked about; it is marked for what it is (``Cohort``);
* an entry on other antibodies alone is no evidence on the disease overall, so it never counts in ``disease``. On a
  manifestation asked about it counts in ``manifestation``, since that is what the tier asks for, and is marked; on any
  other it counts nowhere, and is shown apart (``Row.elsewhere``);
* where no antibody is asked about, or it is ``UNKNOWN``, there is none that an entry could be direct for. "Unknown" is
  not "negative": patients in whom no antibody was found are a cohort of their own (MSA-negative), asked for by name.

**Several manifestations** mean any of them. **Population:** entries on adults and children together fit both.
**Setting:** entries on any setting fit every one. What does not fit is left out, and counted (``LeftOut``).

**A row** is one treatment, in the best tier that its efficacy evidence reaches. Its figures count the efficacy entries
of that tier and no others; what else there is stands beside them with figures of its own: efficacy in lower tiers, what
was reported for a class the treatment belongs to, and safety. A treatment without efficacy evidence in any tier is not
ranked, and not dropped either (``Ranking.unranked``).

**Order:** tier; best level; directions of the entries at that level, the most and then the least favourable one
(supports, mixed, inconclusive, no benefit, harm), so that agreement stands before conflict; number of patients treated,
most first; slug. The order is total, depends on nothing but question and entries, and one more supporting entry never
lowers a treatment: it can only lift its tier or its best level, join the most favourable direction there, or add
patients. It is an order for reading, not of merit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from django.db.models import TextChoices

from treatments.models.choices import Aspect, Direction, Population, Setting
from treatments.tally import Tally, strongest_first, tally

UNKNOWN = "unknown"


class Tier(TextChoices):
    """How directly an entry speaks to the question; most directly first."""

    ANTIBODY_AND_MANIFESTATION = "antibody_and_manifestation", "Antibody and manifestation"
    ANTIBODY = "antibody", "Antibody"
    MANIFESTATION = "manifestation", "Manifestation"
    DISEASE = "disease", "Disease overall"


class Cohort(Enum):
    """How the patients of an entry stand to the antibody asked about."""

    ASKED = "asked"
    CLASS = "class"  # the source reports the class that the antibody belongs to
    MEMBER = "member"  # a class was asked about, and the source reports a member of it
    UNSELECTED = "unselected"
    OTHER = "other"  # selected for antibodies, but for none that was asked about


ORDER_OF_TIER = {tier: number for number, tier in enumerate(Tier)}
# Not the order of display: what cannot tell stands before what found no benefit, and harm comes last.
FAVOURABLE_FIRST = {
    direction.value: number
    for number, direction in enumerate(
        (Direction.SUPPORTS, Direction.MIXED, Direction.INCONCLUSIVE, Direction.NO_BENEFIT, Direction.HARM)
    )
}


@dataclass(frozen=True)
class Question:
    """What is asked about, by slug. ``autoantibody`` may be ``UNKNOWN``; empty means that it was not asked about."""

    autoantibody: str = ""
    manifestations: tuple[str, ...] = ()
    population: str = ""
    setting: str = ""

    def __bool__(self) -> bool:
        return bool(self.autoantibody or self.manifestations or self.population or self.setting)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and values as addresses hold them, with nothing empty among them."""
        pairs = [("autoantibody", self.autoantibody), *(("manifestation", slug) for slug in self.manifestations)]
        pairs += [("population", self.population), ("setting", self.setting)]
        return [(name, value) for name, value in pairs if value]

    @property
    def names_antibody(self) -> bool:
        return self.autoantibody not in ("", UNKNOWN)


@dataclass(frozen=True)
class Entry:
    """A published evidence entry, as far as the answer depends on it; everything is named by slug or code."""

    accession: str
    treatment: str
    level_id: str
    direction: str
    aspect: str = Aspect.EFFICACY.value
    population: str = Population.ADULT.value
    setting: str = Setting.ANY.value
    n_treated: int | None = None
    autoantibodies: tuple[str, ...] = ()
    manifestations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kinship:
    """Members by class, of antibodies and of treatments."""

    antibodies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    treatments: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """An entry that fits the population and setting asked about, and how it speaks to the question.

    ``named`` are the antibodies that make its cohort what it is, ``hits`` the manifestations asked about that it is
    on. ``tier`` is None for an entry on other antibodies and other manifestations.
    """

    entry: Entry
    cohort: Cohort
    named: tuple[str, ...]
    hits: tuple[str, ...]
    tier: Tier | None


@dataclass(frozen=True)
class LeftOut:
    """Entries that fit but for their population, or fit it but not the setting."""

    parameter: str
    matches: tuple[Match, ...]

    @property
    def values(self) -> list[str]:
        """The populations or settings of what is left out."""
        return sorted({getattr(match.entry, self.parameter) for match in self.matches})

    @property
    def direct(self) -> int:
        """How many of them speak to the antibody or manifestation asked about."""
        return sum(match.tier not in (None, Tier.DISEASE) for match in self.matches)


@dataclass(frozen=True)
class Row:
    """A treatment in the answer. Each group of entries stands apart, strongest entry first."""

    treatment: str
    tier: Tier | None
    matches: tuple[Match, ...]  # efficacy in ``tier``: what the figures of the row count
    further: tuple[Match, ...]  # efficacy in lower tiers
    elsewhere: tuple[Match, ...]  # efficacy in other antibodies, for other manifestations
    of_class: tuple[Match, ...]  # efficacy and safety reported for a class that the treatment belongs to
    safety: tuple[Match, ...]

    @cached_property
    def tally(self) -> Tally:
        return tally(match.entry for match in self.matches)

    @property
    def patients(self) -> int:
        """Treated patients, summed over the entries; those in overlapping reports are counted more than once."""
        return sum(match.entry.n_treated or 0 for match in self.matches)

    @property
    def without_number(self) -> int:
        """Entries that do not say how many were treated."""
        return sum(match.entry.n_treated is None for match in self.matches)

    def in_tier(self, tier: Tier) -> tuple[Match, ...]:
        """Efficacy entries of the treatment in ``tier``."""
        return tuple(match for match in (*self.matches, *self.further) if match.tier == tier)

    @cached_property
    def at_best_level(self) -> Tally:
        """The entries at the best level: what the level of the row speaks for."""
        return tally(match.entry for match in self.matches if match.entry.level_id == self.tally.best_level)

    @property
    def order(self) -> tuple:
        """Sort key of a ranked row; see the top of this module."""
        best = self.tally.best_level
        directions = [FAVOURABLE_FIRST[part.direction] for part in self.at_best_level.mix]
        tier = ORDER_OF_TIER[self.tier] if self.tier else len(ORDER_OF_TIER)
        return (tier, best, min(directions, default=0), max(directions, default=0), -self.patients, self.treatment)


@dataclass(frozen=True)
class Ranking:
    """The answer: treatments in order, those that could not be ranked by slug, and what was left out."""

    question: Question
    rows: tuple[Row, ...]
    unranked: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]

    def in_tier(self, tier: Tier) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.tier == tier)

    def row(self, treatment: str) -> Row | None:
        """The row of ``treatment``, ranked or not; None where it has no entry at all."""
        return next((row for row in (*self.rows, *self.unranked) if row.treatment == treatment), None)


def fits_population(asked: str, population: str) -> bool:
    """Whether what holds for ``population`` is about the patients asked about."""
    return not asked or population in (asked, Population.MIXED)


def fits_setting(asked: str, setting: str) -> bool:
    """Whether what holds in ``setting`` is about the setting asked about."""
    return not asked or setting in (asked, Setting.ANY)


def cohort_of(question: Question, antibodies: Iterable[str], kinship: Kinship) -> tuple[Cohort, tuple[str, ...]]:
    """How patients selected for ``antibodies`` stand to the antibody asked about, and which of these make it so."""
    named = tuple(antibodies)
    asked = question.autoantibody
    if not named:
        return Cohort.UNSELECTED, ()
    if not question.names_antibody:
        return Cohort.OTHER, named
    if asked in named:
        return Cohort.ASKED, (asked,)
    if classes := tuple(name for name in named if asked in kinship.antibodies.get(name, ())):
        return Cohort.CLASS, classes
    if members := tuple(name for name in named if name in kinship.antibodies.get(asked, ())):
        return Cohort.MEMBER, members
    return Cohort.OTHER, named


def match(question: Question, entry: Entry, kinship: Kinship) -> Match:
    """How ``entry`` speaks to ``question``, whatever its population and setting."""
    cohort, named = cohort_of(question, entry.autoantibodies, kinship)
    hits = tuple(slug for slug in question.manifestations if slug in entry.manifestations)
    tier: Tier | None
    if cohort in (Cohort.ASKED, Cohort.CLASS, Cohort.MEMBER):
        tier = Tier.ANTIBODY_AND_MANIFESTATION if hits else Tier.ANTIBODY
    elif hits:
        tier = Tier.MANIFESTATION
    elif cohort is Cohort.UNSELECTED:
        tier = Tier.DISEASE
    else:
        tier = None
    return Match(entry, cohort, named, hits, tier)


def speaks_to(
    question: Question,
    antibodies: Iterable[str],
    manifestations: Iterable[str],
    population: str,
    setting: str,
    kinship: Kinship,
) -> bool:
    """Whether a guideline statement or an appraisal in this scope is about the question.

    It is where it names the antibody asked about, or one of the manifestations without another antibody. Without a
    manifestation asked about, statements on unselected disease are about it too. Where no antibody is asked about, one
    for patients with an antibody is about it by a manifestation alone: it says nothing on the disease overall.
    """
    if not fits_population(question.population, population) or not fits_setting(question.setting, setting):
        return False
    cohort, _ = cohort_of(question, antibodies, kinship)
    hit = not frozenset(question.manifestations).isdisjoint(manifestations)
    if cohort is Cohort.UNSELECTED:
        return hit or not question.manifestations
    if cohort is Cohort.OTHER:
        return hit and not question.names_antibody
    return True


def rank(question: Question, entries: Iterable[Entry], kinship: Kinship) -> Ranking:
    """Every treatment that ``entries`` are about, as an answer to ``question``; see the top of this module."""
    own: dict[str, list[Match]] = {}
    other_population: list[Match] = []
    other_setting: list[Match] = []
    for entry in sorted(entries, key=strongest_first):
        found = match(question, entry, kinship)
        if not fits_population(question.population, entry.population):
            other_population.append(found)
        elif not fits_setting(question.setting, entry.setting):
            other_setting.append(found)
        else:
            own.setdefault(entry.treatment, []).append(found)

    of_class: dict[str, list[Match]] = {}
    for name, members in kinship.treatments.items():
        for member in members:
            of_class.setdefault(member, []).extend(own.get(name, ()))

    rows = [
        _row(treatment, own.get(treatment, []), of_class.get(treatment, []))
        for treatment in sorted(own.keys() | {name for name, found in of_class.items() if found})
    ]
    left_out = (LeftOut("population", tuple(other_population)), LeftOut("setting", tuple(other_setting)))
    return Ranking(
        question=question,
        rows=tuple(sorted((row for row in rows if row.tier), key=lambda row: row.order)),
        unranked=tuple(row for row in rows if not row.tier),
        left_out=tuple(part for part in left_out if part.matches),
    )


def _row(treatment: str, own: list[Match], of_class: list[Match]) -> Row:
    efficacy = [found for found in own if found.entry.aspect == Aspect.EFFICACY]
    tiers = [found.tier for found in efficacy if found.tier]
    best = min(tiers, key=ORDER_OF_TIER.__getitem__, default=None)
    return Row(
        treatment=treatment,
        tier=best,
        matches=tuple(found for found in efficacy if best and found.tier == best),
        further=tuple(found for found in efficacy if found.tier and found.tier != best),
        elsewhere=tuple(found for found in efficacy if not found.tier),
        of_class=tuple(sorted(of_class, key=lambda found: strongest_first(found.entry))),
        safety=tuple(found for found in own if found.entry.aspect == Aspect.SAFETY),
    )
