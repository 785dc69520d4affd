"""What each file of a data set holds: the one description that reader, checks, loader and writer share.

A file is a list of rows of one model. What a column takes (text, number, one of a list, an identifier)
and whether it may be absent follows from the model's field; only what a model cannot say stands here:
the order of the columns, and how links and parts are written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from treatments.models import (
    Appraisal,
    AppraisalEvidence,
    Approval,
    Autoantibody,
    AutoantibodyMember,
    CertaintyLevel,
    Claim,
    Evidence,
    EvidenceAutoantibody,
    EvidenceLevel,
    EvidenceManifestation,
    Manifestation,
    Mechanism,
    MechanismInteraction,
    MechanismInteractionReference,
    MechanismOfAction,
    MechanismReference,
    OutcomeMeasure,
    OutcomeMeasureReference,
    OutcomeThreshold,
    PhenotypeAssociation,
    PhenotypeAssociationReference,
    Prevalence,
    PrevalenceReference,
    Recommendation,
    RecommendationAutoantibody,
    RecommendationManifestation,
    Reference,
    Release,
    Result,
    Treatment,
    TreatmentComponent,
    TreatmentMember,
    TreatmentReference,
    Trial,
    TrialResult,
    TrialTreatment,
)
from treatments.models.fields import FigureField

# Which files there are and what they hold; raised when a program that reads them has to change.
SCHEMA_VERSION = 1

Key = tuple[str, ...]
Values = dict[str, Any]


class Form(Enum):
    """How the value of a column is written."""

    TEXT = "text"
    WHOLE = "a whole number"
    NUMBER = "a number"
    FLAG = "true or false"
    DATE = "a date"
    TEXTS = "a list of texts"
    CHECKS = "a list of source checks"
    LINK = "the name of another row"


def _models_of(parts: tuple["Part", ...]) -> Iterator[type[models.Model]]:
    for part in parts:
        if isinstance(part, Links | Rows):
            yield part.model
            yield from _models_of(part.parts if isinstance(part, Rows) else ())


def _form(column: models.Field) -> Form:
    forms: tuple[tuple[type[models.Field], Form], ...] = (
        (models.ForeignKey, Form.LINK),
        (ArrayField, Form.TEXTS),
        (models.JSONField, Form.CHECKS),
        (FigureField, Form.NUMBER),
        (models.BooleanField, Form.FLAG),
        (models.DateField, Form.DATE),
        (models.IntegerField, Form.WHOLE),
        (models.CharField, Form.TEXT),
        (models.TextField, Form.TEXT),
    )
    return next(form for kind, form in forms if isinstance(column, kind))


@dataclass(frozen=True)
class Column:
    """One column of the model, under its own name unless it stands in a group."""

    name: str
    column: models.Field
    required: bool

    @cached_property
    def form(self) -> Form:
        return _form(self.column)

    @cached_property
    def links_to(self) -> "Table":
        return table_of(self.column.related_model)

    @cached_property
    def minds_no_case(self) -> bool:
        """Whether two rows cannot have it alike but for capitals."""
        alike = (Lower(self.column.name),)
        constraints = self.column.model._meta.constraints
        return any(isinstance(rule, models.UniqueConstraint) and rule.expressions == alike for rule in constraints)

    @cached_property
    def is_unique(self) -> bool:
        return self.column.unique or self.minds_no_case

    def as_compared(self, value: Any) -> Any:
        """``value`` as it is told from those of other rows, where it is unique."""
        return value.lower() if self.minds_no_case and isinstance(value, str) else value

    def is_absent(self, value: Any) -> bool:
        """Whether ``value`` says no more than leaving the column out does."""
        return not self.required and (value in (None, "", []) or value == self.column.get_default())


@dataclass(frozen=True)
class Group:
    """Columns that belong together, written as one map; ``unit`` is fixed where the model fixes it."""

    name: str
    columns: tuple[Column, ...]
    unit: str = ""
    required = False


@dataclass(frozen=True)
class Links:
    """A list of rows of another table, each by its key, in order."""

    name: str
    model: type[models.Model]
    owner: str
    target: str
    required: bool = False

    @cached_property
    def links_to(self) -> "Table":
        return table_of(_field(self.model, self.target).related_model)


@dataclass(frozen=True)
class Rows:
    """A list of rows that belong to this one, each a map; or, with ``by``, a map from that column's value."""

    name: str
    model: type[models.Model]
    owner: str
    parts: tuple["Part", ...]
    by: str = ""
    required = False

    @cached_property
    def by_column(self) -> Column:
        return Column(self.by, _field(self.model, self.by), required=True)


