"""The inbox: papers come in, each once, and a person turns each into a reference or dismisses it with a reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from treatments.curation.problems import sentence
from treatments.curation.roles import permission_name
from treatments.curation.workflow import Person, WorkflowError, required_text
from treatments.models import Candidate, LiteratureQuery, Reference
from treatments.models.choices import CandidateStatus, PublicationType
from treatments.models.identifiers import IDENTIFIERS

from . import pubmed
from .duplicates import Stored, contradict, identifier_key, tells, title_keys
from .importing import State, added, may_import, one_at_a_time, rows_for
from .looking_up import Answer
from .records import FILE, REFERENCE, REFERENCE_IDENTIFIERS, Record

FIELDS = (
    *("title", "authors", "journal", "year", "volume", "issue", "pages"),
    *("pmid", "doi", "pmcid", "publication_type", "retraction_status"),
)
"""What a candidate keeps of a record, for the reference that it may become."""


# Coming in ------------------------------------------------------------------------------------------------------------


def take_in(
    records: Sequence[Record], *, query: LiteratureQuery | None = None, file_name: str = "", by: Person | None = None
) -> int:
    """Keep the papers that were never seen before, and say how many they are.

    A paper was seen when it is a reference, or came before from whatever query or file, and whatever was decided of it.
    """
    found = f"the query “{query}”" if query else f"{FILE}{file_name}"
    who = {} if by is None else {"user": by.pk}
    reason = f"Found by {found}." if query else f"Read from {found}."
    with transaction.atomic(), pghistory.context(**who, step="watch_literature", reason=reason):
        one_at_a_time()
        stored = Stored()
        stored.prepare(records)
        keys = title_keys([record.title for record in records])
        known = _Known(_candidates_like(records, keys))
        new: list[Candidate] = []
        for record, title_key in zip(records, keys, strict=True):
            if stored.surely_the_same(record) or known.has(record, title_key):
                continue
            values = {name: record.values[name] for name in FIELDS if name in record.values}
            candidate = Candidate(**values, title_key=title_key, abstract=record.abstract, query=query)
            candidate.file_name = file_name
            new.append(candidate)
            known.add(candidate)
        Candidate.objects.bulk_create(new)
    return len(new)


def known_pmids(pmids: Iterable[str]) -> set[str]:
    """Those of these that need not be fetched: they came before, or are references."""
    pmids = list(pmids)
    return {
        pmid
        for model in (Candidate, Reference)
        for pmid in model.objects.filter(pmid__in=pmids).values_list("pmid", flat=True)
    }


def _candidates_like(records: Sequence[Record], keys: Sequence[str]) -> list[Candidate]:
    values = {name: [one.values[name] for one in records if name in one.values] for name in REFERENCE_IDENTIFIERS}
    like = Q(pmid__in=values["pmid"]) | Q(pmcid__in=values["pmcid"]) | Q(title_key__in=[key for key in keys if key])
    like |= Q(small_doi__in=[doi.lower() for doi in values["doi"]])
    return list(Candidate.objects.annotate(small_doi=Lower("doi")).filter(like).defer("abstract"))


class _Known:
    """Candidates, to be asked whether a record is one of them."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._identifiers: set[tuple[str, str]] = set()
        self._by_title: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            self.add(candidate)

    def add(self, candidate: Candidate) -> None:
        for name in REFERENCE_IDENTIFIERS:
            if value := getattr(candidate, name):
                self._identifiers.add(identifier_key(name, value))
        if candidate.title_key:
            self._by_title[candidate.title_key].append(candidate)

    def has(self, record: Record, title_key: str) -> bool:
        """By an identifier, or by the title where no identifier differs; a short title needs the same year too."""
        identifiers = record.identifiers()
        if any(identifier_key(name, value) in self._identifiers for name, value in identifiers.items()):
            return True
        published = (record.values.get("year"), record.values.get("authors", ""))
        return any(
            not contradict(identifiers, one) and (tells(title_key) or published == (one.year, one.authors))
            for one in self._by_title.get(title_key, ())
        )


# Decisions ------------------------------------------------------------------------------------------------------------


def may_decide(by: Person) -> bool:
    return may_import(by) and by.has_perm(permission_name(Candidate, "change"))


def may_fill(by: Person) -> bool:
    return by.has_perm(permission_name(Candidate, "add"))


def dismiss(candidate: Candidate, by: Person, reason: str) -> None:
    """Say that a paper is not for this knowledge base; the row stays, so that it does not come again."""
    reason = required_text(reason, "Say why it is dismissed.")
    with _deciding(candidate, by, "dismiss_candidate", reason) as locked:
        locked.status, locked.reason = CandidateStatus.DISMISSED, reason


def accept(candidate: Candidate, by: Person, publication_type: str, *, although_alike: bool = False) -> Reference:
    """Turn a paper into a reference; into the one that is here already, if it is.

    Where only the title is the same as a reference's, ``although_alike`` says that it is another publication.
    """
    source = f"query “{candidate.query}”" if candidate.query else f"file {candidate.file_name}"
    reason = f"Taken from the literature inbox ({source})."
    with _deciding(candidate, by, "accept_candidate", reason) as locked:
        [row] = rows_for([Answer(locked.title, record=record_of(locked))])
        if row.state == State.HERE:
            reference = row.row
        else:
            if row.state == State.POSSIBLE and not although_alike:
                raise WorkflowError(
                    f"There is a reference with the same title: {row.row}. Say that this is another publication, or"
                    " dismiss it."
                )
            if publication_type not in PublicationType.values:
                raise WorkflowError("Choose a publication type.")
            reference = added(row, publication_type, locked.found_at.date())
        locked.status, locked.reference = CandidateStatus.REFERENCE, reference
    found: Reference = reference
    return found


def settle(references: Sequence[Any], by: Person) -> None:
    """Papers of the inbox that became references in another way are decided by that."""
    for reference in references:
        if isinstance(reference, Reference):
            same = Q(pmid=reference.pmid) if reference.pmid else Q()
            same |= Q(doi__iexact=reference.doi) if reference.doi else Q()
            same |= Q(pmcid=reference.pmcid) if reference.pmcid else Q()
            if same:
                Candidate.objects.filter(same, status=CandidateStatus.NEW).update(
                    status=CandidateStatus.REFERENCE, reference=reference, decided_by=by.pk, decided_at=timezone.now()
                )


def record_of(candidate: Candidate) -> Record:
    """What was kept of a paper, as the record it came as."""
    values = {name: value for name in FIELDS if (value := getattr(candidate, name)) not in (None, "")}
    if candidate.query_id is None:
        return Record(REFERENCE, values, f"{FILE}{candidate.file_name}")
    return Record(REFERENCE, values, pubmed.NAME, IDENTIFIERS["pmid"].link(candidate.pmid) if candidate.pmid else "")


@contextmanager
def _deciding(candidate: Candidate, by: Person, step: str, reason: str) -> Iterator[Candidate]:
    """The candidate as it stands, locked until what the statement makes of it is stored."""
    if not may_decide(by):
        raise WorkflowError("Your roles do not include this: the inbox is worked through by somebody who may.")
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, step=step, reason=reason):
            one_at_a_time()
            locked = Candidate.objects.select_for_update(of=("self",)).select_related("query").get(pk=candidate.pk)
            if locked.status != CandidateStatus.NEW:
                raise WorkflowError(f"{locked.decided_by} decided about this paper meanwhile. Nothing was saved.")
            yield locked
            locked.decided_by_id, locked.decided_at = by.pk, timezone.now()
            locked.save()
    except DatabaseError as refusal:
        raise WorkflowError(sentence(refusal)) from refusal
