"""The search page and the suggestions, through their addresses."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders
from tests.web.test_pages import text_of
from treatments.search import Kind

pytestmark = pytest.mark.django_db

IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test-search"}
KEEPING = {"default": IN_MEMORY, "answers": IN_MEMORY}
SEARCH, SUGGESTIONS = "/search/", "/search/suggestions/"


def shown(client, text: str, **more) -> str:
    """What a reader sees in the results page."""
    response = client.get(SEARCH, {"q": text, **more})
    assert response.status_code == 200
    return text_of(response)


# Results --------------------------------------------------------------------------------------------------------------


def test_every_page_searches_here(client):
    body = client.get(reverse("web:treatment", args=["ivig"])).content.decode()
    assert f'action="{SEARCH}"' in body
    assert f'data-suggestions="{SUGGESTIONS}"' in body


def test_results_are_counted_by_kind_and_the_box_keeps_the_text(client):
    response = client.get(SEARCH, {"q": "Xeljanz"})
    body = response.content.decode()
    assert 'name="q"' in body
    assert 'value="Xeljanz"' in body
    page = text_of(response)
    counts = response.context["answer"].counts
    assert f"All {sum(counts.values())} " in page
    for kind, count in counts.items():
        assert f"{kind.label} {count} " in page
    assert "“Xeljanz” is a brand name of Tofacitinib" in page
    assert "<mark>tofacitinib</mark>" in body


def test_a_kind_lists_all_its_results_page_by_page(client):
    number, seen = 1, []
    while True:
        context = client.get(SEARCH, {"q": "rituximab", "kind": "evidence", "page": number}).context
        ((kind, rows, count),) = context["found"]
        assert kind == Kind.EVIDENCE
        seen += [row.url for row in rows]
        if not context["page"].has_next():
            break
        number += 1
    assert number > 1
    assert len(seen) == len(set(seen)) == count == context["answer"].counts[Kind.EVIDENCE]


def test_evidence_shows_level_and_direction_and_why_it_is_there(client):
    page = shown(client, "hypertension", kind="evidence")
    assert "Level 4" in page
    assert "Safety:" in page
    assert client.get(SEARCH, {"q": "hypertension"}).content.decode().count("<mark>hypertension</mark>") == 1


def test_what_was_read_otherwise_is_said(client):
    assert "Nothing matches “tofacitnib”. Showing results for “tofacitinib” ." in shown(client, "tofacitnib")
    page = shown(client, "hypotension")
    assert "Did you mean hypertension ?" in page
    assert "Nothing here matches “hypotension”." in page


def test_nothing_found_leads_on(client):
    response = client.get(SEARCH, {"q": "abrocitinib"})
    page = text_of(response)
    assert "Nothing here matches “abrocitinib”." in page
    assert "not recorded" in page
    for address in (reverse("web:treatment", args=["baricitinib"]), reverse("web:treatments")):
        assert f'href="{address}"' in response.content.decode()


def test_a_kind_without_results_keeps_the_way_to_the_others(client):
    page = shown(client, "Xeljanz", kind="autoantibody")
    assert "Nothing of this kind matches." in page
    assert "Autoantibodies 0 " in page


def test_without_a_text_it_says_what_can_be_asked(client):
    for address in (SEARCH, f"{SEARCH}?q="):
        assert "How to ask" in text_of(client.get(address))


def test_a_class_is_marked(client):
    assert "JAK inhibitors (class) Class" in shown(client, "JAK inhibitors")


# Identifiers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("EV00120", "web:evidence", "EV00120"),
        (" ev00120 ", "web:evidence", "EV00120"),
        ("RC00001", "web:recommendation", "RC00001"),
        ("PA00001", "web:phenotype-association", "PA00001"),
        ("36198179", "web:reference", "aggarwal-2022-ivig"),
        ("PMID: 36198179", "web:reference", "aggarwal-2022-ivig"),
        ("10.1002/art.43066", "web:reference", "abatacept-iim-phase3"),
        ("https://doi.org/10.1002/art.43066", "web:reference", "abatacept-iim-phase3"),
        ("PMC12123255", "web:reference", "abatacept-iim-phase3"),
        ("nct02728752", "web:trial", "NCT02728752"),
    ],
)
def test_an_identifier_leads_straight_to_its_record(client, text, name, key):
    response = client.get(SEARCH, {"q": text})
    assert (response.status_code, response["Location"]) == (302, reverse(name, args=[key]))


def test_a_version_has_its_own_address(client):
    response = client.get(SEARCH, {"q": "EV00001 v1"})
    assert response["Location"] == reverse("web:evidence-version", args=["EV00001", 1])


def test_a_name_is_shown_among_the_results_and_leads_nowhere_by_itself(client):
    assert client.get(SEARCH, {"q": "tofacitinib"}).status_code == 200


def test_asking_for_a_kind_shows_the_results_of_an_identifier_too(client):
    assert "Trial of Intravenous Immune Globulin" in shown(client, "36198179", kind="reference")


def test_the_accession_of_a_draft_leads_nowhere_and_of_a_retracted_claim_to_the_reason(client):
    claim = builders.evidence()
    assert "Nothing here matches" in shown(client, claim.accession)
    builders.retracted(builders.published(claim), reason="It never took place.")
    gone = client.get(SEARCH, {"q": claim.accession}, follow=True)
    assert gone.status_code == 410
    assert "It never took place." in text_of(gone)


def test_a_retired_publication_names_its_successor(client):
    heir = builders.reference(title="The paper that stays")
    builders.reference(
        pmid="99999999", retired_on=date(2026, 11, 1), retirement_reason="Entered twice.", successor=heir
    )
    gone = client.get(SEARCH, {"q": "99999999"}, follow=True)
    assert gone.status_code == 410
    assert heir.get_absolute_url() in gone.content.decode()


# Unpublished ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "in_review", "superseded", "retracted"])
def test_the_text_of_an_unpublished_claim_shows_nowhere(client, state):
    text = "Zebrafishosis improved in everybody."
    claim = builders.evidence(statement=text, author=builders.person())
    if state == "in_review":
        claim.status, claim.submitted_at = "in_review", claim.created_at
        claim.save()
    elif state != "draft":
        builders.published(claim)
        if state == "superseded":
            builders.replaced(claim, statement="Made up.")
        else:
            builders.retracted(claim)
    page = client.get(SEARCH, {"q": "zebrafishosis"}).content.decode()
    assert "Nothing here matches" in page
    assert text not in page
    assert client.get("/api/v1/search/?q=zebrafishosis").json()["count"] == 0
    suggested = client.get(SUGGESTIONS, {"q": "zebrafish"}).content.decode()
    assert suggested.count('role="option"') == 1, "only the search itself"


# What makes no sense --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=%5B", "q"),
        ("q=!!!", "q"),
        ("q=" + "x" * 201, "q"),
        ("q=a&q=b", "q"),
        ("q=ivig&kind=gene", "kind"),
        ("q=ivig&page=2", "page"),
        ("q=ivig&kind=evidence&kind=trial&page=2", "page"),
        ("q=ivig&kind=evidence&page=0", "page"),
        ("q=ivig&kind=evidence&page=%D9%A3", "page"),
        ("q=ivig&page_size=5", "page_size"),
        ("search=ivig", "search"),
    ],
)
def test_what_makes_no_sense_is_answered_with_400_named_and_kept(client, query, parameter):
    response = client.get(f"{SEARCH}?{query}")
    assert response.status_code == 400
    assert parameter in [problem.parameter for problem in response.context["problems"]]
    if "ivig" in query and parameter != "search":
        assert 'value="ivig"' in response.content.decode()


@pytest.mark.parametrize("address", [SEARCH, SUGGESTIONS, "/api/v1/search/"])
@pytest.mark.parametrize("query", ["q=%00", "q=%FF", "q=%zz", "%00=1", "q=" + "x" * 10_000, "q=a&colour=blue"])
def test_unreadable_questions_are_400(client, address, query):
    assert client.get(f"{address}?{query}").status_code == 400


def test_a_page_past_the_end_is_not_found(client):
    assert client.get(SEARCH, {"q": "ivig", "kind": "evidence", "page": "99"}).status_code == 404


@pytest.mark.parametrize("address", [SEARCH, SUGGESTIONS])
def test_it_answers_questions_only(client, address):
    assert client.post(address, {"q": "ivig"}).status_code == 405


# Markup ---------------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The names of all elements and attributes of a page."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.names |= {tag, *(name for name, _ in attrs)}


HOSTILE = [
    "<zz>",
    "</title>",
    '"zz="',
    "'zz='",
    "&lt;",
    "<zz",
    "\ue000",
    "\ue001",
    "\\",
    "%",
    "'",
    "''",
    ":*",
    "!(",
    ")",
]
WORDS = ["tofacitinib", "calcinossis", "or", '"', "-", "TIF1γ", "EV00120", "36198179", "ıİßﬁ", "特发", "MDA5"]
TYPED = st.lists(
    st.sampled_from([*HOSTILE, *WORDS]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=8
)


@override_settings(CACHES=KEEPING)
@settings(max_examples=40)
@given(parts=TYPED, glue=st.sampled_from(["", " "]), address=st.sampled_from([SEARCH, SUGGESTIONS, "/api/v1/search/"]))
def test_whatever_is_typed_is_answered_and_stays_text(parts, glue, address):
    response = Client().get(address, {"q": glue.join(parts)})
    assert response.status_code in (200, 302, 400)
    if response["Content-Type"].startswith("text/html"):
        assert not {name for name in Tags(response.content.decode()).names if "zz" in name}


def test_stored_text_stays_text_and_is_shown_as_it_was_written(client):
    statement = "Zebrafishosis improved in <zz>3</zz> of 7 (p<0.05), not <b>all</b> \ue000of them\ue001."
    antibody = builders.autoantibody(name="<zz>anti-Zebrafish", description="<zz onclick=1>Zebrafishosis</zz>")
    builders.published(builders.evidence(statement=statement, autoantibodies=[antibody]))
    builders.published(builders.recommendation(statement=statement))
    builders.published(builders.phenotype_association(note=statement, autoantibody=antibody))
    builders.reference(title=statement, authors="<zz>Zebrafish A")
    builders.trial(title=statement)
    response = client.get(SEARCH, {"q": "zebrafishosis"})
    body = response.content.decode()
    assert len(response.context["answer"].counts) == 6
    assert not {name for name in Tags(body).names if "zz" in name}
    assert body.count(escape(statement)) == 5, "with no sign lost, though unmarked"
    suggested = client.get(SUGGESTIONS, {"q": "zebra"}).content.decode()
    assert escape("<zz>anti-") in suggested
    assert not {name for name in Tags(suggested).names if "zz" in name}


# Suggestions ----------------------------------------------------------------------------------------------------------


def suggested(client, text: str) -> list[str]:
    """The addresses suggested, the search itself last."""
    response = client.get(SUGGESTIONS, {"q": text})
    assert response.status_code == 200
    return [option.partition('"')[0] for option in response.content.decode().split('href="')[1:]]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("tofa", "/treatments/tofacitinib/"),
        ("xelj", "/treatments/tofacitinib/"),
        ("tif1γ", "/autoantibodies/anti-tif1-gamma/"),
        ("cadm 1", "/autoantibodies/anti-mda5/"),
        ("lung dis", "/manifestations/interstitial-lung-disease/"),
        ("ifih", "/autoantibodies/anti-mda5/"),
        ("prod", "/trials/NCT02728752/"),
        ("NCT0272", "/trials/NCT02728752/"),
        ("36198179", "/references/aggarwal-2022-ivig/"),
        ("ev00120", "/evidence/EV00120/"),
        ("tofacitni", "/treatments/tofacitinib/"),
        ("hematopoie", "/treatments/autologous-hsct/"),
    ],
)
def test_the_beginning_is_enough(client, typed, address):
    assert suggested(client, typed)[0] == address


def test_titles_and_authors_are_suggested_too(client):
    assert "/references/aggarwal-2022-ivig/" in suggested(client, "immune globulin in derm")


def test_suggestions_stand_by_kind_are_few_and_end_with_the_search(client):
    response = client.get(SUGGESTIONS, {"q": "a"})
    assert response.content.decode().strip() == ""
    found = suggested(client, "anti")
    assert len(found) <= 13
    assert found[-1] == "/search/?q=anti"
    kinds = [kind for kind, _ in client.get(SUGGESTIONS, {"q": "anti"}).context["groups"]]
    assert len(kinds) == len(set(kinds)) > 1


def test_what_is_only_spelled_like_it_says_so(client):
    assert "Treatments, spelled similarly" in client.get(SUGGESTIONS, {"q": "tofacitni"}).content.decode()


def test_one_letter_is_answered_without_asking_anything_of_the_database_but_the_revision(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(SUGGESTIONS, {"q": "t"})
    assert len(queries) == 1


def test_suggestions_are_not_kept_among_the_pages(client, settings):
    settings.CACHES = KEEPING
    cache.clear()
    response = client.get(SUGGESTIONS, {"q": "tofa"})
    assert response["Cache-Control"] == "no-store"
    with CaptureQueriesContext(connection) as again:
        client.get(SUGGESTIONS, {"q": "tofa"})
    assert len(again) == 3, "the revision twice, and the text folded; the names are at hand"
    cache.clear()


def test_the_page_of_a_search_names_one_address_for_all_searches(client):
    body = client.get(SEARCH, {"q": "ivig"}).content.decode()
    assert f'<link rel="canonical" href="{project.SITE_URL}/search/">' in body
