"""The sitemap: every public page once, at the site's own address, and nothing else."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests import builders
from treatments.interop.sitemaps import Pages
from treatments.models import Autoantibody, Evidence, Mechanism, Recommendation, Reference, Treatment, Trial

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, address):
    """(address, day of the last change) of everything in one file."""
    response = client.get(address.removeprefix(settings.SITE_URL))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    rows = ElementTree.fromstring(response.content)  # noqa: S314 our own
    return [(row.find(f"{SITEMAP}loc").text, row.findtext(f"{SITEMAP}lastmod")) for row in rows]


def files(client):
    return [address for address, _ in read(client, f"{settings.SITE_URL}/sitemap.xml")]


def listed(client):
    return dict(entry for address in files(client) for entry in read(client, address))


def test_every_public_record_is_listed_once_at_the_site_s_own_address(client):
    addresses = [address for file in files(client) for address, _ in read(client, file)]
    assert len(addresses) == len(set(addresses))
    for model in (Treatment, Autoantibody, Mechanism, Reference, Trial, Evidence, Recommendation):
        for record in model._default_manager.all():
            assert settings.SITE_URL + record.get_absolute_url() in addresses
    for address in addresses[50::200]:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


def test_every_page_that_stands_for_itself_is_listed_and_is_a_whole_page(client):
    found = [address.removeprefix(settings.SITE_URL) for address, _ in read(client, "/sitemap-overviews.xml")]
    assert {"/", "/about/", "/changes/", "/map/", "/treatments/", "/evidence/", "/evidence-levels/"} <= set(found)
    for path in found:
        response = client.get(path)
        assert response.status_code == 200, path
        assert "<!doctype html>" in response.content.decode()[:200], path


def test_what_is_not_public_is_not_listed_and_what_no_longer_stands_has_its_version(client):
    draft = builders.evidence()
    waiting = builders.evidence(author=builders.person())
    Evidence.objects.filter(pk=waiting.pk).update(status="in_review", submitted_at=timezone.now())
    withdrawn = builders.retracted(builders.published(builders.evidence()))
    old = builders.published(builders.evidence())
    new = builders.evidence(accession=old.accession, version=2, supersedes=old)
    builders.superseded(old)
    builders.published(new)
    builders.evidence(accession=old.accession, version=3, supersedes=new)
    retired = builders.treatment(retired_on=timezone.now().date(), retirement_reason="Made up.")
    addresses = listed(client)
    here = {
        address for claim in (draft, waiting, withdrawn, old) for address in addresses if claim.accession in address
    }
    assert here == {
        settings.SITE_URL + withdrawn.get_version_url(),
        settings.SITE_URL + old.get_version_url(),
        settings.SITE_URL + new.get_absolute_url(),
    }
    assert settings.SITE_URL + retired.get_absolute_url() not in addresses


def test_a_page_changes_when_evidence_about_it_does(client):
    address = f"{settings.SITE_URL}/treatments/ivig/"
    tomorrow = timezone.now() + timedelta(days=1)
    builders.published(builders.evidence(treatment=Treatment.objects.get(slug="ivig")), published_at=tomorrow)
    days = listed(client)
    assert days[address] == tomorrow.date().isoformat()
    assert days[f"{settings.SITE_URL}/treatments/tofacitinib/"] < days[address]


def test_long_sitemaps_are_split(client, monkeypatch):
    whole = listed(client)
    monkeypatch.setattr(Pages, "limit", 100)
    assert len(files(client)) > 14
    assert listed(client).keys() == whole.keys()
    assert client.get("/sitemap-evidence.xml?p=99").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_robots_are_told_where_it_is(client):
    robots = client.get("/robots.txt").content.decode()
    assert re.search(rf"^Sitemap: {re.escape(settings.SITE_URL)}/sitemap\.xml$", robots, re.MULTILINE)


def test_it_is_answered_304_until_something_public_changes(client):
    for address in ("/sitemap.xml", "/sitemap-evidence.xml"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
