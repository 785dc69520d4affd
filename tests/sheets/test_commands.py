"""The commands that import and export evidence."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import builders
from treatments.models import Evidence

from .sheet import as_csv, entry, rows_of

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out, err = StringIO(), StringIO()
    try:
        call_command(*args, **options, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


@pytest.fixture
def curator():
    return builders.person("curator", username="example-curator")


def test_a_file_is_imported_with_progress(tmp_path, curator):
    file = tmp_path / "made-up.csv"
    file.write_bytes(as_csv(entry(), entry("new 2")))
    before = Evidence.objects.count()
    out, err, refused = run("import_evidence", file, user="example-curator", dry_run=True)
    assert (refused, Evidence.objects.count()) == ("", before)
    assert "row 3: new 2 is new" in out
    out, err, refused = run("import_evidence", file, user="example-curator")
    assert (refused, out) == ("", "2 added, 0 changed, 0 unchanged.\n")
    assert "Checked 2 of 2 entries" in err
    assert "Written 2 of 2 entries" in err
    assert Evidence.objects.filter(author=curator).count() == 2


def test_faults_are_listed_with_row_and_column_and_nothing_is_written(tmp_path, curator):
    file = tmp_path / "made-up.csv"
    file.write_bytes(as_csv(entry(), entry("new 2", level="9", n_treated="x")))
    _, err, refused = run("import_evidence", file, user="example-curator")
    assert "Nothing was imported" in refused
    assert "row 3, n_treated: must be a whole number" in err
    assert "row 3, level: names “9”" in err
    assert not Evidence.objects.filter(author=curator).exists()
    _, err, refused = run("import_evidence", file, user="example-curator", dry_run=True)
    assert refused == "There are problems in the sheet."


@pytest.mark.parametrize("name", ["nobody", "example-editor"])
def test_somebody_has_to_answer_for_it(tmp_path, name):
    builders.person("editor", username="example-editor")
    file = tmp_path / "made-up.csv"
    file.write_bytes(as_csv(entry()))
    assert f"nobody called {name} who may draft evidence" in run("import_evidence", file, user=name)[2]


def test_files_that_cannot_be_read_are_said(tmp_path, curator):
    assert "cannot be read" in run("import_evidence", tmp_path / "none.csv", user="example-curator")[2]
    notes = tmp_path / "notes.txt"
    notes.touch()
    assert "must end in .xlsx or .csv" in run("import_evidence", notes, user="example-curator")[2]


def test_what_is_exported_is_imported_unchanged(tmp_path, curator):
    file = tmp_path / "made-up.csv"
    claim = builders.evidence()
    run("export_evidence", file, scope="drafts")
    assert [row["entry"] for row in rows_of(file.read_bytes())] == [claim.accession]
    assert run("import_evidence", file, user="example-curator")[0] == "0 added, 0 changed, 1 unchanged.\n"
    assert "cannot be written" in run("export_evidence", tmp_path / "no" / "where.csv")[2]
    assert "must end in" in run("export_evidence", tmp_path / "where.txt")[2]
