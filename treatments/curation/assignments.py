"""“I am working on this”: one person at a time has a draft in hand, and everybody sees who.

It is a word to colleagues, not a lock: any curator can still edit the draft. The database ends it when the draft is
submitted or deleted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, transaction
from django.utils import timezone

from treatments.models import Assignment, Claim
from treatments.models.choices import ClaimStatus

from .people import name_of
from .problems import sentence
from .roles import permission_name
from .workflow import WorkflowError


def assignment_of(claim: Claim) -> Assignment | None:
    """Who has the claim in hand, if anybody."""
    return Assignment.objects.filter(accession=claim.accession).select_related("person").first()


def may_work_on(claim: Claim, by: User | AnonymousUser) -> bool:
    return claim.status == ClaimStatus.DRAFT and by.has_perm(permission_name(claim, "change"))


def take_on(claim: Claim, by: User | AnonymousUser, instead_of: int | None = None) -> tuple[Assignment, str]:
    """Take a draft in hand; answers with the name of who had it before, if anybody did.

    ``instead_of`` is the primary key of the person whom ``by`` saw working on it and means to take over from. Raises
    ``WorkflowError`` where somebody else has it meanwhile, and where there is no draft to work on.
    """
    with _held(claim, by, "take_on") as held:
        if held is None:
            created = Assignment(accession=claim.accession, version=claim.version, person=by)  # type: ignore[misc]
            created.save(force_insert=True)
            return created, ""
        if held.person_id == by.pk:
            return held, ""
        before = name_of(held.person)
        if held.person_id != instead_of:
            raise WorkflowError(f"{before} is working on {claim}, since {held.since:%-d %B %Y, %H:%M}.")
        held.person, held.since, held.version = by, timezone.now(), claim.version  # type: ignore[assignment]
        held.save()
        return held, before


def let_go(claim: Claim, by: User | AnonymousUser) -> None:
    """Hand a draft back, for whoever wants it. Raises ``WorkflowError`` where ``by`` does not have it."""
    with _held(claim, by, "let_go") as held:
        if held is None or held.person_id != by.pk:
            whose = f"{name_of(held.person)} does" if held else "nobody does"
            raise WorkflowError(f"You are not working on {claim}: {whose}.")
        held.delete()


@contextmanager
def _held(claim: Claim, by: User | AnonymousUser, step: str) -> Iterator[Assignment | None]:
    """The assignment of a draft, if there is one; the draft is locked, so two people come one after the other."""
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, step=step):
            draft: Claim | None = type(claim)._default_manager.select_for_update().filter(pk=claim.pk).first()
            if draft is None:
                raise WorkflowError(f"{claim} does not exist any more.")
            if draft.status != ClaimStatus.DRAFT:
                raise WorkflowError(f"{draft} is {draft.get_status_display().lower()}: only drafts are worked on.")
            if not may_work_on(draft, by):
                raise WorkflowError("Your roles do not include this: a draft is worked on by somebody who may edit it.")
            yield assignment_of(draft)
    except DatabaseError as error:
        raise WorkflowError(sentence(error)) from error
