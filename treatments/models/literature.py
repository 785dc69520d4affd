"""The inbox of new literature: what PubMed is asked, and the papers that were found and wait for a decision."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Now

from .choices import CandidateStatus, PublicationType, RetractionStatus
from .fields import ChoiceField
from .history import with_history
from .identifiers import identifier_check, identifier_field
from .records import Working
from .sources import Reference
from .vocabulary import years


@with_history
class LiteratureQuery(Working):
    """A question to PubMed that ``manage.py watch_literature`` asks again and again.

    It asks for what came into PubMed day by day. ``covered_until`` is the last day that was read to its end. While a
    stretch of days is being read, ``reading_from`` and ``reading_until`` name it, and ``position`` says how many of
    its papers were read: a run that breaks off is taken up there.
    """

    name = models.CharField(max_length=120, unique=True)
    term = models.TextField("PubMed query", help_text="As you would type it into PubMed's search box.")
    is_active = models.BooleanField("active", default=True, help_text="Whether it is asked when the inbox is filled.")
    since = models.DateField("from", help_text="The day from which on papers that came into PubMed are read.")
    last_run_at = models.DateTimeField("last run", null=True, blank=True, editable=False)
    last_problem = models.TextField(blank=True, editable=False, help_text="Why the last run broke off, if it did.")
    asked = models.TextField(
        blank=True, editable=False, help_text="The query and its first day as they were when the days were read."
    )
    covered_until = models.DateField("read until", null=True, blank=True, editable=False)
    reading_from = models.DateField(null=True, blank=True, editable=False)
    reading_until = models.DateField(null=True, blank=True, editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = "literature query"
        verbose_name_plural = "literature queries"
        constraints = [
            models.CheckConstraint(
                name="literature_query_asks_something",
                condition=Q(term__regex=r"\S"),
                violation_error_message="A query has words in it.",
            ),
            models.CheckConstraint(
                name="literature_query_place_kept",
                condition=Q(reading_from=None, reading_until=None, position=0)
                | Q(reading_from__isnull=False, reading_until__gte=models.F("reading_from")),
                violation_error_message="The place in a stretch of days is kept with its first and its last day.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CandidateQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that nobody decided about, and that have not become references in another way."""
        by_doi = Reference.objects.annotate(small_doi=Lower("doi")).filter(small_doi=Lower(OuterRef("doi")))
        return self.filter(
            ~Exists(Reference.objects.filter(pmid=OuterRef("pmid"))),
            ~Exists(Reference.objects.filter(pmcid=OuterRef("pmcid"))),
            ~Exists(by_doi),
            status=CandidateStatus.NEW,
        )


@with_history
class Candidate(Working):
    """A paper that a query or a file brought, once and for all: whatever is decided of it, it does not come again."""

    title = models.TextField()
    title_key = models.CharField(
        max_length=300, blank=True, editable=False, help_text="The title without case, spaces and signs."
    )
    abstract = models.TextField(blank=True)
    authors = models.TextField(blank=True)
    journal = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    volume = models.CharField(max_length=30, blank=True)
    issue = models.CharField(max_length=30, blank=True)
    pages = models.CharField(max_length=40, blank=True)
    pmid = identifier_field("pmid", unique=True)
    doi = identifier_field("doi")
    pmcid = identifier_field("pmcid", unique=True)
    publication_type = ChoiceField(
        max_length=30, choices=PublicationType, blank=True, help_text="What PubMed calls it, where that is telling."
    )
    retraction_status = ChoiceField(max_length=30, choices=RetractionStatus, default=RetractionStatus.NONE_RECORDED)
    query = models.ForeignKey(
        LiteratureQuery, on_delete=models.PROTECT, null=True, blank=True, related_name="candidates"
    )
    file_name = models.CharField(max_length=200, blank=True, help_text="The file it came in, if it came in one.")
    found_at = models.DateTimeField(db_default=Now())
    status = ChoiceField(max_length=12, choices=CandidateStatus, default=CandidateStatus.NEW)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="decided_candidates"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was dismissed.")
    reference = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="candidates",
        help_text="What became of it.",
    )

    objects: ClassVar[Any] = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = "candidate"
        verbose_name_plural = "literature inbox"
        indexes = [
            models.Index(fields=["title_key"], name="candidate_title"),
            models.Index(fields=["status", "-found_at"], name="candidate_waiting"),
        ]
        constraints = [
            *identifier_check("candidate", "pmid", "doi", "pmcid"),
            years("candidate"),
            models.UniqueConstraint(
                Lower("doi"), name="candidate_doi_once", violation_error_message="A candidate has this DOI already."
            ),
            models.CheckConstraint(
                name="candidate_found_somewhere",
                condition=Q(query__isnull=False) | ~Q(file_name=""),
                violation_error_message="A candidate comes from a query or from a file.",
            ),
            models.CheckConstraint(
                name="candidate_decision_complete",
                condition=Q(status=CandidateStatus.NEW, decided_by=None, decided_at=None, reference=None, reason="")
                | Q(
                    status=CandidateStatus.REFERENCE,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reference__isnull=False,
                )
                | (
                    Q(
                        status=CandidateStatus.DISMISSED,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        reference=None,
                    )
                    & ~Q(reason="")
                ),
                violation_error_message="Who decides is named, with the day, and with the reference or the reason.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def found_in(self) -> str:
        """The query by name, or the file."""
        return self.query.name if self.query else self.file_name
