"""The one definition of every filter, used by pages and by the API alike.

Filters are named in the singular and take slugs, codes or accessions. Repeating one means "any
of"; different ones must all hold. An unknown parameter or value is refused, never ignored.
"""

import difflib
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import F, Func, Model, Q, QuerySet, TextChoices, Value
from django.http import QueryDict

from .changes import Scope
from .models import (
    Appraisal,
    Autoantibody,
    CertaintyLevel,
    DatasetRevision,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)
from .models.choices import (
    Analysis,
    Aspect,
    AssociationStrength,
    AutoantibodyGroup,
    AutoantibodyKind,
    Better,
    ChangeKind,
    Design,
    Direction,
    KnownOrNot,
    MechanismKind,
    Population,
    PublicationType,
    RecommendationDirection,
    RecommendationStrength,
    RecordType,
    RetractionStatus,
    Setting,
    TreatmentKind,
    TreatmentStage,
    TrialPhase,
    TrialStatus,
)

TEXT_CONFIG = "english"  # of the search columns
MAX_SEARCH_LENGTH = 200
MAX_ALLOWED_LISTED = 100  # a longer list of allowed values is looked up at its own endpoint


@dataclass(frozen=True)
class Problem:
    """What is wrong with one parameter, and what it takes instead where that can be listed."""

    parameter: str
    detail: str
    allowed: list[str] = field(default_factory=list)


def text_query(text: str) -> SearchQuery:
    """``text`` as a full-text query in web-search syntax, folded like the columns it is put to."""
    folded = Func(Value(text), function="treatments_fold")
    return SearchQuery(folded, config=TEXT_CONFIG, search_type="websearch")


def validate_searchable(text: str) -> None:
    """Raise ``ValidationError`` where there is nothing to search for."""
    if not re.search(r"[^\W_]", text):
        raise ValidationError("A search needs at least one letter or digit.")


class AnyOf(django_filters.MultipleChoiceFilter):
    """The column has any of the values given, out of a fixed list."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=choices.choices, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is not one of the values."}

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class AnyLinked(django_filters.ModelMultipleChoiceFilter):
    """The row is linked to any of the records named, by a foreign key or through a link table."""

    def __init__(self, model: type[Model], key: str = "slug", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(queryset=model._default_manager.all(), to_field_name=key, **kwargs)
        self.extra["error_messages"] = {
            "invalid_choice": f"There is no {model._meta.verbose_name} “%(value)s”.",
            "invalid_pk_value": f"There is no {model._meta.verbose_name} “%(pk)s”.",
        }

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return self.linked_to(qs, list(value)) if value else qs

    def linked_to(self, qs: QuerySet, records: Iterable[Model]) -> QuerySet:
        """The rows linked to any of ``records``, which may be a queryset that nobody has evaluated yet."""
        # A subquery, so that a row linked twice is not listed twice.
        linked = qs.model._default_manager.filter(**{f"{self.field_name}__in": records})
        return qs.filter(pk__in=linked.values("pk"))


class MechanismAndBelow(AnyLinked):
    """As ``AnyLinked``, for the mechanisms named and everything below them in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Mechanism, **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return self.linked_to(qs, Mechanism.objects.at_or_below(value)) if value else qs


class AssociatedWith(AnyLinked):
    """The autoantibody has a published association with any of the manifestations named; drafts do not count."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        published = PhenotypeAssociation.objects.published().filter(manifestation__in=list(value))
        return qs.filter(pk__in=published.values("autoantibody"))


class TrueOrFalse(django_filters.TypedChoiceFilter):
    """A yes-or-no question; anything but true and false is refused (Django's own field guesses)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=(("true", "Yes"), ("false", "No")),
            coerce=lambda value: value == "true",
            empty_value=None,
            **kwargs,
        )
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is neither true nor false."}


class Named(TrueOrFalse):
    """Whether the row is linked to any record of this kind at all."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        if value is None:
            return qs
        if not value:
            return qs.filter(**{f"{self.field_name}__isnull": True})
        # A subquery, so that a row linked twice is not listed twice.
        linked = qs.model._default_manager.filter(**{f"{self.field_name}__isnull": False})
        return qs.filter(pk__in=linked.values("pk"))


class LayoutChoice(django_filters.ChoiceFilter):
    """One way out of a few to lay the answer out, the first unless said otherwise; it leaves no row out."""

    def __init__(self, choices: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(choices=choices.choices, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is not one of the values."}

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs


class LayoutParts(AnyOf):
    """What is shown of each row; it leaves no row out."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs


