"""Who has declared their interests, without which nobody reviews. The database refuses what is published without."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from treatments.models import Declaration

MISSING = "Before you review a claim, declare your interests. You have not done so yet."
DUE_SOON = timedelta(days=30)


def last_declaration(of: User | AnonymousUser) -> Declaration | None:
    """What the person declared last, whether it still holds or not."""
    return Declaration.objects.filter(person_id=of.pk).order_by("-declared_at", "-pk").first()


def obstacle_to_reviewing(by: User | AnonymousUser) -> str:
    """Why ``by`` cannot review now; empty where their declaration of interests holds."""
    last = last_declaration(by)
    if last is None:
        return MISSING
    if last.is_valid:
        return ""
    return (
        "Before you review a claim, renew your declaration of interests:"
        f" the last one is of {last.declared_at:%-d %B %Y} and held for a year."
    )


def is_due_soon(declaration: Declaration) -> bool:
    """Whether it is time to renew a declaration that still holds."""
    return declaration.is_valid and declaration.holds_until - timezone.now() < DUE_SOON
