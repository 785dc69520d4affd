"""Loading and writing a made-up data set that uses every field."""

from pathlib import Path

import pytest
import yaml

from treatments.dataset import DumpRefused, dump, load
from treatments.dataset.schema import MANIFEST, TABLES, Rows

from .small_set import SMALL, copy

pytestmark = pytest.mark.django_db


def contents(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in directory.iterdir() if path.suffix == ".yaml"}


def test_small_set_is_written_as_it_was_loaded(empty, tmp_path):
    load(SMALL)
    dump(tmp_path)
    assert contents(tmp_path) == contents(SMALL)


def test_a_second_load_changes_nothing(empty, tmp_path):
    first = load(SMALL)
    second = load(SMALL)
    assert (first.revision_before, first.revision) == (0, 1)
    assert (second.revision_before, second.revision) == (1, 1)
    assert not second.updated
    assert not second.left_alone
    assert not any(second.added.values())
    assert not second.changed_anything


def fields(parts, values):
    """The paths of all fields that a row uses."""
    for part in parts:
        if part.name not in values:
            continue
        yield (part.name,)
        inner = getattr(part, "columns", getattr(part, "parts", ()))
        value = values[part.name]
        rows = value.values() if isinstance(part, Rows) and part.by else value if isinstance(value, list) else [value]
        for row in rows if inner else []:
            for path in fields(inner, row):
                yield (part.name, *path)


def all_fields(parts):
    for part in parts:
        yield (part.name,)
        for path in all_fields(getattr(part, "columns", getattr(part, "parts", ()))):
            yield (part.name, *path)


@pytest.mark.parametrize("table", [MANIFEST, *TABLES], ids=lambda table: table.name)
def test_small_set_uses_every_field(table):
    """So that a new field of the model cannot be forgotten in the tests of this directory."""
    content = yaml.safe_load((SMALL / table.file).read_text())
    rows = [content] if table.single else content
    used = {path for row in rows for path in fields(table.parts, row)}
    missing = set(all_fields(table.parts)) - used
    # Retirement is the same for all vocabulary, and shown with references.
    retirement = {("retired_on",), ("retirement_reason",), ("successor",)}
    if table.name != "references":
        missing -= retirement
        if table.name not in ("evidence_levels", "recommendations"):
            missing -= {("source_checks",)}
    assert not missing


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_schema_holds_every_column_of_the_model(table):
    """A column added to a model travels with the data set, or is named here as one that does not."""
    kept_by_the_database = {"id", "created_at", "updated_at"}
    if table.is_claim:  # these belong to a version and to the people of one site, not to what the claim says
        kept_by_the_database |= {
            *("version", "status", "author", "reviewer", "release", "supersedes", "change_note"),
            *("submitted_at", "reviewed_at", "published_at", "superseded_at"),
            *("retracted_at", "retracted_by", "retraction_reason"),
        }
    columns = {field.name for field in table.model._meta.concrete_fields if not field.generated}
    assert columns - kept_by_the_database == {column.column.name for column in table.columns()}


@pytest.mark.parametrize(
    "rows", [part for table in TABLES for part in table.parts if isinstance(part, Rows)], ids=lambda rows: rows.name
)
def test_schema_holds_every_column_of_parts(rows):
    columns = {field.name for field in rows.model._meta.concrete_fields if not field.generated}
    named = {
        column.column.name
        for part in rows.parts
        for column in getattr(part, "columns", [part])
        if hasattr(column, "column")
    }
    assert columns - {"id", rows.owner, rows.by} == named


def test_dump_replaces_an_earlier_one_and_nothing_else(empty, tmp_path):
    load(SMALL)
    dump(tmp_path)
    (tmp_path / "README.md").write_text("Mine.")
    dump(tmp_path)
    assert contents(tmp_path) == contents(SMALL)
    (tmp_path / "thesis.doc").write_text("Mine, too.")
    with pytest.raises(DumpRefused, match=r"holds other files \(thesis.doc\)"):
        dump(tmp_path)
    assert (tmp_path / "README.md").read_text() == "Mine."


def test_dump_makes_a_new_directory(empty, tmp_path):
    load(SMALL)
    report = dump(tmp_path / "new" / "directory")
    assert contents(tmp_path / "new" / "directory") == contents(SMALL)
    assert report.rows["treatments"] == 4


def test_nothing_to_dump(empty, tmp_path):
    with pytest.raises(DumpRefused, match="no data set was ever loaded"):
        dump(tmp_path)


def test_dump_onto_a_file(empty, tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DumpRefused, match="is not a directory"):
        dump(file)


def test_dump_where_nothing_can_be_written(empty, tmp_path):
    load(SMALL)
    with pytest.raises(DumpRefused, match="cannot be written"):
        dump(Path("/proc/nowhere"))


def test_order_of_rows_in_a_file_does_not_matter(empty, tmp_path):
    directory = copy(tmp_path)
    for path in directory.iterdir():
        rows = yaml.safe_load(path.read_text())
        if isinstance(rows, list):
            path.write_text(yaml.dump(rows[::-1], sort_keys=False, Dumper=Quoting))
    load(directory)
    dump(directory)
    assert {name: text for name, text in contents(directory).items() if name != "evidence.yaml"}


class Quoting(yaml.SafeDumper):
    pass
