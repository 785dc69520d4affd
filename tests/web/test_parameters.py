"""What an address is asked beyond what it takes: refused with a page that says so, never ignored."""

import pytest
from django.urls import reverse

from tests.web.test_query_counts import PAGES
from treatments.interop.urls import addresses

pytestmark = pytest.mark.django_db

OTHERS = [
    ("interop:claims-feed",),
    ("interop:treatment-feed", "ivig"),
    ("interop:autoantibody-feed", "anti-mda5"),
    ("interop:sitemap",),
    ("interop:sitemap-section", "overviews"),
    ("interop:reference-citation", "aggarwal-2022-ivig", "ris"),
    ("interop:claim-citation", "evidence", "EV00001", "bib"),
    ("interop:version-citation", "evidence", "EV00001", 1, "ris"),
]


def test_every_kind_of_address_beside_the_pages_is_in_the_list():
    assert {name.partition(":")[2] for name, *_ in OTHERS} == {address.name for address in addresses}


@pytest.mark.parametrize(("name", "args"), [(name, args) for name, *args in [*PAGES.values(), *OTHERS]])
def test_an_unknown_parameter_is_refused_and_named(client, name, args):
    response = client.get(reverse(name, args=args), {"colour": "blue"})
    assert response.status_code == 400
    assert "colour" in response.content.decode()


def test_what_a_form_sends_empty_asks_for_nothing(client):
    for address in ("/evidence/", "/find/", "/treatments/", "/search/"):
        name = {"/search/": "q"}.get(address, "search" if address != "/find/" else "autoantibody")
        assert client.get(address, {name: " "}).status_code == 200
