"""What looks implausible in one evidence entry while it is written, and what its writer said to it.

The rules are those of the data checks that need one entry only: what a curator explains here is not found there again.
What the database refuses is no matter of opinion, and not among them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pghistory

from treatments.models import Claim, Dismissal, Evidence, Result

from .checks import CHECKS, Finding
from .checks.claims import level_of, without_control
from .checks.entries import more_than_the_arm
from .checks.figures import direction_of, percentages_of
from .findings import dismiss, judged
from .workflow import AnyClaim, Person, WorkflowError, required_text, submit

UNSAVED = "This entry"
LEVEL = "level"
"""The check whose answer is part of the entry itself: its level note."""


@dataclass(frozen=True)
class Doubt:
    """Something implausible, and the dismissal that answers it if somebody gave a reason."""

    finding: Finding
    answer: Dismissal | None

    @property
    def key(self) -> str:
        """Names the doubt within its entry, before that has an accession too."""
        return hashlib.sha256(f"{self.finding.check}|{self.finding.about}".encode()).hexdigest()[:12]

    @property
    def title(self) -> str:
        return CHECKS[self.finding.check].title

    @property
    def sentence(self) -> str:
        """What is implausible, without the accession that the page shows already."""
        name = self.finding.records[0].name
        said = self.finding.sentence.removeprefix(f"{name}: ")
        said = said.replace(name, "This entry", 1) if said.startswith(name) else said
        return said[:1].upper() + said[1:]

    @property
    def is_open(self) -> bool:
        return self.answer is None

    @property
    def asks_for(self) -> str:
        """What its reason becomes."""
        return "Level note: why the level was moved" if self.finding.check == LEVEL else "Why it is right all the same"


def doubts(claim: Claim) -> list[Doubt]:
    """What is implausible in a claim as it is saved; a fixed number of queries."""
    if not isinstance(claim, Evidence):
        return []
    entry = Evidence.objects.select_related("treatment").get(pk=claim.pk)
    return doubts_about(entry, list(entry.results.select_related("measure")))


def doubts_about(entry: Evidence, results: list[Result]) -> list[Doubt]:
    """The same of an entry that may be saved or not, with the results that it has, each with its measure and kind."""
    entry.accession = entry.accession or UNSAVED
    found: list[Finding] = []
    for result in results:
        result.evidence = entry
        found += [*percentages_of(result), *more_than_the_arm(result)]
    if entry.treatment_id:
        found += [*direction_of(entry, results), *without_control(entry, results)]
    found += level_of(entry)
    once = {finding.fingerprint: finding for finding in found}
    return [Doubt(one.finding, one.dismissal) for one in judged(once.values())] if once else []


def explain(claim: Claim, by: Person, reasons: Mapping[str, str], why: str = "") -> list[Doubt]:
    """Keep the ``reasons`` given for what is implausible, by key of the doubt; answers what is still open.

    The reason for a level becomes its note, any other dismisses the finding of the data check. Both stand in the
    history of the claim, after ``why`` it was changed.
    """
    asked = [doubt for doubt in doubts(claim) if doubt.is_open]
    given = [(doubt, text) for doubt in asked if (text := reasons.get(doubt.key, "").strip())]
    if not given:
        return asked
    because = " ".join(filter(None, (why, *(f"{doubt.title}: {text}" for doubt, text in given))))
    with pghistory.context(user=by.pk, reason=because):
        for doubt, text in given:
            if doubt.finding.check == LEVEL:
                entry = Evidence.objects.get(pk=claim.pk)
                entry.level_note = required_text(text, "")
                entry.save(update_fields=["level_note"])
            else:
                dismiss(doubt.finding, by, text, because)
    return [doubt for doubt in doubts(claim) if doubt.is_open]


def submit_explained(claim: AnyClaim, by: Person, comment: str = "") -> AnyClaim:
    """Submit a claim of which nothing implausible is left unexplained; ``WorkflowError`` says what is."""
    asked = [doubt.sentence for doubt in doubts(claim) if doubt.is_open]
    if asked:
        raise WorkflowError(f"Correct this or say why it is right, then submit again: {' '.join(asked)}")
    return submit(claim, by, comment)
