"""Errors: a problem document for whatever is wrong, never a page, never a 500 for what a reader sends."""

import pytest
from django.urls import path

from knowledgebase.urls import urlpatterns as project_urls
from treatments.api.problems import MEDIA_TYPE

pytestmark = pytest.mark.django_db


def problem_of(response):
    assert response["Content-Type"] == MEDIA_TYPE
    document = response.json()
    assert document["status"] == response.status_code
    assert {"type", "title", "status", "detail", "instance"} <= document.keys()
    return document


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize(
    "address", ["", "evidence/", "evidence/EV00001/", "evidence/EV00001/versions/1/", "schema/", "docs/"]
)
def test_any_other_method_is_refused(client, method, address):
    response = getattr(client, method)(f"/api/v1/{address}")
    assert problem_of(response)["status"] == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["", "evidence/", "evidence/EV00001/", "schema/", "docs/", "redoc/"])
def test_head_answers_as_get_without_the_body(client, address):
    asked, told = client.head(f"/api/v1/{address}"), client.get(f"/api/v1/{address}")
    assert (asked.status_code, asked["ETag"], asked.content) == (200, told["ETag"], b"")
    assert asked["Content-Length"] == told["Content-Length"]


def test_options_says_what_is_allowed(client):
    response = client.options("/api/v1/evidence/")
    assert response.status_code == 200
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["/api/", "/api/v1/nothing/", "/api/v2/", "/api/v1/evidence/EV00001/results/"])
def test_an_unknown_address_is_not_found(client, address):
    assert problem_of(client.get(address))["status"] == 404


def test_a_missing_slash_is_added(client):
    response = client.get("/api/v1/evidence?level=2")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/evidence/?level=2")


@pytest.mark.parametrize(
    ("address", "accept"), [("evidence/", "text/html"), ("evidence/EV00001/", "application/xml"), ("docs/", MEDIA_TYPE)]
)
def test_a_form_that_there_is_not_is_not_acceptable(client, address, accept):
    assert problem_of(client.get(f"/api/v1/{address}", headers={"Accept": accept}))["status"] == 406


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,*/*;q=0.8", "application/json; indent=4"])
def test_json_is_given_to_whoever_takes_it(client, accept):
    response = client.get("/api/v1/evidence/EV00001/", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.json()["accession"] == "EV00001"


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/evidence/?search=%00",
        "/api/v1/evidence/?%00=1",
        "/api/v1/evidence/EV%0000001/",
        "/api/v1/treatments/%00/",
        "/api/v1/evidence/?search=" + "a" * 10_000,
        "/api/v1/evidence/?search=%zz",
        "/api/v1/evidence/?search=%ff",
        "/api/v1/evidence/?" + "&".join(["level=2"] * 201),
        "/api/v1/?colour=blue",
        "/api/v1/schema/?format=yaml",
        "/api/v1/docs/?colour=blue",
    ],
)
def test_what_cannot_be_meant_is_a_bad_request(client, address):
    assert problem_of(client.get(address))["status"] == 400


def test_a_stranger_s_host_name_is_a_bad_request(client):
    assert problem_of(client.get("/api/v1/", headers={"Host": "elsewhere.example"}))["status"] == 400


def broken(request):
    raise RuntimeError("broken on purpose")


# The site, with one address that fails.
urlpatterns = [path("api/v1/broken/", broken), *project_urls]
handler500 = "treatments.errors.server_error"


@pytest.mark.urls(__name__)
@pytest.mark.filterwarnings("ignore")
def test_a_mistake_of_ours_is_told_as_such_and_shows_nothing(client):
    client.raise_request_exception = False
    response = client.get("/api/v1/broken/")
    assert problem_of(response)["status"] == 500
    assert b"on purpose" not in response.content


def test_other_sites_may_read_errors_too(client):
    for address in ("/api/v1/", "/api/v1/nothing/", "/api/v1/evidence/?search=%00"):
        assert client.get(address)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/about/")
    preflight = client.options(
        "/api/v1/", headers={"Access-Control-Request-Method": "GET", "Origin": "https://a.example"}
    )
    assert preflight.status_code == 200
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("query", ["autoantibdy=", "colour=&level=2"])
def test_an_unknown_parameter_is_refused_even_when_it_is_empty(client, query):
    problem = problem_of(client.get(f"/api/v1/evidence/?{query}"))
    assert problem["status"] == 400
    assert problem["errors"][0]["detail"].startswith("There is no such parameter.")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("evidence/?autoantibody=", "autoantibody"),
        ("evidence/?level=2&search=%20", "search"),
        ("evidence/?level=2&level=", "level"),
        ("evidence/?page=", "page"),
        ("finder/?autoantibody=&manifestation=calcinosis", "autoantibody"),
        ("evidence-map/?population=", "population"),
        ("search/?q=", "q"),
        ("changes/?since=", "since"),
        ("evidence/EV00001/versions/?page_size=", "page_size"),
    ],
)
def test_a_parameter_without_a_value_is_refused_for_it_may_have_lost_one(client, address, name):
    problem = problem_of(client.get(f"/api/v1/{address}"))
    assert problem["status"] == 400
    assert [error["parameter"] for error in problem["errors"]] == [name]
    assert "no value" in problem["errors"][0]["detail"]
