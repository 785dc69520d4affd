"""The evidence list as its reader wants it: facets, chips, order, columns."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests import builders
from treatments.models import Evidence
from treatments.web.presenters.columns import Column

pytestmark = pytest.mark.django_db

LIST = reverse("web:evidence-list")


def listed(client, query: str = ""):
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return response


def facets_of(response) -> dict:
    return {facet.name: facet for group in response.context["facet_groups"] for facet in group}


def cells_of(response) -> list[dict[str, list[str]]]:
    return [
        {cell.name: [part.text for part in cell.parts] for cell in row.cells}
        for row in response.context["rows_in_columns"]
    ]


# Facets ---------------------------------------------------------------------------------------------------------------


def test_each_count_shown_is_what_one_gets_by_choosing_it(client):
    query = "autoantibody=anti-mda5&direction=mixed"
    for facet in facets_of(listed(client, query)).values():
        for option in facet.options[:1]:
            chosen = QueryDict(query, mutable=True)
            chosen[facet.name] = option.value
            count = listed(client, chosen.urlencode()).context["page"].paginator.count
            assert option.count == count, f"{facet.name}={option.value}"


def test_the_counts_of_a_facet_leave_its_own_choice_out(client):
    without = {option.value: option.count for option in facets_of(listed(client))["direction"].options}
    chosen = {option.value: option.count for option in facets_of(listed(client, "direction=harm"))["direction"].options}
    assert chosen == without


def test_a_scale_keeps_its_order_and_a_long_list_goes_by_count_and_then_by_name(client):
    facets = facets_of(listed(client, "manifestation=calcinosis"))
    assert [option.value for option in facets["level"].options] == ["1", "2", "3", "4", "5"]
    treatments = facets["treatment"].options
    assert [(-option.count, option.label.casefold()) for option in treatments] == sorted(
        (-option.count, option.label.casefold()) for option in treatments
    )


def test_what_would_give_nothing_is_folded_away_in_a_long_list_unless_it_is_chosen(client):
    facet = facets_of(listed(client, "manifestation=calcinosis&treatment=probenecid&direction=harm"))["treatment"]
    assert facet.options
    assert all(option.count or option.chosen for option in facet.options)
    assert {option.value for option in facet.options if option.chosen} == {"probenecid"}
    assert facet.folded
    assert not any(option.count or option.chosen for option in facet.folded)


def test_a_retired_term_is_offered_only_while_something_is_found_by_it(client):
    retired = {"retired_on": "2026-11-01", "retirement_reason": "Made up."}
    used, unused = builders.treatment(**retired), builders.treatment(**retired)
    builders.published(builders.evidence(treatment=used))
    facet = facets_of(listed(client))["treatment"]
    offered = {option.value for option in [*facet.options, *facet.folded]}
    assert used.slug in offered
    assert unused.slug not in offered


def test_a_refused_question_shows_no_counts(client):
    response = client.get(LIST, {"level": "9"})
    assert response.status_code == 400
    assert all(option.count is None for facet in facets_of(response).values() for option in facet.options)


# Chips and order ------------------------------------------------------------------------------------------------------


def test_chips_name_filters_that_have_no_control_in_words(client):
    query = "reference=aggarwal-2022-ivig&trial=NCT02728752&primary_checked=true&published_since=2026-01-01"
    chips = {(chip.label, chip.value) for chip in listed(client, query).context["chips"]}
    assert ("Reference", "Aggarwal R et al., N Engl J Med, 2022") in chips
    assert ("Checked against a primary source", "Yes") in chips
    assert any(label == "Trial" for label, _ in chips)


def test_what_filters_nothing_has_no_chip_and_survives_clearing(client):
    response = listed(client, "direction=harm&view=table&column=regimen&ordering=-year&page=1")
    assert [(chip.label, chip.value) for chip in response.context["chips"]] == [("Direction", "Harm")]
    assert response.context["chips"][0].query == "view=table&column=regimen&ordering=-year"
    assert response.context["query_unfiltered"] == "view=table&column=regimen&ordering=-year"


def test_an_order_that_the_control_cannot_name_is_kept(client):
    response = listed(client, "ordering=level,-year")
    assert [option.value for option in response.context["ordering"].options if option.chosen] == ["level,-year"]
    levels = [(row.claim.level_id, -(row.claim.reference.year or 0)) for row in response.context["rows"]]
    assert levels == sorted(levels)


# Columns --------------------------------------------------------------------------------------------------------------


def test_a_table_has_the_columns_asked_for_in_their_fixed_order(client):
    response = listed(client, "view=table&column=regimen&column=autoantibody&autoantibody=anti-mda5")
    assert [column.value for column in response.context["shown_columns"]] == ["autoantibody", "regimen"]
    rows = cells_of(response)
    claims = [row.entry.claim for row in response.context["rows_in_columns"]]
    assert [row["regimen"] for row in rows] == [[claim.regimen] if claim.regimen else [] for claim in claims]
    body = response.content.decode()
    assert body.count('<tr role="row">') == len(claims) + 1
    assert "Not recorded" in body


def test_level_direction_and_safety_cannot_be_taken_away(client):
    for query in ("view=table&column=year&aspect=safety", "column=year&aspect=safety"):
        response = listed(client, query)
        shown = response.content.decode().partition('id="results"')[2]
        entries = len(response.context["rows_in_columns"])
        assert entries > 5
        for mark in ('class="level"', 'class="direction"', "tag-safety"):
            assert shown.count(mark) == entries


def test_entries_with_columns_say_the_same_as_the_table(client):
    query = "column=results&column=patients&column=safety&column=trial&level=2"
    assert cells_of(listed(client, query)) == cells_of(listed(client, f"view=table&{query}"))


def test_every_column_can_be_shown_of_every_entry(client):
    query = "&".join(f"column={column.value}" for column in Column)
    number = 1
    seen: dict[str, int] = {}
    while True:
        response = listed(client, f"view=table&{query}&page={number}")
        for row in cells_of(response):
            for name, parts in row.items():
                seen[name] = seen.get(name, 0) + bool(parts)
                assert all(parts), name
        if not response.context["page"].has_next():
            break
        number += 1
    assert seen.keys() == {column.value for column in Column}
    assert all(seen.values()), "every column has something in some entry"


def test_figures_of_a_table_are_those_of_the_entry(client):
    claim = Evidence.objects.published().get(reference__pmid="36198179", results__treated_events=37)
    response = listed(client, "view=table&column=results&reference=aggarwal-2022-ivig")
    cells = next(row for row in response.context["rows_in_columns"] if row.entry.claim == claim).cells
    (part,) = [part for part in cells[0].parts if "37/47" in part.text]
    assert part.text.startswith("79 % (37/47) vs 44 % (21/48); 35 percentage points (95 % CI 17 to 53)")
    assert "p value <0.001" in part.text


@pytest.mark.parametrize("query", ["view=cards", "column=colour", "view=table&view=entries", "view=table&column=x"])
def test_a_view_or_column_that_there_is_not_is_refused(client, query):
    assert client.get(f"{LIST}?{query}").status_code == 400


def test_the_view_travels_with_filters_pages_and_the_choice_of_columns(client):
    body = listed(client, "view=table&column=year&direction=supports").content.decode()
    assert "?view=table&amp;column=year&amp;direction=supports&amp;page=2" in body
    filters, _, rest = body.partition('id="filters-hidden"')[2].partition("</form>")
    assert '<input type="hidden" name="view" value="table">' in filters
    assert '<input type="hidden" name="column" value="year">' in filters
    columns = rest.partition('class="tool-body"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="direction" value="supports">' in columns
    assert '<input type="hidden" name="column"' not in columns


def test_the_address_to_copy_is_the_question_without_its_empty_fields(client):
    body = listed(client, "search=&direction=mixed&direction=harm&published_since=").content.decode()
    (address,) = re.findall(r'class="share">.*?data-copy="([^"]+)"', body)
    assert address.endswith("/evidence/?direction=mixed&amp;direction=harm")


def test_other_programs_are_not_asked_how_a_page_looks(client):
    assert client.get("/api/v1/evidence/?view=table").status_code == 400
