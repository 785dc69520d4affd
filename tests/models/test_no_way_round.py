"""Ways round the rules that were found once, each closed for good."""

import pghistory
import pgtrigger
import pytest
from django.apps import apps
from django.db import connection

from tests import builders
from tests.models.refusal import refused, sql
from treatments.models import DatasetRevision, Treatment

pytestmark = pytest.mark.django_db


def test_history_records_what_is_done_with_triggers_ignored():
    treatment = builders.treatment(name="Exampletinib")
    before = treatment.events.count()
    with pgtrigger.ignore():
        Treatment.objects.filter(pk=treatment.pk).update(name="Exampletinib 2")
    assert treatment.events.count() == before + 1


def test_history_is_not_rewritten_with_triggers_ignored():
    event = builders.treatment(name="Exampletinib").events.latest("pgh_id")

    def forge():
        with pgtrigger.ignore():
            event.__class__.objects.filter(pk=event.pk).update(pgh_label="forged")

    assert refused(forge).startswith("The database refused this")


def test_a_word_that_is_not_on_the_list_is_refused():
    treatment = builders.treatment()
    told = refused(lambda: sql(f"UPDATE treatments_treatment SET stage = 'martian' WHERE id = {treatment.pk}"))
    assert told.startswith("The database refused this")
    treatment.refresh_from_db()
    assert treatment.stage != "martian"


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_as_a_figure(figure):
    measure = builders.outcome_measure()
    told = refused(lambda: sql(f"UPDATE treatments_outcomemeasure SET minimum = '{figure}' WHERE id = {measure.pk}"))
    assert told.startswith("The database refused this")


@pytest.mark.parametrize("table", ["treatments_approval", "treatments_treatment", "treatments_reference"])
def test_vocabulary_and_sources_are_never_emptied(table):
    assert table in {model._meta.db_table for model in apps.get_app_config("treatments").get_models()}
    assert "never emptied" in refused(lambda: sql(f"TRUNCATE {table} CASCADE"))


def test_the_revision_never_begins_anew():
    number = DatasetRevision.current().number
    assert "never emptied" in refused(lambda: sql("DELETE FROM treatments_datasetrevision"))
    assert "never emptied" in refused(lambda: sql("TRUNCATE treatments_datasetrevision"))
    assert DatasetRevision.current().number == number


def test_a_published_figure_keeps_its_zeros():
    claim = builders.published(builders.phenotype_association(frequency_low="45", frequency_high="60"))
    told = refused(
        lambda: sql(f"UPDATE treatments_phenotypeassociation SET frequency_low = 45.0 WHERE id = {claim.pk}")
    )
    assert "never changes" in told


def test_a_zero_added_to_a_figure_is_a_change_like_any_other():
    measure = builders.outcome_measure(minimum="5")
    measure.refresh_from_db()
    events, number = measure.events.count(), DatasetRevision.current().number
    DatasetRevision.objects.update(transaction_id="another")  # as if it had been made in a transaction before
    sql(f"UPDATE treatments_outcomemeasure SET minimum = 5.0 WHERE id = {measure.pk}")
    changed = type(measure).objects.get(pk=measure.pk)
    assert (str(changed.minimum), changed.updated_at > measure.updated_at) == ("5.0", True)
    assert measure.events.count() == events + 1
    assert DatasetRevision.current().number == number + 1


def test_what_a_person_wrote_is_not_published_as_part_of_a_release():
    claim = builders.evidence(author=builders.person())
    told = refused(
        lambda: sql(
            "UPDATE treatments_evidence SET status = 'published', published_at = now(),"
            " release_id = (SELECT min(id) FROM treatments_release) WHERE id = %s",
            [claim.pk],
        )
    )
    assert "release or from people" in told


# A session finds a temporary table before one of the same name that is ours.


def shadow(table):
    sql(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")


def test_a_temporary_table_does_not_stand_in_for_the_claim_that_a_link_belongs_to():
    claim, antibody = builders.published(builders.evidence()), builders.autoantibody()

    def link():
        shadow("treatments_evidence")
        sql(
            "INSERT INTO treatments_evidenceautoantibody (evidence_id, autoantibody_id) VALUES (%s, %s)",
            [claim.pk, antibody.pk],
        )

    assert "never changes" in refused(link)


def test_a_temporary_table_does_not_swallow_history_or_the_context_it_names():
    treatment = builders.treatment(name="Exampletinib")
    before = treatment.events.count()
    shadow("treatments_treatmentevent")
    shadow("pghistory_context")
    with pghistory.context(user=1):
        Treatment.objects.filter(pk=treatment.pk).update(name="Exampletinib 2")
    sql("DROP TABLE pg_temp.treatments_treatmentevent, pg_temp.pghistory_context")
    assert treatment.events.count() == before + 1
    assert treatment.events.latest("pgh_id").pgh_context.metadata == {"user": 1}


def test_a_temporary_table_does_not_count_revisions():
    treatment = builders.treatment()
    number = DatasetRevision.current().number
    DatasetRevision.objects.update(transaction_id="another")  # as if it had been made in a transaction before
    shadow("treatments_datasetrevision")
    sql("UPDATE treatments_treatment SET summary = 'Otherwise.' WHERE id = %s", [treatment.pk])
    sql("DROP TABLE pg_temp.treatments_datasetrevision")
    assert DatasetRevision.current().number == number + 1


def test_every_function_behind_the_rules_finds_our_own_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.proname FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid"
            " JOIN pg_class t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal"
            " AND (t.relname LIKE 'treatments%%' OR t.relname LIKE 'pghistory%%')"
            " AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=public, pg_temp']"
        )
        assert cursor.fetchall() == []


# A backup holds triggers and checks as PostgreSQL writes them, and must be able to make them again from that.


def test_every_trigger_and_check_can_be_restored_from_a_dump():
    sql("SET LOCAL search_path = ''")  # as in a dump: every name with its schema
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid)"
            " FROM pg_trigger WHERE NOT tgisinternal"
        )
        triggers = cursor.fetchall()
        cursor.execute(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),"
            " format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
            " FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
        checks = cursor.fetchall()
        assert len(triggers) > 100
        assert len(checks) > 100
        for remove, make in triggers + checks:
            cursor.execute(remove)
            cursor.execute(make)
