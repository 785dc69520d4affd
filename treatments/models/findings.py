"""What curators decided about the findings of the data checks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .history import with_history
from .records import Working


@with_history
class Dismissal(Working):
    """A finding that a person judged to be no fault, and why.

    It counts for the facts that the finding was made from (``fingerprint``). When these change, the finding is back,
    and this row tells what was said of it before (``key``). Reopening keeps the row.
    """

    check_name = models.CharField("check", max_length=40)
    key = models.CharField(max_length=16, help_text="The finding, whatever its figures are.")
    fingerprint = models.CharField(max_length=64, help_text="The finding with the figures it was made from.")
    sentence = models.TextField(help_text="What was found, as it was said then.")
    reason = models.TextField(help_text="Why it is no fault.")
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dismissals")
    dismissed_at = models.DateTimeField(db_default=Now())
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="reopened_dismissals"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopening_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-dismissed_at", "-pk"]
        verbose_name = "dismissed finding"
        verbose_name_plural = "data checks"
        indexes = [models.Index(fields=["key"], name="dismissal_of_finding")]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(reopened_at=None),
                name="dismissal_once",
                violation_error_message="This finding is dismissed already.",
            ),
            models.CheckConstraint(
                name="dismissal_has_reason",
                condition=~Q(reason=""),
                violation_error_message="A finding is dismissed for a reason.",
            ),
            models.CheckConstraint(
                name="dismissal_reopening_complete",
                condition=Q(reopened_at=None, reopened_by=None, reopening_reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopening_reason="")),
                violation_error_message="Who reopens a finding says why.",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
