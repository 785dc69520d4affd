"""Says in words what the finder was asked, and why a treatment stands where it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from treatments.finder import UNKNOWN, Cohort, LeftOut, Match, Question, Row, Tier
from treatments.models.choices import Population, Setting
from treatments.tally import tally

# Names that keep their capital within a sentence.
EPONYMS = frozenset({"Gottron", "Jaccoud", "Raynaud", "Sjögren"})
POPULATIONS = {Population.ADULT: "adults", Population.JUVENILE: "juveniles"}
SETTINGS = {setting.value: str(setting.label).lower() for setting in Setting}


@dataclass(frozen=True)
class Names:
    """Names by slug."""

    autoantibodies: Mapping[str, str]
    manifestations: Mapping[str, str]
    treatments: Mapping[str, str]


def in_sentence(name: str) -> str:
    """``name`` as it stands within a sentence: "anti-MDA5", "calcinosis", but "MSA-negative", "Raynaud phenomenon"."""
    keeps = name[1:2].isupper() or name.partition(" ")[0].partition("-")[0] in EPONYMS
    return name if keeps else name[:1].lower() + name[1:]


def listed(parts: Iterable[str], last: str = "or") -> str:
    """ "a", "a or b", "a, b or c"."""
    *front, end = parts
    return f"{', '.join(front)} {last} {end}" if front else end


def entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"


def _antibodies(slugs: Iterable[str], names: Names) -> str:
    return listed((in_sentence(names.autoantibodies[slug]) for slug in slugs), "and")


def _manifestations(slugs: Iterable[str], names: Names, last: str = "or") -> str:
    return listed((in_sentence(names.manifestations[slug]) for slug in slugs), last)


def question_title(question: Question, names: Names) -> str:
    """What was asked: "Anti-MDA5 with rapidly progressive interstitial lung disease, in adults"."""
    about = ""
    if question.names_antibody:
        about = names.autoantibodies[question.autoantibody]
    elif question.autoantibody == UNKNOWN:
        about = "Autoantibody unknown"
    if question.manifestations:
        features = _manifestations(question.manifestations, names)
        about = f"{about} with {features}" if about else features[:1].upper() + features[1:]
    parts = [about or "Dermatomyositis overall"]
    if question.population:
        parts.append(f"in {POPULATIONS[Population(question.population)]}")
    if question.setting:
        parts.append(SETTINGS[question.setting])
    return ", ".join(parts)


def tier_title(tier: Tier, question: Question, names: Names) -> str:
    """The heading of a tier: what its entries are about."""
    antibody = names.autoantibodies.get(question.autoantibody, "")
    features = _manifestations(question.manifestations, names) if question.manifestations else ""
    match tier:
        case Tier.ANTIBODY_AND_MANIFESTATION:
            return f"{antibody} with {features}"
        case Tier.ANTIBODY:
            return antibody
        case Tier.MANIFESTATION:
            return features[:1].upper() + features[1:]
        case Tier.DISEASE:
            return "Dermatomyositis overall"


def tier_reason(tier: Tier, question: Question, names: Names) -> str:
    """Why everything in a tier stands there, in a sentence without its full stop."""
    antibody = in_sentence(names.autoantibodies.get(question.autoantibody, ""))
    features = _manifestations(question.manifestations, names) if question.manifestations else ""
    match tier:
        case Tier.ANTIBODY_AND_MANIFESTATION:
            return f"Studied in {antibody} with {features}"
        case Tier.ANTIBODY:
            return f"Studied in {antibody}, for other manifestations" if features else f"Studied in {antibody}"
        case Tier.MANIFESTATION:
            apart = f", in patients not selected for {antibody}" if antibody else ""
            return f"Studied in {features}{apart}"
        case Tier.DISEASE:
            apart = ", for other manifestations" if features else ""
            return f"Studied in dermatomyositis not selected by autoantibody{apart}"


def reason(row: Row, question: Question, names: Names) -> str:
    """Why a row stands where it stands: its tier, which manifestations, and what its patients were selected for.

    Without its full stop; empty for a row that is not ranked.
    """
    if not row.tier:
        return ""
    asked = question
    if len(question.manifestations) > 1 and row.tier in (Tier.ANTIBODY_AND_MANIFESTATION, Tier.MANIFESTATION):
        hit = tuple(slug for slug in question.manifestations if any(slug in found.hits for found in row.matches))
        asked = Question(question.autoantibody, hit, question.population, question.setting)
    return "; ".join([tier_reason(row.tier, asked, names), *_cohorts(row, question, names)])


def _wordings(question: Question) -> dict[Cohort, str]:
    another = "another autoantibody" if question.names_antibody else "an autoantibody"
    return {
        Cohort.CLASS: "reported for the class",
        Cohort.MEMBER: "reported for a member",
        Cohort.OTHER: f"in patients selected for {another}",
    }


def shares(matches: Sequence[Match], question: Question) -> list[str]:
    """How many of ``matches`` are not simply about what was asked: "3 of 4 reported for the class"."""
    found = {cohort: sum(match.cohort is cohort for match in matches) for cohort in Cohort}
    return [
        f"{'all' if found[cohort] == len(matches) else f'{found[cohort]} of {len(matches)}'} {wording}"
        for cohort, wording in _wordings(question).items()
        if found[cohort]
    ]


def _cohorts(row: Row, question: Question, names: Names) -> Iterable[str]:
    for cohort, wording in _wordings(question).items():
        found = [match for match in row.matches if match.cohort is cohort]
        if not found:
            continue
        named = _antibodies(dict.fromkeys(slug for match in found for slug in match.named), names)
        if len(found) == len(row.matches):
            yield f"all {wording} ({named})"
        else:
            counted = tally(match.entry for match in found)
            share = f"{len(found)} of {entries(len(row.matches))} {wording} ({named})"
            yield f"{share}: {counted.in_words}, best level {counted.best_level}"


def relation(match: Match, row: Row, question: Question, names: Names) -> str:
    """What an entry is about where it is not simply about what was asked; empty where it is."""
    parts = []
    if match.entry.treatment != row.treatment:
        parts.append(f"Reported for the class: {names.treatments[match.entry.treatment]}")
    antibodies = ", ".join(names.autoantibodies[slug] for slug in match.named)
    match match.cohort:
        case Cohort.CLASS:
            parts.append(f"Reported for the class: {antibodies}")
        case Cohort.MEMBER:
            parts.append(f"Reported for a member: {antibodies}")
        case Cohort.OTHER if question.names_antibody:
            parts.append(f"In another autoantibody: {antibodies}")
        case Cohort.OTHER:
            parts.append(f"Selected for an autoantibody: {antibodies}")
    return "; ".join(parts)


def left_out(part: LeftOut, question: Question) -> str:
    """What the population or setting asked about leaves out, in a sentence."""
    count = len(part.matches)
    verb = "is" if count == 1 else "are"
    if part.parameter == "population":
        what = f"{entries(count)} on {listed((POPULATIONS[Population(value)] for value in part.values), 'and')} alone"
    else:
        what = f"{entries(count)} on other settings ({', '.join(SETTINGS[value] for value in part.values)})"
    direct = f", {part.direct} of them on this antibody or manifestation" if part.direct else ""
    return f"{what} {verb} not shown{direct}."
