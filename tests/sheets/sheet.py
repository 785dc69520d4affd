"""Sheets for tests, made of the cells that matter."""

import csv
import io

from tests import builders
from treatments.sheets.columns import HEADINGS
from treatments.sheets.formats import CSV
from treatments.sheets.resource import EvidenceResource


def entry(name="new 1", /, **cells):
    """The cells of a new entry that nothing is wrong with."""
    usual = {
        "entry": name,
        "treatment": cells.get("treatment") or builders.treatment().slug,
        "reference": cells.get("reference") or builders.reference().slug,
        "design": "randomized_controlled_trial",
        "level": "2",
        "population": "adult",
        "direction": "supports",
        "statement": f"A made-up finding, {name}.",
    }
    return {**usual, **cells}


def result(name="new 1", /, **cells):
    """The cells of one more result of the entry ``name``."""
    return {"entry": name, "measure": "fvc", "label": "Made-up response", "kind": "proportion", **cells}


def as_csv(*rows, headings=HEADINGS):
    """The bytes of a CSV file with these rows."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def exported(queryset=None, kind=CSV):
    """What is exported of ``queryset``, as a file."""
    return kind().export_data(EvidenceResource().export(queryset))


def rows_of(content, kind=CSV):
    """The rows of a file, by heading."""
    dataset = kind().create_dataset(content)
    return [dict(zip(dataset.headers, row, strict=True)) for row in dataset]


def imported(content, person=None, kind=CSV, **options):
    """The result of importing a file as ``person``, or as a new curator."""
    dataset = kind().create_dataset(content)
    options = {"file_name": f"made-up.{kind.EXTENSION}", **options}
    return EvidenceResource().import_data(dataset, person=person or builders.person("curator"), **options)


def problems(found):
    """Every problem as (row, column, sentence); of the whole sheet, column "__all__"."""
    said = [
        (row.number, column, sentence)
        for row in found.invalid_rows
        for column, sentences in row.error_dict.items()
        for sentence in sentences
    ]
    return said + [(0, "__all__", str(error.error)) for error in found.base_errors]
