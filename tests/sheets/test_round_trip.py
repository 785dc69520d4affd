"""What is exported and imported again changes nothing, to the last zero of a figure."""

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders
from treatments.models import Evidence, Result
from treatments.sheets.cells import checks_cell, checks_in, marked, plain, unmarked
from treatments.sheets.formats import CSV, SHEET, XLSX
from treatments.spreadsheet_cells import FORMULA_BEGINS

from .sheet import exported, imported, problems, rows_of

pytestmark = pytest.mark.django_db

FORMATS = pytest.mark.parametrize("kind", [CSV, XLSX])

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t|\\'=+-@"), max_size=30)


@FORMATS
def test_the_whole_data_set_comes_back_unchanged(kind):
    entries = Evidence.objects.published().count()
    found = imported(exported(kind=kind), kind=kind)
    assert problems(found) == []
    assert found.totals == {**dict.fromkeys(found.totals, 0), "skip": entries}
    assert entries == Evidence.objects.count() > 300


@FORMATS
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1 to 2", "@SUM(A1)", "'=1", "''=1", "007", "1e5", "3/4", "TRUE", "2026-01-02"]
)
def test_text_stays_text(kind, text):
    """Nothing is a formula, a number, a date or a truth value to the program that opens it."""
    claim = builders.evidence(statement=text, regimen=f"{text}\nand more")
    builders.result(claim, p_value=text, label=text)
    content = exported(Evidence.objects.filter(pk=claim.pk), kind)
    (row,) = rows_of(content, kind)
    assert (row["statement"], row["regimen"], row["p_value"], row["label"]) == (text, f"{text}\nand more", text, text)
    assert imported(content, kind=kind).totals["skip"] == 1
    if kind is XLSX:
        cells = openpyxl.load_workbook(io.BytesIO(content))[SHEET][2]
        assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
        assert {cell.number_format for cell in cells} == {"@"}
        assert not any(str(cell.value).startswith(("=", "+", "-", "@")) for cell in cells)
    else:
        assert not any(f"{begin}{text[:1]}" in content.decode() for begin in (",", '"') if text[:1] in "=+-@")


@FORMATS
def test_figures_stay_as_they_were_typed(kind):
    claim = builders.evidence()
    figures = ["79", "79.0", "79.00", "0.10", "-0.5", "123456789012.345"]
    for figure in figures:
        builders.result(claim, treated_value=Decimal(figure))
    content = exported(Evidence.objects.filter(pk=claim.pk), kind)
    assert [row["treated_value"] for row in rows_of(content, kind)] == figures
    assert imported(content, kind=kind).totals["skip"] == 1


def test_a_zero_more_is_a_difference():
    person = builders.person("curator")
    claim = builders.evidence(author=person)
    builders.result(claim, treated_value=Decimal("79.0"))
    content = exported(Evidence.objects.filter(pk=claim.pk))
    found = imported(content.replace(b",79.0,", b",79.00,"), person)
    (row,) = found.rows
    assert [(change.column, change.before, change.after) for change in row.diff] == [("treated_value", "79.0", "79.00")]
    assert str(Result.objects.get(evidence=claim).treated_value) == "79.00"


def test_sorting_the_rows_changes_nothing():
    claims = [builders.evidence() for _ in range(2)]
    for claim in claims:
        for number in range(3):
            builders.result(claim, label=f"Made-up result {number}")
    head, *lines = exported(Evidence.objects.filter(pk__in=[claim.pk for claim in claims])).splitlines(keepends=True)
    found = imported(head + b"".join(sorted(lines, reverse=True)))
    assert found.totals["skip"] == 2


@FORMATS
def test_characters_that_no_file_holds_are_no_change(kind):
    claim = builders.evidence(statement="one\r\ntwo \x0b three\uffff ", limitations="\x1f")
    content = exported(Evidence.objects.filter(pk=claim.pk), kind)
    assert imported(content, kind=kind).totals["skip"] == 1


def test_a_semicolon_between_cells_is_understood():
    claim = builders.evidence(statement="one, two; three")
    rows = rows_of(exported(Evidence.objects.filter(pk=claim.pk)))
    lines = [";".join(f'"{cell}"' for cell in line) for line in (rows[0].keys(), rows[0].values())]
    assert imported("\r\n".join(lines).encode()).totals["skip"] == 1


@given(text=texts)
@settings(max_examples=200)
def test_marking_is_undone(text):
    assert unmarked(marked(plain(text))) == plain(text)
    assert not marked(text).startswith(FORMULA_BEGINS)


@given(
    checks=st.lists(
        st.fixed_dictionaries(
            {"grade": st.sampled_from(["primary", "secondary"]), "what": texts.map(plain).filter(bool)},
            optional={key: texts.map(plain).filter(bool) for key in ("source", "on", "note")},
        ),
        max_size=3,
    )
)
@settings(max_examples=100)
def test_source_checks_come_back(checks):
    assert checks_in(checks_cell(checks)) == checks
