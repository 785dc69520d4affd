"""What claims point at: levels, outcome measures, mechanisms, autoantibodies, manifestations, treatments."""

from typing import ClassVar

from django.db.models import Prefetch
from rest_framework import serializers

from treatments.models import (
    Approval,
    Autoantibody,
    CertaintyLevel,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    MechanismInteraction,
    MechanismOfAction,
    OutcomeMeasure,
    OutcomeThreshold,
    Prevalence,
    Reference,
    Treatment,
)

from .records import (
    Address,
    ExternalLinks,
    Link,
    PageAddress,
    Record,
    ReferenceLink,
    Related,
    SourceCheck,
    named,
    naming_columns,
)


class Sourced(Record):
    """Base of records whose facts were read somewhere."""

    awaiting_primary_check = serializers.SerializerMethodField(
        help_text="Nothing of this was read in a primary source yet."
    )

    def get_awaiting_primary_check(self, record: Reference) -> bool:
        return not record.primary_checked


class VocabularyRow(Sourced):
    """Base of the rows of a list of vocabulary."""

    COMMON: ClassVar = ("awaiting_primary_check", "updated_at")


class VocabularyRecord(Sourced):
    """Base of a complete record of vocabulary."""

    COMMON: ClassVar = ("source_checks", "awaiting_primary_check", "created_at", "updated_at")

    source_checks = SourceCheck(many=True, read_only=True)


# Levels ---------------------------------------------------------------------------------------------------------------


class EvidenceLevelRow(VocabularyRow):
    url = Address("evidence-levels", "code")

    class Meta:
        model = EvidenceLevel
        fields = ["url", "code", "rank", "label", "description", *VocabularyRow.COMMON]


class EvidenceLevelRecord(VocabularyRecord):
    """A level of the Oxford CEBM 2011 table for treatment benefit; rank 1 is the best."""

    url = Address("evidence-levels", "code")
    html_url = PageAddress()
    related = Related(evidence="level")

    class Meta:
        model = EvidenceLevel
        fields = ["url", "html_url", "code", "rank", "label", "description", "related", *VocabularyRecord.COMMON]


class CertaintyLevelRow(VocabularyRow):
    url = Address("certainty-levels", "code")

    class Meta:
        model = CertaintyLevel
        fields = ["url", "code", "rank", "label", "description", *VocabularyRow.COMMON]


class CertaintyLevelRecord(VocabularyRecord):
    """A level of certainty of evidence as GRADE uses it; rank 1 is the best."""

    url = Address("certainty-levels", "code")
    html_url = PageAddress()
    related = Related(appraisals="certainty")

    class Meta:
        model = CertaintyLevel
        fields = ["url", "html_url", "code", "rank", "label", "description", "related", *VocabularyRecord.COMMON]


# Outcome measures -----------------------------------------------------------------------------------------------------


class ThresholdRecord(Record):
    """A cut-off of an outcome measure, in its unit; population null: for all, or not said."""

    class Meta:
        model = OutcomeThreshold
        fields = ["label", "value", "population"]


class OutcomeMeasureRow(VocabularyRow):
    url = Address("outcome-measures")

    class Meta:
        model = OutcomeMeasure
        fields = [
            *("url", "slug", "name", "abbreviation", "unit", "minimum", "maximum", "better"),
            *VocabularyRow.COMMON,
        ]


class OutcomeMeasureRecord(VocabularyRecord):
    """Something that studies measure, with its range and thresholds."""

    url = Address("outcome-measures")
    html_url = PageAddress()
    thresholds = ThresholdRecord(many=True, read_only=True)
    references = ReferenceLink(many=True, read_only=True)
    related = Related(evidence="outcome_measure")

    fetched = ("thresholds", named("references", Reference))

    class Meta:
        model = OutcomeMeasure
        fields = [
            *("url", "html_url", "slug", "name", "abbreviation", "unit", "minimum", "maximum", "better"),
            *("description", "thresholds", "references", "related", *VocabularyRecord.COMMON),
        ]


# Mechanisms -----------------------------------------------------------------------------------------------------------