Part = Column | Group | Links | Rows


@dataclass(frozen=True)
class Table:
    """One file: a list of rows of ``model``, in the order of ``order``; ``key`` names a row."""

    name: str
    model: Any  # a model class; which one, only those who ask `is_claim` need to know
    key: tuple[str, ...]
    parts: tuple[Part, ...]
    order: tuple[str, ...] = ()
    single: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.yaml"

    @cached_property
    def is_claim(self) -> bool:
        return issubclass(self.model, Claim)

    @cached_property
    def title(self) -> str:
        """What a message calls one row of it: "outcome measure"."""
        return str(self.model._meta.verbose_name)

    def models(self) -> Iterator[type[models.Model]]:
        """The models of its rows and of everything that hangs on them."""
        yield self.model
        yield from _models_of(self.parts)

    def columns(self) -> Iterator[Column]:
        """Every column of the model's own table, those in groups included."""
        for part in self.parts:
            if isinstance(part, Column):
                yield part
            elif isinstance(part, Group):
                yield from part.columns

    def key_of(self, values: Mapping[str, Any]) -> Key:
        return tuple(str(values.get(name, "")) for name in self.key)

    def order_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """What rows are sorted by: accessions as the numbers they are, everything else as it is."""
        if self.is_claim:
            return len(values["accession"]), values["accession"]
        return tuple(values[name] for name in self.order or self.key)


def _field(model: type[models.Model], name: str) -> models.Field:
    return cast("models.Field", model._meta.get_field(name))


