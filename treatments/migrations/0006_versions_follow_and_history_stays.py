"""Versions follow each other, and the history stays.

A version is superseded by one that readers can see, and no other way. The tables of the history are never emptied, and
who changed something, and why, never changes once its transaction is over. The revision knows a transaction by its
time too, and no setting of a session lets a table be emptied any more.
"""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

before = import_module("treatments.migrations.0001_functions")

VERSIONS = r"""
-- At commit, so that two versions can change places in turn. The row is read as it is then.
CREATE FUNCTION treatments_check_versions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim record;
    neighbour text;
    public_states constant text[] := ARRAY['published', 'superseded', 'retracted'];
    status_of constant text := format('SELECT status FROM %I WHERE accession = $1 AND version = $2', TG_TABLE_NAME);
BEGIN
    EXECUTE format('SELECT accession, version, status FROM %I WHERE id = $1', TG_TABLE_NAME) INTO claim USING NEW.id;
    IF claim.status = 'superseded' THEN
        EXECUTE status_of INTO neighbour USING claim.accession, claim.version + 1;
        IF neighbour IS NULL OR neighbour <> ALL (public_states) THEN
            RAISE EXCEPTION '% v% is superseded only when version % is published.',
                claim.accession, claim.version, claim.version + 1 USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF claim.status = ANY (public_states) AND claim.version > 1 THEN
        EXECUTE status_of INTO neighbour USING claim.accession, claim.version - 1;
        IF neighbour IS DISTINCT FROM 'superseded' THEN
            RAISE EXCEPTION '% v% is published only in place of version %, which is then superseded.',
                claim.accession, claim.version, claim.version - 1 USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""

REVISION = r"""
-- One step a transaction, however many statements it has. The time is compared as well as the number: a cluster that
-- was restored from a dump gives its transactions numbers that were given before.
CREATE OR REPLACE FUNCTION treatments_bump_revision() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO treatments_datasetrevision AS r (id, number, changed_at, transaction_id)
    VALUES (1, 1, now(), pg_current_xact_id()::text)
    ON CONFLICT (id) DO UPDATE
        SET number = r.number + 1, changed_at = excluded.changed_at, transaction_id = excluded.transaction_id
        WHERE (r.transaction_id, r.changed_at) <> (excluded.transaction_id, excluded.changed_at);
END $$;
"""

HISTORY = r"""
CREATE OR REPLACE FUNCTION treatments_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never emptied.', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

-- django-pghistory writes who and why with the first recorded change, and writes it anew when more is said of the same
-- piece of work. It may do so until the transaction ends; what was committed is settled.
CREATE FUNCTION treatments_keep_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.created_at <> now() OR (NEW.id, NEW.created_at) <> (OLD.id, OLD.created_at) THEN
        RAISE EXCEPTION 'What the history says of who changed something, and why, never changes.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- On a table of django-pghistory, whose migrations are not ours.
CREATE TRIGGER treatments_keep_context BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION treatments_keep_context();
CREATE TRIGGER treatments_no_truncate BEFORE TRUNCATE ON pghistory_context
    FOR EACH STATEMENT EXECUTE FUNCTION treatments_refuse_truncate();
