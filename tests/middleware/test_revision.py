"""ETags and kept answers: never out of date, cheap to prove, and nobody's private page among them."""

import gzip

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api import seed
from tests.builders import person, treatment
from treatments.models import DatasetRevision, Treatment

IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
LOCAL = {
    "default": {**IN_MEMORY, "LOCATION": "test-others"},
    "answers": {**IN_MEMORY, "LOCATION": "test-revision"},
}

PAGES = (
    "/",
    "/about/",
    "/treatments/",
    "/treatments/ivig/",
    "/autoantibodies/anti-mda5/",
    "/evidence/?autoantibody=anti-mda5",
    "/evidence/EV00001/",
    "/changes/",
    "/search/?q=tofacitinib",
)
API = (
    "/api/v1/",
    "/api/v1/changes/",
    "/api/v1/schema/",
    "/api/v1/docs/",
    "/api/v1/redoc/",
    "/api/v1/evidence/EV00001/",
    "/api/v1/search/?q=jak",
)
LISTS = tuple(f"/api/v1/{endpoint}/" for endpoint in seed.KEYS)


@pytest.fixture
def keeping(settings):
    """Answers are kept, as in earnest."""
    settings.CACHES = LOCAL
    caches["answers"].clear()
    yield
    caches["answers"].clear()


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, *API, *LISTS])
def test_every_public_answer_can_be_revalidated(client, address):
    first = client.get(address)
    assert first.status_code == 200
    assert first["ETag"].startswith('W/"')
    assert first["Cache-Control"] == "no-cache"
    assert "Cookie" not in first["Vary"]
    assert not first.cookies
    assert first["X-Dataset-Revision"] == str(DatasetRevision.current().number)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)
    assert again["ETag"] == first["ETag"]
    assert "Content-Security-Policy" not in again  # the reader's copy keeps its own


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["{0}", '"other", {0}', "*", "{1}"])
def test_every_way_of_asking_again_is_understood(client, form):
    etag = client.get("/api/v1/treatments/ivig/")["ETag"]
    asked = form.format(etag, etag.removeprefix("W/"))
    assert client.get("/api/v1/treatments/ivig/", headers={"If-None-Match": asked}).status_code == 304
    assert client.head("/api/v1/treatments/ivig/", headers={"If-None-Match": asked}).status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ['"other"', "nonsense", "", 'W/"'])
def test_anything_else_is_answered_in_full(client, asked):
    assert client.get("/api/v1/treatments/ivig/", headers={"If-None-Match": asked}).status_code == 200


@pytest.mark.django_db
def test_what_is_not_there_matches_nothing(client):
    response = client.get("/api/v1/treatments/nothing/", headers={"If-None-Match": "*"})
    assert response.status_code == 404
    assert "ETag" not in response


@pytest.mark.django_db
def test_each_address_and_form_has_its_own(client):
    answers = [
        client.get("/api/v1/treatments/"),
        client.get("/api/v1/treatments/?page=1"),
        client.get("/api/v1/treatments/", headers={"Accept": "application/json; indent=4"}),
        client.get("/api/v1/treatments/", headers={"Host": "localhost"}),
        client.get("/treatments/"),
        client.get("/treatments/", headers={"HX-Request": "true"}),
    ]
    assert len({answer["ETag"] for answer in answers}) == len(answers)


@pytest.mark.django_db
def test_a_change_of_the_data_makes_a_new_one(client):
    before = client.get("/api/v1/treatments/ivig/")
    Treatment.objects.filter(slug="rituximab").update(summary="Changed.")
    after = client.get("/api/v1/treatments/ivig/", headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after["X-Dataset-Revision"]) == (200, str(int(before["X-Dataset-Revision"]) + 1))
    assert after["ETag"] != before["ETag"]


@pytest.mark.django_db
def test_other_code_makes_a_new_one(client, monkeypatch):
    before = client.get("/api/v1/treatments/ivig/")["ETag"]
    monkeypatch.setattr("treatments.middleware.revision.code_version", lambda: "other")
    assert client.get("/api/v1/treatments/ivig/")["ETag"] != before


@pytest.mark.django_db(transaction=True)
def test_a_kept_answer_costs_one_query_and_is_never_out_of_date(client, keeping):
    made = client.get("/api/v1/treatments/ivig/")
    with CaptureQueriesContext(connection) as queries:
        kept = client.get("/api/v1/treatments/ivig/")
    assert len(queries) == 1
    assert (kept.content, dict(kept.headers)) == (made.content, dict(made.headers))
    Treatment.objects.filter(slug="ivig").update(summary="Changed.")
    assert client.get("/api/v1/treatments/ivig/").json()["summary"] == "Changed."
    treatment(slug="new-one")
    assert client.get("/api/v1/treatments/new-one/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/treatments/ivig/", "/api/v1/redoc/", "/api/v1/evidence/EV00001/"])
def test_a_kept_answer_is_the_same_in_every_header(client, keeping, address):
    made, kept = client.get(address), client.get(address)
    assert (kept.content, dict(kept.headers)) == (made.content, dict(made.headers))
    assert client.head(address)["Content-Length"] == str(len(made.content))


@pytest.mark.django_db
def test_errors_are_not_kept(client, keeping):
    client.get("/api/v1/treatments/later/")
    assert not caches["answers"]._cache  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_nobody_s_own_page_is_kept_or_marked(client, keeping):
    client.force_login(person())
    for address in ("/admin/", "/admin/login/"):
        response = client.get(address)
        assert "ETag" not in response
        assert "X-Dataset-Revision" not in response
    assert not caches["answers"]._cache  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_signed_in_reader_sees_the_same_page(client, keeping):
    signed_in = Client()
    signed_in.force_login(person())
    assert signed_in.get("/treatments/ivig/").content == client.get("/treatments/ivig/").content


@pytest.mark.django_db
def test_probes_are_left_alone(client):
    assert "ETag" not in client.get("/healthz")
    assert "ETag" not in client.get("/readyz")


@pytest.mark.django_db
def test_an_answer_travels_compressed_to_those_who_can_read_it_and_is_revalidated_all_the_same(client, keeping):
    plain = client.get("/treatments/ivig/")
    packed = client.get("/treatments/ivig/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 3
    assert packed["ETag"] == plain["ETag"]
    again = client.get("/treatments/ivig/", headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304
