"""When a record was last changed: its parts count, whichever way they are written."""

from typing import Any

import pytest

from tests import builders
from tests.models.refusal import sql
from treatments.models import (
    Approval,
    Autoantibody,
    AutoantibodyMember,
    Mechanism,
    MechanismInteraction,
    MechanismInteractionReference,
    MechanismOfAction,
    MechanismReference,
    OutcomeMeasure,
    OutcomeMeasureReference,
    OutcomeThreshold,
    Prevalence,
    PrevalenceReference,
    Reference,
    Treatment,
    TreatmentComponent,
    TreatmentMember,
    TreatmentReference,
    Trial,
    TrialResult,
    TrialTreatment,
)
from treatments.models.vocabulary import Part

pytestmark = pytest.mark.django_db

# Of each kind of part: which records of the data set it can be put to, and what it says.
PARTS: dict[Any, tuple[Any, Any]] = {
    Approval: (Treatment, lambda row: {"treatment": row, "region": "Exampleland", "indication": "Made up."}),
    MechanismOfAction: (
        Treatment,
        lambda row: {"treatment": row, "mechanism": builders.mechanism(), "action": "inhibits"},
    ),
    TreatmentReference: (Treatment, lambda row: {"treatment": row, "reference": builders.reference()}),
    TreatmentMember: (
        Treatment.objects.filter(kind="class"),
        lambda row: {"treatment_class": row, "member": builders.treatment()},
    ),
    TreatmentComponent: (
        Treatment.objects.filter(kind="combination"),
        lambda row: {"combination": row, "component": builders.treatment()},
    ),
    AutoantibodyMember: (
        Autoantibody.objects.filter(kind="class"),
        lambda row: {"autoantibody_class": row, "member": builders.autoantibody()},
    ),
    Prevalence: (
        Autoantibody.objects.exclude(prevalences__population="mixed"),
        lambda row: {"autoantibody": row, "population": "mixed", "low": 1, "high": 2, "unit": "%"},
    ),
    MechanismReference: (Mechanism, lambda row: {"mechanism": row, "reference": builders.reference()}),
    MechanismInteractionReference: (
        MechanismInteraction,
        lambda row: {"interaction": row, "reference": builders.reference()},
    ),
    OutcomeThreshold: (OutcomeMeasure, lambda row: {"outcome_measure": row, "label": "made up", "value": 1}),
    OutcomeMeasureReference: (OutcomeMeasure, lambda row: {"outcome_measure": row, "reference": builders.reference()}),
    TrialTreatment: (Trial, lambda row: {"trial": row, "treatment": builders.treatment()}),
    TrialResult: (Trial, lambda row: {"trial": row, "reference": builders.reference()}),
}
OWNED_BY_A_PART = {PrevalenceReference}


def first_of(of: Any) -> Any:
    """A record of the data set that fits. It was written in a transaction before."""
    return (of if hasattr(of, "order_by") else of.objects).order_by("pk").first()


def last_change(row: Any) -> Any:
    return type(row).objects.values_list("updated_at", flat=True).get(pk=row.pk)


def test_every_part_is_tried():
    assert PARTS.keys() | OWNED_BY_A_PART == set(Part.__subclasses__())


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
@pytest.mark.parametrize("way", ["one by one", "in bulk"])
def test_a_part_that_comes_is_a_change_of_its_record(part, way):
    of, content = PARTS[part]
    record = first_of(of)
    values = content(record)
    before = last_change(record)
    events = record.events.count()
    if way == "in bulk":
        part.objects.bulk_create([part(**values)])
    else:
        part.objects.create(**values)
    assert last_change(record) > before
    # What changed is told by the history of the part; the record itself says nothing new.
    assert record.events.count() == events


@pytest.mark.parametrize("model", [Approval, MechanismOfAction, MechanismReference, TrialTreatment])
def test_a_part_that_is_changed_or_deleted_too(model):
    owner = next(field for field in model._meta.concrete_fields if field.remote_field).name
    parts = model.objects.order_by(f"{owner}_id").distinct(f"{owner}_id")[:3]
    changed, deleted, untouched = parts
    records = [getattr(part, owner) for part in (changed, deleted, untouched)]
    before = [last_change(record) for record in records]
    table = model._meta.db_table
    column = "note" if model is MechanismOfAction else "region" if model is Approval else None
    if column:
        sql(f"UPDATE {table} SET {column} = 'Made up.' WHERE id = {changed.pk}")
    else:
        target = "reference" if model is MechanismReference else "treatment"
        model.objects.filter(pk=changed.pk).update(**{target: getattr(builders, target)()})
    sql(f"DELETE FROM {table} WHERE id = {deleted.pk}")
    sql(f"UPDATE {table} SET id = id WHERE id = {untouched.pk}")
    after = [last_change(record) for record in records]
    assert [now > then for now, then in zip(after, before, strict=True)] == [True, True, False]


def test_a_part_that_is_moved_changes_both():
    one, other = Treatment.objects.filter(kind="biologic").order_by("pk")[:2]
    Approval.objects.filter(treatment=other).delete()
    part = Approval.objects.create(treatment=builders.treatment(), region="Exampleland", indication="Made up.")
    before = last_change(one)
    Approval.objects.filter(pk=part.pk).update(treatment=one)
    assert last_change(one) > before


def test_the_references_of_a_prevalence_are_a_change_of_the_antibody():
    part = Prevalence.objects.order_by("pk").first()
    before = last_change(part.autoantibody)
    PrevalenceReference.objects.create(prevalence=part, reference=builders.reference())
    assert last_change(part.autoantibody) > before


def test_nobody_sets_the_last_change_by_hand():
    row = Reference.objects.order_by("pk").first()
    before = last_change(row)
    sql(f"UPDATE treatments_reference SET updated_at = now() WHERE id = {row.pk}")
    assert last_change(row) == before


def test_the_pages_and_the_api_say_so(client):
    drug = Treatment.objects.get(slug="ivig")
    address = "/api/v1/treatments/ivig/"
    before = client.get(address).json()["updated_at"]
    Approval.objects.create(treatment=drug, region="Exampleland", indication="Made up.")
    assert client.get(address).json()["updated_at"] > before