class MechanismActedOn(Record):
    """What this mechanism does to another."""

    mechanism = Link(source="downstream", read_only=True)
    references = ReferenceLink(many=True, read_only=True)

    class Meta:
        model = MechanismInteraction
        fields = ["mechanism", "effect", "note", "references"]


class MechanismActing(Record):
    """What another mechanism does to this one."""

    mechanism = Link(source="upstream", read_only=True)
    references = ReferenceLink(many=True, read_only=True)

    class Meta:
        model = MechanismInteraction
        fields = ["mechanism", "effect", "note", "references"]


class TreatmentActing(Record):
    """What a treatment does to this mechanism."""

    treatment = Link(read_only=True)

    class Meta:
        model = MechanismOfAction
        fields = ["treatment", "action", "note"]


class MechanismRow(VocabularyRow):
    url = Address("mechanisms")
    parent = Link(read_only=True, allow_null=True)

    joined = ("parent",)

    class Meta:
        model = Mechanism
        fields = ["url", "slug", "name", "kind", "parent", "genes", *VocabularyRow.COMMON]


class MechanismRecord(VocabularyRecord):
    """A node of the mechanism tree: a pathway, a target in it, or a process of the disease."""

    url = Address("mechanisms")
    html_url = PageAddress()
    parent = Link(read_only=True, allow_null=True)
    children = Link(many=True, read_only=True)
    acts_on = MechanismActedOn(many=True, read_only=True)
    acted_on_by = MechanismActing(many=True, read_only=True)
    treatments = TreatmentActing(many=True, read_only=True, source="mechanisms_of_action")
    references = ReferenceLink(many=True, read_only=True)
    external_links = ExternalLinks("genes", "reactome_id", "kegg_id")
    related = Related(treatments="mechanism", evidence="mechanism", recommendations="mechanism", mechanisms="parent")

    joined = ("parent",)
    fetched = (
        # With the column that says whose children they are, which Django would else read one by one.
        Prefetch("children", Mechanism.objects.only("parent", *naming_columns(Mechanism))),
        Prefetch(
            "acts_on",
            MechanismInteraction.objects.select_related("downstream").defer(
                "downstream__search_vector", "downstream__description"
            ),
        ),
        Prefetch(
            "acted_on_by",
            MechanismInteraction.objects.select_related("upstream").defer(
                "upstream__search_vector", "upstream__description"
            ),
        ),
        named("acts_on__references", Reference),
        named("acted_on_by__references", Reference),
        "mechanisms_of_action",
        named("mechanisms_of_action__treatment", Treatment),
        named("references", Reference),
    )

    class Meta:
        model = Mechanism
        fields = [
            *("url", "html_url", "slug", "name", "kind", "description", "parent", "children", "genes"),
            *("reactome_id", "kegg_id", "acts_on", "acted_on_by", "treatments", "references", "external_links"),
            *("related", *VocabularyRecord.COMMON),
        ]


# Autoantibodies -------------------------------------------------------------------------------------------------------


class PrevalenceRecord(Record):
    """How often an autoantibody is found in a population: the range that studies report, in percent."""

    references = ReferenceLink(many=True, read_only=True)

    class Meta:
        model = Prevalence
        fields = ["population", "low", "high", "unit", "note", "references"]


class AutoantibodyRow(VocabularyRow):
    url = Address("autoantibodies")

    class Meta:
        model = Autoantibody
        fields = ["url", "slug", "name", "full_name", "kind", "group", "synonyms", "genes", *VocabularyRow.COMMON]


class AutoantibodyRecord(VocabularyRecord):
    """A myositis-specific or myositis-associated antibody, a class of them, or their absence."""

    url = Address("autoantibodies")
    html_url = PageAddress()
    members = Link(many=True, read_only=True, help_text="Of a class: the antibodies it stands for.")
    classes = Link(many=True, read_only=True, help_text="The classes this belongs to.")
    prevalences = PrevalenceRecord(many=True, read_only=True)
    external_links = ExternalLinks("genes", "uniprot_id")
    related = Related(
        phenotype_associations="autoantibody",
        evidence="autoantibody",
        recommendations="autoantibody",
        appraisals="autoantibody",
    )

    fetched = (
        named("members", Autoantibody),
        named("classes", Autoantibody),
        "prevalences",
        named("prevalences__references", Reference),
    )

    class Meta:
        model = Autoantibody
        fields = [
            *("url", "html_url", "slug", "name", "full_name", "kind", "group", "members", "classes", "synonyms"),
            *("antigen", "genes", "uniprot_id", "description", "detection_note", "prevalences", "external_links"),
            *("related", *VocabularyRecord.COMMON),
        ]


