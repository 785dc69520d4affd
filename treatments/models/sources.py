"""Where evidence comes from: publications and registered trials."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from .choices import PublicationType, RetractionStatus, TrialPhase, TrialStatus
from .fields import ChoiceField, search_index, search_vector
from .history import with_history
from .identifiers import IDENTIFIERS, identifier_check, identifier_field
from .records import address_check
from .vocabulary import Part, Treatment, Vocabulary, years

PARTIAL_DATE = r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


@with_history
class Reference(Vocabulary):
    """A publication. An absent identifier, author or year was not seen; it may well exist."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.TextField()
    authors = models.TextField(blank=True, help_text="As PubMed writes them.")
    journal = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    volume = models.CharField(max_length=30, blank=True)
    issue = models.CharField(max_length=30, blank=True)
    pages = models.CharField(max_length=40, blank=True)
    pmid = identifier_field("pmid", unique=True)
    doi = identifier_field("doi")
    pmcid = identifier_field("pmcid", unique=True)
    publication_type = ChoiceField(max_length=30, choices=PublicationType)
    retraction_status = ChoiceField(max_length=30, choices=RetractionStatus, default=RetractionStatus.NONE_RECORDED)
    search_vector = search_vector(("title",), ("authors", "pmid", "doi", "pmcid"), ("journal", "slug"))

    class Meta(Vocabulary.Meta):
        indexes = [search_index("reference")]
        ordering = [models.F("year").desc(nulls_last=True), "slug"]
        constraints = [
            *Vocabulary.Meta.constraints,
            address_check("reference", "slug"),
            *identifier_check("reference", "pmid", "doi", "pmcid"),
            # A DOI is the same in capitals and small letters.
            models.UniqueConstraint(
                Lower("doi"),
                name="reference_doi_once",
                violation_error_message="There is a reference with this DOI already.",
            ),
            years("reference"),
        ]

    def __str__(self) -> str:
        """How a text names it: first author or else title, journal and year, as far as known."""
        parts = [self.first_author or self.title, self.journal, str(self.year or "")]
        return ", ".join(part for part in parts if part)

    @property
    def first_author(self) -> str:
        """The first author, with "et al." where there are more; empty where none was seen."""
        first, *others = self.authors.removesuffix("et al.").rstrip(", ").split(", ")
        return f"{first} et al." if others or self.authors.endswith("et al.") else first

    def get_absolute_url(self) -> str:
        return reverse("web:reference", args=[self.slug])


@with_history
class Trial(Vocabulary):
    """A registry record; ``status`` is what was last seen, on ``status_as_of``."""

    nct_id = models.CharField(
        "ClinicalTrials.gov identifier",
        max_length=20,  # longer than any, so that the check sees what was written and not its beginning
        unique=True,
        validators=[RegexValidator(rf"^({IDENTIFIERS['nct_id'].pattern})\Z", IDENTIFIERS["nct_id"].message)],
    )
    acronym = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    phase = ChoiceField(max_length=5, choices=TrialPhase, blank=True)
    status = ChoiceField(max_length=20, choices=TrialStatus, default=TrialStatus.UNKNOWN)
    status_as_of = models.CharField(
        max_length=10,
        blank=True,
        validators=[RegexValidator(rf"^({PARTIAL_DATE})\Z", "A date: 2025, 2025-11 or 2025-11-20.")],
        help_text="As exact as it was seen: 2025, 2025-11 or 2025-11-20.",
    )
    enrollment = models.PositiveIntegerField(null=True, blank=True, help_text="Participants.")
    sponsor = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    treatments = models.ManyToManyField(Treatment, through="TrialTreatment", related_name="trials")
    results = models.ManyToManyField(
        Reference, through="TrialResult", related_name="trials", help_text="Published reports."
    )
    search_vector = search_vector(("nct_id", "acronym", "title"), ("sponsor",), ("note",))

    class Meta(Vocabulary.Meta):
        indexes = [search_index("trial")]
        ordering = ["nct_id"]
        constraints = [
            *Vocabulary.Meta.constraints,
            models.CheckConstraint(
                name="trial_nct_id_form",
                condition=Q(nct_id__regex=f"^({IDENTIFIERS['nct_id'].pattern})$"),
                violation_error_message=IDENTIFIERS["nct_id"].message,
            ),
            models.CheckConstraint(
                name="trial_status_as_of_form",
                condition=Q(status_as_of="") | Q(status_as_of__regex=f"^({PARTIAL_DATE})$"),
                violation_error_message="A date: 2025, 2025-11 or 2025-11-20.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acronym} ({self.nct_id})" if self.acronym else self.nct_id

    def get_absolute_url(self) -> str:
        return reverse("web:trial", args=[self.nct_id])


@with_history
class TrialTreatment(Part):
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE)
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["trial", "treatment"], name="trial_treatment_once")]

    def __str__(self) -> str:
        return str(self.treatment)


@with_history
class TrialResult(Part):
    """A publication that reports results of a trial."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["trial", "reference"], name="trial_result_once")]

    def __str__(self) -> str:
        return str(self.reference)
