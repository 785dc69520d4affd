"""The guide for curators shows real entries: what it says of them is what the data set says."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from treatments.models import Evidence

pytestmark = pytest.mark.django_db

GUIDE = (Path(settings.BASE_DIR) / "docs" / "curation.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in GUIDE.splitlines() if line.startswith("| EV")]


def test_every_example_is_told_as_the_data_set_has_it():
    assert len(ROWS) == 10
    for accession, *told in ROWS:
        entry = Evidence.objects.published().get(accession=accession)
        assert told == [
            entry.get_design_display().lower(),
            entry.get_analysis_display().lower() if entry.analysis else "",
            entry.level.code,
            entry.get_direction_display().lower(),
            ", ".join(entry.autoantibodies.values_list("slug", flat=True)),
        ], accession


def test_every_entry_that_the_guide_explains_is_in_its_table():
    assert set(re.findall(r"EV\d{5}", GUIDE)) == {accession for accession, *_ in ROWS}
