"""What no view should have to think about."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/evidence/?search=%00", "null byte"),
        ("/treatments/ivig%00/", "null byte"),
        ("/evidence/?search=%zz", "percent sign"),
        ("/evidence/?search=100%", "percent sign"),
        ("/evidence/?search=%c3%28", "UTF-8"),
        ("/evidence/?search=" + "a" * 10_000, "10,000 characters"),
        ("/evidence/?" + "a" * 3_000 + "=1", "3,000 characters"),
        ("/evidence/?" + "&".join(["level=2"] * 201), "201 parameters"),
        ("/evidence/?" + "&".join(["search=" + "a" * 1_900] * 12), "bytes long"),
    ],
)
def test_a_page_says_readably_what_is_wrong(client, address, says):
    response = client.get(address)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")
    assert says in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["/admin/", "/static/", "/nothing/"])
def test_it_stands_before_everything(client, prefix):
    assert client.get(f"{prefix}?a=%00").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["search=TIF1%CE%B3", "search=anti+mda5", "search=50%25", "", "&&", "search=a%26b"])
def test_ordinary_queries_pass(client, query):
    assert client.get(f"/api/v1/autoantibodies/?{query}").status_code == 200


@pytest.mark.django_db
def test_the_parameter_is_named(client):
    (error,) = client.get("/api/v1/evidence/?level=2&search=%00").json()["errors"]
    assert (error["parameter"], error["detail"]) == ("search", "This contains a null byte.")
