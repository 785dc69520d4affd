"""Spreadsheets that curators sent in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .history import with_history
from .records import Working


@with_history(without=("content",))
class EvidenceImport(Working):
    """A spreadsheet of evidence, from its upload to its import: who imported what from which file, and when.

    The file is kept between preview and import only; what came of it stands in the history of each entry.
    """

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    content = models.BinaryField(default=bytes, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_imports")
    uploaded_at = models.DateTimeField(db_default=Now())
    imported_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why published entries were revised.")
    added = models.PositiveIntegerField(null=True, blank=True)
    changed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = "evidence import"
        constraints = [
            models.CheckConstraint(
                name="evidenceimport_complete",
                condition=Q(imported_at=None, added=None, changed=None)
                | Q(imported_at__isnull=False, added__isnull=False, changed__isnull=False, content=b""),
                violation_error_message="An import that is done says what it did, and keeps no file.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