"""

BACK = "\n".join(
    [
        "DROP TRIGGER treatments_no_truncate ON pghistory_context;",
        "DROP TRIGGER treatments_keep_context ON pghistory_context;",
        "DROP FUNCTION treatments_keep_context, treatments_check_versions;",
        *(
            found.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
            for text in (before.REVISION, before.CLAIMS)
            for found in text.split("\n\n")
            if "treatments_bump_revision() RETURNS" in found or "treatments_refuse_truncate() RETURNS" in found
        ),
    ]
)


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('treatments', '0005_findings'),
    ]

    operations = [
        migrations.RunSQL("\n".join([VERSIONS, REVISION, HISTORY]), BACK),
        pgtrigger.migrations.AddTrigger(
            model_name='appraisal',
            trigger=pgtrigger.compiler.Trigger(name='versions_follow', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='treatments_check_versions()', func='RETURN NULL;', hash='a19e7278ae1148d9fc9ac1643526f42786b63e51', operation='UPDATE', pgid='pgtrigger_versions_follow_91435', table='treatments_appraisal', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appraisalevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='1fc526b77f5225889a436d013824e3f2713ac19b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7fc17', table='treatments_appraisalevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appraisalevidenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='7344f10f03819772cc46d44cb717a5d4b1d47917', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_66fcc', table='treatments_appraisalevidenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='aafe675cef994060a6b4ed0b1795a7f372213ba2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6c9a6', table='treatments_approvalevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='autoantibodyevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='e7395657de23ac48382bf12fd3a0635105283c45', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c3f1d', table='treatments_autoantibodyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='autoantibodymemberevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='b168b9e80264e535c63ec60fe4cc2747dca41632', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_de385', table='treatments_autoantibodymemberevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certaintylevelevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='60917beadc6b50d1960b3d91397df527753277b1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_46f4c', table='treatments_certaintylevelevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datasetrevisionevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='7658fb737554868c697f39d8c74f2143b79771ad', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_062ef', table='treatments_datasetrevisionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dismissalevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='d83d5407deb067472703e81afec891b28f8bd54c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_84821', table='treatments_dismissalevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='versions_follow', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='treatments_check_versions()', func='RETURN NULL;', hash='45481a7f56966933be39400ef200a4153ef19ada', operation='UPDATE', pgid='pgtrigger_versions_follow_c88f9', table='treatments_evidence', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceautoantibodyevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='3eec56641616934c9a91cca62b2373775a4ea0c6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a32d5', table='treatments_evidenceautoantibodyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='565ecaa9c3e612526f83644b54c972009735e4e2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d83f7', table='treatments_evidenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelevelevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='07f8862197807bab4ba1cb169e306c597af2c260', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_af4d4', table='treatments_evidencelevelevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencemanifestationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='5abaf83157f92e2e767752bb7a1a130143652a05', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c8036', table='treatments_evidencemanifestationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='manifestationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='3401087c29712d126f2e587c3c1dfff76d9c1af5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b840e', table='treatments_manifestationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanismevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='9f740893ad0ef452733f025fa00077552fa0cdcd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0a8ac', table='treatments_mechanismevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanisminteractionevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='8e04de9b42486a26c8547578f67cc418a9580d44', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ddd39', table='treatments_mechanisminteractionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanisminteractionreferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='e8088a3ce777b8b416b442a69ab0cb758d4d26de', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_959e2', table='treatments_mechanisminteractionreferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanismofactionevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='2603a1f70c8e212fa703535e66e45dc74e9cd085', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4ad1d', table='treatments_mechanismofactionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanismreferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='c5f89383a57a00f18551d262f445dd2d71d7db67', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0b810', table='treatments_mechanismreferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomemeasureevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='66153df4ae45d410aab972b2f00f6dea177608a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_72193', table='treatments_outcomemeasureevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomemeasurereferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='3b51a91156a7ae6cd6ef74cb6dd9eea058e929d3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a6e67', table='treatments_outcomemeasurereferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomethresholdevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='b13b1546df9a3a10c78b2d1c346565178d1d6167', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d1d61', table='treatments_outcomethresholdevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociation',
            trigger=pgtrigger.compiler.Trigger(name='versions_follow', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='treatments_check_versions()', func='RETURN NULL;', hash='f9d885a1bd63031ec3b4e1c35a2f413bfcfe5506', operation='UPDATE', pgid='pgtrigger_versions_follow_0c31f', table='treatments_phenotypeassociation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='c1c0af8d0cbff0a93dbac64bc0320c06f40aa738', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_bea5e', table='treatments_phenotypeassociationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociationreferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='a86dc4c2cb3fce52a184fe145d57ca3a90c936d4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_39826', table='treatments_phenotypeassociationreferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prevalenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='9c536bda21d6195caa06568ef7d549e44a56a7a6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_fc7c1', table='treatments_prevalenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prevalencereferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='8e671764a7b2a4c254d58b750f28dc277d53ad07', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_30ec6', table='treatments_prevalencereferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='versions_follow', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='treatments_check_versions()', func='RETURN NULL;', hash='5b1eb84aeb1676edb6e64cab288227d438b20573', operation='UPDATE', pgid='pgtrigger_versions_follow_3a576', table='treatments_recommendation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendationautoantibodyevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='9a4ce16fd9912233a047cb6afd11f08daa224087', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_cbf25', table='treatments_recommendationautoantibodyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='981eec5df2b953f5c7a6c5fb35f2be5ff1a52c38', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d8931', table='treatments_recommendationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendationmanifestationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='a1b44edff1b33d1521d86c6817eeb40b3feb8ec1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7aec1', table='treatments_recommendationmanifestationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='c28212e40d86e7226f27fe85037485b857e315a0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a4a2e', table='treatments_referenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releaseevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='c130d68681126d69d0058b8a6bd0f0d19e0b1a29', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5864c', table='treatments_releaseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resultevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='bbdbb7799df79656040d8d24c8a841b103443357', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_664ef', table='treatments_resultevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentcomponentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='8dfd319e50b12530194841fb49f696c8ce5213ce', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_e7fb9', table='treatments_treatmentcomponentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='2e70977e1c2f2453d02153eda0bf4919a9c2f8b1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_25394', table='treatments_treatmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentmemberevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='294f31e020a35beacd428127d86e9134d3ef96f1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d7bd8', table='treatments_treatmentmemberevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatmentreferenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='7f087901111c4757e9a75f5e9fc1556b77886d1a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ff051', table='treatments_treatmentreferenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='77e9a4ada2e87da6203136de0cc118666eba3603', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5e5ca', table='treatments_trialevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialresultevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='ab5452a966f488830d09e330af81cd9396322d89', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0c9e1', table='treatments_trialresultevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialtreatmentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='c7e77b373b501a932453febc7cbf61af876f26a1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_96164', table='treatments_trialtreatmentevent', when='BEFORE')),
        ),
    ]
