"""Records are kept under their names, and a change of a part is a change of its record.

Slugs, codes and numbers of trials are addresses and names in the files of a data set: they stay, and so do the rows.
"""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

before = import_module("treatments.migrations.0001_functions")

KEPT = r"""
-- Argument: the column of the natural key.
CREATE FUNCTION treatments_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name constant text := to_jsonb(OLD) ->> TG_ARGV[0];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '"%" is kept for good: a record is retired, not deleted.', name
            USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) ->> TG_ARGV[0] IS DISTINCT FROM name THEN
        RAISE EXCEPTION '"%": the % of a record is its address and never changes.', name, TG_ARGV[0]
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""

TOUCH = r"""
-- Arguments: the computed columns, which a BEFORE trigger does not see yet.
CREATE OR REPLACE FUNCTION treatments_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_out constant text[] := coalesce(TG_ARGV::text[], '{}') || 'updated_at'::text;
BEGIN
    IF (to_jsonb(NEW) - left_out)::text IS DISTINCT FROM (to_jsonb(OLD) - left_out)::text THEN
        NEW.updated_at := clock_timestamp();
    ELSIF pg_trigger_depth() = 1 THEN
        -- A program that saves what it read a while ago brings an old updated_at along, which is no change.
        -- Deeper, it is treatments_touch_owner that sets it.
        NEW.updated_at := OLD.updated_at;
    END IF;
    RETURN NEW;
END $$;

-- Arguments: the column that names the owner and the owner's table; where that is a part itself, the same again.
CREATE FUNCTION treatments_touch_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
    step integer;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD *= NEW THEN
        RETURN NULL;
    END IF;
    FOREACH owner IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[0])::bigint END,
        CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[0])::bigint END
    ] LOOP
        FOR step IN 1..TG_NARGS - 3 BY 2 LOOP
            EXECUTE format('SELECT %I FROM %I WHERE id = $1', TG_ARGV[step + 1], TG_ARGV[step]) INTO owner USING owner;
        END LOOP;
        -- Once a transaction is enough. (In a savepoint it may happen again, which does no harm.)
        EXECUTE format(
            'UPDATE %I SET updated_at = clock_timestamp() WHERE id = $1 AND xmin <> pg_current_xact_id()::xid',
            TG_ARGV[TG_NARGS - 1]) USING owner;
    END LOOP;
    RETURN NULL;
