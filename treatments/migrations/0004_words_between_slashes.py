"""Finds each of several words joined by slashes, and letters that no accent was taken from.

PostgreSQL reads "polymyositis/dermatomyositis" as the path of a file, one word, so that neither disease was found in
it; "JAK1/JAK2" and "p155/140" likewise. "Sørensen" was not found by "sorensen".
"""

from django.db import migrations

FOLD = r"""
-- Lower case, no accents, Greek letters spelled out, slashes as spaces:
-- "TIF1γ", "Dankó" and "PM/Scl" become "tif1 gamma", "danko" and "pm scl".
CREATE OR REPLACE FUNCTION treatments_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(translate(
        regexp_replace(normalize(lower(value), NFKD), '[\u0300-\u036f]', '', 'g'),
        'øłđı/', 'oldi '), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
    'α', ' alpha '), 'β', ' beta '), 'γ', ' gamma '), 'δ', ' delta '),
    'ε', ' epsilon '), 'κ', ' kappa '), 'λ', ' lambda '), 'μ', ' mu ');
"""

FOLD_BEFORE = r"""
CREATE OR REPLACE FUNCTION treatments_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(replace(replace(replace(replace(replace(replace(replace(
    regexp_replace(normalize(lower(value), NFKD), '[\u0300-\u036f]', '', 'g'),
    'α', ' alpha '), 'β', ' beta '), 'γ', ' gamma '), 'δ', ' delta '),
    'ε', ' epsilon '), 'κ', ' kappa '), 'λ', ' lambda '), 'μ', ' mu ');
"""

# A stored generated column is computed when its row is written. Published rows are never written again, so the columns
# are made anew, with the expression and the index that they had.
COLUMNS_ANEW = """
DO $$
DECLARE
    vector record;
BEGIN
    FOR vector IN
        SELECT c.oid::regclass AS of_table, pg_get_expr(d.adbin, d.adrelid) AS expression, a.attnotnull AS needed,
            pg_get_indexdef(i.indexrelid) AS index
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = current_schema()::regnamespace
        JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        JOIN pg_index i ON i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)
        WHERE c.relname LIKE 'treatments\\_%%' AND a.attname = 'search_vector' AND a.attgenerated = 's'
    LOOP
        EXECUTE format('ALTER TABLE %%s DROP COLUMN search_vector', vector.of_table);
        EXECUTE format('ALTER TABLE %%s ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (%%s) STORED %%s',
            vector.of_table, vector.expression, CASE WHEN vector.needed THEN 'NOT NULL' ELSE '' END);
        EXECUTE vector.index;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("treatments", "0003_revision_history")]
    operations = [
        migrations.RunSQL(
            [(FOLD, None), (COLUMNS_ANEW, [])],
            [(FOLD_BEFORE, None), (COLUMNS_ANEW, [])],
        )
    ]
