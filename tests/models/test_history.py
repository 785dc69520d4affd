"""Every change of every row is recorded, by whatever way it is made, and the record itself never changes."""

import json
import uuid
from typing import Any

import pghistory
import pghistory.models
import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import GeneratedField
from django.utils import timezone
from pghistory.models import Context

from tests import builders
from tests.models.refusal import refused, sql
from treatments.curation.history import events_of
from treatments.models import Claim, DatasetRevision, EvidenceImport, Mechanism, Release, ReleaseFile, Vocabulary
from treatments.models.claims import ClaimPart
from treatments.models.records import Working
from treatments.models.vocabulary import Part

pytestmark = pytest.mark.django_db

MODELS = [
    model
    for model in apps.get_app_config("treatments").get_models()
    if not issubclass(model, pghistory.models.Event) and not model._meta.proxy
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
    if model is ReleaseFile:  # never changed nor deleted: its row is the record
        stored -= {"content"}
    if model is EvidenceImport:  # kept until it is imported, and not for longer
        stored -= {"content"}
    assert stored <= recorded, "every column that is not computed is recorded"
    assert has(model.pgh_event_model, "append_only", "no_truncate") == []


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
def test_vocabulary_knows_when_it_changed_and_is_kept(model):
    assert has(model, "touch", "kept") == []


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, Part)], ids=lambda model: model.__name__)
def test_every_part_tells_the_record_it_belongs_to(model):
    assert has(model, "touch_owner") == []


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
    kept = isinstance(row, Vocabulary | Release)
    if not kept:
        sql(f"DELETE FROM {table} WHERE id = {key}")
    told = [(e.pgh_label, getattr(e, field)) for e in events_of(model).filter(pgh_obj_id=key).order_by("pgh_id")]
    first, *rest = told
    assert first[0] == "insert"
    assert rest == [
        ("update", "by save"),
        ("update", "by update"),
        ("update", "in bulk"),
        ("update", "by SQL"),
        *([] if kept else [("delete", "by SQL")]),
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
    assert "never emptied" in refused(lambda: sql(f"TRUNCATE {table}"))
    assert "never emptied" in refused(lambda: sql(f"TRUNCATE {table} CASCADE"))
    for attempt in (
        lambda: model.objects.update(pgh_label="forged"),
        lambda: model.objects.all().delete(),
        lambda: model.objects.first().delete(),
        lambda: sql(f"UPDATE {table} SET pgh_label = 'forged'"),
        lambda: sql(f"DELETE FROM {table}"),
    ):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            attempt()


# Who and why never change either --------------------------------------------------------------------------------------

TOLD = "What the history says of who changed something, and why, never changes."


def written_in_a_transaction_before(**metadata):
    """The context of a row that was made, as if it had been committed an hour ago."""
    key = uuid.uuid4()
    sql(
        "INSERT INTO pghistory_context (id, metadata, created_at, updated_at)"
        " VALUES (%s, %s, now() - interval '1 hour', now() - interval '1 hour')",
        [key, json.dumps(metadata)],
    )
    return Context.objects.get(pk=key)


def test_who_and_why_are_only_added_to():
    context = written_in_a_transaction_before(user=1, reason="Made up.")
    context.metadata = {"user": 2}
    key = str(context.pk)
    for attempt in (
        context.save,
        context.delete,
        lambda: Context.objects.update(metadata={}),
        lambda: Context.objects.filter(pk=key).delete(),
        lambda: Context.objects.bulk_update([context], ["metadata"]),
        lambda: sql("UPDATE pghistory_context SET metadata = '{}' WHERE id = %s", [key]),
        lambda: sql("UPDATE pghistory_context SET created_at = now() WHERE id = %s", [key]),
        lambda: sql("UPDATE pghistory_context SET id = %s WHERE id = %s", [str(uuid.uuid4()), key]),
        lambda: sql("DELETE FROM pghistory_context WHERE id = %s", [key]),
    ):
        assert refused(attempt) == TOLD
    with pgtrigger.ignore():
        assert refused(lambda: sql("DELETE FROM pghistory_context")) == TOLD
    assert "never emptied" in refused(lambda: sql("TRUNCATE pghistory_context"))
    assert Context.objects.get(pk=key).metadata == {"user": 1, "reason": "Made up."}


def test_nothing_written_in_a_transaction_before_comes_under_another_heading():
    """django-pghistory writes what it knows with every statement; of work that was committed that is settled."""
    with pghistory.context(user=1) as heading:
        sql(
            "INSERT INTO pghistory_context (id, metadata, created_at, updated_at)"
            " VALUES (%s, %s, now() - interval '1 hour', now())",
            [heading.id, json.dumps({"user": 1})],
        )
        builders.treatment()  # says the same, which is no change
        with pghistory.context(user=2):
            assert refused(builders.treatment) == TOLD


def test_what_is_said_of_a_piece_of_work_grows_while_it_goes_on():
    with pghistory.context(user=1):
        row = builders.treatment()
        with pghistory.context(reason="Made up."):
            type(row).objects.filter(pk=row.pk).update(summary="Changed.")
    contexts = {event.pgh_context_id: event.pgh_context.metadata for event in row.events.all()}
    assert list(contexts.values()) == [{"user": 1, "reason": "Made up."}]
    context = Context.objects.get(pk=next(iter(contexts)))
    assert refused(context.delete) == TOLD
    assert refused(lambda: Context.objects.filter(pk=context.pk).update(created_at=timezone.now())) == TOLD
