"""The steps of a claim's life: submit, request changes, publish, retract, start a revision.

The only code that changes the status of a claim by hand (``dataset`` publishes what comes with a release). Each step
locks every version of the claim, so two people's steps on one claim happen one after the other: the second is told
what the first did. The database holds the same rules; what is refused there is said here in words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import pghistory
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, models, transaction
from django.db.models import Exists, GeneratedField, OuterRef, Q
from django.utils import timezone

from treatments.models import Appraisal, Claim, Comment
from treatments.models.choices import ClaimStatus, CommentStep
from treatments.models.claims import ClaimPart

from .appraisals import obstacle_to_appraising
from .completeness import missing
from .history import events_of
from .interests import obstacle_to_reviewing
from .notices import announce
from .problems import sentence
from .roles import RETRACT, REVIEW, permission_name

AnyClaim = TypeVar("AnyClaim", bound=Claim)
Person = User | AnonymousUser

# What belongs to one version and its path to the reader, and is not taken over into the next.
NOT_REVISED = {
    *("id", "version", "status", "author", "reviewer", "release", "supersedes", "change_note"),
    *("created_at", "updated_at", "submitted_at", "reviewed_at", "published_at"),
    *("superseded_at", "retracted_at", "retracted_by", "retraction_reason"),
}


LONGEST_TEXT = 20_000
"""Characters of a comment or a reason: some ten pages."""


class WorkflowError(Exception):
    """A step that cannot be taken; the message says why, for the person who asked for it."""


class Step(StrEnum):
    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    PUBLISH = "publish"
    RETRACT = "retract"
    START_REVISION = "start_revision"


@dataclass(frozen=True)
class Rule:
    """From which status a step leads, who may take it, and what both are called."""

    status: ClaimStatus
    action: str
    verb: str


RULES = {
    Step.SUBMIT: Rule(ClaimStatus.DRAFT, "change", "submitted"),
    Step.REQUEST_CHANGES: Rule(ClaimStatus.IN_REVIEW, REVIEW, "sent back"),
    Step.PUBLISH: Rule(ClaimStatus.IN_REVIEW, REVIEW, "published"),
    Step.RETRACT: Rule(ClaimStatus.PUBLISHED, RETRACT, "retracted"),
    Step.START_REVISION: Rule(ClaimStatus.PUBLISHED, "add", "revised"),
}


# Steps ----------------------------------------------------------------------------------------------------------------


def submit(claim: AnyClaim, by: Person, comment: str = "") -> AnyClaim:
    """Hand a draft over for review, with a word to the reviewer if there is one to say.

    A draft that has no author yet becomes the submitter's.
    """
    comment = required_text(comment, "") if comment.strip() else ""
    with _step(Step.SUBMIT, claim, by, comment) as locked:
        if lacking := missing(locked):
            names = [str(getattr(locked._meta.get_field(name), "verbose_name", name)) for name in lacking]
            raise WorkflowError(f"Needed before {locked} can be submitted: {', '.join(names)}.")
        locked.status = ClaimStatus.IN_REVIEW
        locked.submitted_at = timezone.now()
        locked.author_id = locked.author_id or by.pk
        locked.save()
        if comment:
            _say(locked, by, comment, CommentStep.SUBMIT)
        announce(Step.SUBMIT, locked, by, comment, not_to=people_who_wrote(locked))
    claim.refresh_from_db()
    return claim


def request_changes(claim: AnyClaim, by: Person, comment: str, read: str = "") -> AnyClaim:
    """Send a claim in review back to its author as a draft; the comment is kept with it. ``read`` as in ``publish``."""
    comment = required_text(comment, "Say what should be changed.")
    with _step(Step.REQUEST_CHANGES, claim, by, comment) as locked:
        _refuse_another_submission(locked, read)
        locked.status = ClaimStatus.DRAFT
        locked.submitted_at = None
        locked.save()
        _say(locked, by, comment, CommentStep.REQUEST_CHANGES)
        announce(Step.REQUEST_CHANGES, locked, by, comment)
    claim.refresh_from_db()
    return claim


def publish(claim: AnyClaim, by: Person, read: str = "") -> AnyClaim:
    """Show a reviewed claim to readers, in place of the version published before.

    ``read`` is the ``submission_of`` the claim that ``by`` read: another one, submitted since, is not published.
    """
    with _step(Step.PUBLISH, claim, by) as locked:
        _refuse_another_submission(locked, read)
        now = timezone.now()
        if locked.supersedes is not None:
            # First, because at most one version of a claim is published at any moment.
            locked.supersedes.status = ClaimStatus.SUPERSEDED
            locked.supersedes.superseded_at = now
            locked.supersedes.save()
        locked.status = ClaimStatus.PUBLISHED
        locked.reviewer_id = by.pk
        locked.reviewed_at = locked.published_at = now
        locked.save()
        announce(Step.PUBLISH, locked, by)
    claim.refresh_from_db()
    return claim


def retract(claim: AnyClaim, by: Person, reason: str) -> AnyClaim:
    """Withdraw a published claim for good; readers are shown the reason."""
    reason = required_text(reason, "Give the reason; readers will see it.")
    with _step(Step.RETRACT, claim, by, reason) as locked:
        locked.status = ClaimStatus.RETRACTED
        locked.retracted_at = timezone.now()
        locked.retracted_by_id = by.pk
        locked.retraction_reason = reason
        locked.save()
        announce(Step.RETRACT, locked, by, reason)
    claim.refresh_from_db()
    return claim


def start_revision(claim: AnyClaim, by: Person, change_note: str) -> AnyClaim:
    """A new draft, the next version of a published claim, with copies of its results and links."""
    change_note = required_text(change_note, "Say why a new version is needed.")
    with _step(Step.START_REVISION, claim, by, change_note) as locked:
        model = type(locked)
        revision = model(
            **_copied(locked, NOT_REVISED),
            version=locked.version + 1,
            supersedes=locked,
            author_id=by.pk,
            change_note=change_note,
        )
        revision.save(force_insert=True)
        for part, owner in parts_of(model):
            # One by one and in order: lists are shown in the order of their primary keys.
            for original in part._default_manager.filter(**{owner: locked}).order_by("pk"):
                part(**_copied(original, {"id", owner}), **{owner: revision}).save(force_insert=True)
    revision.refresh_from_db()
    return revision


# What may be done -----------------------------------------------------------------------------------------------------


def submission_of(claim: Claim) -> str:
    """Names what was submitted: a claim in review is fixed, and submitted anew it is another submission."""
    return claim.submitted_at.isoformat() if claim.submitted_at else ""


def legal_steps(claim: Claim, by: Person) -> list[Step]:
    """The steps that ``by`` could take now, in the order of a claim's life."""
    return [step for step in Step if not obstacle(step, claim, by)]


