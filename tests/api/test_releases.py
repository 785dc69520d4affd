"""Releases in the API: what there is, what changed, and where the files are."""

import pytest

from tests import builders
from treatments.models import Release, ReleaseFile, Treatment
from treatments.releases import cut

pytestmark = pytest.mark.django_db


def test_the_list_names_files_with_checksums(get, client):
    (row,) = get("/api/v1/releases/")["results"]
    assert (row["name"], row["previous"], row["changes"]) == ("2026-11", None, [])
    assert row["counts"]["evidence"] == 319
    kept = {file.name: file for file in ReleaseFile.objects.all()}
    for file in row["files"]:
        assert file["sha256"] == kept[file["name"]].sha256
        answer = client.get(file["url"].removeprefix("http://testserver"))
        assert len(answer.content) == file["size"]
        assert answer["Content-Type"] == file["media_type"]


def test_a_release_has_its_manifest_and_what_changed(get, client):
    claim = builders.evidence()
    builders.published(claim, release=Release.objects.get(name="2026-11"))
    Treatment.objects.filter(slug="ivig").update(summary="Changed.")
    cut("2026-12", "A made-up release", "Made up.")
    record = get("/api/v1/releases/2026-12/")
    assert record["notes"] == "Made up."
    assert record["previous"] == "2026-11"
    assert [bundle["form"] for bundle in record["manifest"]["bundles"]] == ["yaml", "json", "csv"]
    assert record["manifest"]["revision"] == record["revision"]
    changes = {change["key"]: change for change in record["difference"]}
    assert changes["ivig"]["kind"] == "changed"
    assert changes["ivig"]["fields_changed"] == ["summary"]
    assert changes[claim.accession]["html_url"] == f"http://testserver/evidence/{claim.accession}/v1/"
    for change in changes.values():
        assert client.get(change["html_url"].removeprefix("http://testserver")).status_code == 200
    counts = {(one["kind"], one["type"]): one["count"] for one in record["changes"]}
    assert counts["published", "evidence"] == counts["changed", "treatment"] == 1


def test_a_release_without_files(get):
    release = builders.release()
    record = get(f"/api/v1/releases/{release.name}/")
    assert (record["files"], record["manifest"], record["counts"], record["revision"]) == ([], None, None, None)


def test_what_is_not_there_is_a_problem(client):
    answer = client.get("/api/v1/releases/2027-01/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "2027-01" in answer.json()["detail"]
    answer = client.get("/api/v1/releases/?since=2026")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "since")
