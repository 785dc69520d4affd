"""What people say to each other about a claim: kept for ever, across its versions, and never shown to readers."""

import pghistory
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from treatments.models import Claim, Comment
from treatments.models.choices import CommentStep

from .problems import sentence
from .roles import permission_name
from .workflow import WorkflowError, required_text


def comments_on(claim: Claim) -> QuerySet[Comment]:
    """Everything that was said of the claim, whichever version it was said of, the earliest first."""
    return Comment.objects.filter(accession=claim.accession).select_related("author")


def what_was_asked_for(claim: Claim) -> Comment | None:
    """What the reviewer who last sent this version back asked for."""
    sent_back = comments_on(claim).filter(version=claim.version, step=CommentStep.REQUEST_CHANGES)
    return sent_back.order_by("-written_at", "-pk").first()


def may_comment(by: User | AnonymousUser) -> bool:
    return by.has_perm(permission_name(Comment, "add"))


def comment(claim: Claim, by: User | AnonymousUser, text: str) -> Comment:
    """Say something of a claim, in whatever state it is. Raises ``WorkflowError`` where that cannot be kept."""
    text = required_text(text, "Write the comment first.")
    if not may_comment(by):
        raise WorkflowError("Your roles do not include this: a comment is written by somebody who may.")
    said = Comment(accession=claim.accession, version=claim.version, author=by, text=text)  # type: ignore[misc]
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, step="comment"):
            said.save(force_insert=True)
    except DatabaseError as error:
        raise WorkflowError(sentence(error)) from error
    return said
