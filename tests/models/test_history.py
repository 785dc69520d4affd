"""Every change of every row is recorded, by whatever way it is made, and the record itself never changes."""

from typing import Any

import pghistory
import pghistory.models
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import GeneratedField

from tests import builders
from tests.models.refusal import sql
from treatments.curation.history import events_of
from treatments.models import Claim, DatasetRevision, Mechanism, Vocabulary
from treatments.models.claims import ClaimPart
from treatments.models.records import Working

pytestmark = pytest.mark.django_db

MODELS = [
    model for model in apps.get_app_config("treatments").get_models() if not issubclass(model, pghistory.models.Event)
]
PUBLIC = [model for model in MODELS if not issubclass(model, (Claim, ClaimPart, DatasetRevision, Working))]


def triggers(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        return {name for (name,) in cursor.fetchall()}


def has(model, *names):
    """Which of ``names`` the table in the database has no trigger of."""
    present = triggers(model)
    return [name for name in names if not any(f"pgtrigger_{name}_" in trigger for trigger in present)]


# Every table, also those that are yet to come -------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_has_its_history(model):
    assert has(model, "insert_insert", "update_update", "delete_delete") == []
    recorded = {field.name for field in model.pgh_event_model._meta.get_fields()}
    stored = {f.name for f in model._meta.concrete_fields if not isinstance(f, GeneratedField)}
    assert stored <= recorded, "every column that is not computed is recorded"
    assert has(model.pgh_event_model, "append_only") == []


@pytest.mark.parametrize("model", PUBLIC, ids=lambda model: model.__name__)
def test_every_public_table_grows_the_revision(model):
    assert has(model, "revision_on_insert", "revision_on_update", "revision_on_delete") == []


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, Claim)], ids=lambda model: model.__name__)
def test_every_kind_of_claim_is_guarded(model):
    assert has(model, "touch", "life_of_a_claim", "revision_on_publication", "no_truncate") == []


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, ClaimPart)], ids=lambda model: model.__name__)
def test_every_part_of_a_claim_is_guarded(model):
    assert has(model, "fixed_once_published", "no_truncate") == []


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, Vocabulary)], ids=lambda model: model.__name__)
def test_vocabulary_knows_when_it_changed(model):
    assert has(model, "touch") == []


def test_every_many_to_many_has_a_table_of_its_own():
    """A hidden table would have no history and no guard."""
    for model in MODELS:
        for field in model._meta.local_many_to_many:
            through: Any = field.remote_field.through
            assert not through._meta.auto_created, field


# What is recorded -----------------------------------------------------------------------------------------------------

MAKERS = {
    builders.treatment: "summary",
    builders.mechanism: "description",
    builders.autoantibody: "description",
    builders.manifestation: "description",
    builders.outcome_measure: "description",
    builders.reference: "title",
    builders.trial: "title",
    builders.release: "notes",
    builders.prevalence: "note",
    builders.mechanism_interaction: "note",
    builders.evidence: "statement",
    builders.phenotype_association: "note",
    builders.recommendation: "statement",
    builders.appraisal: "bottom_line",
}


@pytest.mark.parametrize(("make", "field"), MAKERS.items(), ids=[make.__name__ for make in MAKERS])
def test_every_way_of_writing_is_recorded(make, field):
    row = make()
    model, table, key = type(row), row._meta.db_table, row.pk
    rows = model._default_manager.filter(pk=key)
    setattr(row, field, "by save")
    row.save()
    rows.update(**{field: "by update"})
    setattr(row, field, "in bulk")
    model._default_manager.bulk_update([row], [field])
    sql(f"UPDATE {table} SET {field} = 'by SQL' WHERE id = {key}")
    sql(f"DELETE FROM {table} WHERE id = {key}")
    told = [(e.pgh_label, getattr(e, field)) for e in events_of(model).filter(pgh_obj_id=key).order_by("pgh_id")]
    first, *rest = told
    assert first[0] == "insert"
    assert rest == [
        ("update", "by save"),
        ("update", "by update"),
        ("update", "in bulk"),
        ("update", "by SQL"),
        ("delete", "by SQL"),
    ]


def test_rows_made_in_bulk_and_by_sql_are_recorded():
    Mechanism.objects.bulk_create([Mechanism(slug="bulk", name="Bulk", kind="pathway", description="Made up.")])
    sql(
        "INSERT INTO treatments_mechanism (slug, name, kind, description, genes, source_checks, retirement_reason)"
        " VALUES ('sql', 'SQL', 'pathway', 'Made up.', '{}', '[]', '')"
    )
    assert list(
        events_of(Mechanism).filter(slug__in=["bulk", "sql"]).order_by("pgh_id").values_list("pgh_label", "slug")
    ) == [("insert", "bulk"), ("insert", "sql")]


def test_results_and_links_are_recorded():
    claim = builders.evidence(autoantibodies=[builders.autoantibody()], manifestations=[builders.manifestation()])
    row = builders.result(claim)
    for part in (row, claim.autoantibody_links.get(), claim.manifestation_links.get()):
        key = part.pk
        part.delete()
        labels = events_of(type(part)).filter(pgh_obj_id=key).order_by("pgh_id").values_list("pgh_label", flat=True)
        assert list(labels) == ["insert", "delete"]


def test_a_write_that_changes_nothing_leaves_no_record():
    row = builders.treatment()
    before = events_of(type(row)).count()
    touched = row.updated_at
    row.save()
    type(row).objects.filter(pk=row.pk).update(name=row.name)
    row.refresh_from_db()
    assert events_of(type(row)).count() == before
    assert row.updated_at == touched


def test_the_record_says_who_and_why():
    somebody = builders.person()
    with pghistory.context(user=somebody.pk, reason="Made up."):
        row = builders.treatment()
    (event,) = events_of(type(row)).filter(pgh_obj=row)
    assert event.pgh_context.metadata == {"user": somebody.pk, "reason": "Made up."}


# The record never changes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [builders.treatment, builders.evidence, builders.release])
def test_the_history_is_only_added_to(make):
    model = type(make()).pgh_event_model
    table = model._meta.db_table
    for attempt in (
        lambda: model.objects.update(pgh_label="forged"),
        lambda: model.objects.all().delete(),
        lambda: model.objects.first().delete(),
        lambda: sql(f"UPDATE {table} SET pgh_label = 'forged'"),
        lambda: sql(f"DELETE FROM {table}"),
    ):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            attempt()