def obstacle(step: Step, claim: Claim, by: Person) -> str:
    """Why ``by`` cannot take the step now; empty where nothing stands in the way."""
    rule = RULES[step]
    if not by.has_perm(permission_name(claim, rule.action)):
        return f"Your roles do not include this: a claim is {rule.verb} by somebody who may."
    if claim.status != rule.status:
        return (
            f"{claim} is {claim.get_status_display().lower()} and cannot be {rule.verb}:"
            f" only a claim that is {rule.status.label.lower()} can."
        )
    if step in (Step.PUBLISH, Step.REQUEST_CHANGES) and (undeclared := obstacle_to_reviewing(by)):
        return undeclared
    if step in (Step.SUBMIT, Step.PUBLISH) and isinstance(claim, Appraisal) and (weak := obstacle_to_appraising(claim)):
        return weak
    if step is Step.PUBLISH:
        return _obstacle_to_publishing(claim, by)
    if step is Step.START_REVISION:
        revision = type(claim).objects.open().filter(accession=claim.accession).select_related("author").first()
        if revision is not None:
            return f"A revision of {claim.accession} is open already: {revision}{_by(revision.author)}."
    return ""


def _obstacle_to_publishing(claim: Claim, by: Person) -> str:
    if claim.author_id == by.pk:
        return "Nobody publishes their own claim: another reviewer has to."
    if by.pk in people_who_wrote(claim):
        return f"You worked on {claim} yourself: a reviewer who did not has to publish it."
    if claim.author_id is None:
        return f"{claim} has no author, and a published claim names one."
    before = claim.supersedes
    if before is not None and before.status != ClaimStatus.PUBLISHED:
        return f"{before}, which this version was to replace, is {before.get_status_display().lower()} meanwhile."
    return ""