END $$;
"""

BACK = "\n".join(
    [
        "DROP FUNCTION treatments_keep_record, treatments_touch_owner;",
        *(
            found.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
            for found in before.VOCABULARY.split("\n\n")
            if "treatments_touch() RETURNS" in found
        ),
    ]
)


class Migration(migrations.Migration):

    dependencies = [
        ('treatments', '0006_versions_follow_and_history_stays'),
    ]

    operations = [
        migrations.RunSQL("\n".join([KEPT, TOUCH]), BACK),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appraisal',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='autoantibody',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='certaintylevel',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='evidence',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='evidencelevel',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='manifestation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='mechanism',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='mechanisminteraction',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='outcomemeasure',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='phenotypeassociation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='recommendation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='reference',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='release',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='treatment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='trial',
            name='update_update',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appraisal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."accession", OLD."version", OLD."status", OLD."key", OLD."author_id", OLD."reviewer_id", OLD."release_id", OLD."submitted_at", OLD."reviewed_at", OLD."published_at", OLD."supersedes_id", OLD."superseded_at", OLD."retracted_at", OLD."retracted_by_id", OLD."retraction_reason", OLD."change_note", OLD."last_checked_on", OLD."treatment_id", OLD."manifestation_id", OLD."autoantibody_id", OLD."population", OLD."certainty_id", OLD."bottom_line")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."accession", NEW."version", NEW."status", NEW."key", NEW."author_id", NEW."reviewer_id", NEW."release_id", NEW."submitted_at", NEW."reviewed_at", NEW."published_at", NEW."supersedes_id", NEW."superseded_at", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."change_note", NEW."last_checked_on", NEW."treatment_id", NEW."manifestation_id", NEW."autoantibody_id", NEW."population", NEW."certainty_id", NEW."bottom_line")::record)', func='INSERT INTO "treatments_appraisalevent" ("accession", "author_id", "autoantibody_id", "bottom_line", "certainty_id", "change_note", "created_at", "id", "key", "last_checked_on", "manifestation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "source_checks", "status", "submitted_at", "superseded_at", "supersedes_id", "treatment_id", "updated_at", "version") VALUES (NEW."accession", NEW."author_id", NEW."autoantibody_id", NEW."bottom_line", NEW."certainty_id", NEW."change_note", NEW."created_at", NEW."id", NEW."key", NEW."last_checked_on", NEW."manifestation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."source_checks", NEW."status", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."treatment_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='2e443970d4f772247a03d5b7029434190075a6cf', operation='UPDATE', pgid='pgtrigger_update_update_2ea13', table='treatments_appraisal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('treatment_id', 'treatments_treatment')", func='RETURN NULL;', hash='9a4585ea12314a5977d36ab041461216f2a59879', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_0c41c', table='treatments_approval', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='autoantibody',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('slug')", func='RETURN NULL;', hash='bc28b89c06b7c1c400bfc75947e4d2f7cb5b0c2c', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_b3396', table='treatments_autoantibody', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='autoantibody',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."slug", OLD."name", OLD."kind", OLD."full_name", OLD."synonyms", OLD."antigen", OLD."genes", OLD."uniprot_id", OLD."group", OLD."description", OLD."detection_note")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."slug", NEW."name", NEW."kind", NEW."full_name", NEW."synonyms", NEW."antigen", NEW."genes", NEW."uniprot_id", NEW."group", NEW."description", NEW."detection_note")::record)', func='INSERT INTO "treatments_autoantibodyevent" ("antigen", "created_at", "description", "detection_note", "full_name", "genes", "group", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "synonyms", "uniprot_id", "updated_at") VALUES (NEW."antigen", NEW."created_at", NEW."description", NEW."detection_note", NEW."full_name", NEW."genes", NEW."group", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."synonyms", NEW."uniprot_id", NEW."updated_at"); RETURN NULL;', hash='46f092b6af5a5442fdbf562dbf1df90d8d7c9d20', operation='UPDATE', pgid='pgtrigger_update_update_8049c', table='treatments_autoantibody', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='autoantibodymember',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('autoantibody_class_id', 'treatments_autoantibody')", func='RETURN NULL;', hash='f327b461c8a36f59102d39cf68794f84eac4846b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_7ae7b', table='treatments_autoantibodymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certaintylevel',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('code')", func='RETURN NULL;', hash='f2bb0c7335aa21c2521d7809347cb5eaf0df718c', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_b4b2b', table='treatments_certaintylevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certaintylevel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."code", OLD."rank", OLD."label", OLD."description")::record *<> ROW(NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."code", NEW."rank", NEW."label", NEW."description")::record)', func='INSERT INTO "treatments_certaintylevelevent" ("code", "created_at", "description", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "retired_on", "retirement_reason", "source_checks", "successor_id", "updated_at") VALUES (NEW."code", NEW."created_at", NEW."description", NEW."label", _pgh_attach_context(), NOW(), \'update\', NEW."code", NEW."rank", NEW."retired_on", NEW."retirement_reason", NEW."source_checks", NEW."successor_id", NEW."updated_at"); RETURN NULL;', hash='dff3861c5c365d7b77c298f06c2ea44e240e21af', operation='UPDATE', pgid='pgtrigger_update_update_e3cf6', table='treatments_certaintylevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."accession", OLD."version", OLD."status", OLD."key", OLD."author_id", OLD."reviewer_id", OLD."release_id", OLD."submitted_at", OLD."reviewed_at", OLD."published_at", OLD."supersedes_id", OLD."superseded_at", OLD."retracted_at", OLD."retracted_by_id", OLD."retraction_reason", OLD."change_note", OLD."last_checked_on", OLD."treatment_id", OLD."reference_id", OLD."trial_id", OLD."design", OLD."analysis", OLD."aspect", OLD."level_id", OLD."level_note", OLD."population", OLD."setting", OLD."comparator", OLD."regimen", OLD."n_treated", OLD."n_control", OLD."direction", OLD."statement", OLD."safety", OLD."limitations")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."accession", NEW."version", NEW."status", NEW."key", NEW."author_id", NEW."reviewer_id", NEW."release_id", NEW."submitted_at", NEW."reviewed_at", NEW."published_at", NEW."supersedes_id", NEW."superseded_at", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."change_note", NEW."last_checked_on", NEW."treatment_id", NEW."reference_id", NEW."trial_id", NEW."design", NEW."analysis", NEW."aspect", NEW."level_id", NEW."level_note", NEW."population", NEW."setting", NEW."comparator", NEW."regimen", NEW."n_treated", NEW."n_control", NEW."direction", NEW."statement", NEW."safety", NEW."limitations")::record)', func='INSERT INTO "treatments_evidenceevent" ("accession", "analysis", "aspect", "author_id", "change_note", "comparator", "created_at", "design", "direction", "id", "key", "last_checked_on", "level_id", "level_note", "limitations", "n_control", "n_treated", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "reference_id", "regimen", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "safety", "setting", "source_checks", "statement", "status", "submitted_at", "superseded_at", "supersedes_id", "treatment_id", "trial_id", "updated_at", "version") VALUES (NEW."accession", NEW."analysis", NEW."aspect", NEW."author_id", NEW."change_note", NEW."comparator", NEW."created_at", NEW."design", NEW."direction", NEW."id", NEW."key", NEW."last_checked_on", NEW."level_id", NEW."level_note", NEW."limitations", NEW."n_control", NEW."n_treated", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."reference_id", NEW."regimen", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."safety", NEW."setting", NEW."source_checks", NEW."statement", NEW."status", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."treatment_id", NEW."trial_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='5ffb93462211be5bf394900ad9f5f8e485b5f2cf', operation='UPDATE', pgid='pgtrigger_update_update_5b0ba', table='treatments_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelevel',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('code')", func='RETURN NULL;', hash='c4e1895d84541852b2c68e861e78b8c3679f1143', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_ab0b9', table='treatments_evidencelevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelevel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."code", OLD."rank", OLD."label", OLD."description")::record *<> ROW(NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."code", NEW."rank", NEW."label", NEW."description")::record)', func='INSERT INTO "treatments_evidencelevelevent" ("code", "created_at", "description", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "retired_on", "retirement_reason", "source_checks", "successor_id", "updated_at") VALUES (NEW."code", NEW."created_at", NEW."description", NEW."label", _pgh_attach_context(), NOW(), \'update\', NEW."code", NEW."rank", NEW."retired_on", NEW."retirement_reason", NEW."source_checks", NEW."successor_id", NEW."updated_at"); RETURN NULL;', hash='18b45e18880988d1e2ce019790bc51cb0fe8df8e', operation='UPDATE', pgid='pgtrigger_update_update_72787', table='treatments_evidencelevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='manifestation',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('slug')", func='RETURN NULL;', hash='f3636b6926e6a86349fadf9dd4d697b0d7d867c8', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_ce5a6', table='treatments_manifestation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='manifestation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."slug", OLD."name", OLD."description", OLD."hpo_id", OLD."synonyms")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."slug", NEW."name", NEW."description", NEW."hpo_id", NEW."synonyms")::record)', func='INSERT INTO "treatments_manifestationevent" ("created_at", "description", "hpo_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "synonyms", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."hpo_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."synonyms", NEW."updated_at"); RETURN NULL;', hash='0bfb879830651d461b80e72e0d7dca7889b5cf1a', operation='UPDATE', pgid='pgtrigger_update_update_6366c', table='treatments_manifestation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('slug')", func='RETURN NULL;', hash='8942d7fa2a8df94c990e07e8f5c835861925068b', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_2abd3', table='treatments_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."slug", OLD."name", OLD."parent_id", OLD."kind", OLD."description", OLD."genes", OLD."reactome_id", OLD."kegg_id")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."slug", NEW."name", NEW."parent_id", NEW."kind", NEW."description", NEW."genes", NEW."reactome_id", NEW."kegg_id")::record)', func='INSERT INTO "treatments_mechanismevent" ("created_at", "description", "genes", "id", "kegg_id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reactome_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."genes", NEW."id", NEW."kegg_id", NEW."kind", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reactome_id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."updated_at"); RETURN NULL;', hash='cefc9141ce9f328f73b314eaecc5b7979d13f080', operation='UPDATE', pgid='pgtrigger_update_update_9fff2', table='treatments_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanisminteraction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."upstream_id", OLD."downstream_id", OLD."effect", OLD."note")::record *<> ROW(NEW."id", NEW."created_at", NEW."upstream_id", NEW."downstream_id", NEW."effect", NEW."note")::record)', func='INSERT INTO "treatments_mechanisminteractionevent" ("created_at", "downstream_id", "effect", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "upstream_id") VALUES (NEW."created_at", NEW."downstream_id", NEW."effect", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."updated_at", NEW."upstream_id"); RETURN NULL;', hash='d8fb7e5ec13178f6b7736e8e7835f73623a2ba8a', operation='UPDATE', pgid='pgtrigger_update_update_8a920', table='treatments_mechanisminteraction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanisminteractionreference',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('interaction_id', 'treatments_mechanisminteraction')", func='RETURN NULL;', hash='d04b46553f6f21029d4df3ca3495bba12c73593f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_2e124', table='treatments_mechanisminteractionreference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanismofaction',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('treatment_id', 'treatments_treatment')", func='RETURN NULL;', hash='d0ea98647cc8c2fd24daa93eeae4370fc49f40ee', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_acccb', table='treatments_mechanismofaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanismreference',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('mechanism_id', 'treatments_mechanism')", func='RETURN NULL;', hash='3c323b2e393e93e0b931b1276bc04a3ee264517a', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_74181', table='treatments_mechanismreference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomemeasure',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('slug')", func='RETURN NULL;', hash='b97c4b50015563b07dfdae2c5bc6b4b5d76e4460', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_b93cc', table='treatments_outcomemeasure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomemeasure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."slug", OLD."name", OLD."abbreviation", OLD."unit", OLD."minimum", OLD."maximum", OLD."better", OLD."description")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."slug", NEW."name", NEW."abbreviation", NEW."unit", NEW."minimum", NEW."maximum", NEW."better", NEW."description")::record)', func='INSERT INTO "treatments_outcomemeasureevent" ("abbreviation", "better", "created_at", "description", "id", "maximum", "minimum", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "unit", "updated_at") VALUES (NEW."abbreviation", NEW."better", NEW."created_at", NEW."description", NEW."id", NEW."maximum", NEW."minimum", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."unit", NEW."updated_at"); RETURN NULL;', hash='51aa5e09111ac9ed442d3cd651f93d144a34baaf', operation='UPDATE', pgid='pgtrigger_update_update_025aa', table='treatments_outcomemeasure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomemeasurereference',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('outcome_measure_id', 'treatments_outcomemeasure')", func='RETURN NULL;', hash='21e9831383241b95f9bad838cafa6ba96d2f78cc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_0acde', table='treatments_outcomemeasurereference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomethreshold',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('outcome_measure_id', 'treatments_outcomemeasure')", func='RETURN NULL;', hash='fa13f346c5b85d14ab9616a9beb3a21236742c6f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_7e697', table='treatments_outcomethreshold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."accession", OLD."version", OLD."status", OLD."key", OLD."author_id", OLD."reviewer_id", OLD."release_id", OLD."submitted_at", OLD."reviewed_at", OLD."published_at", OLD."supersedes_id", OLD."superseded_at", OLD."retracted_at", OLD."retracted_by_id", OLD."retraction_reason", OLD."change_note", OLD."last_checked_on", OLD."autoantibody_id", OLD."manifestation_id", OLD."population", OLD."strength", OLD."frequency_low", OLD."frequency_high", OLD."effect_kind", OLD."effect_value", OLD."effect_ci_low", OLD."effect_ci_high", OLD."note")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."accession", NEW."version", NEW."status", NEW."key", NEW."author_id", NEW."reviewer_id", NEW."release_id", NEW."submitted_at", NEW."reviewed_at", NEW."published_at", NEW."supersedes_id", NEW."superseded_at", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."change_note", NEW."last_checked_on", NEW."autoantibody_id", NEW."manifestation_id", NEW."population", NEW."strength", NEW."frequency_low", NEW."frequency_high", NEW."effect_kind", NEW."effect_value", NEW."effect_ci_low", NEW."effect_ci_high", NEW."note")::record)', func='INSERT INTO "treatments_phenotypeassociationevent" ("accession", "author_id", "autoantibody_id", "change_note", "created_at", "effect_ci_high", "effect_ci_low", "effect_kind", "effect_value", "frequency_high", "frequency_low", "id", "key", "last_checked_on", "manifestation_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "source_checks", "status", "strength", "submitted_at", "superseded_at", "supersedes_id", "updated_at", "version") VALUES (NEW."accession", NEW."author_id", NEW."autoantibody_id", NEW."change_note", NEW."created_at", NEW."effect_ci_high", NEW."effect_ci_low", NEW."effect_kind", NEW."effect_value", NEW."frequency_high", NEW."frequency_low", NEW."id", NEW."key", NEW."last_checked_on", NEW."manifestation_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."source_checks", NEW."status", NEW."strength", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='180d1dd6f42064f13625e55005ac9a31b415b982', operation='UPDATE', pgid='pgtrigger_update_update_3e5e4', table='treatments_phenotypeassociation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prevalence',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('autoantibody_id', 'treatments_autoantibody')", func='RETURN NULL;', hash='bce640d595750ae12d9aa32a623bbc7826a2bae1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_a7f41', table='treatments_prevalence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prevalencereference',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('prevalence_id', 'treatments_prevalence', 'autoantibody_id', 'treatments_autoantibody')", func='RETURN NULL;', hash='d50f7952f23bcc6245ff1c2e83d40bc0fb78b228', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_a1d5e', table='treatments_prevalencereference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."accession", OLD."version", OLD."status", OLD."key", OLD."author_id", OLD."reviewer_id", OLD."release_id", OLD."submitted_at", OLD."reviewed_at", OLD."published_at", OLD."supersedes_id", OLD."superseded_at", OLD."retracted_at", OLD."retracted_by_id", OLD."retraction_reason", OLD."change_note", OLD."last_checked_on", OLD."guideline_id", OLD."body", OLD."treatment_id", OLD."population", OLD."setting", OLD."direction", OLD."strength", OLD."quality", OLD."statement", OLD."note")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."accession", NEW."version", NEW."status", NEW."key", NEW."author_id", NEW."reviewer_id", NEW."release_id", NEW."submitted_at", NEW."reviewed_at", NEW."published_at", NEW."supersedes_id", NEW."superseded_at", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."change_note", NEW."last_checked_on", NEW."guideline_id", NEW."body", NEW."treatment_id", NEW."population", NEW."setting", NEW."direction", NEW."strength", NEW."quality", NEW."statement", NEW."note")::record)', func='INSERT INTO "treatments_recommendationevent" ("accession", "author_id", "body", "change_note", "created_at", "direction", "guideline_id", "id", "key", "last_checked_on", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "quality", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "setting", "source_checks", "statement", "status", "strength", "submitted_at", "superseded_at", "supersedes_id", "treatment_id", "updated_at", "version") VALUES (NEW."accession", NEW."author_id", NEW."body", NEW."change_note", NEW."created_at", NEW."direction", NEW."guideline_id", NEW."id", NEW."key", NEW."last_checked_on", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."quality", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."setting", NEW."source_checks", NEW."statement", NEW."status", NEW."strength", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."treatment_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='c4155707a28ebc8bc14388bc70f6dc349e4cdc01', operation='UPDATE', pgid='pgtrigger_update_update_8ff9f', table='treatments_recommendation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reference',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('slug')", func='RETURN NULL;', hash='b34088bd548342ce7b48ebd0df4068a64fe99bf8', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_b851d', table='treatments_reference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reference',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."slug", OLD."title", OLD."authors", OLD."journal", OLD."year", OLD."volume", OLD."issue", OLD."pages", OLD."pmid", OLD."doi", OLD."pmcid", OLD."publication_type", OLD."retraction_status")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."slug", NEW."title", NEW."authors", NEW."journal", NEW."year", NEW."volume", NEW."issue", NEW."pages", NEW."pmid", NEW."doi", NEW."pmcid", NEW."publication_type", NEW."retraction_status")::record)', func='INSERT INTO "treatments_referenceevent" ("authors", "created_at", "doi", "id", "issue", "journal", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "publication_type", "retired_on", "retirement_reason", "retraction_status", "slug", "source_checks", "successor_id", "title", "updated_at", "volume", "year") VALUES (NEW."authors", NEW."created_at", NEW."doi", NEW."id", NEW."issue", NEW."journal", NEW."pages", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pmcid", NEW."pmid", NEW."publication_type", NEW."retired_on", NEW."retirement_reason", NEW."retraction_status", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."title", NEW."updated_at", NEW."volume", NEW."year"); RETURN NULL;', hash='425a4a9a82c287b6bff6ad1a73c41d2940dd5852', operation='UPDATE', pgid='pgtrigger_update_update_ee8d6', table='treatments_reference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('name')", func='RETURN NULL;', hash='520668592cc6a6137d317b84d4abc3fe079918a6', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_ca4b6', table='treatments_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."name", OLD."title", OLD."notes", OLD."released_on")::record *<> ROW(NEW."id", NEW."created_at", NEW."name", NEW."title", NEW."notes", NEW."released_on")::record)', func='INSERT INTO "treatments_releaseevent" ("created_at", "id", "name", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_on", "title", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."name", NEW."notes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."released_on", NEW."title", NEW."updated_at"); RETURN NULL;', hash='7f6850262f0a18491c36c7797132a98cf1b9dd24', operation='UPDATE', pgid='pgtrigger_update_update_3139b', table='treatments_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatment',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('slug')", func='RETURN NULL;', hash='3a03e03e840f077540ff840c94fc3f6612140250', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_23337', table='treatments_treatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."slug", OLD."name", OLD."kind", OLD."drug_class", OLD."stage", OLD."in_review_figure", OLD."synonyms", OLD."brand_names", OLD."routes", OLD."summary", OLD."monitoring", OLD."boxed_warning", OLD."contraindications", OLD."pregnancy", OLD."label_note", OLD."atc_code", OLD."chembl_id", OLD."rxnorm_cui", OLD."drugbank_id", OLD."unii")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."slug", NEW."name", NEW."kind", NEW."drug_class", NEW."stage", NEW."in_review_figure", NEW."synonyms", NEW."brand_names", NEW."routes", NEW."summary", NEW."monitoring", NEW."boxed_warning", NEW."contraindications", NEW."pregnancy", NEW."label_note", NEW."atc_code", NEW."chembl_id", NEW."rxnorm_cui", NEW."drugbank_id", NEW."unii")::record)', func='INSERT INTO "treatments_treatmentevent" ("atc_code", "boxed_warning", "brand_names", "chembl_id", "contraindications", "created_at", "drug_class", "drugbank_id", "id", "in_review_figure", "kind", "label_note", "monitoring", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy", "retired_on", "retirement_reason", "routes", "rxnorm_cui", "slug", "source_checks", "stage", "successor_id", "summary", "synonyms", "unii", "updated_at") VALUES (NEW."atc_code", NEW."boxed_warning", NEW."brand_names", NEW."chembl_id", NEW."contraindications", NEW."created_at", NEW."drug_class", NEW."drugbank_id", NEW."id", NEW."in_review_figure", NEW."kind", NEW."label_note", NEW."monitoring", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pregnancy", NEW."retired_on", NEW."retirement_reason", NEW."routes", NEW."rxnorm_cui", NEW."slug", NEW."source_checks", NEW."stage", NEW."successor_id", NEW."summary", NEW."synonyms", NEW."unii", NEW."updated_at"); RETURN NULL;', hash='6ffe6637b7a29f37a2db8af13ce4aeb4fec5f410', operation='UPDATE', pgid='pgtrigger_update_update_ecc74', table='treatments_treatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentcomponent',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('combination_id', 'treatments_treatment')", func='RETURN NULL;', hash='b25b2211acc4d4cfe35dcf8633e9cf4dcc82c618', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_e96ab', table='treatments_treatmentcomponent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentmember',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('treatment_class_id', 'treatments_treatment')", func='RETURN NULL;', hash='012698d1717aafddf514505f5941b586b3c2c5aa', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_5c7bc', table='treatments_treatmentmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentreference',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('treatment_id', 'treatments_treatment')", func='RETURN NULL;', hash='bc6dff051d93cf15389888622ecc3fd1c251302f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_c1deb', table='treatments_treatmentreference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_keep_record('nct_id')", func='RETURN NULL;', hash='a42a5861650a1a7bc934ec9240c6c18c1537893f', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_f64cb', table='treatments_trial', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD."id", OLD."created_at", OLD."source_checks", OLD."retired_on", OLD."retirement_reason", OLD."successor_id", OLD."nct_id", OLD."acronym", OLD."title", OLD."phase", OLD."status", OLD."status_as_of", OLD."enrollment", OLD."sponsor", OLD."note")::record *<> ROW(NEW."id", NEW."created_at", NEW."source_checks", NEW."retired_on", NEW."retirement_reason", NEW."successor_id", NEW."nct_id", NEW."acronym", NEW."title", NEW."phase", NEW."status", NEW."status_as_of", NEW."enrollment", NEW."sponsor", NEW."note")::record)', func='INSERT INTO "treatments_trialevent" ("acronym", "created_at", "enrollment", "id", "nct_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "retired_on", "retirement_reason", "source_checks", "sponsor", "status", "status_as_of", "successor_id", "title", "updated_at") VALUES (NEW."acronym", NEW."created_at", NEW."enrollment", NEW."id", NEW."nct_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase", NEW."retired_on", NEW."retirement_reason", NEW."source_checks", NEW."sponsor", NEW."status", NEW."status_as_of", NEW."successor_id", NEW."title", NEW."updated_at"); RETURN NULL;', hash='bd86470c289f80189c0cb358293a6e7d2fa8e2f7', operation='UPDATE', pgid='pgtrigger_update_update_f33bd', table='treatments_trial', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialresult',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('trial_id', 'treatments_trial')", func='RETURN NULL;', hash='d57d8f4ea81c6941c6132478ce67265080d38ffa', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_31c90', table='treatments_trialresult', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialtreatment',
            trigger=pgtrigger.compiler.Trigger(name='touch_owner', sql=pgtrigger.compiler.UpsertTriggerSql(execute="treatments_touch_owner('trial_id', 'treatments_trial')", func='RETURN NULL;', hash='50be756256a33437771a8dea80e2152bbd80ba0b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_touch_owner_b5d27', table='treatments_trialtreatment', when='AFTER')),
        ),
    ]
