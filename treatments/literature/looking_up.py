"""What the services say about a list of identifiers, and about which of them they could not be asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from . import clinicaltrials, crossref, pubmed
from .pasted import Pasted
from .records import Record, merged
from .service import ServiceError


@dataclass(frozen=True)
class Answer:
    """What is known of one thing that was asked for."""

    written: str
    kind: str = ""
    value: str = ""
    record: Record | None = None
    asked: bool = True
    """Whether the services that could know it gave an answer."""

    def as_json(self) -> list[Any]:
        """What an import needs of it, which the abstract is no part of."""
        record = self.record and replace(self.record, abstract="").as_json()
        return [self.written, self.kind, self.value, record, self.asked]

    @classmethod
    def from_json(cls, content: list[Any]) -> Self:
        written, kind, value, record, asked = content
        return cls(written, kind, value, Record.from_json(record) if record else None, asked)


@dataclass(frozen=True)
class Found:
    """The answers in the order of the questions, and in sentences which services failed."""

    answers: list[Answer]
    problems: list[str]


def look_up(pasted: Sequence[Pasted], today: date) -> Found:
    """Ask PubMed, Crossref and ClinicalTrials.gov, each once for all, about what was pasted.

    A service that fails takes nothing from the others: its identifiers are marked as not asked.
    """
    problems: list[str] = []

    def ask(kind: str, service: Callable[[list[str]], Mapping[str, Record]]) -> Mapping[str, Record] | None:
        wanted = [one.value for one in pasted if one.kind == kind]
        if not wanted:
            return {}
        try:
            return service(wanted)
        except ServiceError as problem:
            problems.append(str(problem))
            return None

    in_pubmed, in_crossref = ask("doi", pubmed.by_doi), ask("doi", crossref.by_doi)
    known: dict[str, Mapping[str, Record] | None] = {
        "pmid": ask("pmid", pubmed.by_pmid),
        "pmcid": ask("pmcid", pubmed.by_pmcid),
        "nct_id": ask("nct_id", lambda numbers: clinicaltrials.by_nct_id(numbers, today)),
        "doi": _both(in_pubmed or {}, in_crossref or {}),
    }
    failed = {kind for kind, records in known.items() if records is None}
    if in_pubmed is None or in_crossref is None:
        failed.add("doi")
    answers = []
    for one in pasted:
        record = (known.get(one.kind) or {}).get(one.value.lower() if one.kind == "doi" else one.value)
        answers.append(Answer(one.written, one.kind, one.value, record, record is not None or one.kind not in failed))
    return Found(answers, list(dict.fromkeys(problems)))


def _both(first: Mapping[str, Record], second: Mapping[str, Record]) -> dict[str, Record]:
    return {
        doi: merged(first[doi], second[doi]) if doi in first and doi in second else first.get(doi) or second[doi]
        for doi in {**first, **second}
    }
