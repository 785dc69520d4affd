"""Releases: what goes in, that it is one state, that the same data give the same bytes, and that it never changes."""

import csv
import json
from contextlib import ExitStack
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests import builders
from tests.concurrency import Elsewhere
from tests.dataset.conftest import empty
from tests.dataset.small_set import SMALL
from tests.models.refusal import refused, sql
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.curation.workflow import publish, retract, start_revision, submit
from treatments.dataset import dump, load
from treatments.dataset.schema import MANIFEST, TABLES
from treatments.models import DatasetRevision, Evidence, Release, ReleaseFile, ReleaseSnapshot, Treatment
from treatments.releases import ReleaseRefused, cut, keep_loaded
from treatments.releases.files import bundles, checksum, members

__all__ = ["empty"]
SEED = "2026-11"


def file_of(release, form):
    return release.snapshot.files.get(form=form)


def inside(release, form):
    return members(bytes(file_of(release, form).content))


def by_two_people(claim):
    author, reviewer = builders.person(CURATOR), builders.person(REVIEWER)
    Evidence.objects.filter(pk=claim.pk).update(author=author)
    claim.refresh_from_db()
    submit(claim, author)
    return publish(claim, reviewer)


# The release that is loaded -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_shipped_data_set_is_a_release_with_files():
    release = Release.objects.get(name=SEED)
    assert release.snapshot.revision == DatasetRevision.current().number
    assert release.snapshot.counts["evidence"] == Evidence.objects.published().count()
    assert release.snapshot.previous is None
    kept = inside(release, "yaml")
    for path in (SMALL.parent.parent.parent / "treatments" / "dataset" / "seed").glob("*.yaml"):
        assert kept[path.name] == path.read_bytes()


@pytest.mark.django_db
def test_what_was_loaded_beside_other_data_has_no_files(empty):
    builders.treatment()
    with transaction.atomic():
        release = keep_loaded(load(SMALL))
    assert release is None
    assert Release.objects.get().name == "example-1"
    assert not ReleaseSnapshot.objects.exists()


# What goes in ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_holds_what_is_published_and_nothing_else():
    author = builders.person(CURATOR, first_name="Ada", last_name="Secretary")
    draft = builders.evidence(author=author, statement="Only a draft so far.")
    first = by_two_people(builders.evidence(statement="First wording of it."))
    second = start_revision(first, first.author, "An erratum.")
    waiting = start_revision(Evidence.objects.published().first(), author, "Nobody has seen this note.")
    submit(waiting, author)
    Evidence.objects.filter(pk=second.pk).update(statement="Second wording of it.")
    submit(second, second.author)
    publish(second, builders.person(REVIEWER))
    release = cut("2026-12", "A made-up release", "Made up.")
    for form in ("yaml", "json", "csv"):
        text = "".join(content.decode() for content in inside(release, form).values())
        assert "Second wording of it." in text
        for absent in ("First wording of it.", "Only a draft so far.", draft.accession, "Secretary", "Nobody has seen"):
            assert absent not in text
    claim = next(
        row for row in json.loads(inside(release, "json")["evidence.json"]) if row["accession"] == first.accession
    )
    assert claim["version"] == 2


