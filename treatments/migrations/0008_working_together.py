"""People at work on claims: declarations of interests, comments, who works on which draft, who is sent mail.

Who publishes a claim has declared their interests within the last year. A draft that is submitted or deleted is nobody's
work any more.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import treatments.models.fields
from django.conf import settings
from django.db import migrations, models


FUNCTIONS = r"""
CREATE FUNCTION treatments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to: what was said stays as it was said.', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END $$;

-- A claim that comes with a release has no reviewer and was reviewed before it came.
CREATE FUNCTION treatments_check_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'published' AND OLD.status <> 'published' AND NEW.reviewer_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM treatments_declaration
        WHERE person_id = NEW.reviewer_id
            AND declared_at > clock_timestamp() - interval '365 days' AND declared_at <= clock_timestamp()
    ) THEN
        RAISE EXCEPTION '% v% cannot be published: its reviewer has not declared their interests within a year.',
            NEW.accession, NEW.version USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION treatments_end_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.status = 'draft' AND NEW.status <> 'draft') THEN
        DELETE FROM treatments_assignment WHERE accession = OLD.accession;
    END IF;
    RETURN NULL;
END $$;
"""
BACK = """
DROP FUNCTION treatments_refuse_change, treatments_check_reviewer, treatments_end_assignment;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('treatments', '0007_keys_stay_and_parts_count'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accession', models.CharField(max_length=20, unique=True)),
                ('version', models.PositiveIntegerField()),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'verbose_name': 'draft being worked on',
                'verbose_name_plural': 'drafts being worked on',
                'ordering': ['since', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('accession', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accession', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('step', treatments.models.fields.ChoiceField(blank=True, choices=[('submit', 'Submitted'), ('request_changes', 'Changes requested')], help_text='The step of the workflow that it was said with.', max_length=20)),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CommentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('accession', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('step', treatments.models.fields.ChoiceField(blank=True, choices=[('submit', 'Submitted'), ('request_changes', 'Changes requested')], help_text='The step of the workflow that it was said with.', max_length=20)),
                ('text', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='declared on')),
                ('nothing_to_declare', models.BooleanField(default=False, help_text='No money, shares, patents, employment or close ties that touch a treatment of dermatomyositis.', verbose_name='I have nothing to declare')),
                ('interests', models.TextField(blank=True, help_text='With whom, and since when: fees, grants, shares, patents, employment, trials you take part in, family.')),
            ],
            options={
                'verbose_name': 'declaration of interests',
                'verbose_name_plural': 'declarations of interests',
                'ordering': ['-declared_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DeclarationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('declared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='declared on')),
                ('nothing_to_declare', models.BooleanField(default=False, help_text='No money, shares, patents, employment or close ties that touch a treatment of dermatomyositis.', verbose_name='I have nothing to declare')),
                ('interests', models.TextField(blank=True, help_text='With whom, and since when: fees, grants, shares, patents, employment, trials you take part in, family.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_mail', models.BooleanField(default=True, verbose_name='notices by mail')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeSettingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('by_mail', models.BooleanField(default=True, verbose_name='notices by mail')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appraisal',
            trigger=pgtrigger.compiler.Trigger(name='reviewer_declared', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_check_reviewer()', func='RETURN NULL;', hash='9e78b5b63c53d69df6eee2880b338efe2d08dd74', operation='UPDATE', pgid='pgtrigger_reviewer_declared_8e13a', table='treatments_appraisal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appraisal',
            trigger=pgtrigger.compiler.Trigger(name='end_of_assignment', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_end_assignment()', func='RETURN NULL;', hash='900620b8ca8d95e08830f68b3911e24ef1d1b00c', operation='UPDATE OR DELETE', pgid='pgtrigger_end_of_assignment_1518f', table='treatments_appraisal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='reviewer_declared', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_check_reviewer()', func='RETURN NULL;', hash='79af789f2423e0283a23f2ce6387ab1415893f48', operation='UPDATE', pgid='pgtrigger_reviewer_declared_c3acc', table='treatments_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='end_of_assignment', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_end_assignment()', func='RETURN NULL;', hash='16c7e404e0f26917b2fb9f9a6f2c6b23059ab0d7', operation='UPDATE OR DELETE', pgid='pgtrigger_end_of_assignment_6f82d', table='treatments_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociation',
            trigger=pgtrigger.compiler.Trigger(name='reviewer_declared', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_check_reviewer()', func='RETURN NULL;', hash='b03290b67bd273547f13273e6674b06e36d22edf', operation='UPDATE', pgid='pgtrigger_reviewer_declared_ac676', table='treatments_phenotypeassociation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phenotypeassociation',
            trigger=pgtrigger.compiler.Trigger(name='end_of_assignment', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_end_assignment()', func='RETURN NULL;', hash='d6dd520cd18a579bfcfd5c0e588ce08ec61ca43b', operation='UPDATE OR DELETE', pgid='pgtrigger_end_of_assignment_af54d', table='treatments_phenotypeassociation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='reviewer_declared', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_check_reviewer()', func='RETURN NULL;', hash='70129d6cd16e0957aca317c315a028c00dc52525', operation='UPDATE', pgid='pgtrigger_reviewer_declared_c988f', table='treatments_recommendation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='end_of_assignment', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_end_assignment()', func='RETURN NULL;', hash='b4c5509ec9b289ae28ffd928eca6e583b50a34c3', operation='UPDATE OR DELETE', pgid='pgtrigger_end_of_assignment_2d628', table='treatments_recommendation', when='AFTER')),
        ),
        migrations.AddField(
            model_name='assignment',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignmentevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignmentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='assignmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='treatments.assignment'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commentevent',
            name='author',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='commentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='treatments.comment'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='declarationevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='declarationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='declarationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='treatments.declaration'),
        ),
        migrations.AddField(
            model_name='noticesetting',
            name='person',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice_setting', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='noticesettingevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='noticesettingevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='noticesettingevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='treatments.noticesetting'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_assignmentevent" ("accession", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "version") VALUES (NEW."accession", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."since", NEW."version"); RETURN NULL;', hash='87ffa190555a3544bdf129b219d0ae1a3427e7fd', operation='INSERT', pgid='pgtrigger_insert_insert_aae8e', table='treatments_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* *<> NEW.*)', func='INSERT INTO "treatments_assignmentevent" ("accession", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "version") VALUES (NEW."accession", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."since", NEW."version"); RETURN NULL;', hash='85f240102ab9b61509822c289376c8d91afcd216', operation='UPDATE', pgid='pgtrigger_update_update_56beb', table='treatments_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_assignmentevent" ("accession", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "version") VALUES (OLD."accession", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."since", OLD."version"); RETURN NULL;', hash='5e0723823078a82cad0288fdd13d7155b27bc4e5', operation='DELETE', pgid='pgtrigger_delete_delete_4002a', table='treatments_assignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='86d2e52d96369ef0c2c642ea2fc5a70ab9ecdb98', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_2a22c', table='treatments_assignmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b011bb35616202b98ec7f0e250eda79faeb2e254', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b0dd7', table='treatments_assignmentevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['accession', 'written_at'], name='comment_of_claim'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_says_something', violation_error_message='A comment says something.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='only_added', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_change()', func='RETURN NULL;', hash='5831106fb7454d3267351bbd6b8e30f8fd37971a', operation='UPDATE OR DELETE', pgid='pgtrigger_only_added_7ad00', table='treatments_comment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='b397969f90d07ee80754e96e833945ed4e4b4613', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_231f5', table='treatments_comment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_commentevent" ("accession", "author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "step", "text", "version", "written_at") VALUES (NEW."accession", NEW."author_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."step", NEW."text", NEW."version", NEW."written_at"); RETURN NULL;', hash='d4a430affbb4b010dd5dec81069d4c06b131c1b1', operation='INSERT', pgid='pgtrigger_insert_insert_adfd2', table='treatments_comment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* *<> NEW.*)', func='INSERT INTO "treatments_commentevent" ("accession", "author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "step", "text", "version", "written_at") VALUES (NEW."accession", NEW."author_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."step", NEW."text", NEW."version", NEW."written_at"); RETURN NULL;', hash='f242035b87297fc5037a2981479e70117025f847', operation='UPDATE', pgid='pgtrigger_update_update_cc4aa', table='treatments_comment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_commentevent" ("accession", "author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "step", "text", "version", "written_at") VALUES (OLD."accession", OLD."author_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."step", OLD."text", OLD."version", OLD."written_at"); RETURN NULL;', hash='e8d25968f833623efb3384cb192520c12089f5e7', operation='DELETE', pgid='pgtrigger_delete_delete_02d9b', table='treatments_comment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='25042482074183a8d491fc1c9de28b6c42635549', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f3795', table='treatments_commentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='60e5174fc137040b5c46ed5182eaacaf2339975f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_80e01', table='treatments_commentevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='declaration',
            index=models.Index(fields=['person', '-declared_at'], name='declaration_of_person'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('interests', ''), ('nothing_to_declare', True)), models.Q(('nothing_to_declare', False), models.Q(('interests', ''), _negated=True)), _connector='OR'), name='declaration_says_something', violation_error_message='Either say what your interests are, or that there is nothing to declare.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='only_added', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_change()', func='RETURN NULL;', hash='4c137c1cb86bd68815b9b36e3e941f9ba966a679', operation='UPDATE OR DELETE', pgid='pgtrigger_only_added_17bd8', table='treatments_declaration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='519072fd4b4396fd4bf8799cf38f805ec70919fe', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_3c485', table='treatments_declaration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_declarationevent" ("declared_at", "id", "interests", "nothing_to_declare", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."declared_at", NEW."id", NEW."interests", NEW."nothing_to_declare", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='8b9a5ae82911bff1449c22b9d030f91f59481490', operation='INSERT', pgid='pgtrigger_insert_insert_9e77e', table='treatments_declaration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* *<> NEW.*)', func='INSERT INTO "treatments_declarationevent" ("declared_at", "id", "interests", "nothing_to_declare", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."declared_at", NEW."id", NEW."interests", NEW."nothing_to_declare", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='539737cf99b85d078028ae0227b790d42bc2026a', operation='UPDATE', pgid='pgtrigger_update_update_e7079', table='treatments_declaration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_declarationevent" ("declared_at", "id", "interests", "nothing_to_declare", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."declared_at", OLD."id", OLD."interests", OLD."nothing_to_declare", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='436a47a2aa2118e3ef15b9720a4e5cc82b7095b5', operation='DELETE', pgid='pgtrigger_delete_delete_2f7dc', table='treatments_declaration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declarationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='a3683f93de8b145842d1f15549c4d18087b509a8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ae67c', table='treatments_declarationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declarationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eea592314ca77983be4112f22e7418c9a116cbee', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_34e62', table='treatments_declarationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticesetting',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_noticesettingevent" ("by_mail", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."by_mail", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='d3a990b7dfc57c39c4b69e271818a9d4734b9385', operation='INSERT', pgid='pgtrigger_insert_insert_04983', table='treatments_noticesetting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticesetting',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* *<> NEW.*)', func='INSERT INTO "treatments_noticesettingevent" ("by_mail", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."by_mail", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='4cff3f5c4e55afeba439aa07daa9d7b471927ac0', operation='UPDATE', pgid='pgtrigger_update_update_011c9', table='treatments_noticesetting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticesetting',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "treatments_noticesettingevent" ("by_mail", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."by_mail", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='43564bead126337a8c8717ba824dfc2c54a6f615', operation='DELETE', pgid='pgtrigger_delete_delete_a6cff', table='treatments_noticesetting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticesettingevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(execute='treatments_refuse_truncate()', func='RETURN NULL;', hash='9b613f7b8ab3db01ff3f48a2ffbbf1350536372b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a7bfa', table='treatments_noticesettingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticesettingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='43ae5191c8f1a540b1fd29e1cdbfbb22210f32a0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_262e3', table='treatments_noticesettingevent', when='BEFORE')),
        ),
    ]
