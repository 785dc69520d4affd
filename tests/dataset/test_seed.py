"""The shipped data set in the database: every row, every value."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pghistory.models
import pytest
import yaml
from django.db import connection, models

from treatments.dataset import SEED, dump, load
from treatments.dataset.schema import FILES, TABLES
from treatments.models import (
    Autoantibody,
    Claim,
    DatasetRevision,
    Evidence,
    OutcomeMeasure,
    PhenotypeAssociation,
    Prevalence,
    Recommendation,
    Reference,
    Release,
    Result,
    Treatment,
    Trial,
)
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db

ROWS = {
    "evidence_levels": 5,
    "certainty_levels": 4,
    "references": 371,
    "outcome_measures": 42,
    "mechanisms": 63,
    "mechanism_interactions": 26,
    "autoantibodies": 17,
    "manifestations": 27,
    "treatments": 87,
    "trials": 64,
    "evidence": 319,
    "phenotype_associations": 130,
    "recommendations": 93,
    "appraisals": 0,
}


class Loader(yaml.SafeLoader):
    """Plain YAML, with the digits of numbers kept."""


Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))


def seed(name: str) -> Any:
    return yaml.load((SEED / f"{name}.yaml").read_text(), Loader=Loader)  # noqa: S506 - it is a safe one


def test_every_file_is_known_and_every_table_has_its_file():
    assert {path.name for path in SEED.iterdir() if path.suffix == ".yaml"} == set(FILES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_of_files_and_database(table):
    assert len(seed(table.name)) == ROWS[table.name]
    assert table.model._default_manager.count() == ROWS[table.name]


def test_written_as_it_was_loaded(tmp_path):
    report = dump(tmp_path)
    assert report.rows == ROWS
    assert report.left_out == []
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (SEED / file).read_bytes(), file


# Value by value -------------------------------------------------------------------------------------------------------

# Where the files group what the model has in columns or in another table. Written here a second time on purpose: the
# comparison shares nothing with the code that loads.
GROUPED = {
    ("evidence", "results", "treated"): "treated_",
    ("evidence", "results", "control"): "control_",
    ("evidence", "results", "effect"): "effect_",
    ("phenotype_associations", "frequency"): "frequency_",
    ("phenotype_associations", "effect"): "effect_",
}
RELATED = {
    ("treatments", "members"): "member_links.member",
    ("treatments", "components"): "component_links.component",
    ("treatments", "mechanisms"): "mechanisms_of_action",
    ("autoantibodies", "members"): "member_links.member",
    ("autoantibodies", "prevalence"): "prevalences",
    ("trials", "results"): "trialresult_set.reference",
    ("trials", "treatments"): "trialtreatment_set.treatment",
    ("evidence", "autoantibodies"): "autoantibody_links.autoantibody",
    ("evidence", "manifestations"): "manifestation_links.manifestation",
    ("recommendations", "autoantibodies"): "autoantibody_links.autoantibody",
    ("recommendations", "manifestations"): "manifestation_links.manifestation",
    ("phenotype_associations", "references"): "reference_links.reference",
    ("treatments", "references"): "treatmentreference_set.reference",
    ("mechanisms", "references"): "mechanismreference_set.reference",
    ("mechanism_interactions", "references"): "mechanisminteractionreference_set.reference",
    ("outcome_measures", "references"): "outcomemeasurereference_set.reference",
    ("autoantibodies", "prevalence", "references"): "prevalencereference_set.reference",
}


def related(row: models.Model, path: str) -> list[Any]:
    """Rows that hang on ``row``, in their order, or what they link to."""
    relation, _, target = path.partition(".")
    rows = getattr(row, relation).order_by("pk")
    return [getattr(link, target) for link in rows] if target else list(rows)


def differences(value: Any, row: Any, name: str, path: tuple[str, ...]) -> list[str]:
    """The places below ``path`` where ``row`` does not have what the file says."""
    here = (*path, name)
    if here in GROUPED:
        found = []
        for part, figure in value.items():
            if here[-2:] == ("phenotype_associations", "frequency") and part == "unit":
                found += [] if figure == "%" else [f"{here}: {figure}"]
            else:
                found += differences(figure, row, GROUPED[here] + part, here)
        return found
    if isinstance(value, dict):  # prevalence, by population
        rows = {part.population: part for part in related(row, RELATED[here])}
        assert value.keys() == rows.keys()
        return [
            found
            for population, fields in value.items()
            for field, content in fields.items()
            for found in differences(content, rows[population], field, here)
        ]
    if (
        isinstance(value, list)
        and name != "source_checks"
        and (here in RELATED or not hasattr(row, name) or isinstance(getattr(row, name), models.Manager))
    ):
        rows = related(row, RELATED.get(here, name))
        if len(rows) != len(value):
            return [f"{here}: {len(value)} in the file, {len(rows)} in the database"]
        if all(isinstance(item, str) for item in value):
            names = [natural_key(target) for target in rows]
            return [] if names == value else [f"{here}: {value} != {names}"]
        return [
            found
            for item, part in zip(value, rows, strict=True)
            for field, content in item.items()
            for found in differences(content, part, field, here)
        ]
    stored = getattr(row, name)
    if name == "source_checks":
        return [] if stored == value else [f"{here}: {value} != {stored}"]
    stored = natural_key(stored) if isinstance(stored, models.Model) else stored
    if name == "released_on":
        stored = stored.isoformat()
    # As text, so that 42.0 is not 42.
    return [] if str(stored) == str(value) and stored is not None else [f"{here}: {value!r} != {stored!r}"]


def natural_key(row: Any) -> str:
    return next(getattr(row, name) for name in ("slug", "nct_id", "code", "accession") if hasattr(row, name))


def row_of(table: Any, values: dict[str, Any]) -> models.Model:
    if table.name == "mechanism_interactions":
        return table.model.objects.get(
            upstream__slug=values["upstream"], downstream__slug=values["downstream"], effect=values["effect"]
        )
    return table.model.objects.get(**{table.key[0]: values[table.key[0]]})


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_value_of_every_row(table):
    found = []
    for values in seed(table.name):
        row = row_of(table, values)
        for name, value in values.items():
            found += differences(value, row, name, (table.name,))
    assert not found


# What it says ---------------------------------------------------------------------------------------------------------


def test_proderm():
    """Aggarwal 2022, NEJM: 79 % (37 of 47) with IVIG, 44 % (21 of 48) with placebo."""
    results = Result.objects.filter(treated_events=37, treated_total=47, control_events=21, control_total=48)
    result = results.get(evidence__treatment__slug="ivig", evidence__status=ClaimStatus.PUBLISHED)
    assert (result.treated_value, result.control_value) == (79, 44)
    assert result.evidence.reference.year == 2022
    assert result.evidence.reference.journal == "N Engl J Med"


def test_figures_keep_their_digits():
    kept = Result.objects.get(evidence__key="cyclosporine-qushmaq-2000-refractory", treated_total=59)
    assert str(kept.treated_value) == str(Decimal(str(kept.treated_value)))
    digits = {str(value) for value in Result.objects.values_list("treated_value", flat=True) if value is not None}
    assert any(value.endswith(".0") for value in digits)
    assert any("." not in value for value in digits)


def test_lists_keep_their_order():
    seeded = {row["slug"]: row.get("references", []) for row in seed("treatments")}
    slug, expected = max(seeded.items(), key=lambda item: len(item[1]))
    stored = related(Treatment.objects.get(slug=slug), "treatmentreference_set.reference")
    assert [reference.slug for reference in stored] == expected


def test_the_combination():
    combination = Treatment.objects.get(kind="combination")
    assert [treatment.slug for treatment in related(combination, "component_links.component")] == [
        "prednisone",
        "calcineurin-inhibitors",
        "cyclophosphamide",
    ]


def test_reshaped_fields():
    assert Autoantibody.objects.get(slug="anti-ku").genes == ["XRCC5", "XRCC6"]
    assert Prevalence.objects.count() == 22
    tis = OutcomeMeasure.objects.get(slug="total-improvement-score")
    assert (tis.minimum, tis.maximum) == (0, 100)
    assert Treatment.objects.filter(in_review_figure="yes").count() == 6
    assert Treatment.objects.filter(in_review_figure="no").count() == 6
    assert Recommendation.objects.filter(strength="not_seen").count() == 19
    assert Trial.objects.filter(status="unknown").count() == 25


@pytest.mark.parametrize(
    ("without", "count"), [({"year": None}, 27), ({"journal": ""}, 34), ({"authors": ""}, 84)], ids=str
)
def test_known_gaps_are_those_of_the_readme(without, count):
    assert Reference.objects.filter(**without).count() == count


# How it came ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Evidence, PhenotypeAssociation, Recommendation])
def test_claims_carry_the_release_and_no_people(model: type[Claim]):
    release = Release.objects.get()
    assert release.name == "2026-11"
    loaded = model._default_manager.filter(status=ClaimStatus.PUBLISHED, release=release, version=1, author=None)
    assert loaded.count() == model._default_manager.count()


@pytest.mark.parametrize("model", [Evidence, PhenotypeAssociation, Recommendation])
def test_next_accession_lies_beyond_those_loaded(model: type[Claim]):
    taken = set(model._default_manager.values_list("accession", flat=True))
    accession = model.next_accession()
    assert accession not in taken
    assert int(accession[2:]) > len(taken)  # other tests may have taken some: a sequence never goes back


def test_history_says_that_a_load_made_the_rows():
    event = Treatment.events.rel.related_model.objects.filter(slug="ivig").get()
    assert event.pgh_label == "insert"
    assert event.pgh_context.metadata == {"command": "load_dataset", "release": "2026-11"}


def counts() -> dict[str, int]:
    """The rows of every table of the database, those of history included."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(("treatments_", "pghistory"))
        ]
        union = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)
        cursor.execute(union)
        return dict(cursor.fetchall())


def test_loading_again_changes_nothing(django_assert_max_num_queries):
    before, revision = counts(), DatasetRevision.current()
    with django_assert_max_num_queries(60):
        report = load()
    assert counts() == before
    assert DatasetRevision.current().number == report.revision == revision.number
    assert DatasetRevision.current().changed_at == revision.changed_at
    assert not report.changed_anything
    assert dict(report.unchanged) == {"dataset": 1, **{name: count for name, count in ROWS.items() if count}}
    assert (report.updated, report.left_alone, report.not_in_data_set) == ([], [], {})


def test_loading_what_was_dumped_changes_nothing(tmp_path: Path):
    dump(tmp_path)
    before = counts()
    load(tmp_path)
    assert counts() == before


def test_an_empty_database_is_filled_in_few_queries(empty, django_assert_max_num_queries):
    """However many rows: two for each table that has rows, those that look, and those that check."""
    with django_assert_max_num_queries(220):
        load()
    assert DatasetRevision.current().number == 1
    assert pghistory.models.Context.objects.exists()
