"""The public data set as a whole: its revision, and the releases that claims came with."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from . import triggers
from .history import with_history
from .records import Timed, address_check


@with_history
class DatasetRevision(models.Model):
    """One row, one number for the whole public data set.

    Triggers raise it inside the writing transaction, once a transaction, when anything public
    changes; it is never written from Python. Its history says which transaction made which number:
    an event of any other row belongs to the revision whose event was recorded at the same time.
    """

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()
    transaction_id = models.CharField(max_length=20)

    class Meta:
        constraints = [models.CheckConstraint(name="dataset_revision_single", condition=Q(id=1))]
        # A number that begins anew would give old ETags to new answers.
        triggers = triggers.never_emptied()

    def __str__(self) -> str:
        return f"Revision {self.number}"

    @classmethod
    def current(cls) -> "DatasetRevision":
        """The present revision; number 0 and no date while nothing was ever published."""
        return cls.objects.first() or cls(number=0)

    @property
    def state(self) -> str:
        """A name that no other state of the data has, to keep under it what was made of the data.

        The number alone would not do: after a backup was restored it grows again, to other data under the same number.
        """
        at = self.changed_at.timestamp() if self.number else ""
        return f"{self.number}-{at}-{self.transaction_id}"


@with_history
class Release(Timed):
    """A named release of the data set: loaded, or cut here.

    Claims that were loaded with one carry it instead of people. What it holds for good stands in its snapshot, if
    it has one (``releases.py``).
    """

    name = models.SlugField(max_length=40, unique=True, help_text="For example 2026-11.")
    title = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    released_on = models.DateField()

    class Meta:
        ordering = ["-released_on", "-name"]
        constraints = [address_check("release", "name")]
        triggers = [*triggers.touch(), *triggers.kept(), *triggers.fixed_once_cut(), *triggers.public_rows()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("web:release", args=[self.name])