# Manifestations -------------------------------------------------------------------------------------------------------


class ManifestationRow(VocabularyRow):
    url = Address("manifestations")

    class Meta:
        model = Manifestation
        fields = ["url", "slug", "name", "hpo_id", "synonyms", *VocabularyRow.COMMON]


class ManifestationRecord(VocabularyRecord):
    """A clinical feature of the disease, or a domain that studies report on."""

    url = Address("manifestations")
    html_url = PageAddress()
    external_links = ExternalLinks("hpo_id")
    related = Related(
        phenotype_associations="manifestation",
        evidence="manifestation",
        recommendations="manifestation",
        appraisals="manifestation",
    )

    class Meta:
        model = Manifestation
        fields = [
            *("url", "html_url", "slug", "name", "hpo_id", "synonyms", "description", "external_links", "related"),
            *VocabularyRecord.COMMON,
        ]


# Treatments -----------------------------------------------------------------------------------------------------------


class ApprovalRecord(Sourced):
    """An indication for which an agency approved the treatment.

    `for_dermatomyositis` is null where the wording of the label was not seen.
    """

    source_checks = SourceCheck(many=True, read_only=True)

    class Meta:
        model = Approval
        fields = [
            *("region", "agency", "indication", "for_dermatomyositis", "year"),
            *("source_checks", "awaiting_primary_check"),
        ]


class ActionRecord(Record):
    """What the treatment does to a mechanism."""

    mechanism = Link(read_only=True)

    class Meta:
        model = MechanismOfAction
        fields = ["mechanism", "action", "note"]


class TreatmentRow(VocabularyRow):
    url = Address("treatments")
    mechanisms = Link(many=True, read_only=True)

    fetched = (named("mechanisms", Mechanism),)

    class Meta:
        model = Treatment
        fields = [
            *("url", "slug", "name", "kind", "drug_class", "stage", "synonyms", "brand_names", "routes"),
            *("mechanisms", *VocabularyRow.COMMON),
        ]


class TreatmentRecord(VocabularyRecord):
    """A treatment, a named combination of treatments, or a class that stands for its members.

    A null `boxed_warning`, `pregnancy` or `label_note` was not recorded, which never means that there is none.
    """

    url = Address("treatments")
    html_url = PageAddress()
    members = Link(many=True, read_only=True, help_text="Of a class: the treatments it stands for.")
    classes = Link(many=True, read_only=True, help_text="The classes this belongs to.")
    components = Link(many=True, read_only=True, help_text="Of a combination: what it combines.")
    combinations = Link(many=True, read_only=True, help_text="The combinations this is part of.")
    mechanisms_of_action = ActionRecord(many=True, read_only=True)
    approvals = ApprovalRecord(many=True, read_only=True)
    references = ReferenceLink(many=True, read_only=True)
    external_links = ExternalLinks("atc_code", "chembl_id", "rxnorm_cui", "drugbank_id", "unii")
    related = Related(evidence="treatment", recommendations="treatment", trials="treatment", appraisals="treatment")

    fetched = (
        named("members", Treatment),
        named("classes", Treatment),
        named("components", Treatment),
        named("combinations", Treatment),
        "mechanisms_of_action",
        named("mechanisms_of_action__mechanism", Mechanism),
        "approvals",
        named("references", Reference),
    )

    class Meta:
        model = Treatment
        fields = [
            *("url", "html_url", "slug", "name", "kind", "drug_class", "stage", "in_review_figure", "synonyms"),
            *("brand_names", "routes", "summary", "members", "classes", "components", "combinations"),
            *("mechanisms_of_action", "approvals", "monitoring", "boxed_warning", "contraindications", "pregnancy"),
            *("label_note", "atc_code", "chembl_id", "rxnorm_cui", "drugbank_id", "unii", "references"),
            *("external_links", "related", *VocabularyRecord.COMMON),
        ]
