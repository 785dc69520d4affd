"""What is taken away is what is listed: the same entries in the same order, all pages, every figure as entered."""

import csv
import io
import json
import zipfile
from decimal import Decimal

import bibtexparser
import openpyxl
import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders
from treatments.models import DatasetRevision, Evidence, Result
from treatments.web.presenters.evidence_sheets import ENTRY_HEADER, RESULT_HEADER
from treatments.web.views import evidence_downloads

pytestmark = pytest.mark.django_db

LIST = reverse("web:evidence-list")
FORMATS = ["evidence-csv", "evidence-results-csv", "evidence-xlsx", "evidence-json", "evidence-ris", "evidence-bibtex"]
QUERIES = ["", "autoantibody=anti-mda5", "search=rash&ordering=-year&level=3&level=4", "treatment=probenecid&level=1"]
LINES_BEFORE = 5  # of a CSV file, before its header
FIGURES = [
    *(f"{arm}_value" for arm in ("treated", "control")),
    *("effect_value", "effect_ci_low", "effect_ci_high", "effect_ci_level"),
]


def pages_of(client, query: str) -> list[Evidence]:
    """The entries of all pages, as a reader turns them."""
    found: list[Evidence] = []
    number = 1
    while True:
        page = client.get(f"{LIST}?{query}&page={number}").context["page"]
        found += page.object_list
        if not page.has_next():
            return found
        number += 1


def content(client, name: str, query: str = "") -> bytes:
    response = client.get(f"{reverse(f'web:{name}')}?{query}")
    assert response.status_code == 200
    return response.getvalue()


def csv_lines(client, name: str, query: str = "") -> list[list[str]]:
    text = content(client, name, query).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def csv_rows(client, name: str, query: str = "") -> list[dict[str, str]]:
    header, *rows = csv_lines(client, name, query)[LINES_BEFORE:]
    return [dict(zip(header, row, strict=True)) for row in rows]


def workbook_of(client, query: str = "") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(client, "evidence-xlsx", query)))


def rows_of(sheet) -> list[dict]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("query", QUERIES)
def test_every_file_holds_what_is_listed_in_the_same_order(client, query):
    listed = pages_of(client, query)
    accessions = [claim.accession for claim in listed]
    assert [row["accession"] for row in csv_rows(client, "evidence-csv", query)] == accessions
    assert [row["accession"] for row in rows_of(workbook_of(client, query)["Entries"])] == accessions
    read = json.loads(content(client, "evidence-json", query))
    assert [row["accession"] for row in read["results"]] == accessions
    assert read["count"] == len(accessions)
    references = list(dict.fromkeys(claim.reference.slug for claim in listed))
    assert [one["id"] for one in rispy.loads(content(client, "evidence-ris", query).decode())] == references
    bibtex = bibtexparser.parse_string(content(client, "evidence-bibtex", query).decode())
    assert [entry.key for entry in bibtex.entries] == references
    assert not bibtex.failed_blocks


def test_json_holds_the_records_of_the_api(client):
    query = "autoantibody=anti-mda5&ordering=accession"
    from_api = client.get(f"/api/v1/evidence/?{query}&page_size=200").json()["results"]
    assert json.loads(content(client, "evidence-json", query))["results"] == from_api


def test_every_figure_of_every_result_is_as_it_was_entered(client):
    stored = list(Result.objects.filter(evidence__status="published").order_by("evidence__accession", "pk"))
    from_csv = csv_rows(client, "evidence-results-csv", "ordering=accession")
    book = workbook_of(client, "ordering=accession")["Results"]
    from_workbook = rows_of(book)
    assert len(stored) == len(from_csv) == len(from_workbook) > 200
    for result, line, row in zip(stored, from_csv, from_workbook, strict=True):
        assert line["label"] in (result.label, f"'{result.label}")
        assert row["label"] == result.label
        for name in FIGURES:
            entered = getattr(result, name)
            assert line[name] == ("" if entered is None else format(entered, "f"))
            assert row[name] == (None if entered is None else float(entered))
        for name in ("treated_events", "treated_total", "control_events", "control_total"):
            entered = getattr(result, name)
            assert line[name] == ("" if entered is None else str(entered))
            assert row[name] == entered


def awkward_entry() -> Evidence:
    """An entry whose words a spreadsheet would run and whose figures it would round."""
    claim = builders.evidence(
        statement='=HYPERLINK("https://evil.example","Click")',
        regimen="+1 tablet",
        comparator="@placebo",
        safety="A line\nand another, with “γ” and \x0b",
        treatment=builders.treatment("-minus"),
    )
    builders.result(
        claim,
        label="=1+1",
        treated_value=Decimal("-9.36"),
        treated_unit="points",
        control_value=Decimal("79.00"),
        effect_value=Decimal("0.000012"),
        effect_ci_low=Decimal("-123456789.123456"),
        p_value="<0.001",
    )
    return builders.published(claim)


def test_a_spreadsheet_runs_nothing(client):
    query = f"treatment={awkward_entry().treatment.slug}"
    (line,) = csv_rows(client, "evidence-csv", query)
    assert line["statement"].startswith("'=HYPERLINK")
    assert (line["regimen"], line["comparator"]) == ("'+1 tablet", "'@placebo")
    assert line["treatment"].startswith("'-minus")
    (result,) = csv_rows(client, "evidence-results-csv", query)
    assert result["label"] == "'=1+1"
    book = workbook_of(client, query)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    (row,) = rows_of(book["Entries"])
    assert row["statement"].startswith("=HYPERLINK"), "kept as text, so nothing has to be put before it"


