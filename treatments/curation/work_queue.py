"""What is to be done, for one person: the queues of the admin's front page, and the lists behind them.

Each queue is one rule, which both the counts and the filtered lists use. A person is shown only the queues that they
can act on, and in a queue only what they can act on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, DateTimeField, Exists, F, Model, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from treatments.models import (
    Appraisal,
    Assignment,
    Claim,
    Comment,
    Evidence,
    PhenotypeAssociation,
    PhenotypeAssociationReference,
    Recommendation,
    Reference,
    Treatment,
)
from treatments.models.choices import ClaimStatus, CommentStep, RetractionStatus
from treatments.models.claims import OPEN_STATES

from .roles import REVIEW, permission_name
from .workflow import written_by

Person = User | AnonymousUser

CLAIMS: tuple[type[Claim], ...] = (Evidence, PhenotypeAssociation, Recommendation, Appraisal)
LONG_WAIT = timedelta(days=14)
CHECKED_FOR = timedelta(days=365)
ROWS = 5  # of each queue on the front page

LIVING = (*OPEN_STATES, ClaimStatus.PUBLISHED)
"""A claim that is worked on or that readers see."""


def _text(*parts: Any) -> Concat:
    return Concat(*parts, output_field=TextField())


ABOUT: dict[type[Model], Any] = {
    Evidence: _text("treatment__name", Value(" · "), "reference__title"),
    PhenotypeAssociation: _text("autoantibody__name", Value(" · "), "manifestation__name"),
    Recommendation: _text("body", Value(" · "), "statement"),
    Appraisal: _text("treatment__name", Value(" · "), "manifestation__name"),
    Reference: _text("journal", Value(" "), "year"),
    Treatment: Value("", output_field=TextField()),
}
"""What a row is about, in a line."""

NAMES: dict[type[Model], Any] = {
    **dict.fromkeys(CLAIMS, _text("accession", Value(" v"), Cast("version", TextField()))),
    Reference: F("title"),
    Treatment: F("name"),
}


COLUMNS = ("nth_model", "pk", "called", "about", "since")


@dataclass(frozen=True)
class Queue:
    """One kind of work: whose it is, which rows it is about, and since when each has been waiting."""

    name: str
    title: str
    explains: str
    models: tuple[type[Model], ...]
    needs: str
    """What somebody must be allowed to do with these rows to act on them; with evidence where rows are no claims."""
    which: Callable[[type[Any], Person, datetime], Q]
    since: Any
    dated: str = ""
    """What the date beside a row says; empty where it says nothing of interest."""

    def models_for(self, by: Person) -> list[type[Model]]:
        """The kinds of rows that ``by`` can act on."""
        return [m for m in self.models if by.has_perm(permission_name(m if m in CLAIMS else Evidence, self.needs))]


@dataclass(frozen=True)
class Row:
    model: type[Model]
    pk: int
    called: str
    about: str
    since: datetime


@dataclass(frozen=True)
class Waiting:
    """A queue as it stands for one person: how many of each kind, and those that have waited longest."""

    queue: Queue
    counts: dict[type[Model], int]
    rows: list[Row]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


# The queues -----------------------------------------------------------------------------------------------------------


def _assigned(**whose: Any) -> Exists:
    return Exists(Assignment.objects.filter(accession=OuterRef("accession"), version=OuterRef("version"), **whose))


def _was_sent_back() -> Exists:
    asked = Comment.objects.filter(accession=OuterRef("accession"), version=OuterRef("version"))
    return Exists(asked.filter(step=CommentStep.REQUEST_CHANGES))


def _my_drafts(by: Person) -> Q:
    return Q(status=ClaimStatus.DRAFT, author_id=by.pk)


def _for_me_to_review(model: type[Claim], by: Person) -> Q:
    return Q(status=ClaimStatus.IN_REVIEW) & ~Q(author_id=by.pk) & ~written_by(model, by)


def _last_checked() -> Coalesce:
    return Coalesce(Cast("last_checked_on", DateTimeField()), F("published_at"))


def _not_checked(now: datetime) -> Q:
    before = now - CHECKED_FOR
    never = Q(last_checked_on=None, published_at__lt=before)
    return Q(status=ClaimStatus.PUBLISHED) & (Q(last_checked_on__lt=before.date()) | never)


def _named_by(statuses: Iterable[str]) -> Q:
    """References that a claim in one of these states names as its source."""
    links = PhenotypeAssociationReference.objects.filter(association__status__in=statuses)
    return (
        Exists(Evidence.objects.filter(reference=OuterRef("pk"), status__in=statuses))
        | Exists(links.filter(reference=OuterRef("pk")))
        | Q(Exists(Recommendation.objects.filter(guideline=OuterRef("pk"), status__in=statuses)))
    )


QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(
            "sent-back",
            "Sent back to me",
            "A reviewer asked for changes.",
            CLAIMS,
            "change",
            lambda model, by, now: _my_drafts(by) & Q(_was_sent_back()),
            F("updated_at"),
            "changed",
        ),
        Queue(
            "in-hand",
            "I am working on",
            "Drafts that you said you are working on.",
            CLAIMS,
            "change",
            lambda model, by, now: Q(status=ClaimStatus.DRAFT) & Q(_assigned(person_id=by.pk)),
            F("updated_at"),
            "changed",
        ),
        Queue(
            "drafts",
            "My drafts",
            "You wrote them and have not submitted them yet.",
            CLAIMS,
            "change",
            lambda model, by, now: _my_drafts(by) & ~Q(_was_sent_back()),
            F("updated_at"),
            "changed",
        ),
        Queue(
            "to-review",
            "Waiting for my review",
            "Written by others, and not edited by you.",
            CLAIMS,
            REVIEW,
            lambda model, by, now: _for_me_to_review(model, by),
            F("submitted_at"),
            "submitted",
        ),
        Queue(
            "oldest",
            "Waiting longest",
            "Of these, what has been in review for more than two weeks.",
            CLAIMS,
            REVIEW,
            lambda model, by, now: _for_me_to_review(model, by) & Q(submitted_at__lt=now - LONG_WAIT),
            F("submitted_at"),
            "submitted",
        ),
        Queue(
            "free",
            "Drafts that nobody works on",
            "Drafts of others; say on the page of one that you are working on it.",
            CLAIMS,
            "change",
            lambda model, by, now: (
                Q(status=ClaimStatus.DRAFT) & (Q(author=None) | ~Q(author_id=by.pk)) & ~Q(_assigned())
            ),
            F("updated_at"),
            "changed",
        ),
        Queue(
            "to-check",
            "Not checked for twelve months",
            "Published; compare with the source and what came since, and start a revision that says so.",
            CLAIMS,
            "add",
            lambda model, by, now: _not_checked(now),
            _last_checked(),
            "last checked",
        ),
        Queue(
            "retracted-references",
            "Retracted or corrected references",
            "Published claims rest on them.",
            (Reference,),
            "add",
            lambda model, by, now: (
                ~Q(retraction_status=RetractionStatus.NONE_RECORDED) & _named_by([ClaimStatus.PUBLISHED])
            ),
            F("updated_at"),
        ),
        Queue(
            "references-without-evidence",
            "References without evidence",
            "No claim names them: enter what they report, or retire them.",
            (Reference,),
            "add",
            lambda model, by, now: Q(retired_on=None) & ~_named_by(LIVING),
            F("created_at"),
        ),
        Queue(
            "treatments-without-evidence",
            "Treatments without evidence",
            "No entry names them, published or on its way.",
            (Treatment,),
            "add",
            lambda model, by, now: (
                Q(retired_on=None) & ~Q(Exists(Evidence.objects.filter(treatment=OuterRef("pk"), status__in=LIVING)))
            ),
            F("created_at"),
        ),
    )
}


# How they stand -------------------------------------------------------------------------------------------------------


def work_of(by: Person, now: datetime) -> list[Waiting]:
    """The queues that ``by`` can act on, in the order of ``QUEUES``; two queries for each, however much there is."""
    return [
        Waiting(queue, *_counted_and_listed(queue, models, by, now))
        for queue in QUEUES.values()
        if (models := queue.models_for(by))
    ]


def in_queue(rows: Any, queue: Queue, by: Person, now: datetime) -> Any:
    """Those of ``rows``, a queryset, that stand in the queue."""
    return rows.filter(queue.which(rows.model, by, now))


def _counted_and_listed(
    queue: Queue, models: list[type[Model]], by: Person, now: datetime
) -> tuple[dict[type[Model], int], list[Row]]:
    waiting = [in_queue(model._default_manager.order_by(), queue, by, now) for model in models]
    numbered = [rows.annotate(nth_model=Value(number)) for number, rows in enumerate(waiting)]
    counts = _together(rows.values("nth_model").annotate(found=Count("pk")) for rows in numbered)
    counted = dict.fromkeys(models, 0) | {models[row["nth_model"]]: row["found"] for row in counts}
    first = _together(
        rows.annotate(called=NAMES[model], about=ABOUT[model], since=queue.since).values(*COLUMNS)
        for model, rows in zip(models, numbered, strict=True)
    ).order_by("since", "called")[:ROWS]
    return counted, [Row(models[row.pop("nth_model")], **row) for row in first]


def _together(querysets: Iterator[Any]) -> Any:
    """Rows of several kinds in one query."""
    first, *others = querysets
    return first.union(*others, all=True) if others else first
