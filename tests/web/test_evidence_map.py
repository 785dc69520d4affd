"""The page of the evidence map, and its file."""

import csv
import html
import re
from io import StringIO

import pytest
from django.urls import reverse

from tests import builders
from treatments.models import Evidence

pytestmark = pytest.mark.django_db

MAP, CSV = "/map/", "/map/download.csv"


def links(body, treatment):
    """Address and words of each cell in the row of a treatment."""
    row = body.partition(f'id="treatment-{treatment}"')[2].partition("</tr>")[0]
    found = re.findall(r'<a class="map-cell" href="([^"]+)" data-count="[0-9]+" aria-label="([^"]+)"', row)
    return [(html.unescape(address), html.unescape(words)) for address, words in found]


def rows_of(response):
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("query", ["", "?columns=manifestation&population=adult&level=3&level=4"])
def test_a_cell_says_what_the_list_behind_it_holds(client, query):
    body = client.get(MAP + query).content.decode()
    for treatment in ("rituximab", "ivig"):
        assert links(body, treatment)
        for address, words in links(body, treatment):
            page = client.get(address).context["page"]
            entries = re.search(r": (\d+) entr", words)
            safety = re.search(r"(\d+) on safety", words)
            assert page.paginator.count == sum(int(found[1]) for found in (entries, safety) if found)


def test_a_cell_has_words_for_who_cannot_see_it(client):
    body = client.get(MAP).content.decode()
    named = Evidence.objects.published().filter(treatment__slug="tofacitinib", autoantibodies__slug="anti-mda5")
    (words,) = [words for _, words in links(body, "tofacitinib") if words.startswith("Tofacitinib, Anti-MDA5: ")]
    assert f"{named.efficacy().count()} entries, best level {named.order_by('level').first().level_id}" in words


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("columns=colour", "columns"), ("colour=blue", "colour"), ("level=9", "level"), ("page=2", "page")],
)
def test_what_makes_no_sense_is_400_and_keeps_what_was_typed(client, query, parameter):
    response = client.get(f"{MAP}?{query}&population=juvenile")
    assert response.status_code == 400
    assert [problem.parameter for problem in response.context["problems"]] == [parameter]
    assert response.context["map"] is None
    assert 'value="juvenile" checked' in response.content.decode()
    refused = client.get(f"{CSV}?{query}")
    assert refused.status_code == 400
    assert parameter in refused.content.decode()


def test_filters_can_be_taken_away_one_by_one_or_all_and_the_layout_stays(client):
    response = client.get(f"{MAP}?columns=manifestation&group=kind&level=2&treatment=ivig&autoantibody_named=false")
    assert [(chip.label, chip.value) for chip in response.context["chips"]] == [
        ("Evidence level", "Level 2"),
        ("Treatment", "Intravenous immunoglobulin (IVIG)"),
        ("Selected by or reported for an autoantibody", "No"),
    ]
    body = response.content.decode()
    assert 'href="/map/?columns=manifestation&amp;group=kind">Clear all' in body
    for name, value in (("columns", "manifestation"), ("treatment", "ivig"), ("autoantibody_named", "false")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in body


def test_what_is_left_out_is_said(client):
    builders.autoantibody("anti-Nothing")
    body = client.get(MAP).content.decode()
    assert "anti-Nothing" in body.partition("Not shown, because no entry is recorded")[2]
    assert "Not shown" not in client.get(f"{MAP}?empty=show").content.decode()


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("", True),
        ("?autoantibody=anti-mda5", False),
        ("?autoantibody_named=true", False),
        ("?columns=manifestation", False),
    ],
)
def test_unselected_disease_can_be_left_out_where_it_is_shown(client, query, offered):
    assert ("Only entries that name an antibody" in client.get(MAP + query).content.decode()) == offered


def test_text_of_a_record_is_never_markup(client):
    treatment = builders.treatment("<script>alert(1)</script>")
    builders.published(builders.evidence(treatment=treatment))
    body = client.get(f"{MAP}?treatment={treatment.slug}").content.decode()
    assert "&lt;script&gt;alert(1)" in body
    assert "<script>alert" not in body


def test_the_file_has_one_line_a_cell_with_the_numbers_of_the_map(client):
    response = client.get(f"{CSV}?columns=manifestation&mechanism=jak-stat")
    found = client.get(f"{MAP}?columns=manifestation&mechanism=jak-stat").context["map"]
    assert 'filename="evidence-map-manifestation.csv"' in response["Content-Disposition"]
    rows = rows_of(response)
    assert len(rows) == found.cell_count > 0
    for row in rows:
        directions = sum(int(row[way]) for way in ("supports", "mixed", "no_benefit", "harm", "inconclusive"))
        assert int(row["entries"]) == directions
        assert f"treatment={row['treatment']}" in row["evidence"]
        assert row["evidence"].startswith("http://testserver/evidence/?")
    first = rows[0]
    assert client.get(first["evidence"]).context["page"].paginator.count == int(first["entries"]) + int(first["safety"])


def test_a_name_cannot_run_as_a_formula_in_a_spreadsheet(client):
    treatment = builders.treatment('=HYPERLINK("https://evil.example","click")')
    builders.published(builders.evidence(treatment=treatment))
    (row,) = rows_of(client.get(f"{CSV}?treatment={treatment.slug}"))
    assert row["treatment_name"] == f"'{treatment.name}"


def test_pages_lead_to_their_part_of_the_map(client):
    for page, address in (
        (reverse("web:home"), "/map/?columns=manifestation"),
        ("/treatments/ivig/", "/map/?columns=manifestation#treatment-ivig"),
        ("/autoantibodies/anti-mda5/", "/map/?columns=manifestation&amp;autoantibody=anti-mda5"),
        ("/manifestations/calcinosis/", "/map/?manifestation=calcinosis"),
    ):
        assert f'href="{address}"' in client.get(page).content.decode()
        target, _, anchor = html.unescape(address).partition("#")
        body = client.get(target)
        assert body.context["map"].cell_count
        assert f'id="{anchor}"' in body.content.decode() if anchor else True


@pytest.mark.parametrize("address", [MAP, CSV])
def test_the_map_only_answers_questions(client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