def test_figures_keep_their_digits_and_stay_numbers(client):
    query = f"treatment={awkward_entry().treatment.slug}"
    (line,) = csv_rows(client, "evidence-results-csv", query)
    assert (line["treated_value"], line["control_value"]) == ("-9.36", "79.00")
    assert (line["effect_value"], line["effect_ci_low"]) == ("0.000012", "-123456789.123456")
    body = content(client, "evidence-xlsx", query)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        results = parts.read("xl/worksheets/sheet2.xml").decode()
    for digits in ("-9.36", "79.00", "0.000012", "-123456789.123456"):
        assert f"<v>{digits}</v>" in results
    sheet = openpyxl.load_workbook(io.BytesIO(body))["Results"]
    cells = {name.value: cell for name, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["control_value"].data_type, cells["control_value"].number_format) == ("n", "0.00")
    assert cells["p_value"].value == "<0.001"


def test_what_was_not_recorded_is_an_empty_cell_and_a_day_is_a_day(client):
    claim = awkward_entry()
    query = f"treatment={claim.treatment.slug}"
    (line,) = csv_rows(client, "evidence-csv", query)
    (row,) = rows_of(workbook_of(client, query)["Entries"])
    for name in ("n_treated", "trial", "pmid", "autoantibodies", "level_note", "last_checked_on"):
        assert line[name] == ""
        assert row[name] is None
    assert line["published_on"] == claim.published_at.date().isoformat()
    assert row["published_on"].date() == claim.published_at.date()
    assert line["primary_checked"] == "false"
    assert row["primary_checked"] is False


def test_each_file_says_what_was_asked_of_which_data_under_what_licence(client):
    query = "autoantibody=anti-mda5&direction=harm"
    revision = DatasetRevision.current()
    said = {
        "csv": "\n".join(" ".join(line) for line in csv_lines(client, "evidence-csv", query)[:LINES_BEFORE]),
        "xlsx": "\n".join(str(cell) for row in workbook_of(client, query)["About"].values for cell in row),
        "bib": content(client, "evidence-bibtex", query).decode().partition("\n\n")[0],
    }
    for words in said.values():
        assert query in words
        assert f"revision {revision.number} of {revision.changed_at:%Y-%m-%d}" in words
        assert "MIT" in words
    head = json.loads(content(client, "evidence-json", query))
    assert (head["filters"], head["revision"]) == (query, revision.number)
    assert "MIT" in head["licence"]
    assert all(line[0].startswith("# ") for line in csv_lines(client, "evidence-csv", query)[:LINES_BEFORE])


def test_the_workbook_explains_every_column(client):
    explained = [(row[0], row[1]) for row in workbook_of(client, "level=1")["About"].values]
    assert {("Entries", name) for name in ENTRY_HEADER} <= set(explained)
    assert {("Results", name) for name in RESULT_HEADER} <= set(explained)


@pytest.mark.parametrize("name", FORMATS)
def test_the_name_of_a_file_tells_the_state_of_the_data(client, name):
    revision = DatasetRevision.current()
    response = client.get(reverse(f"web:{name}"), {"level": "1"})
    assert f"-r{revision.number}-{revision.changed_at:%Y-%m-%d}." in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize("name", FORMATS)
def test_how_the_page_looks_does_not_matter_and_what_is_unknown_is_refused(client, name):
    plain = content(client, name, "level=1")
    if name != "evidence-xlsx":  # which carries the time it was made
        assert content(client, name, "level=1&page=2&view=table&column=year&column=trial") == plain
    for query in ("colour=blue", "level=9", "ordering=shoe-size", "page_size=5", "search=%5B"):
        response = client.get(f"{reverse(f'web:{name}')}?{query}")
        assert response.status_code == 400
        assert query.partition("=")[0] in response.content.decode()
    assert client.post(reverse(f"web:{name}")).status_code == 405


@pytest.mark.parametrize("name", ["evidence-csv", "evidence-json"])
def test_nothing_that_is_not_published_is_in_a_file(client, name):
    draft, gone = builders.evidence(), builders.retracted(builders.published(builders.evidence()))
    body = content(client, name).decode()
    assert draft.accession not in body
    assert gone.accession not in body


def test_files_that_are_made_whole_have_a_bound_and_say_what_to_do(client, monkeypatch):
    monkeypatch.setattr(evidence_downloads, "MOST_AT_ONCE", 5)
    for name in ("evidence-xlsx", "evidence-ris", "evidence-bibtex"):
        response = client.get(reverse(f"web:{name}"))
        assert response.status_code == 400
        assert "CSV and JSON take any number" in response.content.decode()
    for name in ("evidence-csv", "evidence-results-csv", "evidence-json"):
        response = client.get(reverse(f"web:{name}"))
        assert response.status_code == 200
        assert response.streaming, "sent as it is read"


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_takes_as_many_queries_for_many_entries_as_for_few(client, name):
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            content(client, name, query)
        return len(asked)

    assert queries("level=4") == queries("level=2")


def test_a_file_is_asked_for_again_at_no_cost(client):
    address = f"{reverse('web:evidence-csv')}?level=1"
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_the_page_offers_every_file_of_just_these_entries(client):
    body = client.get(f"{LIST}?autoantibody=anti-mda5&ordering=-year&view=table&page=2").content.decode()
    for name in FORMATS:
        assert f'href="{reverse(f"web:{name}")}?autoantibody=anti-mda5&amp;ordering=-year"' in body
    assert "All 32 entries that these filters find, in this order" in body
