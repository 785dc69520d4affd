"""Every page says how it is cited and where the same is in other forms."""

import re
from html import unescape

import bibtexparser
import pytest
import rispy
from django.conf import settings
from django.urls import reverse

from tests import builders
from tests.web.test_query_counts import PAGES
from treatments.models import Evidence, PhenotypeAssociation, Recommendation

pytestmark = pytest.mark.django_db

NAME = "Dermatomyositis treatment knowledge base."


def cited(page):
    (marked,) = re.findall(r'<p class="cite-text">(.*?)</p>', page, re.DOTALL)
    text = re.sub(r"</?span[^>]*>", "", marked)
    (copied,) = re.findall(r'data-copy="([^"]*)"', page.partition('class="cite"')[2])
    assert copied == text, "what is copied is what is shown"
    return unescape(text)


# Whatever pages there are, but for files.
SHOWN = {name: where for name, where in PAGES.items() if reverse(where[0], args=where[1:]).endswith("/")}


@pytest.mark.parametrize("where", SHOWN.values(), ids=list(SHOWN))
def test_every_page_can_be_cited_and_has_its_canonical_address(client, where):
    address = reverse(where[0], args=where[1:])
    page = client.get(address).content.decode()
    text = cited(page)
    assert text.startswith(NAME)
    assert "Data revision 1" in text
    assert settings.SITE_URL in text
    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert canonical == settings.SITE_URL + address.removesuffix("v1/")
    links = dict(re.findall(r'<link rel="alternate" type="([^"]*)" title="[^"]*" href="([^"]*)">', page))
    assert links["application/atom+xml"] == f"{settings.SITE_URL}/feeds/claims.atom"
    link = links.get("application/json")
    if link:
        other = client.get(unescape(link).removeprefix(settings.SITE_URL))
        assert (other.status_code, other["Content-Type"]) == (200, "application/json")


def test_a_claim_is_cited_by_version_at_its_permanent_address(client):
    text = cited(client.get("/evidence/EV00001/").content.decode())
    assert "EV00001, version 1" in text
    assert "Published " in text
    assert text.endswith(f"{settings.SITE_URL}/evidence/EV00001/v1/")


def test_a_version_that_no_longer_stands_says_so(client):
    old = builders.published(builders.evidence())
    new = builders.evidence(accession=old.accession, version=2, supersedes=old)
    builders.superseded(old)
    builders.retracted(builders.published(new))
    assert " Superseded " in cited(client.get(old.get_version_url()).content.decode())
    assert " Retracted " in cited(client.get(new.get_version_url()).content.decode())


def test_a_filtered_list_is_cited_with_its_filters_and_offered_as_json_with_them(client):
    page = client.get("/evidence/?treatment=ivig&level=2&page=1").content.decode()
    assert cited(page).endswith(f"{settings.SITE_URL}/evidence/?treatment=ivig&level=2&page=1")
    assert f'href="{settings.SITE_URL}/api/v1/evidence/?treatment=ivig&amp;level=2"' in page
    assert 'class="cite"' not in client.get("/evidence/?level=9").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/evidence/?view=table&column=year&treatment=ivig&search=&page=1",
        "/find/?autoantibody=&manifestation=calcinosis&population=&setting=",
        "/map/?columns=manifestation&level=",
    ],
)
def test_what_only_a_form_or_a_page_asks_is_not_asked_of_the_api(client, address):
    (link,) = re.findall(r'type="application/json" title="[^"]*" href="([^"]*)"', client.get(address).content.decode())
    assert client.get(unescape(link).removeprefix(settings.SITE_URL)).status_code == 200
    assert ("ivig" in link, "calcinosis" in link) == ("ivig" in address, "calcinosis" in address)


def test_records_and_lists_are_offered_as_json(client):
    for path in ("treatments/ivig/", "evidence/EV00001/", "trials/NCT02728752/", "autoantibodies/", "changes/"):
        assert f'href="{settings.SITE_URL}/api/v1/{path}"' in client.get(f"/{path}").content.decode()
    assert f'href="{settings.SITE_URL}/api/v1/evidence-map/"' in client.get("/map/").content.decode()


def test_treatments_and_antibodies_have_feeds_of_their_own(client):
    for path in ("/treatments/ivig/", "/autoantibodies/anti-mda5/"):
        page = client.get(path).content.decode()
        assert f'href="{settings.SITE_URL}{path}feed.atom"' in page
    assert 'href="/changes/?treatment=ivig"' in client.get("/treatments/ivig/").content.decode()


# Citations as files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Evidence, PhenotypeAssociation, Recommendation])
def test_a_claim_comes_as_ris_and_bibtex(client, model):
    claim = model.objects.published().first()
    for address in (claim.get_absolute_url(), claim.get_version_url()):
        answer = client.get(f"{address}citation.ris")
        assert answer["Content-Type"].startswith("application/x-research-info-systems")
        (record,) = rispy.loads(answer.content.decode(), newline="\r\n")
        assert record["accession_number"] == claim.accession
        assert record["edition"] == "Version 1"
        assert record["urls"] == [settings.SITE_URL + claim.get_version_url()]
        assert record["year"] == str(claim.published_at.year)
        (entry,) = bibtexparser.parse_string(client.get(f"{address}citation.bib").content.decode()).entries
        assert entry.key == f"{claim.accession}v1"
        assert entry["url"] == settings.SITE_URL + claim.get_version_url()


def test_a_reference_comes_as_ris_and_bibtex(client):
    (record,) = rispy.loads(client.get("/references/aggarwal-2022-ivig/citation.ris").content.decode(), newline="\r\n")
    assert record["accession_number"] == "36198179"
    answer = client.get("/references/aggarwal-2022-ivig/citation.bib")
    assert 'filename="aggarwal-2022-ivig.bib"' in answer["Content-Disposition"]
    (entry,) = bibtexparser.parse_string(answer.content.decode()).entries
    assert entry["year"] == "2022"


def test_a_retracted_claim_is_cited_as_retracted_and_a_draft_not_at_all(client):
    claim = builders.retracted(builders.published(builders.evidence()))
    draft = builders.evidence()
    text = client.get(f"/evidence/{claim.accession}/citation.ris").content.decode()
    assert "Retracted" in text
    for address in (
        f"/evidence/{draft.accession}/citation.ris",
        f"/evidence/{draft.accession}/v1/citation.bib",
        f"/evidence/{claim.accession}/v2/citation.bib",
        "/references/nothing/citation.ris",
        "/evidence/EV00001/citation.enl",
    ):
        assert client.get(address).status_code == 404
    assert client.post("/evidence/EV00001/citation.ris").status_code == 405


def test_files_can_be_revalidated(client):
    address = "/references/aggarwal-2022-ivig/citation.bib"
    assert client.get(address, headers={"If-None-Match": client.get(address)["ETag"]}).status_code == 304
