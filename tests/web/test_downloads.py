"""Files to take away."""

import csv
from io import StringIO

import pytest

from treatments.spreadsheet_cells import harmless
from treatments.web.downloads import csv_file


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", '=HYPERLINK("x")']
)
def test_text_that_a_spreadsheet_would_run_is_kept_as_text(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("value", ["Tofacitinib", "a=b", "anti-MDA5", "", None, -1, 0, 7])
def test_anything_else_stays_as_it_is(value):
    assert harmless(value) == value


def test_a_file_reads_back_as_it_was_written():
    rows = [["Ciclosporin, oral", 'said "no"', "two\nlines"], ["anti-TIF1γ", None, 3]]
    response = csv_file("made-up.csv", ["a", "b", "c"], rows)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="made-up.csv"'
    read = list(csv.reader(StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert read == [["a", "b", "c"], rows[0], ["anti-TIF1γ", "", "3"]]
