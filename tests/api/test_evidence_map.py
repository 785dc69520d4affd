"""The evidence map for programs."""

import pytest

from tests import builders
from tests.api import seed

pytestmark = pytest.mark.django_db


def test_a_cell_counts_what_its_address_lists(get):
    answer = get("evidence-map/?treatment=rituximab&treatment=tofacitinib&columns=manifestation&population=adult")
    assert [row["treatment"]["slug"] for row in answer["rows"]] == ["rituximab", "tofacitinib"]
    for row in answer["rows"]:
        for cell in row["cells"]:
            listed = get(f"{cell['url']}&page_size=200")["results"]
            assert len(listed) == cell["entries"] + cell["safety"] > 0
            efficacy = [entry for entry in listed if entry["aspect"] == "efficacy"]
            assert cell["best_level"] == min((entry["level"] for entry in efficacy), default=None)
            assert cell["directions"] == {
                way: sum(entry["direction"] == way for entry in efficacy) for way in cell["directions"]
            }
            assert {entry["treatment"]["slug"] for entry in listed} == {row["treatment"]["slug"]}
            assert all(cell["column"] in [term["slug"] for term in entry["manifestations"]] for entry in listed)


def test_columns_and_cells_go_together(get):
    answer = get("evidence-map/")
    slugs = [column["slug"] for column in answer["columns"]]
    assert slugs[-1] is None, "entries that name no antibody"
    for row in answer["rows"]:
        places = [slugs.index(cell["column"]) for cell in row["cells"]]
        assert places == sorted(places)
    for column in answer["columns"]:
        cells = [cell for row in answer["rows"] for cell in row["cells"] if cell["column"] == column["slug"]]
        for counted in ("entries", "safety"):
            assert column[counted] == sum(cell[counted] for cell in cells)
    assert sum(row["entries"] + row["safety"] for row in answer["rows"]) == len(seed.rows("evidence"))


def test_the_query_is_repeated_with_what_stands_where_nothing_was_said(get):
    assert get("evidence-map/?level=2&level=1&group=kind")["query"] == {
        "columns": "autoantibody",
        "group": "kind",
        "empty": "hide",
        "filters": {"level": ["2", "1"]},
    }


def test_empty_cells_are_not_listed_and_a_cell_of_safety_alone_has_no_level(get):
    antibody = builders.autoantibody()
    claim = builders.published(builders.evidence(aspect="safety", direction="harm", autoantibodies=[antibody]))
    (row,) = get(f"evidence-map/?treatment={claim.treatment.slug}&empty=show")["rows"]
    (cell,) = row["cells"]
    assert (cell["column"], cell["best_level"], cell["entries"], cell["safety"]) == (antibody.slug, None, 0, 1)
    assert set(cell["directions"].values()) == {0}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("columns=gene", "columns"), ("direction=harm", "direction"), ("page=1", "page"), ("level=9", "level")],
)
def test_what_it_does_not_take_is_refused(get, query, parameter):
    (error,) = get(f"evidence-map/?{query}", 400)["errors"]
    assert error["parameter"] == parameter
    assert error["allowed"]
