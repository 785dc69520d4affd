"""A load beside other loads and beside curators."""

import pytest
from django.db import transaction

from tests import builders
from tests.concurrency import Elsewhere, at_once
from treatments.dataset import SEED, load
from treatments.models import DatasetRevision, Evidence, Treatment

from .small_set import replace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def files(tmp_path):
    """The shipped data set with one treatment and one claim changed."""
    for path in SEED.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    replace(tmp_path, "treatments.yaml", "- slug: ivig\n  name: ", "- slug: ivig\n  name: Changed ")
    replace(tmp_path, "evidence.yaml", "- accession: EV00001\n  key: ", "- accession: EV00001\n  key: changed-")
    return tmp_path


def test_two_loads_at_once(files):
    before = DatasetRevision.current().number
    reports = at_once(lambda: load(files), lambda: load(files))
    assert sorted(len(report.updated) for report in reports) == [0, 2]
    assert DatasetRevision.current().number == before + 1
    assert Evidence.objects.filter(accession="EV00001").count() == 2


def test_a_load_waits_for_a_curator_and_sees_what_they_did(files):
    with transaction.atomic():
        builders.treatment(slug="written-meanwhile")
        Treatment.objects.filter(slug="ivig").update(summary="A curator's words.")
        with Elsewhere(lambda: load(files)) as other:
            other.waits()
            outcome = other
    report = outcome.outcome()
    assert report.not_in_data_set == {"treatments": ["written-meanwhile"]}
    assert [(update.name, update.edited_here) for update in report.updated] == [("ivig", True), ("EV00001", False)]