@pytest.mark.django_db
def test_it_says_what_changed_since_the_release_before():
    added = by_two_people(builders.evidence())
    revised, withdrawn = Evidence.objects.published().exclude(pk=added.pk)[:2]
    author, reviewer = builders.person(CURATOR), builders.person(REVIEWER)
    second = start_revision(revised, author, "An erratum.")
    Evidence.objects.filter(pk=second.pk).update(statement="Corrected.")
    publish(submit(second, author), reviewer)
    retract(withdrawn, reviewer, "The paper was retracted.")
    Treatment.objects.filter(slug="ivig").update(summary="Changed.")
    Treatment.objects.filter(slug="apremilast").update(retired_on=date(2026, 11, 25), retirement_reason="Made up.")
    snapshot = cut("2026-12", "A made-up release").snapshot
    told = {(one["kind"], one["key"]): one for one in snapshot.difference["changes"]}
    assert told["published", added.accession]["version"] == 1
    assert told["new_version", revised.accession] == {
        "kind": "new_version",
        "type": "evidence",
        "key": revised.accession,
        "version": 2,
        "name": told["new_version", revised.accession]["name"],
        "fields": ["statement"],
        "reason": "An erratum.",
    }
    assert told["retracted", withdrawn.accession]["reason"] == "The paper was retracted."
    assert told["changed", "ivig"]["fields"] == ["summary"]
    assert told["retired", "apremilast"]["reason"] == "Made up."
    counts = {(one["kind"], one["type"]): one["count"] for one in snapshot.change_counts}
    assert counts["published", "evidence"] == counts["new_version", "evidence"] == counts["retracted", "evidence"] == 1
    assert sum(counts.values()) == len(told)
    assert snapshot.previous.name == SEED
    assert cut("2026-12b", "Another").snapshot.change_counts == []


@pytest.mark.django_db
def test_figures_keep_their_digits_in_every_form():
    claim = builders.evidence()
    builders.result(claim, treated_value="79.0", label="Made-up label")
    by_two_people(claim)
    release = cut("2026-12", "A made-up release")
    assert b'"value": 79.0\n' in inside(release, "json")["evidence.json"]
    rows = list(csv.DictReader(StringIO(inside(release, "csv")["evidence_results.csv"].decode("utf-8-sig"))))
    (row,) = [row for row in rows if row["accession"] == claim.accession]
    assert (row["number"], row["label"], row["treated_value"]) == ("1", "Made-up label", "79.0")
    assert len(rows) == sum(len(row.get("results", [])) for row in json.loads(inside(release, "json")["evidence.json"]))


@pytest.mark.django_db
def test_the_manifest_measures_everything():
    release = cut("2026-12", "A made-up release", "Made up.")
    manifest = json.loads(bytes(file_of(release, "manifest").content))
    assert manifest["revision"] == DatasetRevision.current().number == release.snapshot.revision
    assert (manifest["name"], manifest["schema_version"], manifest["notes"]) == ("2026-12", 1, "Made up.")
    assert manifest["counts"]["treatments"] == Treatment.objects.count()
    for bundle in manifest["bundles"]:
        content = bytes(ReleaseFile.objects.get(name=bundle["name"]).content)
        assert (bundle["size"], bundle["sha256"]) == (len(content), checksum(content))
        assert {one["name"]: one["sha256"] for one in bundle["files"]} == {
            name: checksum(inner) for name, inner in members(content).items()
        }


def test_the_same_data_give_the_same_bytes():
    release = {"name": "example", "title": "Made up", "released_on": date(2026, 11, 1)}
    rows = {name: [] for name in (table.name for table in TABLES)} | {
        "treatments": [{"slug": "exampletinib", "name": "Exampletinib"}]
    }
    first, second = bundles(release, rows, {}), bundles(release, rows, {})
    assert [checksum(one.content) for one in first] == [checksum(one.content) for one in second]
    assert first[0].content != bundles(release | {"title": "Other"}, rows, {})[0].content


@pytest.mark.django_db
def test_the_yaml_bundle_loads_into_an_empty_database_and_comes_out_the_same(empty, tmp_path):
    with transaction.atomic():
        keep_loaded(load(SMALL))
    Treatment.objects.filter(slug="samplimab").update(summary="Changed here.")
    release = cut("example-2", "Another made-up release", "Made up.")
    files = inside(release, "yaml")
    unpacked, again = tmp_path / "unpacked", tmp_path / "again"
    unpacked.mkdir()
    for name, content in files.items():
        (unpacked / name).write_bytes(content)
    _empty_everything()
    report = load(unpacked)
    assert report.release == "example-2"
    dump(again)
    written = {path.name: path.read_bytes() for path in again.iterdir()}
    assert written == {name: content for name, content in files.items() if name != "README.md"}


