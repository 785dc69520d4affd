"""Forms that only Python knew go into the database.

Source checks are read strictly, figures have at most fifteen digits, genes are written as symbols, and what names a
record in its address can stand there. A DOI is the same in capitals and small letters.
"""

from importlib import import_module

import django.core.validators
import django.db.models.functions.text
from django.db import migrations, models

before = import_module("treatments.migrations.0001_functions")

SOURCE_CHECKS = r"""
-- A list of {what, grade, source?, note?, on?}, each a text: a primary check names its source, a source is a web
-- address, and the day is one. What the path cannot read is not valid either.
CREATE OR REPLACE FUNCTION treatments_source_checks_valid(checks jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_typeof(checks) = 'array'
    -- Strictly, because otherwise a list in the list would be looked into.
    AND NOT coalesce(jsonb_path_exists(checks, 'strict $[*] ? (@.type() != "object")', '{}', true), true)
    AND NOT coalesce(jsonb_path_exists(checks,
    '$[*] ? (exists(@.keyvalue() ? (@.value.type() != "string" || !(@.key == "what" || @.key == "grade"
            || @.key == "source" || @.key == "note" || @.key == "on")))
        || !exists(@.what) || @.what == ""
        || !(@.grade == "primary" || @.grade == "secondary")
        || (@.grade == "primary" && (!exists(@.source) || @.source == ""))
        || (@.source != "" && !(@.source like_regex "^https?://[^/ ]"))
        || (@.on != "" && !(@.on like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))', '{}', true), true);

CREATE FUNCTION treatments_all_match(value text[], pattern text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN NOT EXISTS (SELECT FROM unnest(value) AS item WHERE item IS NULL OR item !~ pattern);
"""

# Columns that were made before have the rule that they were made with (``FigureField.db_check``).
FIGURES = r"""
DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT c.conrelid::regclass AS of_table, c.conname AS name, a.attname AS figure
        FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid AND t.relnamespace = current_schema()::regnamespace
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
        WHERE c.contype = 'c' AND t.relname LIKE 'treatments\_%' AND a.atttypid = 'numeric'::regtype
            AND pg_get_constraintdef(c.oid) LIKE '%NaN%' AND pg_get_constraintdef(c.oid) NOT LIKE '%<= 15%'
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.of_table, rule.name);
        EXECUTE format(
            'ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I NOT IN (''NaN'', ''Infinity'', ''-Infinity'')
                AND length(ltrim(translate(%I::text, ''-.'', ''''), ''0'')) <= 15)',
            rule.of_table, rule.name, rule.figure, rule.figure);
    END LOOP;
END $$;
"""

# The narrower rule of the figures stays: nothing that was stored breaks it.
BACK = "\n".join(
    [
        "DROP FUNCTION treatments_all_match;",
        *(
            found.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
            for found in before.SOURCE_CHECKS.split("\n\n")
            if "treatments_source_checks_valid(checks jsonb)" in found
        ),
    ]
)


class Migration(migrations.Migration):

    dependencies = [
        ('treatments', '0008_working_together'),
    ]

    operations = [
        migrations.RunSQL("\n".join([SOURCE_CHECKS, FIGURES]), BACK),
        migrations.AlterField(
            model_name='reference',
            name='doi',
            field=models.CharField(blank=True, help_text='For example 10.1000/182.', max_length=120, null=True, validators=[django.core.validators.RegexValidator('^(10\\.[0-9]{4,9}/[^\\s]+)\\Z', 'This is not a DOI identifier; it looks like 10.1000/182.', code='identifier')], verbose_name='DOI identifier'),
        ),
        migrations.AddConstraint(
            model_name='autoantibody',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[-a-zA-Z0-9_]+$')), name='autoantibody_slug_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='autoantibody',
            constraint=models.CheckConstraint(condition=models.Func(models.F('genes'), models.Value('^([A-Z][A-Za-z0-9-]{0,19})$'), function='treatments_all_match', output_field=models.BooleanField()), name='autoantibody_genes_form', violation_error_message='Genes are written as HGNC symbols, like IFNB1.'),
        ),
        migrations.AddConstraint(
            model_name='certaintylevel',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[-a-zA-Z0-9_]+$')), name='certaintylevel_code_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='evidencelevel',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[-a-zA-Z0-9_]+$')), name='evidencelevel_code_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='manifestation',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[-a-zA-Z0-9_]+$')), name='manifestation_slug_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='mechanism',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[-a-zA-Z0-9_]+$')), name='mechanism_slug_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='mechanism',
            constraint=models.CheckConstraint(condition=models.Func(models.F('genes'), models.Value('^([A-Z][A-Za-z0-9-]{0,19})$'), function='treatments_all_match', output_field=models.BooleanField()), name='mechanism_genes_form', violation_error_message='Genes are written as HGNC symbols, like IFNB1.'),
        ),
        migrations.AddConstraint(
            model_name='outcomemeasure',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[-a-zA-Z0-9_]+$')), name='outcomemeasure_slug_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[-a-zA-Z0-9_]+$')), name='reference_slug_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('doi'), name='reference_doi_once', violation_error_message='There is a reference with this DOI already.'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '^[-a-zA-Z0-9_]+$')), name='release_name_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
        migrations.AddConstraint(
            model_name='treatment',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[-a-zA-Z0-9_]+$')), name='treatment_slug_form', violation_error_message='The name of a record in its address has letters, figures, hyphens and underscores only.'),
        ),
    ]
