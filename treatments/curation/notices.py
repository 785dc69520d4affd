"""Notices by mail of the steps of a claim's life: to those who have to do something next, or who took part.

They are sent once the step is committed. A mail server that fails loses no step: that is logged, and said to whoever
took the step (``undelivered``).
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from treatments.models import Claim, Comment, Declaration, NoticeSetting

from .people import name_of
from .roles import REVIEW, permission_name

logger = logging.getLogger(__name__)

_failures: ContextVar[list[str] | None] = ContextVar("failures", default=None)

NOT_SENT = "The step was taken, but the notice of it could not be mailed to all: tell your colleagues. ({problem})"
DONE = {
    "submit": "was submitted for review",
    "request_changes": "was sent back",
    "publish": "was published",
    "retract": "was retracted",
}
"""The steps of which notice is sent, and what it says of them."""


@contextmanager
def undelivered() -> Iterator[list[str]]:
    """The sentences about notices that could not be sent while the block ran."""
    failures: list[str] = []
    token = _failures.set(failures)
    try:
        yield failures
    finally:
        _failures.reset(token)


def announce(step: str, claim: Claim, by: User | AnonymousUser, text: str = "", not_to: Iterable[int] = ()) -> None:
    """Send notice of a step that was taken, once it is committed; none to those with the primary keys ``not_to``."""
    transaction.on_commit(partial(_send, step, claim, by, text, {*not_to, by.pk}), robust=True)


def is_sent_mail(person: User | AnonymousUser) -> bool:
    return not NoticeSetting.objects.filter(person_id=person.pk, by_mail=False).exists()


def send_mail_to(person: User, wanted: bool) -> None:
    """Whether the person is sent notices by mail from now on."""
    NoticeSetting.objects.update_or_create(person=person, defaults={"by_mail": wanted})


def reviewers_of(claim: Claim) -> list[User]:
    """Who could review the claim: allowed to, and with a declaration of interests that holds."""
    allowed = User.objects.with_perm(permission_name(claim, REVIEW), is_active=True)
    return list(allowed.filter(pk__in=Declaration.objects.valid().values("person")).distinct())


def took_part(claim: Claim) -> list[User]:
    """Its author, and whoever said something of it in any version."""
    said = Comment.objects.filter(accession=claim.accession).values("author")
    people = User.objects.filter(Q(pk__in=said) | Q(pk__in=[claim.author_id]), is_active=True)
    return list(people)


def _send(step: str, claim: Claim, by: User | AnonymousUser, text: str, not_to: set[int | None]) -> None:
    people = reviewers_of(claim) if step == "submit" else took_part(claim)
    quiet = set(NoticeSetting.objects.filter(by_mail=False).values_list("person", flat=True))
    addresses = [one.email for one in people if one.email and one.pk not in not_to | quiet]
    if not addresses:
        return
    # One message each: nobody is shown who else was told.
    letters = [_letter(step, claim, by, text, address) for address in sorted(addresses)]
    if problem := _mailed(letters):
        logger.error("no notice sent that %s %s", claim, DONE[step], exc_info=problem)
        heard = _failures.get()
        if heard is not None:
            heard.append(NOT_SENT.format(problem=type(problem).__name__))


def _mailed(letters: Iterable[EmailMessage]) -> Exception | None:
    """Send each letter that can be sent: an address that is refused keeps no other. Answers with what went wrong."""
    failed: Exception | None = None
    try:
        with get_connection() as connection:
            for letter in letters:
                try:
                    connection.send_messages([letter])
                except (OSError, ValueError) as problem:  # smtplib's own; an address that is none
                    failed = problem
    except OSError as problem:
        failed = problem
    return failed


def _letter(step: str, claim: Claim, by: User | AnonymousUser, text: str, address: str) -> EmailMessage:
    page = reverse(f"admin:{claim._meta.app_label}_{claim._meta.model_name}_change", args=[claim.pk])
    who = name_of(by) if isinstance(by, User) else "somebody"
    paragraphs = [
        f"{claim} ({claim._meta.verbose_name}) {DONE[step]} by {who}.",
        *([text] if text else []),
        f"{settings.SITE_URL}{page}",
        f"To have no more mail of this kind: {settings.SITE_URL}{reverse('admin:treatments_noticesetting_mine')}",
    ]
    subject = f"{settings.EMAIL_SUBJECT_PREFIX}{claim} {DONE[step]}"
    return EmailMessage(subject, "\n\n".join(paragraphs) + "\n", to=[address])