def _columns(
    model: type[models.Model], *names: str, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> tuple[Column, ...]:
    """Columns of ``model``; ``required`` and ``optional`` where the model's own idea is another."""
    columns = []
    for name in names:
        column = _field(model, name)
        needed = not (column.blank or column.null or column.has_default())
        columns.append(Column(name, column, name in required or (needed and name not in optional)))
    return tuple(columns)


def _group(model: type[models.Model], name: str, *parts: str, unit: str = "") -> Group:
    columns = (Column(part, _field(model, f"{name}_{part}"), required=False) for part in parts)
    return Group(name, tuple(columns), unit)


def _vocabulary_end(model: type[models.Model]) -> tuple[Column, ...]:
    return _columns(model, "source_checks", "retired_on", "retirement_reason", "successor")


def _claim_end(model: type[models.Model]) -> tuple[Column, ...]:
    return _columns(model, "source_checks", "last_checked_on")


def _level(name: str, model: type[models.Model]) -> Table:
    columns = _columns(model, "code", "rank", "label", "description")
    return Table(name, model, ("code",), (*columns, *_vocabulary_end(model)), order=("rank",))


MANIFEST = Table("dataset", Release, ("name",), _columns(Release, "name", "title", "released_on", "notes"), single=True)

EVIDENCE_LEVELS = _level("evidence_levels", EvidenceLevel)
CERTAINTY_LEVELS = _level("certainty_levels", CertaintyLevel)

REFERENCES = Table(
    "references",
    Reference,
    ("slug",),
    (
        *_columns(Reference, "slug", "title", "authors", "journal", "year", "volume", "issue", "pages"),
        *_columns(Reference, "pmid", "doi", "pmcid", "publication_type", "retraction_status"),
        *_vocabulary_end(Reference),
    ),
)

OUTCOME_MEASURES = Table(
    "outcome_measures",
    OutcomeMeasure,
    ("slug",),
    (
        *_columns(OutcomeMeasure, "slug", "name", "abbreviation", "unit", "minimum", "maximum", "better"),
        Rows(
            "thresholds",
            OutcomeThreshold,
            "outcome_measure",
            _columns(OutcomeThreshold, "label", "value", "population"),
        ),
        *_columns(OutcomeMeasure, "description"),
        Links("references", OutcomeMeasureReference, "outcome_measure", "reference"),
        *_vocabulary_end(OutcomeMeasure),
    ),
)

MECHANISMS = Table(
    "mechanisms",
    Mechanism,
    ("slug",),
    (
        *_columns(Mechanism, "slug", "name", "parent", "kind", "description", "genes", "reactome_id", "kegg_id"),
        Links("references", MechanismReference, "mechanism", "reference"),
        *_vocabulary_end(Mechanism),
    ),
)

MECHANISM_INTERACTIONS = Table(
    "mechanism_interactions",
    MechanismInteraction,
    ("upstream", "downstream", "effect"),
    (
        *_columns(MechanismInteraction, "upstream", "downstream", "effect", "note"),
        Links("references", MechanismInteractionReference, "interaction", "reference"),
    ),
)

AUTOANTIBODIES = Table(
    "autoantibodies",
    Autoantibody,
    ("slug",),
    (
        *_columns(Autoantibody, "slug", "name", "full_name", "kind"),
        Links("members", AutoantibodyMember, "autoantibody_class", "member"),
        *_columns(Autoantibody, "synonyms", "antigen", "genes", "uniprot_id", "group", "description"),
        Rows(
            "prevalence",
            Prevalence,
            "autoantibody",
            (
                *_columns(Prevalence, "low", "high", "unit", "note"),
                Links("references", PrevalenceReference, "prevalence", "reference"),
            ),
            by="population",
        ),
        *_columns(Autoantibody, "detection_note"),
        *_vocabulary_end(Autoantibody),
    ),
)

MANIFESTATIONS = Table(
    "manifestations",
    Manifestation,
    ("slug",),
    (
        *_columns(Manifestation, "slug", "name", "description", "hpo_id", "synonyms"),
        *_vocabulary_end(Manifestation),
    ),
)

TREATMENTS = Table(
    "treatments",
    Treatment,
    ("slug",),
    (
        *_columns(Treatment, "slug", "name", "kind"),
        Links("members", TreatmentMember, "treatment_class", "member"),
        Links("components", TreatmentComponent, "combination", "component"),
        *_columns(Treatment, "drug_class", "stage", "in_review_figure", "synonyms", "brand_names", "routes"),
        *_columns(Treatment, "summary"),
        Rows(
            "mechanisms",
            MechanismOfAction,
            "treatment",
            _columns(MechanismOfAction, "mechanism", "action", "note"),
        ),
        Rows(
            "approvals",
            Approval,
            "treatment",
            _columns(Approval, "region", "agency", "indication", "for_dermatomyositis", "year", "source_checks"),
        ),
        *_columns(Treatment, "monitoring", "boxed_warning", "contraindications", "pregnancy", "label_note"),
        *_columns(Treatment, "atc_code", "chembl_id", "rxnorm_cui", "drugbank_id", "unii"),
        Links("references", TreatmentReference, "treatment", "reference"),
        *_vocabulary_end(Treatment),
    ),
)

TRIALS = Table(
    "trials",
    Trial,
    ("nct_id",),
    (
        *_columns(Trial, "nct_id", "acronym", "title", "phase", "status", "status_as_of", required=("status",)),
        *_columns(Trial, "enrollment", "sponsor"),
        Links("treatments", TrialTreatment, "trial", "treatment", required=True),
        Links("results", TrialResult, "trial", "reference", required=True),
        *_columns(Trial, "note"),
        *_vocabulary_end(Trial),
    ),
)

# Antibodies and manifestations of a claim are written even where there are none: an empty list says "unselected",
# and nobody should say that by forgetting a line.
EVIDENCE = Table(
    "evidence",
    Evidence,
    ("accession",),
    (
        *_columns(Evidence, "accession", "key", "treatment", "reference", "trial", optional=("accession",)),
        *_columns(Evidence, "design", "analysis", "aspect", "level", "level_note", required=("aspect",)),
        *_columns(Evidence, "population", "setting", required=("setting",)),
        Links("autoantibodies", EvidenceAutoantibody, "evidence", "autoantibody", required=True),
        Links("manifestations", EvidenceManifestation, "evidence", "manifestation", required=True),
        *_columns(Evidence, "comparator", "regimen", "n_treated", "n_control", "direction", "statement"),
        Rows(
            "results",
            Result,
            "evidence",
            (
                *_columns(Result, "measure", "label", "timepoint", "kind"),
                _group(Result, "treated", "events", "total", "value", "unit"),
                _group(Result, "control", "events", "total", "value", "unit"),
                _group(Result, "effect", "value", "ci_low", "ci_high", "ci_level", "unit"),
                *_columns(Result, "p_value"),
            ),
        ),
        *_columns(Evidence, "safety", "limitations"),
        *_claim_end(Evidence),
    ),
)

PHENOTYPE_ASSOCIATIONS = Table(
    "phenotype_associations",
    PhenotypeAssociation,
    ("accession",),
    (
        *_columns(PhenotypeAssociation, "accession", "key", optional=("accession",)),
        *_columns(PhenotypeAssociation, "autoantibody", "manifestation", "population", "strength"),
        _group(PhenotypeAssociation, "frequency", "low", "high", unit="%"),
        _group(PhenotypeAssociation, "effect", "kind", "value", "ci_low", "ci_high"),
        *_columns(PhenotypeAssociation, "note"),
        Links("references", PhenotypeAssociationReference, "association", "reference"),
        *_claim_end(PhenotypeAssociation),
    ),
)

RECOMMENDATIONS = Table(
    "recommendations",
    Recommendation,
    ("accession",),
    (
        *_columns(Recommendation, "accession", "key", "guideline", "body", "treatment", optional=("accession",)),
        Links("autoantibodies", RecommendationAutoantibody, "recommendation", "autoantibody", required=True),
        Links("manifestations", RecommendationManifestation, "recommendation", "manifestation", required=True),
        *_columns(Recommendation, "population", "setting", "direction", "strength", required=("setting",)),
        *_columns(Recommendation, "quality", "statement", "note"),
        *_claim_end(Recommendation),
    ),
)

APPRAISALS = Table(
    "appraisals",
    Appraisal,
    ("accession",),
    (
        *_columns(Appraisal, "accession", "key", "treatment", "manifestation", optional=("accession",)),
        *_columns(Appraisal, "autoantibody", "population", "certainty", "bottom_line"),
        Links("rests_on", AppraisalEvidence, "appraisal", "evidence", required=True),
        *_claim_end(Appraisal),
    ),
)

# Every row stands after the rows it needs, save for links within a file.
TABLES: tuple[Table, ...] = (
    EVIDENCE_LEVELS,
    CERTAINTY_LEVELS,
    REFERENCES,
    OUTCOME_MEASURES,
    MECHANISMS,
    MECHANISM_INTERACTIONS,
    AUTOANTIBODIES,
    MANIFESTATIONS,
    TREATMENTS,
    TRIALS,
    EVIDENCE,
    PHENOTYPE_ASSOCIATIONS,
    RECOMMENDATIONS,
    APPRAISALS,
)
FILES: dict[str, Table] = {table.file: table for table in (MANIFEST, *TABLES)}


def table_of(model: Any) -> Table:
    """The table that holds the rows of ``model``."""
    return next(table for table in TABLES if table.model is model)
