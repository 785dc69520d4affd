"""What there can be only one of, and the names by which it is known for good."""

from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ValidationError

from tests import builders
from tests.models.refusal import refused, refused_every_way, sql
from treatments.models import (
    AppraisalEvidence,
    Evidence,
    EvidenceAutoantibody,
    MechanismOfAction,
    OutcomeThreshold,
    PhenotypeAssociationReference,
    TreatmentComponent,
)
from treatments.models.triggers import natural_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (builders.treatment, "slug"),
        (builders.mechanism, "slug"),
        (builders.autoantibody, "slug"),
        (builders.manifestation, "slug"),
        (builders.outcome_measure, "slug"),
        (builders.reference, "slug"),
        (builders.trial, "nct_id"),
        (builders.release, "name"),
    ],
)
def test_natural_keys(make, field):
    first, second = make(), make()
    taken = getattr(first, field)
    assert refused_every_way(second, **{field: taken}) == {f"There is a row with {field} {taken} already."}


KEPT: list[Any] = [
    *(builders.treatment, builders.mechanism, builders.autoantibody, builders.manifestation, builders.outcome_measure),
    *(builders.reference, builders.trial, builders.release),
]


def kept(make):
    """A row, the column of its natural key, and another value for it."""
    row = make()
    key = natural_key(type(row))
    return row, key, "NCT98999998" if key == "nct_id" else "another"


@pytest.mark.parametrize("make", [*KEPT, builders.evidence_level, builders.certainty_level])
def test_natural_keys_never_change(make):
    row, key, another = kept(make)
    table, before = row._meta.db_table, getattr(row, key)
    rows = type(row).objects.filter(**{key: before})
    told = f'"{before}": the {key} of a record is its address and never changes.'
    assert refused(lambda: rows.update(**{key: another})) == told
    assert refused(lambda: sql(f"UPDATE {table} SET {key} = %s WHERE {key} = %s", [another, before])) == told
    if not row._meta.get_field(key).primary_key:
        setattr(row, key, another)
        assert refused(row.save) == told
        assert refused(lambda: type(row).objects.bulk_update([row], [key])) == told
    assert rows.exists()


@pytest.mark.parametrize("make", KEPT)
def test_vocabulary_and_sources_are_never_deleted(make):
    row, key, _ = kept(make)
    name, table = getattr(row, key), row._meta.db_table
    told = f'"{name}" is kept for good: a record is retired, not deleted.'
    assert refused(row.delete) == told
    assert refused(type(row).objects.filter(**{key: name}).delete) == told
    assert refused(lambda: sql(f"DELETE FROM {table} WHERE {key} = %s", [name])) == told
    with pgtrigger.ignore():
        assert refused(lambda: sql(f"DELETE FROM {table} WHERE {key} = %s", [name])) == told


@pytest.mark.parametrize(("field", "value"), [("pmid", "99999901"), ("pmcid", "PMC999999")])
def test_identifiers_of_references(field, value):
    builders.reference(**{field: value})
    second = builders.reference()
    assert refused_every_way(second, **{field: value}) == {f"There is a row with {field} {value} already."}
    setattr(second, field, value)
    with pytest.raises(ValidationError, match="already exists"):
        second.full_clean()


@pytest.mark.parametrize("value", ["10.9999/made.up", "10.9999/MADE.up"])
def test_a_doi_names_one_reference_however_it_is_written(value):
    builders.reference(doi="10.9999/made.up")
    second = builders.reference()
    told = "There is a reference with this DOI already."
    assert refused_every_way(second, doi=value) == {told}
    second.doi = value
    with pytest.raises(ValidationError, match=told):
        second.full_clean()


def test_references_without_identifiers_do_not_collide():
    assert builders.reference().pmid is builders.reference().pmid is None
    assert builders.reference().doi is builders.reference().doi is None


def test_links_stand_once():
    entry = builders.evidence(autoantibodies=[builders.autoantibody()])
    antibody = entry.autoantibodies.get()
    assert "already" in refused(lambda: EvidenceAutoantibody.objects.create(evidence=entry, autoantibody=antibody))
    source = builders.reference()
    feature = builders.phenotype_association(references=[source])
    assert "already" in refused(
        lambda: PhenotypeAssociationReference.objects.bulk_create(
            [PhenotypeAssociationReference(association=feature, reference=source)]
        )
    )
    opinion = builders.appraisal(rests_on=[entry])
    assert "already" in refused(lambda: AppraisalEvidence.objects.create(appraisal=opinion, evidence=entry))
    whole = builders.combination()
    part = whole.components.all()[0]
    assert "already" in refused(lambda: TreatmentComponent.objects.create(combination=whole, component=part))
    action = MechanismOfAction.objects.create(
        treatment=whole, mechanism=builders.mechanism(), action="inhibits", note="made up"
    )
    action.pk = None
    assert refused(action.save).startswith("There is a mechanism of action with this")


def test_a_threshold_stands_once_a_population():
    measure = builders.outcome_measure()
    first = OutcomeThreshold.objects.create(outcome_measure=measure, label="minimal", value=1, population="")
    OutcomeThreshold.objects.create(outcome_measure=measure, label="minimal", value=1, population="adult")
    first.pk = None
    assert "already" in refused(first.save)


def test_accession_and_version():
    claim = builders.published(builders.evidence())
    assert "already" in refused(
        lambda: Evidence.objects.create(
            accession=claim.accession,
            treatment=claim.treatment,
            reference=claim.reference,
            level=claim.level,
            design=claim.design,
            population="adult",
            direction="supports",
            statement="Made up.",
        )
    )


def test_accessions_are_given_once_and_never_again():
    first = builders.evidence()
    accession = first.accession
    first.delete()
    assert builders.evidence().accession != accession
    assert builders.recommendation().accession.startswith("RC")


@pytest.mark.parametrize("accession", ["EV1", "ev00001", "RC00001", "EV0000x", " EV00001", "EV00001\n"])
def test_accessions_have_their_form(accession):
    claim = builders.evidence()
    # Two rules refuse it: its form, and that it never changes.
    told = refused(lambda: sql("UPDATE treatments_evidence SET accession = %s WHERE id = %s", [accession, claim.pk]))
    assert told
    assert refused(lambda: builders.evidence(accession=accession))
