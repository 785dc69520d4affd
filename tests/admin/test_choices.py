"""Autocompletes: found under every name, spelling forgiven, told apart by what they are, nothing retired."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from treatments.curation.roles import CURATOR
from treatments.models import Treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def choices():
    client = Client()
    client.force_login(builders.person(CURATOR))

    def ask(model, field, term):
        asked = {"app_label": "treatments", "model_name": model, "field_name": field, "term": term}
        response = client.get(reverse("admin:autocomplete"), asked)
        assert response.status_code == 200
        return [row["text"] for row in response.json()["results"]]

    return ask


@pytest.mark.parametrize(
    ("model", "field", "term", "first"),
    [
        ("evidence", "treatment", "xeljanz", "Tofacitinib – small molecule – "),
        ("evidence", "treatment", "tofacitnib", "Tofacitinib – small molecule – "),
        ("evidence", "treatment", "IVIG", "Intravenous immunoglobulin"),
        ("recommendation", "treatment", "cellcept", "Mycophenolate"),
        ("evidenceautoantibody", "autoantibody", "anti-TIF1γ", "Anti-TIF1-gamma"),
        ("evidenceautoantibody", "autoantibody", "IFIH1", "Anti-MDA5"),
        ("evidenceautoantibody", "autoantibody", "mda5", "Anti-MDA5"),
        ("evidencemanifestation", "manifestation", "ILD", "Interstitial lung disease"),
        ("result", "measure", "CDASI", "Cutaneous Dermatomyositis Disease Area and Severity Index"),
        ("evidence", "trial", "NCT02728752", "NCT02728752"),
    ],
)
def test_found_under_every_name(choices, model, field, term, first):
    offered = choices(model, field, term)
    assert offered, term
    assert offered[0].casefold().startswith(first.casefold()), offered[:3]


def test_references_are_found_by_identifier_author_and_title(choices):
    made = builders.reference(pmid="99000001", doi="10.1234/made.up.1", title="Exampletinib in a made-up rash")
    for term in ("99000001", "10.1234/made.up.1", "exampletinib made-up rash", "PMID 99000001"):
        offered = choices("evidence", "reference", term)
        assert any("PMID 99000001" in text and made.title in text for text in offered[:2]), (term, offered)


def test_the_name_it_was_found_by_is_said_where_the_option_does_not_show_it(choices):
    builders.treatment("Exampletinib", synonyms=["Alpha", "Bravo", "Charlie", "Quixotinib"], brand_names=["Exa"])
    assert any("(found as “Quixotinib”)" in text for text in choices("evidence", "treatment", "quixotinib"))


def test_what_is_retired_is_not_offered(choices):
    treatment = builders.treatment("Zzexampletinib")
    assert choices("evidence", "treatment", "zzexample")
    Treatment.objects.filter(pk=treatment.pk).update(retired_on=date(2026, 11, 1), retirement_reason="Entered twice.")
    assert choices("evidence", "treatment", "zzexample") == []


def test_published_evidence_is_found_by_what_it_is_about(choices):
    offered = choices("appraisalevidence", "evidence", "tofacitinib calcinosis")
    assert offered
    assert all(text.startswith("EV") and "level" in text for text in offered)


@pytest.mark.parametrize("term", ["", " ", "[", "'; DROP TABLE x; --", "x" * 500, "γ", "%"])
def test_anything_typed_is_answered(choices, term):
    for model, field in (("evidence", "treatment"), ("evidence", "reference"), ("appraisalevidence", "evidence")):
        choices(model, field, term)
