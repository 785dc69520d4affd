"""The triggers that record changes, written so that a backup can make them again.

PostgreSQL leaves the cast out where it writes ``ROW(…)::record *<> ROW(…)::record`` into a dump, and cannot read that.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('treatments', '0014_drafts_without_their_texts'),
    ]

    operations = [
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
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_appraisalevent" ("accession", "author_id", "autoantibody_id", "bottom_line", "certainty_id", "change_note", "created_at", "id", "key", "last_checked_on", "manifestation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "source_checks", "status", "submitted_at", "superseded_at", "supersedes_id", "treatment_id", "updated_at", "version") VALUES (NEW."accession", NEW."author_id", NEW."autoantibody_id", NEW."bottom_line", NEW."certainty_id", NEW."change_note", NEW."created_at", NEW."id", NEW."key", NEW."last_checked_on", NEW."manifestation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."source_checks", NEW."status", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."treatment_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='1062ce32f529a6e3030405921df0ebf8fabb68f3', operation='UPDATE', pgid='pgtrigger_update_update_2ea13', table='treatments_appraisal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='autoantibody',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_autoantibodyevent" ("antigen", "created_at", "description", "detection_note", "full_name", "genes", "group", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "synonyms", "uniprot_id", "updated_at") VALUES (NEW."antigen", NEW."created_at", NEW."description", NEW."detection_note", NEW."full_name", NEW."genes", NEW."group", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."synonyms", NEW."uniprot_id", NEW."updated_at"); RETURN NULL;', hash='dd7b5fd98d8e8165b9c1c0115a92c5e833c53fd1', operation='UPDATE', pgid='pgtrigger_update_update_8049c', table='treatments_autoantibody', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certaintylevel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'updated_at'])::text)", func='INSERT INTO "treatments_certaintylevelevent" ("code", "created_at", "description", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "retired_on", "retirement_reason", "source_checks", "successor_id", "updated_at") VALUES (NEW."code", NEW."created_at", NEW."description", NEW."label", _pgh_attach_context(), NOW(), \'update\', NEW."code", NEW."rank", NEW."retired_on", NEW."retirement_reason", NEW."source_checks", NEW."successor_id", NEW."updated_at"); RETURN NULL;', hash='3ea91d278724c19960fc090213898d5cdeaf6988', operation='UPDATE', pgid='pgtrigger_update_update_e3cf6', table='treatments_certaintylevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_evidenceevent" ("accession", "analysis", "aspect", "author_id", "change_note", "comparator", "created_at", "design", "direction", "id", "key", "last_checked_on", "level_id", "level_note", "limitations", "n_control", "n_treated", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "reference_id", "regimen", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "safety", "setting", "source_checks", "statement", "status", "submitted_at", "superseded_at", "supersedes_id", "treatment_id", "trial_id", "updated_at", "version") VALUES (NEW."accession", NEW."analysis", NEW."aspect", NEW."author_id", NEW."change_note", NEW."comparator", NEW."created_at", NEW."design", NEW."direction", NEW."id", NEW."key", NEW."last_checked_on", NEW."level_id", NEW."level_note", NEW."limitations", NEW."n_control", NEW."n_treated", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."reference_id", NEW."regimen", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."safety", NEW."setting", NEW."source_checks", NEW."statement", NEW."status", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."treatment_id", NEW."trial_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='2a720b1db6ca366df1369c1475355c33f3cdfae1', operation='UPDATE', pgid='pgtrigger_update_update_5b0ba', table='treatments_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelevel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'updated_at'])::text)", func='INSERT INTO "treatments_evidencelevelevent" ("code", "created_at", "description", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "retired_on", "retirement_reason", "source_checks", "successor_id", "updated_at") VALUES (NEW."code", NEW."created_at", NEW."description", NEW."label", _pgh_attach_context(), NOW(), \'update\', NEW."code", NEW."rank", NEW."retired_on", NEW."retirement_reason", NEW."source_checks", NEW."successor_id", NEW."updated_at"); RETURN NULL;', hash='ce569f7628b193e3d50020e717f3b256eaf07ead', operation='UPDATE', pgid='pgtrigger_update_update_72787', table='treatments_evidencelevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='manifestation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_manifestationevent" ("created_at", "description", "hpo_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "synonyms", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."hpo_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."synonyms", NEW."updated_at"); RETURN NULL;', hash='6f2df73afdfb873b7dd8815fbd13e17021f64202', operation='UPDATE', pgid='pgtrigger_update_update_6366c', table='treatments_manifestation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_mechanismevent" ("created_at", "description", "genes", "id", "kegg_id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reactome_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."genes", NEW."id", NEW."kegg_id", NEW."kind", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reactome_id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."updated_at"); RETURN NULL;', hash='3f57e31d970e3ea4eb4f5bad2774e6f072ef4c18', operation='UPDATE', pgid='pgtrigger_update_update_9fff2', table='treatments_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanisminteraction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['updated_at'])::text)", func='INSERT INTO "treatments_mechanisminteractionevent" ("created_at", "downstream_id", "effect", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "upstream_id") VALUES (NEW."created_at", NEW."downstream_id", NEW."effect", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."updated_at", NEW."upstream_id"); RETURN NULL;', hash='155881de79a395158ed7ec6da57646fef26473ce', operation='UPDATE', pgid='pgtrigger_update_update_8a920', table='treatments_mechanisminteraction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcomemeasure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_outcomemeasureevent" ("abbreviation", "better", "created_at", "description", "id", "maximum", "minimum", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_on", "retirement_reason", "slug", "source_checks", "successor_id", "unit", "updated_at") VALUES (NEW."abbreviation", NEW."better", NEW."created_at", NEW."description", NEW."id", NEW."maximum", NEW."minimum", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_on", NEW."retirement_reason", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."unit", NEW."updated_at"); RETURN NULL;', hash='a3cb4b0aa98e50e10ad37ddfec6e4b1debe49a5a', operation='UPDATE', pgid='pgtrigger_update_update_025aa', table='treatments_outcomemeasure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_phenotypeassociationevent" ("accession", "author_id", "autoantibody_id", "change_note", "created_at", "effect_ci_high", "effect_ci_low", "effect_kind", "effect_value", "frequency_high", "frequency_low", "id", "key", "last_checked_on", "manifestation_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "source_checks", "status", "strength", "submitted_at", "superseded_at", "supersedes_id", "updated_at", "version") VALUES (NEW."accession", NEW."author_id", NEW."autoantibody_id", NEW."change_note", NEW."created_at", NEW."effect_ci_high", NEW."effect_ci_low", NEW."effect_kind", NEW."effect_value", NEW."frequency_high", NEW."frequency_low", NEW."id", NEW."key", NEW."last_checked_on", NEW."manifestation_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."source_checks", NEW."status", NEW."strength", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='d989848192ad02c7f0f0b3e9d91f376b9469ceb6', operation='UPDATE', pgid='pgtrigger_update_update_3e5e4', table='treatments_phenotypeassociation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_recommendationevent" ("accession", "author_id", "body", "change_note", "created_at", "direction", "guideline_id", "id", "key", "last_checked_on", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "published_at", "quality", "release_id", "retracted_at", "retracted_by_id", "retraction_reason", "reviewed_at", "reviewer_id", "setting", "source_checks", "statement", "status", "strength", "submitted_at", "superseded_at", "supersedes_id", "treatment_id", "updated_at", "version") VALUES (NEW."accession", NEW."author_id", NEW."body", NEW."change_note", NEW."created_at", NEW."direction", NEW."guideline_id", NEW."id", NEW."key", NEW."last_checked_on", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."published_at", NEW."quality", NEW."release_id", NEW."retracted_at", NEW."retracted_by_id", NEW."retraction_reason", NEW."reviewed_at", NEW."reviewer_id", NEW."setting", NEW."source_checks", NEW."statement", NEW."status", NEW."strength", NEW."submitted_at", NEW."superseded_at", NEW."supersedes_id", NEW."treatment_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='523e839a7bd6564205ce3365999fc971749afd26', operation='UPDATE', pgid='pgtrigger_update_update_8ff9f', table='treatments_recommendation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reference',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_referenceevent" ("authors", "created_at", "doi", "id", "issue", "journal", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "publication_type", "retired_on", "retirement_reason", "retraction_status", "slug", "source_checks", "successor_id", "title", "updated_at", "volume", "year") VALUES (NEW."authors", NEW."created_at", NEW."doi", NEW."id", NEW."issue", NEW."journal", NEW."pages", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pmcid", NEW."pmid", NEW."publication_type", NEW."retired_on", NEW."retirement_reason", NEW."retraction_status", NEW."slug", NEW."source_checks", NEW."successor_id", NEW."title", NEW."updated_at", NEW."volume", NEW."year"); RETURN NULL;', hash='3ccb25d04c6de9df7165a832ad79432acf26da2d', operation='UPDATE', pgid='pgtrigger_update_update_ee8d6', table='treatments_reference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['updated_at'])::text)", func='INSERT INTO "treatments_releaseevent" ("created_at", "id", "name", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_on", "title", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."name", NEW."notes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."released_on", NEW."title", NEW."updated_at"); RETURN NULL;', hash='f3ebbcb86777f6cb87cdf4d389a9fbb202adc5da', operation='UPDATE', pgid='pgtrigger_update_update_3139b', table='treatments_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_treatmentevent" ("atc_code", "boxed_warning", "brand_names", "chembl_id", "contraindications", "created_at", "drug_class", "drugbank_id", "id", "in_review_figure", "kind", "label_note", "monitoring", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pregnancy", "retired_on", "retirement_reason", "routes", "rxnorm_cui", "slug", "source_checks", "stage", "successor_id", "summary", "synonyms", "unii", "updated_at") VALUES (NEW."atc_code", NEW."boxed_warning", NEW."brand_names", NEW."chembl_id", NEW."contraindications", NEW."created_at", NEW."drug_class", NEW."drugbank_id", NEW."id", NEW."in_review_figure", NEW."kind", NEW."label_note", NEW."monitoring", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pregnancy", NEW."retired_on", NEW."retirement_reason", NEW."routes", NEW."rxnorm_cui", NEW."slug", NEW."source_checks", NEW."stage", NEW."successor_id", NEW."summary", NEW."synonyms", NEW."unii", NEW."updated_at"); RETURN NULL;', hash='c902926731eed4ca5d7e31bfcd5a824c15b44cfc', operation='UPDATE', pgid='pgtrigger_update_update_ecc74', table='treatments_treatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((to_jsonb(OLD.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text <> (to_jsonb(NEW.*) - ARRAY['primary_checked', 'search_vector', 'updated_at'])::text)", func='INSERT INTO "treatments_trialevent" ("acronym", "created_at", "enrollment", "id", "nct_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "retired_on", "retirement_reason", "source_checks", "sponsor", "status", "status_as_of", "successor_id", "title", "updated_at") VALUES (NEW."acronym", NEW."created_at", NEW."enrollment", NEW."id", NEW."nct_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase", NEW."retired_on", NEW."retirement_reason", NEW."source_checks", NEW."sponsor", NEW."status", NEW."status_as_of", NEW."successor_id", NEW."title", NEW."updated_at"); RETURN NULL;', hash='a084e160cb261f12500ed7b1ebd98fd2944b0355', operation='UPDATE', pgid='pgtrigger_update_update_f33bd', table='treatments_trial', when='AFTER')),
        ),
    ]
