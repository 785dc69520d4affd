"""The pages of releases, and their files at addresses that stay."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from treatments.models import Release, ReleaseFile, Treatment
from treatments.releases import cut

pytestmark = pytest.mark.django_db

FILE = "/releases/2026-11/dataset-2026-11.yaml.zip"


def test_the_list_leads_to_releases_and_their_files(client):
    page = client.get("/releases/").content.decode()
    assert 'href="/releases/2026-11/"' in page
    for form in ("yaml.zip", "json.zip", "csv.zip", "manifest.json"):
        assert f'href="/releases/2026-11/dataset-2026-11.{form}"' in page
    assert client.get("/releases/?release=2026-11").status_code == 400
    assert client.get("/releases/?page=2").status_code == 404


def test_the_page_of_a_release_says_what_it_holds_and_what_changed(client):
    page = client.get("/releases/2026-11/").content.decode()
    assert "There is no earlier release to compare it with." in page
    for file in ReleaseFile.objects.all():
        assert file.sha256 in page
    Treatment.objects.filter(slug="ivig").update(summary="Changed.")
    cut("2026-12", "A made-up release", "Made up.")
    page = client.get("/releases/2026-12/").content.decode()
    assert "What changed since 2026-11" in page
    assert re.search(r'<a href="/treatments/ivig/">[^<]+</a>', page)
    assert "Changed: summary." in page
    assert client.get("/releases/2027-01/").status_code == 404
    assert client.get("/releases/2026-12/?page=1").status_code == 400


def test_a_release_without_files_says_so(client):
    release = builders.release()
    assert "No files were kept of this release" in client.get(f"/releases/{release.name}/").content.decode()
    assert "No files were kept of this release" in client.get("/releases/").content.decode()


def test_its_structured_data_are_a_data_set_with_its_files(client):
    page = client.get("/releases/2026-11/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    (dataset,) = [node for node in json.loads(block)["@graph"] if node["@type"] == "Dataset"]
    assert dataset["version"] == "2026-11"
    named = {one["contentUrl"].rpartition("/")[2]: one["sha256"] for one in dataset["distribution"]}
    assert named == dict(ReleaseFile.objects.values_list("name", "sha256"))


def test_a_file_is_served_byte_for_byte_for_good(client):
    kept = ReleaseFile.objects.get(name="dataset-2026-11.yaml.zip")
    response = client.get(FILE)
    assert response.content == bytes(kept.content)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="dataset-2026-11.yaml.zip"'
    assert response["ETag"] == f'"{kept.sha256}"'
    assert "immutable" in response["Cache-Control"]
    manifest = client.get("/releases/2026-11/dataset-2026-11.manifest.json")
    assert manifest["Content-Type"] == "application/json"
    assert manifest.json()["name"] == "2026-11"


def test_a_file_is_not_sent_again_whatever_changed_meanwhile(client):
    etag = client.get(FILE)["ETag"]
    Treatment.objects.filter(slug="ivig").update(summary="Changed.")
    again = client.get(FILE, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert client.get(FILE, headers={"If-None-Match": '"other"'}).status_code == 200


def test_asking_for_the_head_reads_no_content(client):
    with CaptureQueriesContext(connection) as queries:
        response = client.head(FILE)
    assert response["Content-Length"] == str(ReleaseFile.objects.get(name="dataset-2026-11.yaml.zip").size)
    assert not response.content
    assert not any('"content"' in query["sql"] for query in queries)


@pytest.mark.parametrize(
    "path", ["2026-11/dataset-2026-12.yaml.zip", "2026-12/dataset-2026-11.yaml.zip", "2026-11/evidence.yaml"]
)
def test_what_was_never_released_is_not_there(client, path):
    assert client.get(f"/releases/{path}").status_code == 404
    assert client.post(FILE).status_code == 405
    assert client.get(f"{FILE}?x=1").status_code == 400


def test_releases_are_in_the_sitemap(client):
    assert "/releases/2026-11/" in client.get("/sitemap-releases.xml").content.decode()


def test_what_was_left_out_is_said(client):
    first = builders.published(builders.evidence())
    appraisal = builders.published(builders.appraisal(rests_on=[first]))
    builders.retracted(first)
    release = cut("2026-12", "A made-up release")
    told = f"Appraisal {appraisal.accession} rests on {first.accession}, which is not published any more."
    assert release.snapshot.left_out == [told]
    assert told in client.get("/releases/2026-12/").content.decode()
    assert Release.objects.get(name="2026-12").snapshot.counts["appraisals"] == 0


def test_that_an_appraisal_in_the_files_needs_a_recheck_is_said(client):
    first = builders.published(builders.evidence())
    appraisal = builders.published(builders.appraisal(rests_on=[first]))
    builders.replaced(first)
    release = cut("2026-12", "A made-up release")
    told = f"That appraisal {appraisal.accession} needs a re-check."
    assert release.snapshot.left_out == [told]
    assert told in client.get("/releases/2026-12/").content.decode()
    assert release.snapshot.counts["appraisals"] == 1
