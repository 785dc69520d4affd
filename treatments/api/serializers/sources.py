"""Publications and registered trials."""

from treatments.models import (
    Autoantibody,
    Mechanism,
    MechanismInteraction,
    OutcomeMeasure,
    Prevalence,
    Reference,
    Treatment,
    Trial,
)

from .records import Address, ExternalLinks, Link, PageAddress, Record, ReferenceLink, Related, TrialLink, named
from .vocabulary import VocabularyRecord, VocabularyRow


class ReferenceRow(VocabularyRow):
    url = Address("references")

    class Meta:
        model = Reference
        fields = [
            *("url", "slug", "title", "authors", "journal", "year", "pmid", "doi", "pmcid"),
            *("publication_type", "retraction_status", *VocabularyRow.COMMON),
        ]


class PrevalenceReported(Record):
    """How often an autoantibody is found, where this publication is cited for it; the antibody has the figures."""

    autoantibody = Link(read_only=True)

    class Meta:
        model = Prevalence
        fields = ["autoantibody", "population"]


class InteractionReported(Record):
    """What one mechanism does to another, as far as this publication is cited for it."""

    upstream = Link(read_only=True)
    downstream = Link(read_only=True)

    class Meta:
        model = MechanismInteraction
        fields = ["upstream", "effect", "downstream"]


class ReferenceRecord(VocabularyRecord):
    """A publication. What is null was not seen; it may well exist."""

    url = Address("references")
    html_url = PageAddress()
    trials = TrialLink(many=True, read_only=True)
    treatments = Link(many=True, read_only=True, help_text="Treatments whose record cites this.")
    mechanisms = Link(many=True, read_only=True, help_text="Mechanisms whose record cites this.")
    mechanism_interactions = InteractionReported(many=True, read_only=True)
    outcome_measures = Link(many=True, read_only=True, help_text="Measures whose record cites this.")
    prevalences = PrevalenceReported(many=True, read_only=True)
    external_links = ExternalLinks("pmid", "doi", "pmcid")
    related = Related(evidence="reference", recommendations="guideline", phenotype_associations="reference")

    fetched = (
        named("trials", Trial),
        named("treatments", Treatment),
        named("mechanisms", Mechanism),
        "mechanism_interactions",
        named("mechanism_interactions__upstream", Mechanism),
        named("mechanism_interactions__downstream", Mechanism),
        named("outcome_measures", OutcomeMeasure),
        "prevalences",
        named("prevalences__autoantibody", Autoantibody),
    )

    class Meta:
        model = Reference
        fields = [
            *("url", "html_url", "slug", "title", "authors", "journal", "year", "volume", "issue", "pages"),
            *("pmid", "doi", "pmcid", "publication_type", "retraction_status", "trials", "treatments"),
            *("mechanisms", "mechanism_interactions", "outcome_measures", "prevalences", "external_links"),
            *("related", *VocabularyRecord.COMMON),
        ]


class TrialRow(VocabularyRow):
    url = Address("trials", "nct_id")
    treatments = Link(many=True, read_only=True)

    fetched = (named("treatments", Treatment),)

    class Meta:
        model = Trial
        fields = [
            *("url", "nct_id", "acronym", "title", "phase", "status", "status_as_of", "enrollment", "sponsor"),
            *("treatments", *VocabularyRow.COMMON),
        ]


class TrialRecord(VocabularyRecord):
    """A registry record; `status` is what was last seen, on `status_as_of`."""

    url = Address("trials", "nct_id")
    html_url = PageAddress()
    treatments = Link(many=True, read_only=True)
    results = ReferenceLink(many=True, read_only=True, help_text="Published reports.")
    external_links = ExternalLinks("nct_id")
    related = Related(evidence="trial")

    fetched = (named("treatments", Treatment), named("results", Reference))

    class Meta:
        model = Trial
        fields = [
            *("url", "html_url", "nct_id", "acronym", "title", "phase", "status", "status_as_of", "enrollment"),
            *("sponsor", "note", "treatments", "results", "external_links", "related", *VocabularyRecord.COMMON),
        ]
