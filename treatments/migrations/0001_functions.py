"""The functions behind the search columns and the rules that triggers enforce.

Their names start with the app's, so that they are recognised among a database's own.
"""

from django.db import migrations

TEXT = r"""
-- Lower case, no accents, Greek letters spelled out: "TIF1γ" and "Dankó" become "tif1 gamma", "danko".
CREATE FUNCTION treatments_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(replace(replace(replace(replace(replace(replace(replace(
    regexp_replace(normalize(lower(value), NFKD), '[\u0300-\u036f]', '', 'g'),
    'α', ' alpha '), 'β', ' beta '), 'γ', ' gamma '), 'δ', ' delta '),
    'ε', ' epsilon '), 'κ', ' kappa '), 'λ', ' lambda '), 'μ', ' mu ');

CREATE FUNCTION treatments_join(value text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_string(value, ' ; ');

CREATE FUNCTION treatments_words(VARIADIC value text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_string(value, ' ; ');

CREATE FUNCTION treatments_vector(a text, b text, c text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('pg_catalog.english', treatments_fold(coalesce(a, ''))), 'A')
    || setweight(to_tsvector('pg_catalog.english', treatments_fold(coalesce(b, ''))), 'B')
    || setweight(to_tsvector('pg_catalog.english', treatments_fold(coalesce(c, ''))), 'C');
"""

SOURCE_CHECKS = r"""
-- A list of {what, grade, source?, note?, on?}; a primary check names its source.
CREATE FUNCTION treatments_source_checks_valid(checks jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_typeof(checks) = 'array' AND NOT jsonb_path_exists(checks,
    '$[*] ? (@.type() != "object"
        || !exists(@.what) || @.what == ""
        || !(@.grade == "primary" || @.grade == "secondary")
        || (@.grade == "primary" && (!exists(@.source) || @.source == "")))', '{}', true);

CREATE FUNCTION treatments_has_primary_check(checks jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_path_exists(checks, '$[*] ? (@.grade == "primary")', '{}', true);
"""

ACCESSIONS = """
CREATE SEQUENCE treatments_accession_ev;
CREATE SEQUENCE treatments_accession_pa;
CREATE SEQUENCE treatments_accession_rc;
CREATE SEQUENCE treatments_accession_ap;
"""

REVISION = r"""
-- One step a transaction, however many statements it has.
CREATE FUNCTION treatments_bump_revision() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO treatments_datasetrevision AS r (id, number, changed_at, transaction_id)
    VALUES (1, 1, now(), pg_current_xact_id()::text)
    ON CONFLICT (id) DO UPDATE
        SET number = r.number + 1, changed_at = now(), transaction_id = excluded.transaction_id
        WHERE r.transaction_id <> excluded.transaction_id;
END $$;

CREATE FUNCTION treatments_bump_on_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows) THEN
        PERFORM treatments_bump_revision();
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION treatments_bump_on_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As text, because 79 and 79.0 are equal numbers but different figures.
    IF EXISTS (
        SELECT to_jsonb(n)::text FROM new_rows AS n EXCEPT SELECT to_jsonb(o)::text FROM old_rows AS o
    ) THEN
        PERFORM treatments_bump_revision();
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION treatments_bump_on_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows) THEN
        PERFORM treatments_bump_revision();
    END IF;
    RETURN NULL;
END $$;

-- Drafts are not public: only a change that a reader can see counts.
CREATE FUNCTION treatments_bump_on_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT to_jsonb(n)::text FROM new_rows AS n WHERE status IN ('published', 'superseded', 'retracted')
        EXCEPT SELECT to_jsonb(o)::text FROM old_rows AS o
    ) THEN
        PERFORM treatments_bump_revision();
    END IF;
    RETURN NULL;
END $$;
"""