def people_who_wrote(claim: Claim) -> set[int]:
    """The primary keys of everyone who changed this version or its parts, as its history tells.

    Sending a claim back is no writing: who did can publish it later. Submitting it is; one request of the admin can
    save and submit, and history keeps what one request did under one heading.
    """
    people: set[int] = set()
    for model, owner in _with_owner(type(claim)):
        people.update(_writing(model).filter(**{owner: claim.pk}).values_list("pgh_context__metadata__user", flat=True))
    return people


def written_by(model: type[Claim], person: Person) -> Q:
    """The rows of ``model`` that ``person`` is among the ``people_who_wrote`` of."""
    wrote = Q(pk__in=[])
    for recorded, owner in _with_owner(model):
        events = _writing(recorded).filter(**{owner: OuterRef("pk")}, pgh_context__metadata__user=person.pk)
        wrote |= Q(Exists(events))
    return wrote


def _writing(model: type[models.Model]) -> models.QuerySet[Any]:
    """Recorded changes by somebody known, but for the sending back of a claim."""
    sent_back = Q(pgh_context__metadata__step=Step.REQUEST_CHANGES.value)
    return events_of(model).filter(
        Q(pgh_context__metadata__step__isnull=True) | ~sent_back, pgh_context__metadata__user__isnull=False
    )


def _with_owner(model: type[Claim]) -> list[tuple[type[models.Model], str]]:
    """The claim itself and its parts, each with the column of its history that names the claim."""
    return [(model, "pgh_obj"), *parts_of(model)]


def parts_of(model: type[Claim]) -> list[tuple[type[ClaimPart], str]]:
    """The results and links of a kind of claim: each model, and its field that names the claim."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, ClaimPart) and relation.on_delete is models.CASCADE
    ]


# How steps are taken --------------------------------------------------------------------------------------------------


@contextmanager
def _step(step: Step, claim: AnyClaim, by: Person, reason: str = "") -> Iterator[AnyClaim]:
    """The claim as it stands in the database, locked with its other versions until the step is done.

    Everything written meanwhile carries step, person and reason in the history. Raises ``WorkflowError`` where the
    step is not legal, and in place of whatever the database refuses.
    """
    model: type[AnyClaim] = type(claim)
    try:
        # Without a reason of its own the step keeps that of the request it is part of.
        why = {"reason": reason} if reason else {}
        with transaction.atomic(), pghistory.context(user=by.pk, step=step.value, **why):
            versions = model.objects.select_for_update().filter(accession=claim.accession).order_by("version")
            # Evaluated for its locks; what others committed while we waited is read afterwards.
            if claim.pk not in [version.pk for version in versions]:
                raise WorkflowError(f"{claim} does not exist any more.")
            locked: Any = model.objects.select_related("supersedes").get(pk=claim.pk)
            if problem := obstacle(step, locked, by):
                raise WorkflowError(problem)
            yield locked
    except DatabaseError as error:
        raise WorkflowError(sentence(error)) from error


def _say(claim: Claim, by: Person, text: str, step: CommentStep) -> None:
    said = Comment(accession=claim.accession, version=claim.version, author=by, step=step, text=text)  # type: ignore[misc]
    said.save(force_insert=True)


def _refuse_another_submission(claim: Claim, read: str) -> None:
    if read and read != submission_of(claim):
        raise WorkflowError(
            f"{claim} was sent back and submitted again since you opened it. Read it as it is now; nothing was done."
        )


def required_text(text: str, otherwise: str) -> str:
    """What a person typed, without the space around it; ``WorkflowError`` with ``otherwise`` where that is nothing."""
    if not text.strip():
        raise WorkflowError(otherwise)
    if len(text) > LONGEST_TEXT:  # it is kept for ever, on a page that people have to open
        raise WorkflowError(f"The text has {len(text):,} characters; at most {LONGEST_TEXT:,} are kept.")
    if "\x00" in text:  # history would drop it, and with it who took the step
        raise WorkflowError("The text has a character that cannot be stored.")
    return text.strip()


def _by(person: User | None) -> str:
    return f", by {person}" if person is not None else ""


def _copied(row: models.Model, left_out: set[str]) -> dict[str, object]:
    """The stored values of a row, by column, without the fields named and those the database computes."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in left_out and not isinstance(field, GeneratedField)
    }
