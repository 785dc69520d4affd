"""The front page of the admin: what waits for the person who looks, and the filters of the lists behind it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from treatments.curation.interests import is_due_soon, last_declaration
from treatments.curation.roles import REVIEW, permission_name
from treatments.curation.work_queue import CLAIMS, QUEUES, Row, Waiting, in_queue, work_of
from treatments.models import Declaration

PARAMETER = "work"


class WorkFilter(admin.SimpleListFilter):
    """A list cut down to one of the queues that the person can act on."""

    title = "work"
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(q.name, q.title) for q in QUEUES.values() if model_admin.model in q.models_for(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        queue = QUEUES.get(self.value() or "")
        if queue is None or queryset.model not in queue.models_for(request.user):
            return queryset
        return in_queue(queryset, queue, request.user, timezone.now())


@dataclass(frozen=True)
class Line:
    row: Row
    address: str


@dataclass(frozen=True)
class Shown:
    """A queue with the addresses of its first rows and of the lists of all of them."""

    waiting: Waiting
    lines: list[Line]
    lists: list[tuple[str, str]]


@dataclass(frozen=True)
class Dashboard:
    queues: list[Shown]
    """Those in which something waits."""
    empty: list[str]
    """The titles of the others."""
    reviews: bool
    declaration: Declaration | None
    due_soon: bool


def dashboard(by: User | AnonymousUser) -> Dashboard:
    """What waits for ``by``; the number of queries does not depend on how much that is."""
    work = work_of(by, timezone.now())
    reviews = any(by.has_perm(permission_name(model, REVIEW)) for model in CLAIMS)
    declaration = last_declaration(by) if reviews else None
    return Dashboard(
        [_shown(waiting) for waiting in work if waiting.total],
        [waiting.queue.title for waiting in work if not waiting.total],
        reviews,
        declaration,
        declaration is not None and is_due_soon(declaration),
    )


def _shown(waiting: Waiting) -> Shown:
    return Shown(
        waiting,
        [Line(row, _address(row.model, "change", row.pk)) for row in waiting.rows],
        [
            (
                f"{capfirst(str(model._meta.verbose_name_plural))} ({count})",
                f"{_address(model, 'changelist')}?{PARAMETER}={waiting.queue.name}",
            )
            for model, count in waiting.counts.items()
            if count
        ],
    )


def _address(model: type[Model], page: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)
