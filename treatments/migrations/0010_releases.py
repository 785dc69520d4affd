"""Releases keep their files, and what a release holds never changes."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import treatments.models.fields
from django.db import migrations, models

GUARDS = r"""
CREATE FUNCTION treatments_refuse_release_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What a release holds never changes.' USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION treatments_guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM treatments_releasesnapshot WHERE release_id = OLD.id) THEN
        RAISE EXCEPTION 'Release % has its files and never changes.', OLD.name USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""
BACK = "DROP FUNCTION treatments_guard_release, treatments_refuse_release_change"


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('treatments', '0009_forms_in_the_database'),
    ]

    operations = [
        migrations.RunSQL(GUARDS, BACK),
        migrations.CreateModel(
            name='ReleaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', treatments.models.fields.ChoiceField(choices=[('yaml', 'YAML'), ('json', 'JSON'), ('csv', 'CSV'), ('manifest', 'Manifest')], max_length=10)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('media_type', models.CharField(max_length=60)),
                ('size', models.PositiveBigIntegerField(help_text='In bytes.')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('content', models.BinaryField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseFileEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('form', treatments.models.fields.ChoiceField(choices=[('yaml', 'YAML'), ('json', 'JSON'), ('csv', 'CSV'), ('manifest', 'Manifest')], max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('media_type', models.CharField(max_length=60)),
                ('size', models.PositiveBigIntegerField(help_text='In bytes.')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReleaseSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cut_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When the files were made.')),
                ('revision', models.PositiveBigIntegerField(help_text='The revision of the data set that the release made.')),
                ('schema_version', models.PositiveSmallIntegerField(help_text='Of the files: what they hold, and how.')),
                ('counts', models.JSONField(help_text='How many rows each file of the data set has.')),
                ('change_counts', models.JSONField(blank=True, default=dict, help_text='How many records changed, and how.')),
                ('difference', models.JSONField(blank=True, default=dict, help_text='Which records changed, and how.')),
                ('left_out', models.JSONField(blank=True, default=list, help_text='What the files do not hold, and why.')),
            ],
            options={
                'ordering': ['-cut_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseSnapshotEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('cut_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When the files were made.')),
                ('revision', models.PositiveBigIntegerField(help_text='The revision of the data set that the release made.')),
                ('schema_version', models.PositiveSmallIntegerField(help_text='Of the files: what they hold, and how.')),
                ('counts', models.JSONField(help_text='How many rows each file of the data set has.')),
                ('change_counts', models.JSONField(blank=True, default=dict, help_text='How many records changed, and how.')),
                ('difference', models.JSONField(blank=True, default=dict, help_text='Which records changed, and how.')),
                ('left_out', models.JSONField(blank=True, default=list, help_text='What the files do not hold, and why.')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='fixed_once_cut', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_guard_release()', func='RETURN NULL;', hash='15e7962c43b285476355c84b2c14fa6bf114bb31', operation='UPDATE OR DELETE', pgid='pgtrigger_fixed_once_cut_c703c', table='treatments_release', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='releasefileevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='releasefileevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='treatments.releasefile'),
        ),
        migrations.AddField(
            model_name='releasesnapshot',
            name='previous',
            field=models.ForeignKey(blank=True, help_text='The release before, which this one was compared with.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='treatments.release'),
        ),
        migrations.AddField(
            model_name='releasesnapshot',
            name='release',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='snapshot', to='treatments.release'),
        ),
        migrations.AddField(
            model_name='releasefileevent',
            name='snapshot',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='treatments.releasesnapshot'),
        ),
        migrations.AddField(
            model_name='releasefile',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='treatments.releasesnapshot'),
        ),
        migrations.AddField(
            model_name='releasesnapshotevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='releasesnapshotevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='treatments.releasesnapshot'),
        ),
        migrations.AddField(
            model_name='releasesnapshotevent',
            name='previous',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='The release before, which this one was compared with.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='treatments.release'),
        ),
        migrations.AddField(
            model_name='releasesnapshotevent',
            name='release',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='treatments.release'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_release_change()', func='RETURN NULL;', hash='27fabfd6e80b7d04024b237b5d973c74ed8dc2f8', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_e9365', table='treatments_releasesnapshot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='revision_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_bump_on_insert()', func='RETURN NULL;', hash='5b8908475632d9e30d1ede316b14dc23fc15fcfd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_revision_on_insert_a025a', referencing='REFERENCING NEW TABLE AS new_rows ', table='treatments_releasesnapshot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='revision_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_bump_on_update()', func='RETURN NULL;', hash='40afae0ec95eed3d2d64936e7e4f607e456d160d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_revision_on_update_82a06', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='treatments_releasesnapshot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='revision_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_bump_on_delete()', func='RETURN NULL;', hash='e39fa217b5cb29d5f29be2640eee6a3a11b3f88f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_revision_on_delete_f6295', referencing='REFERENCING OLD TABLE AS old_rows ', table='treatments_releasesnapshot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='8efd3b14a37c15016fc66ac5ffecb34a53f263ef', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_38fcb', table='treatments_releasesnapshot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_releasesnapshotevent" ("change_counts", "counts", "cut_at", "difference", "id", "left_out", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "release_id", "revision", "schema_version") VALUES (NEW."change_counts", NEW."counts", NEW."cut_at", NEW."difference", NEW."id", NEW."left_out", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_id", NEW."release_id", NEW."revision", NEW."schema_version"); RETURN NULL;', hash='75fd2d7032541e1e8b717547912551349d471fe3', operation='INSERT', pgid='pgtrigger_insert_insert_6e839', table='treatments_releasesnapshot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* *<> NEW.*)', func='INSERT INTO "treatments_releasesnapshotevent" ("change_counts", "counts", "cut_at", "difference", "id", "left_out", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "release_id", "revision", "schema_version") VALUES (NEW."change_counts", NEW."counts", NEW."cut_at", NEW."difference", NEW."id", NEW."left_out", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_id", NEW."release_id", NEW."revision", NEW."schema_version"); RETURN NULL;', hash='20695744f76f274814cea50657606cb3271b0893', operation='UPDATE', pgid='pgtrigger_update_update_7b4d6', table='treatments_releasesnapshot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_releasesnapshotevent" ("change_counts", "counts", "cut_at", "difference", "id", "left_out", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "release_id", "revision", "schema_version") VALUES (OLD."change_counts", OLD."counts", OLD."cut_at", OLD."difference", OLD."id", OLD."left_out", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_id", OLD."release_id", OLD."revision", OLD."schema_version"); RETURN NULL;', hash='e300d6326fcb611ab8b49fe5e55d1473b8641cbc', operation='DELETE', pgid='pgtrigger_delete_delete_eda04', table='treatments_releasesnapshot', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefileevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='7e5770b843897647251260c5b5fb001e9ef372f3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_dc896', table='treatments_releasefileevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefileevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='02b54ee4ee1dfdd038dd55bd5e7d8716816450b7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_69cde', table='treatments_releasefileevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.UniqueConstraint(fields=('snapshot', 'form'), name='release_file_once'),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.CheckConstraint(condition=models.Q(('size', models.Func(models.F('content'), function='octet_length', output_field=models.BigIntegerField()))), name='release_file_size', violation_error_message='The size of a file of a release is that of its content.'),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.CheckConstraint(condition=models.Q(('sha256', models.Func(models.Func(models.F('content'), function='sha256', output_field=models.BinaryField()), models.Value('hex'), function='encode', output_field=models.TextField()))), name='release_file_checksum', violation_error_message='The checksum of a file of a release is that of its content.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_release_change()', func='RETURN NULL;', hash='847fae23aea90d41d054f400b52cc706255abf82', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_895b2', table='treatments_releasefile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='revision_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_bump_on_insert()', func='RETURN NULL;', hash='00727a651e7baca4b45b24af7de5aa2787466e58', level='STATEMENT', operation='INSERT', pgid='pgtrigger_revision_on_insert_a0c11', referencing='REFERENCING NEW TABLE AS new_rows ', table='treatments_releasefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='revision_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_bump_on_update()', func='RETURN NULL;', hash='89418f54bb3b687a205a7d5d7092eed244e93e87', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_revision_on_update_3116e', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='treatments_releasefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='revision_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_bump_on_delete()', func='RETURN NULL;', hash='8b5fabbcf3235f27d674efbeb52b870f90185d45', level='STATEMENT', operation='DELETE', pgid='pgtrigger_revision_on_delete_faffd', referencing='REFERENCING OLD TABLE AS old_rows ', table='treatments_releasefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='ba3823545ca1ffbb92018c67e4604193241c4445', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_eced1', table='treatments_releasefile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_releasefileevent" ("form", "id", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "snapshot_id") VALUES (NEW."form", NEW."id", NEW."media_type", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sha256", NEW."size", NEW."snapshot_id"); RETURN NULL;', hash='a271ea10d4054fb62a641b7e591717f7272c5fa5', operation='INSERT', pgid='pgtrigger_insert_insert_4bdb0', table='treatments_releasefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* *<> NEW.*)', func='INSERT INTO "treatments_releasefileevent" ("form", "id", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "snapshot_id") VALUES (NEW."form", NEW."id", NEW."media_type", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sha256", NEW."size", NEW."snapshot_id"); RETURN NULL;', hash='de445752e4cd43b3378dd28d00df5dde1522bd28', operation='UPDATE', pgid='pgtrigger_update_update_74b17', table='treatments_releasefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_releasefileevent" ("form", "id", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "snapshot_id") VALUES (OLD."form", OLD."id", OLD."media_type", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sha256", OLD."size", OLD."snapshot_id"); RETURN NULL;', hash='02e9fc29095a7ac450c524340c6ec646b4e472e9', operation='DELETE', pgid='pgtrigger_delete_delete_59f14', table='treatments_releasefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshotevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='cca09698e2bcd02c1f07952d3d0ad05dea8a40ff', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_399b1', table='treatments_releasesnapshotevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasesnapshotevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='19810470e6316292ef7b5158b1278908ee7a0c26', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f6df3', table='treatments_releasesnapshotevent', when='BEFORE')),
        ),
    ]