class TextSearch(django_filters.CharFilter):
    """Full-text search over the row's own text and over the related records named in ``through``."""

    def __init__(self, *through: str, **kwargs: Any) -> None:
        self.through = through
        super().__init__(label="Search", max_length=MAX_SEARCH_LENGTH, validators=[validate_searchable], **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        query = text_query(value)
        found = Q(search_vector=query)
        for name in self.through:
            related = qs.model._meta.get_field(name).related_model
            # A subquery, so that a row linked to several that match is not listed several times.
            matching = related._default_manager.filter(search_vector=query).values("pk")
            found |= Q(pk__in=qs.model._default_manager.filter(**{f"{name}__in": matching}).values("pk"))
        if hasattr(qs.model, "accession"):
            found |= Q(accession=value.strip().upper())
        return qs.filter(found)


class StableOrdering(django_filters.OrderingFilter):
    """Orders by the keys asked for and then by primary key, so that pages never overlap."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        # What is not known comes last, whichever way it goes.
        keys: list[Any] = [
            F(name.removeprefix("-")).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
            for name in map(self.get_ordering_value, value or [])
        ]
        return qs.order_by(*(keys or qs.query.order_by or qs.model._meta.ordering), "pk")


def ordering(**fields: str) -> StableOrdering:
    """An ordering by public names, each given with the column it stands for."""
    return StableOrdering(
        fields=[(column, name) for name, column in fields.items()],
        label="Order by",
        error_messages={"invalid_choice": "“%(value)s” is not something to order by."},
    )


class StrictFilterSet(django_filters.FilterSet):
    """Refuses what it does not know, and says what it takes.

    ``problems`` lists everything wrong with the parameters given; ``qs`` is only for a valid set.
    """

    passthrough: tuple[str, ...] = ("page", "page_size", "format")
    takes_empty: bool = True  # a form sends its empty fields along; a program that does has lost a value
    narrows_nothing: tuple[str, ...] = ("ordering",)  # how the answer is laid out: no filter that could be taken away

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        self.names_given = list(data or ())
        self.names_empty: list[str] = []
        if data is not None:
            data = data.copy()
            for name in list(data):
                values = [value for value in data.getlist(name) if value.strip()]
                if len(values) < len(data.getlist(name)):
                    self.names_empty.append(name)
                data.setlist(name, values)
                if not values:
                    del data[name]
        super().__init__(data if data is not None else QueryDict(), *args, **kwargs)

    @property
    def known(self) -> list[str]:
        return [*self.filters, *self.passthrough]

    def is_valid(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[Problem]:
        if not hasattr(self, "_problems"):
            self._problems = [*self._unknown(), *self._empty(), *self._repeated(), *self._invalid()]
        return self._problems

    def _unknown(self) -> Iterable[Problem]:
        for name in self.names_given:
            if name not in self.filters and name not in self.passthrough:
                near = difflib.get_close_matches(name, self.known, n=1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                yield Problem(name, f"There is no such parameter.{hint}", self.known)

    def _empty(self) -> Iterable[Problem]:
        for name in self._refused_empty:
            yield Problem(name, "This parameter has no value. Give it one, or leave it out.")

    @property
    def _refused_empty(self) -> list[str]:
        return [] if self.takes_empty else [name for name in self.names_empty if name in self.known]

    def _repeated(self) -> Iterable[Problem]:
        for name in [*self.filters, *self.passthrough]:
            many = isinstance(self.filters.get(name), AnyOf | AnyLinked)
            if not many and len(self.data.getlist(name)) > 1:
                yield Problem(name, "This parameter takes one value; it was given more than once.")

    def _invalid(self) -> Iterable[Problem]:
        for name, errors in self.form.errors.get_json_data().items():
            for error in errors if name not in self._refused_empty else []:
                yield Problem(name, error["message"], self._allowed(name))

    def _allowed(self, name: str) -> list[str]:
        found = self.filters[name]
        if key := found.extra.get("to_field_name"):
            values = found.extra["queryset"].order_by(key).values_list(key, flat=True)
            values = [*values[: MAX_ALLOWED_LISTED + 1], *filter(None, [found.extra.get("null_value")])]
            return values if len(values) <= MAX_ALLOWED_LISTED else []
        if "choices" in found.extra:
            return [value for value, _ in found.extra["choices"]]
        return []


class LevelFilterSet(StrictFilterSet):
    ordering = ordering(rank="rank")


class EvidenceLevelFilter(LevelFilterSet):
    class Meta:
        model = EvidenceLevel
        fields: list[str] = []


class CertaintyLevelFilter(LevelFilterSet):
    class Meta:
        model = CertaintyLevel
        fields: list[str] = []


class OutcomeMeasureFilter(StrictFilterSet):
    better = AnyOf(Better, label="Better")
    search = TextSearch()
    ordering = ordering(name="name")

    class Meta:
        model = OutcomeMeasure
        fields: list[str] = []


class MechanismFilter(StrictFilterSet):
    kind = AnyOf(MechanismKind, label="Kind")
    parent = AnyLinked(Mechanism, label="Directly below")
    gene = django_filters.CharFilter(method="with_gene", label="Gene symbol", max_length=20)
    search = TextSearch()
    ordering = ordering(name="name", kind="kind")

    class Meta:
        model = Mechanism
        fields: list[str] = []

    def with_gene(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(genes__contains=[value])


class AutoantibodyFilter(StrictFilterSet):
    group = AnyOf(AutoantibodyGroup, label="Group")
    kind = AnyOf(AutoantibodyKind, label="Kind")
    manifestation = AssociatedWith(Manifestation, label="Manifestation")
    search = TextSearch()
    ordering = ordering(name="name", group="group")

    class Meta:
        model = Autoantibody
        fields: list[str] = []


class ManifestationFilter(StrictFilterSet):
    search = TextSearch()
    ordering = ordering(name="name")

    class Meta:
        model = Manifestation
        fields: list[str] = []


class TreatmentFilter(StrictFilterSet):
    kind = AnyOf(TreatmentKind, label="Kind")
    stage = AnyOf(TreatmentStage, label="Stage")
    mechanism = MechanismAndBelow(field_name="mechanisms", label="Mechanism")
    approved = TrueOrFalse(method="with_approval", label="Approved for dermatomyositis")
    in_review_figure = AnyOf(KnownOrNot, label="In the review's figure")
    search = TextSearch()
    ordering = ordering(name="name", kind="kind", stage="stage")

    class Meta:
        model = Treatment
        fields: list[str] = []

    def with_approval(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        approved = Q(pk__in=Treatment.objects.filter(approvals__for_dermatomyositis=True))
        return queryset.filter(approved if value else ~approved)


class ReferenceFilter(StrictFilterSet):
    publication_type = AnyOf(PublicationType, label="Publication type")
    retraction_status = AnyOf(RetractionStatus, label="Retraction status")
    year_from = django_filters.NumberFilter(
        field_name="year",
        lookup_expr="gte",
        label="From year",
        min_value=1850,
        max_value=2100,
        decimal_places=0,
    )
    year_to = django_filters.NumberFilter(
        field_name="year",
        lookup_expr="lte",
        label="To year",
        min_value=1850,
        max_value=2100,
        decimal_places=0,
    )
    pmid = django_filters.CharFilter(label="PubMed identifier", max_length=120)
    doi = django_filters.CharFilter(lookup_expr="iexact", label="DOI", max_length=120)
    pmcid = django_filters.CharFilter(label="PubMed Central identifier", max_length=120)
    search = TextSearch()
    ordering = ordering(year="year", title="title", slug="slug", journal="journal")

    class Meta:
        model = Reference
        fields: list[str] = []


class TrialFilter(StrictFilterSet):
    treatment = AnyLinked(Treatment, field_name="treatments", label="Treatment")
    status = AnyOf(TrialStatus, label="Status")
    phase = AnyOf(TrialPhase, label="Phase")
    search = TextSearch("treatments")
    ordering = ordering(nct_id="nct_id", status="status", phase="phase", enrollment="enrollment")

    class Meta:
        model = Trial
        fields: list[str] = []


class ClaimFilterSet(StrictFilterSet):
    """What all claims can be asked for."""

    primary_checked = TrueOrFalse(label="Checked against a primary source")
    published_since = django_filters.DateFilter(
        field_name="published_at", lookup_expr="date__gte", label="Published since (YYYY-MM-DD)"
    )


class EvidenceFilter(ClaimFilterSet):
    treatment = AnyLinked(Treatment, label="Treatment")
    mechanism = MechanismAndBelow(field_name="treatment__mechanisms", label="Mechanism")
    autoantibody = AnyLinked(Autoantibody, field_name="autoantibodies", label="Autoantibody")
    manifestation = AnyLinked(Manifestation, field_name="manifestations", label="Manifestation")
    autoantibody_named = Named(field_name="autoantibodies", label="Selected by or reported for an autoantibody")
    manifestation_named = Named(field_name="manifestations", label="Names a manifestation")
    population = AnyOf(Population, label="Population")
    setting = AnyOf(Setting, label="Setting")
    level = AnyLinked(EvidenceLevel, key="code", label="Evidence level")
    direction = AnyOf(Direction, label="Direction")
    aspect = AnyOf(Aspect, label="Aspect")
    design = AnyOf(Design, label="Design")
    analysis = AnyOf(Analysis, label="Analysis")
    treatment_kind = AnyOf(TreatmentKind, field_name="treatment__kind", label="Treatment kind")
    outcome_measure = AnyLinked(OutcomeMeasure, field_name="results__measure", label="Outcome measure")
    reference = AnyLinked(Reference, label="Reference")
    trial = AnyLinked(Trial, key="nct_id", label="Trial")
    search = TextSearch("treatment", "reference", "trial", "autoantibodies", "manifestations")
    ordering = ordering(
        level="level_id",
        accession="accession",
        treatment="treatment__name",
        year="reference__year",
        n_treated="n_treated",
        published="published_at",
    )

    class Meta:
        model = Evidence
        fields: list[str] = []


class PhenotypeAssociationFilter(ClaimFilterSet):
    autoantibody = AnyLinked(Autoantibody, label="Autoantibody")
    manifestation = AnyLinked(Manifestation, label="Manifestation")
    population = AnyOf(Population, label="Population")
    strength = AnyOf(AssociationStrength, label="Strength")
    reference = AnyLinked(Reference, field_name="references", label="Reference")
    search = TextSearch("autoantibody", "manifestation")
    ordering = ordering(
        accession="accession",
        autoantibody="autoantibody__name",
        manifestation="manifestation__name",
        frequency="frequency_high",
    )

    class Meta:
        model = PhenotypeAssociation
        fields: list[str] = []


class RecommendationFilter(ClaimFilterSet):
    treatment = AnyLinked(Treatment, label="Treatment")
    mechanism = MechanismAndBelow(field_name="treatment__mechanisms", label="Mechanism")
    autoantibody = AnyLinked(Autoantibody, field_name="autoantibodies", label="Autoantibody")
    manifestation = AnyLinked(Manifestation, field_name="manifestations", label="Manifestation")
    population = AnyOf(Population, label="Population")
    setting = AnyOf(Setting, label="Setting")
    direction = AnyOf(RecommendationDirection, label="Direction")
    strength = AnyOf(RecommendationStrength, label="Strength")
    guideline = AnyLinked(Reference, label="Guideline")
    search = TextSearch("treatment", "guideline", "autoantibodies", "manifestations")
    ordering = ordering(
        accession="accession",
        treatment="treatment__name",
        year="guideline__year",
        strength="strength",
    )

    class Meta:
        model = Recommendation
        fields: list[str] = []


class AppraisalFilter(ClaimFilterSet):
    treatment = AnyLinked(Treatment, label="Treatment")
    manifestation = AnyLinked(Manifestation, label="Manifestation")
    autoantibody = AnyLinked(Autoantibody, label="Autoantibody")
    population = AnyOf(Population, label="Population")
    certainty = AnyLinked(CertaintyLevel, key="code", label="Certainty")
    search = TextSearch("treatment", "manifestation", "autoantibody")
    ordering = ordering(accession="accession", treatment="treatment__name", certainty="certainty__rank")

    class Meta:
        model = Appraisal
        fields: list[str] = []


class SinceField(forms.CharField):
    """A day, or a revision of the data set."""

    def clean(self, value: Any) -> date | int | None:
        text = super().clean(value)
        if not text:
            return None
        if re.fullmatch("[0-9]{1,15}", text):
            current = DatasetRevision.current().number
            if int(text) > current:
                raise ValidationError(f"There is no revision {int(text)} yet; the data set is at {current}.")
            return int(text)
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            with suppress(ValueError):
                return date.fromisoformat(text)
        raise ValidationError("This is neither a day, such as 2026-11-01, nor the number of a revision.")


class Since(django_filters.Filter):
    """Changes on a day or later, or after a revision."""

    field_class = SinceField


class ChangeFilter(StrictFilterSet):
    """What changed; ``scope`` is what the parameters ask for."""

    kind = AnyOf(ChangeKind, label="What happened")
    type = AnyOf(RecordType, label="Type of record")
    treatment = AnyLinked(Treatment, label="Treatment")
    autoantibody = AnyLinked(Autoantibody, label="Autoantibody")
    since = Since(label="Since day or revision", max_length=20)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **{"queryset": DatasetRevision.objects.none(), **kwargs})

    @property
    def scope(self) -> Scope:
        """Only for a valid set."""
        asked = self.form.cleaned_data
        since = asked["since"]
        return Scope(
            kinds=tuple(asked["kind"]),
            types=tuple(asked["type"]),
            treatments=tuple(asked["treatment"]),
            autoantibodies=tuple(asked["autoantibody"]),
            since=since if isinstance(since, date) else None,
            after_revision=since if isinstance(since, int) else None,
        )
