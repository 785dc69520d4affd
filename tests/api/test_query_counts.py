"""How many queries each address costs, against the baseline in query_counts.json.

A list costs the same for 10 rows as for 200. A record's figure is the most that any record of the data set costs.
After a change that is meant to cost more or less: UPDATE_BASELINES=1 pytest tests/api/test_query_counts.py
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders, crowd
from tests.api import seed
from treatments.models import Treatment
from treatments.releases import cut

BASELINE = Path(__file__).with_name("query_counts.json")
MAKE = {
    "treatments": builders.treatment,
    "mechanisms": builders.mechanism,
    "autoantibodies": builders.autoantibody,
    "manifestations": builders.manifestation,
    "evidence": builders.evidence,
    "phenotype-associations": builders.phenotype_association,
    "recommendations": builders.recommendation,
    "appraisals": builders.appraisal,
    "references": builders.reference,
    "trials": builders.trial,
    "outcome-measures": builders.outcome_measure,
}


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries), response.json()


def compare(name, queries):
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if os.environ.get("UPDATE_BASELINES"):
        BASELINE.write_text(json.dumps(dict(sorted({**baseline, name: queries}.items())), indent=2) + "\n")
    else:
        assert queries == baseline[name], "see the top of this file"


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", seed.KEYS)
def test_a_list_costs_the_same_however_long_it_is(client, endpoint):
    release = builders.release()
    for _ in range(200 - len(seed.rows(endpoint)) if endpoint in MAKE else 0):
        row = MAKE[endpoint]()
        if endpoint in seed.CLAIMS:
            builders.published(row, release=release)
    ten, _ = cost(client, f"/api/v1/{endpoint}/?page_size=10")
    two_hundred, page = cost(client, f"/api/v1/{endpoint}/?page_size=200")
    assert len(page["results"]) == 200 or endpoint not in MAKE
    assert ten == two_hundred
    compare(f"/api/v1/{endpoint}/", ten)


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", seed.ANSWERS)
def test_an_answer_costs_the_same_however_much_it_is_made_from(client, endpoint):
    few, _ = cost(client, f"/api/v1/{endpoint}/")
    release = builders.release()
    for _ in range(100):
        antibodies, features = [builders.autoantibody()], [builders.manifestation()]
        builders.published(builders.evidence(autoantibodies=antibodies, manifestations=features), release=release)
    many, _ = cost(client, f"/api/v1/{endpoint}/")
    assert few == many
    compare(f"/api/v1/{endpoint}/", few)


@pytest.mark.django_db
def test_releases_cost_the_same_however_many_there_are(client):
    one, _ = cost(client, "/api/v1/releases/")
    cut("example-1", "A made-up release")
    Treatment.objects.update(summary="Changed.")
    cut("example-2", "A made-up release")
    three, page = cost(client, "/api/v1/releases/")
    assert page["count"] == 3
    assert one == three
    compare("/api/v1/releases/", one)
    few, _ = cost(client, "/api/v1/releases/example-1/")
    many, record = cost(client, "/api/v1/releases/example-2/")
    assert len(record["difference"]) == Treatment.objects.count()
    assert few == many
    compare("/api/v1/releases/{key}/", many)


@pytest.mark.django_db
def test_a_search_costs_the_same_however_much_it_finds(client):
    release = builders.release()
    for _ in range(5):
        builders.published(builders.evidence(statement="Zebrafishosis improved."), release=release)
    few, _ = cost(client, "/api/v1/search/?q=zebrafishosis&page_size=200")
    for _ in range(100):
        builders.published(builders.evidence(statement="Zebrafishosis improved."), release=release)
    many, page = cost(client, "/api/v1/search/?q=zebrafishosis&page_size=200")
    assert len(page["results"]) == 105
    assert few == many
    compare("/api/v1/search/", few)


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", seed.KEYS)
def test_a_record_costs_a_bounded_number(client, endpoint):
    if not seed.rows(endpoint):
        claim = builders.published(MAKE[endpoint](rests_on=[builders.published(builders.evidence())]))
        keys = [claim.accession]
    else:
        # The ends of the file and what has most to show: the rest was looked at when every record was compared.
        ranked = sorted(seed.rows(endpoint), key=lambda row: len(str(row)))
        keys = [row[seed.KEYS[endpoint]] for row in [*ranked[:3], *ranked[-12:]]]
    costs = [cost(client, f"/api/v1/{endpoint}/{key}/")[0] for key in keys]
    compare(f"/api/v1/{endpoint}/{{key}}/", max(costs))


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "?autoantibody=anti-mda5&manifestation=rapidly-progressive-ild"])
def test_an_answer_of_the_finder_costs_the_same_however_much_evidence_there_is(client, asked):
    address = f"/api/v1/finder/{asked}"
    few, _ = cost(client, address)
    release = builders.release()
    for _ in range(40):
        builders.published(builders.evidence(), release=release)
        builders.published(builders.recommendation(treatment=builders.treatment()), release=release)
    many, answer = cost(client, address)
    assert len(answer["results"]) > 100
    assert few == many
    compare(address, few)


@pytest.mark.django_db
def test_a_record_costs_the_same_however_much_refers_to_it(client):
    about = crowd.records()
    named = {
        "treatments": about["treatment"].slug,
        "references": about["reference"].slug,
        "trials": about["trial"].nct_id,
        "autoantibodies": about["autoantibody"].slug,
        "manifestations": about["manifestation"].slug,
        "mechanisms": about["mechanism"].slug,
        "outcome-measures": about["measure"].slug,
    }
    few, many = (
        {
            endpoint: cost(client, f"/api/v1/{endpoint}/{key}/")[0]
            for endpoint, key in [*named.items(), ("appraisals", crowd.add_rows(count, about).accession)]
        }
        for count in (10, 190)
    )
    assert few == many


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", seed.CLAIMS)
def test_versions_cost_the_same_however_many_there_are(client, endpoint):
    claim = builders.published(MAKE[endpoint]())
    address = f"/api/v1/{endpoint}/{claim.accession}/versions/"
    one, _ = cost(client, address)
    for version in range(2, 12):
        following = MAKE[endpoint](accession=claim.accession, version=version, supersedes=claim)
        builders.superseded(claim)
        claim = builders.published(following)
    many, page = cost(client, address)
    assert page["count"] == 11
    assert one == many
    compare(f"/api/v1/{endpoint}/{{key}}/versions/", one)