def _empty_everything():
    tables = {model._meta.db_table for table in (MANIFEST, *TABLES) for model in table.models()}
    tables |= {ReleaseSnapshot._meta.db_table, ReleaseFile._meta.db_table}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_release_never_changes():
    release = Release.objects.get(name=SEED)
    kept = "Release 2026-11 has its files and never changes."
    assert refused(lambda: Release.objects.filter(pk=release.pk).update(notes="Other.")) == kept
    assert refused(lambda: sql(f"DELETE FROM treatments_release WHERE id = {release.pk}")) == kept
    never = "What a release holds never changes."
    for table in ("treatments_releasesnapshot", "treatments_releasefile"):
        assert refused(lambda table=table: sql(f"UPDATE {table} SET id = id")) == never
        assert refused(lambda table=table: sql(f"DELETE FROM {table}")) == never
        assert "never emptied" in refused(lambda table=table: sql(f"TRUNCATE {table} CASCADE"))


@pytest.mark.django_db
def test_the_database_holds_checksum_and_size_against_the_content():
    snapshot = Release.objects.get(name=SEED).snapshot
    forged = ReleaseSnapshot.objects.create(
        release=builders.release(), revision=1, schema_version=1, counts=snapshot.counts
    )
    made = {"snapshot": forged, "form": "yaml", "media_type": "application/zip", "content": b"four"}
    told = refused(lambda: ReleaseFile.objects.create(name="a", size=4, sha256="0" * 64, **made))
    assert told == "The checksum of a file of a release is that of its content."
    told = refused(lambda: ReleaseFile.objects.create(name="a", size=5, sha256=checksum(b"four"), **made))
    assert told == "The size of a file of a release is that of its content."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "told"),
    [
        (SEED, "There is a release 2026-11 already; the name of a release is never used again."),
        ("of the month", "name: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        ("", "name: This field cannot be blank."),
        ("a" * 41, "name: Ensure this value has at most 40 characters (it has 41)."),
    ],
)
def test_a_name_that_cannot_be_used(name, told):
    before = Release.objects.count()
    with pytest.raises(ReleaseRefused) as refusal:
        cut(name, "A made-up release")
    assert str(refusal.value) == told
    assert Release.objects.count() == before


@pytest.mark.django_db
def test_nothing_to_release(empty):
    with pytest.raises(ReleaseRefused, match="nothing was ever published"):
        cut("2026-12", "A made-up release")


# The command ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_cuts_a_release_and_prints_checksums():
    out = StringIO()
    call_command("cut_release", "2026-12", "--notes", "Made up.", stdout=out)
    release = Release.objects.get(name="2026-12")
    assert (release.title, release.notes) == ("Release 2026-12", "Made up.")
    lines = out.getvalue().splitlines()
    assert f"{file_of(release, 'yaml').sha256}  dataset-2026-12.yaml.zip" in lines
    assert lines[-1] == f"Release 2026-12 holds 1248 rows, revision {release.snapshot.revision}."
    with pytest.raises(CommandError, match="already"):
        call_command("cut_release", "2026-12")


# At the same moment ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_published_half_way_is_waited_for():
    """A claim of a transaction under way is in the release whole, or not at all."""
    claims = [builders.evidence(statement=f"Half of it, {number}.") for number in (1, 2)]
    release = builders.release()
    with ExitStack() as elsewhere:
        with transaction.atomic():
            builders.published(claims[0], release=release)
            other = elsewhere.enter_context(Elsewhere(lambda: cut("2026-12", "A made-up release")))
            other.waits()
            builders.published(claims[1], release=release)
        made = other.outcome()
    text = inside(made, "yaml")["evidence.yaml"].decode()
    assert "Half of it, 1." in text
    assert "Half of it, 2." in text


@pytest.mark.django_db(transaction=True)
def test_nothing_is_published_while_a_release_is_made():
    claim = builders.evidence(statement="Too late for it.")
    release = builders.release()
    with transaction.atomic():
        made = cut("2026-12", "A made-up release")
        with Elsewhere(lambda: builders.published(claim, release=release)) as other:
            other.waits()
    assert other.outcome().status == "published"
    assert "Too late for it." not in inside(made, "yaml")["evidence.yaml"].decode()
