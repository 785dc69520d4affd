"""Every record of the data set has its page, and the page shows the record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db.models import Model
from django.utils.html import escape

from treatments.models import (
    Autoantibody,
    CertaintyLevel,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)
from treatments.web.presenters.figures import figure

pytestmark = pytest.mark.django_db

SEED = Path(settings.BASE_DIR) / "treatments" / "dataset" / "seed"

# The file of the data set, the model, and what the page of a record must show of it.
RECORDS: list[tuple[str, type[Model], tuple[str, ...]]] = [
    ("treatments", Treatment, ("name", "summary", "boxed_warning", "pregnancy", "monitoring", "contraindications")),
    ("mechanisms", Mechanism, ("name", "description", "genes")),
    ("autoantibodies", Autoantibody, ("name", "full_name", "description", "detection_note", "antigen", "genes")),
    ("manifestations", Manifestation, ("name", "description", "synonyms")),
    ("outcome_measures", OutcomeMeasure, ("name", "description", "abbreviation", "unit")),
    ("evidence_levels", EvidenceLevel, ("label", "description")),
    ("certainty_levels", CertaintyLevel, ("label", "description")),
    ("references", Reference, ("title", "authors", "journal", "pmid", "doi", "pmcid", "year")),
    ("trials", Trial, ("title", "nct_id", "acronym", "sponsor", "note", "status_as_of", "enrollment")),
    ("evidence", Evidence, ("statement", "comparator", "regimen", "safety", "limitations", "level_note", "accession")),
    ("phenotype_associations", PhenotypeAssociation, ("note", "accession")),
    ("recommendations", Recommendation, ("statement", "body", "quality", "note", "accession")),
]


def texts(value: Any) -> Iterator[str]:
    """What of a field's value must be found in the page."""
    for one in value if isinstance(value, list) else [value]:
        if one not in (None, ""):
            yield escape(str(one))


@pytest.mark.parametrize(("file", "model", "fields"), RECORDS, ids=[file for file, *_ in RECORDS])
def test_every_record_has_a_page_that_shows_it(client, file, model, fields):
    records = list(model._default_manager.all())
    with (SEED / f"{file}.yaml").open(encoding="utf-8") as seed:
        assert len(records) == len(yaml.load(seed, yaml.CSafeLoader))
    for record in records:
        response = client.get(record.get_absolute_url())
        assert response.status_code == 200, record
        page = response.content.decode()
        for field in fields:
            for text in texts(getattr(record, field)):
                assert text in page, f"{record}: {field}"
        for check in record.source_checks:
            assert escape(check["what"]) in page, record


def test_every_figure_of_every_result_is_on_its_page_with_the_digits_entered(client):
    figures = ("treated_value", "control_value", "effect_value", "effect_ci_low", "effect_ci_high")
    for claim in Evidence.objects.published().prefetch_related("results__measure"):
        page = client.get(claim.get_absolute_url()).content.decode()
        for result in claim.results.all():
            shown = [escape(result.label), escape(result.timepoint), escape(result.p_value), result.measure.name]
            shown += [figure(getattr(result, name)) for name in figures if getattr(result, name) is not None]
            for arm in ("treated", "control"):
                events, total = getattr(result, f"{arm}_events"), getattr(result, f"{arm}_total")
                shown += [f"{events}/{total}"] if events is not None and total is not None else []
            assert [text for text in shown if text not in page] == [], claim


def test_every_version_has_its_permanent_page(client):
    for model in (Evidence, PhenotypeAssociation, Recommendation):
        for claim in model._default_manager.order_by("?")[:15]:
            response = client.get(claim.get_version_url())
            assert response.status_code == 200
            assert f'<link rel="canonical" href="{settings.SITE_URL}{claim.get_absolute_url()}">' in (
                response.content.decode()
            )
