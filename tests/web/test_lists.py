"""Lists: filters, paging, and what happens when an address makes no sense."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from treatments.filters import EvidenceFilter
from treatments.models import Evidence

pytestmark = pytest.mark.django_db

LISTS = [
    "web:treatments",
    "web:mechanisms",
    "web:autoantibodies",
    "web:manifestations",
    "web:outcome-measures",
    "web:evidence-levels",
    "web:certainty-levels",
    "web:references",
    "web:trials",
    "web:evidence-list",
    "web:phenotype-associations",
    "web:recommendations",
    "web:appraisals",
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=abc", "page"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page=%D9%A3", "page"),
        ("page=1&page=2", "page"),
        ("page_size=-1", "page_size"),
        ("format=json", "format"),
        ("colour=blue", "colour"),
        ("ordering=shoe-size", "ordering"),
    ],
)
def test_what_makes_no_sense_is_answered_with_400_and_named(client, name, query, parameter):
    response = client.get(f"{reverse(name)}?{query}")
    assert response.status_code == 400
    assert parameter in [problem.parameter for problem in response.context["problems"]]
    assert response.context["page"] is None, "never the whole table instead"
    assert "could not be answered" in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_page_past_the_end_is_not_found(client, name):
    assert client.get(reverse(name), {"page": "9999"}).status_code == 404


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["search=%00", "%00=1", "search=%FF", "search=%zz", "a=" + "x" * 10_000])
def test_unreadable_queries_are_400(client, name, query):
    assert client.get(f"{reverse(name)}?{query}").status_code == 400


@pytest.mark.parametrize("text", ["[", "(", "!!!", "x" * 10_000, "'", '"'])
def test_a_search_without_meaning_is_400(client, text):
    assert client.get(reverse("web:evidence-list"), {"search": text}).status_code == 400


@pytest.mark.parametrize(
    "text", ["tofacitinib [", "a' OR 1=1 --", "%", "<script>alert(1)</script>", "MDA5 & (lung", "-"]
)
def test_no_search_is_a_server_error_and_none_is_echoed_as_markup(client, text):
    response = client.get(reverse("web:evidence-list"), {"search": text})
    assert response.status_code in (200, 400)
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/nothing/", "/nothing/?page=1", "/treatments/none-such/", "/evidence/EV99999/", "/evidence/EV1/"]
)
def test_unknown_addresses_are_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "nothing at this address" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/evidence/EV00001/v0/",
        "/evidence/EV00001/v2/",
        "/evidence/EV00001/v99999999999999999999/",
        "/evidence/PA00001/",
        "/evidence-levels/6/",
        "/trials/NCT1/",
        "/treatments/" + "x" * 5000 + "/",
    ],
)
def test_records_and_versions_that_do_not_exist_are_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/treatments/ivig%00/", "/trials/%00/", "/evidence-levels/%00/"])
def test_a_null_byte_in_an_address_is_never_a_server_error(client, path):
    assert client.get(path).status_code in (400, 404)


def test_what_was_typed_is_kept_when_it_cannot_be_answered(client):
    response = client.get(reverse("web:evidence-list"), {"search": "[", "direction": "mixed", "level": "9"})
    body = response.content.decode()
    assert response.status_code == 400
    assert 'value="["' in body
    assert 'value="mixed" checked' in body
    assert "There is no evidence level “9”." in body


def test_filters_combine_as_the_filter_says(client):
    query = {
        "autoantibody": "anti-mda5",
        "manifestation": "rapidly-progressive-ild",
        "direction": ["supports", "mixed"],
    }
    response = client.get(reverse("web:evidence-list"), query)
    expected = Evidence.objects.published().filter(
        autoantibodies__slug="anti-mda5",
        manifestations__slug="rapidly-progressive-ild",
        direction__in=["supports", "mixed"],
    )
    assert response.context["page"].paginator.count == expected.count() > 0
    assert [chip.value for chip in response.context["chips"]] == [
        "Anti-MDA5",
        "Rapidly progressive interstitial lung disease",
        "Supports",
        "Mixed",
    ]


@pytest.mark.parametrize("words", ["dermatomyositis", "tofacitinib", "anti-MDA5"])
def test_a_search_finds_each_entry_once_however_many_of_its_terms_match(words):
    found = EvidenceFilter(QueryDict(f"search={words}"), queryset=Evidence.objects.published()).qs
    keys = list(found.values_list("pk", flat=True))
    assert len(keys) == len(set(keys)) > 0


def test_pages_of_a_list_hold_every_row_once(client):
    seen, number = [], 1
    while True:
        page = client.get(reverse("web:evidence-list"), {"page": number}).context["page"]
        seen += [claim.accession for claim in page.object_list]
        if not page.has_next():
            break
        number += 1
    assert len(seen) == len(set(seen)) == Evidence.objects.published().count()
    levels = list(Evidence.objects.published().order_by("level_id", "accession").values_list("accession", flat=True))
    assert seen == levels, "best level first unless asked otherwise"


def test_an_order_of_several_keys_is_told_in_words(client):
    page = client.get(reverse("web:evidence-list"), {"ordering": "level,-year"}).content.decode()
    assert "Best level first, then newest first" in page


def test_no_list_of_authors_ends_with_two_full_stops(client):
    for number in (1, 2, 3):
        page = client.get(reverse("web:references"), {"page": number}).content.decode()
        assert "et al." in page
        assert "et al.." not in page


def test_ordering_is_the_one_asked_for(client):
    response = client.get(reverse("web:evidence-list"), {"ordering": "-n_treated", "direction": "harm"})
    numbers = [row.claim.n_treated for row in response.context["rows"] if row.claim.n_treated is not None]
    assert numbers == sorted(numbers, reverse=True)


def test_references_without_a_year_come_last(client):
    page = client.get(reverse("web:references")).context["page"]
    assert all(reference.year for reference in page.object_list)


def test_paging_keeps_the_filters(client):
    body = client.get(reverse("web:evidence-list"), {"direction": "supports"}).content.decode()
    assert "?direction=supports&amp;page=2" in body


def test_an_empty_result_says_so(client):
    response = client.get(reverse("web:evidence-list"), {"treatment": "probenecid", "direction": "harm"})
    assert response.status_code == 200
    assert "Nothing matches these filters" in response.content.decode()
