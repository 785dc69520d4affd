"""How people work on claims together: what they declare, what they say to each other, who works on which draft."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from . import triggers
from .choices import CommentStep
from .fields import ChoiceField
from .history import with_history
from .records import Working

DECLARATION_HOLDS = timedelta(days=365)  # as in the function treatments_check_reviewer of the database


class DeclarationQuerySet(models.QuerySet):
    def valid(self) -> Self:
        """Declarations that still hold, with which their authors may review."""
        return self.filter(declared_at__gt=timezone.now() - DECLARATION_HOLDS)


@with_history
class Declaration(Working):
    """What a person says of their interests on one day; it holds for a year, and is never changed, only renewed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations")
    declared_at = models.DateTimeField("declared on", db_default=Now(), editable=False)
    nothing_to_declare = models.BooleanField(
        "I have nothing to declare",
        default=False,
        help_text="No money, shares, patents, employment or close ties that touch a treatment of dermatomyositis.",
    )
    interests = models.TextField(
        blank=True,
        help_text=(
            "With whom, and since when: fees, grants, shares, patents, employment, trials you take part in, family."
        ),
    )

    objects: ClassVar[Any] = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        verbose_name = "declaration of interests"
        verbose_name_plural = "declarations of interests"
        indexes = [models.Index(fields=["person", "-declared_at"], name="declaration_of_person")]
        constraints = [
            models.CheckConstraint(
                name="declaration_says_something",
                condition=(Q(nothing_to_declare=True, interests="")) | (Q(nothing_to_declare=False) & ~Q(interests="")),
                violation_error_message="Either say what your interests are, or that there is nothing to declare.",
            )
        ]
        triggers = triggers.only_added()

    def __str__(self) -> str:
        return f"{self.person}, {self.declared_at:%-d %B %Y}"

    @property
    def holds_until(self) -> datetime:
        return self.declared_at + DECLARATION_HOLDS

    @property
    def is_valid(self) -> bool:
        return timezone.now() < self.holds_until


@with_history
class Comment(Working):
    """What somebody said of a claim while working on it. Kept for ever, with the claim, across its versions.

    By accession and not by row: a draft that is deleted leaves what was said of it.
    """

    accession = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    step = ChoiceField(
        max_length=20, choices=CommentStep, blank=True, help_text="The step of the workflow that it was said with."
    )
    text = models.TextField()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["accession", "written_at"], name="comment_of_claim")]
        constraints = [
            models.CheckConstraint(
                name="comment_says_something",
                condition=~Q(text=""),
                violation_error_message="A comment says something.",
            )
        ]
        triggers = triggers.only_added()

    def __str__(self) -> str:
        return f"{self.author} on {self.accession} v{self.version}"


@with_history
class Assignment(Working):
    """Who works on a draft at present. The database ends it when the draft is submitted or deleted."""

    accession = models.CharField(max_length=20, unique=True)
    version = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = "draft being worked on"
        verbose_name_plural = "drafts being worked on"

    def __str__(self) -> str:
        return f"{self.accession} v{self.version}: {self.person}"


@with_history
class NoticeSetting(Working):
    """Whether a person is sent notices of the workflow by mail. Who has no row is."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_setting")
    by_mail = models.BooleanField("notices by mail", default=True)

    def __str__(self) -> str:
        return f"{self.person}: {'mail' if self.by_mail else 'no mail'}"