CLAIMS = r"""
CREATE FUNCTION treatments_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    linked boolean;
    public_states constant text[] := ARRAY['published', 'superseded', 'retracted'];
    -- What still changes on a published version: that it was replaced or withdrawn.
    -- The last two are computed from columns that are compared themselves.
    closing constant text[] := ARRAY['status', 'updated_at', 'superseded_at', 'retracted_at',
                                     'retracted_by_id', 'retraction_reason',
                                     'search_vector', 'primary_checked'];
    changed text;
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.supersedes_id IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE id = $1 AND accession = $2 AND version = $3)', TG_TABLE_NAME)
            INTO linked USING NEW.supersedes_id, NEW.accession, NEW.version - 1;
        IF NOT linked THEN
            RAISE EXCEPTION '% v%: a version supersedes the one before it, of the same claim.',
                NEW.accession, NEW.version USING ERRCODE = 'check_violation';
        END IF;
    END IF;

    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION '% v%: a claim begins as a draft, not as "%".',
                NEW.accession, NEW.version, NEW.status USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;

    IF TG_OP = 'DELETE' THEN
        IF OLD.status = ANY (public_states) THEN
            RAISE EXCEPTION '% v% was published and is kept for good: it can be superseded or retracted, not deleted.',
                OLD.accession, OLD.version USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;

    IF OLD.status = ANY (public_states) THEN
        SELECT string_agg(n.key, ', ' ORDER BY n.key) INTO changed
        FROM jsonb_each(to_jsonb(NEW) - closing) AS n
        WHERE n.value::text IS DISTINCT FROM (to_jsonb(OLD) -> n.key)::text;
        IF changed IS NOT NULL THEN
            RAISE EXCEPTION '% v% is % and never changes (refused: %). Start a revision instead.',
                OLD.accession, OLD.version, OLD.status, changed USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.status = OLD.status
                AND to_jsonb(NEW) - 'updated_at'::text IS DISTINCT FROM to_jsonb(OLD) - 'updated_at'::text THEN
            RAISE EXCEPTION '% v% is % and never changes. Start a revision instead.',
                OLD.accession, OLD.version, OLD.status USING ERRCODE = 'check_violation';
        END IF;
    END IF;

    IF NEW.status <> OLD.status AND NOT (
        (OLD.status = 'draft' AND NEW.status = 'in_review')
        OR (OLD.status = 'in_review' AND NEW.status IN ('draft', 'published'))
        -- Claims that come with a release of the data set were reviewed before they came.
        OR (OLD.status = 'draft' AND NEW.status = 'published' AND NEW.release_id IS NOT NULL)
        OR (OLD.status = 'published' AND NEW.status IN ('superseded', 'retracted'))
    ) THEN
        RAISE EXCEPTION '% v%: a claim cannot go from "%" to "%".',
            OLD.accession, OLD.version, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;

    IF (NEW.accession, NEW.version) IS DISTINCT FROM (OLD.accession, OLD.version) THEN
        RAISE EXCEPTION '% v%: accession and version never change.',
            OLD.accession, OLD.version USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- Arguments: the claim's table, and the column that names the claim.
CREATE FUNCTION treatments_guard_claim_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim record;
    claim_id bigint;
BEGIN
    FOREACH claim_id IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[1])::bigint END,
        CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[1])::bigint END
    ] LOOP
        -- Share lock: a publication under way is waited for, so nothing slips in beside it.
        EXECUTE format('SELECT accession, version, status FROM %I WHERE id = $1 FOR SHARE', TG_ARGV[0])
            INTO claim USING claim_id;
        IF claim.status IN ('published', 'superseded', 'retracted') THEN
            RAISE EXCEPTION '% v% is % and never changes, its results and links included. Start a revision instead.',
                claim.accession, claim.version, claim.status USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION treatments_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('knowledgebase.allow_truncate', true), '') <> 'on' THEN
        RAISE EXCEPTION '% is never emptied.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""

VOCABULARY = r"""
-- Arguments: the computed columns, which a BEFORE trigger does not see yet.
CREATE FUNCTION treatments_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_out constant text[] := coalesce(TG_ARGV::text[], '{}') || 'updated_at'::text;
BEGIN
    -- A program that saves what it read a while ago brings an old updated_at along, which is no change.
    IF (to_jsonb(NEW) - left_out)::text IS DISTINCT FROM (to_jsonb(OLD) - left_out)::text THEN
        NEW.updated_at := clock_timestamp();
    ELSE
        NEW.updated_at := OLD.updated_at;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION treatments_refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own_ancestor boolean;
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NULL;
    END IF;
    -- One change of the tree at a time: two harmless moves can make a cycle together.
    PERFORM pg_advisory_xact_lock(hashtext(TG_ARGV[0]));
    EXECUTE format(
        'WITH RECURSIVE up(id, parent_id) AS (
             SELECT id, parent_id FROM %1$I WHERE id = $1
             UNION
             SELECT t.id, t.parent_id FROM %1$I t JOIN up ON t.id = up.parent_id
         ) SELECT EXISTS (SELECT FROM up WHERE parent_id = $1)', TG_ARGV[0])
        INTO own_ancestor USING NEW.id;
    IF own_ancestor THEN
        RAISE EXCEPTION '"%" cannot stand below itself.', NEW.name USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- Argument: the column that names the treatment. A part that is moved leaves one whole and joins another.
