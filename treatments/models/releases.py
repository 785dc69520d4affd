"""What a release holds for good: its manifest, what changed since the one before, and its files."""

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from . import triggers
from .choices import ReleaseForm
from .fields import ChoiceField
from .history import with_history
from .publication import Release


@with_history
class ReleaseSnapshot(models.Model):
    """The data set as it was when a release was made. The database refuses every change of it, and of its release."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="snapshot")
    previous = models.ForeignKey(
        Release,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The release before, which this one was compared with.",
    )
    cut_at = models.DateTimeField(db_default=Now(), help_text="When the files were made.")
    revision = models.PositiveBigIntegerField(help_text="The revision of the data set that the release made.")
    schema_version = models.PositiveSmallIntegerField(help_text="Of the files: what they hold, and how.")
    counts = models.JSONField(help_text="How many rows each file of the data set has.")
    change_counts = models.JSONField(default=dict, blank=True, help_text="How many records changed, and how.")
    difference = models.JSONField(default=dict, blank=True, help_text="Which records changed, and how.")
    left_out = models.JSONField(default=list, blank=True, help_text="What the files do not hold, and why.")

    class Meta:
        ordering = ["-cut_at", "-pk"]
        triggers = [*triggers.never_changed(), *triggers.public_rows()]

    def __str__(self) -> str:
        return f"Release {self.release_id}, revision {self.revision}"


# A row that is never changed or deleted needs no second copy of its content in the history.
@with_history(without=("content",))
class ReleaseFile(models.Model):
    """One file of a release, byte for byte. The database holds its size and checksum against its content."""

    snapshot = models.ForeignKey(ReleaseSnapshot, on_delete=models.PROTECT, related_name="files")
    form = ChoiceField(max_length=10, choices=ReleaseForm.choices)
    name = models.CharField(max_length=80, unique=True)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        triggers = [*triggers.never_changed(), *triggers.public_rows()]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "form"], name="release_file_once"),
            models.CheckConstraint(
                name="release_file_size",
                condition=Q(size=Func(F("content"), function="octet_length", output_field=models.BigIntegerField())),
                violation_error_message="The size of a file of a release is that of its content.",
            ),
            models.CheckConstraint(
                name="release_file_checksum",
                condition=Q(
                    sha256=Func(
                        Func(F("content"), function="sha256", output_field=models.BinaryField()),
                        Value("hex"),
                        function="encode",
                        output_field=models.TextField(),
                    )
                ),
                violation_error_message="The checksum of a file of a release is that of its content.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