CREATE FUNCTION treatments_check_treatment_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    treatment record;
BEGIN
    FOR treatment IN
        SELECT t.slug, t.kind,
            (SELECT count(*) FROM treatments_treatmentcomponent WHERE combination_id = t.id) AS components,
            (SELECT count(*) FROM treatments_treatmentmember WHERE treatment_class_id = t.id) AS members
        FROM treatments_treatment t
        WHERE t.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[0])::bigint END,
            CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[0])::bigint END
        )
    LOOP
        IF treatment.kind = 'combination' AND treatment.components < 2 THEN
            RAISE EXCEPTION 'The combination "%" needs two or more components.', treatment.slug
                USING ERRCODE = 'check_violation';
        ELSIF treatment.kind <> 'combination' AND treatment.components > 0 THEN
            RAISE EXCEPTION '"%" is not a combination and has no components.', treatment.slug
                USING ERRCODE = 'check_violation';
        ELSIF treatment.kind = 'class' AND treatment.members < 1 THEN
            RAISE EXCEPTION 'The class "%" needs at least one member.', treatment.slug
                USING ERRCODE = 'check_violation';
        ELSIF treatment.kind <> 'class' AND treatment.members > 0 THEN
            RAISE EXCEPTION '"%" is not a class and has no members.', treatment.slug
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION treatments_check_autoantibody_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    antibody record;
BEGIN
    FOR antibody IN
        SELECT a.slug, a.kind,
            (SELECT count(*) FROM treatments_autoantibodymember WHERE autoantibody_class_id = a.id) AS members
        FROM treatments_autoantibody a
        WHERE a.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[0])::bigint END,
            CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[0])::bigint END
        )
    LOOP
        IF antibody.kind = 'class' AND antibody.members < 1 THEN
            RAISE EXCEPTION 'The class "%" needs at least one member.', antibody.slug
                USING ERRCODE = 'check_violation';
        ELSIF antibody.kind <> 'class' AND antibody.members > 0 THEN
            RAISE EXCEPTION '"%" is not a class and has no members.', antibody.slug
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""

DROP = """
DROP FUNCTION treatments_check_autoantibody_members, treatments_check_treatment_parts,
    treatments_refuse_cycle, treatments_touch, treatments_refuse_truncate,
    treatments_guard_claim_part, treatments_guard_claim, treatments_bump_on_publication,
    treatments_bump_on_delete, treatments_bump_on_update, treatments_bump_on_insert,
    treatments_bump_revision, treatments_has_primary_check, treatments_source_checks_valid,
    treatments_vector, treatments_words, treatments_join, treatments_fold;
DROP SEQUENCE treatments_accession_ev, treatments_accession_pa, treatments_accession_rc,
    treatments_accession_ap;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            "\n".join([TEXT, SOURCE_CHECKS, ACCESSIONS, REVISION, CLAIMS, VOCABULARY]), DROP
        )
    ]
