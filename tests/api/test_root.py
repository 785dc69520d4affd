"""Where a program begins."""

from tests.api import seed
from tests.builders import treatment
from treatments.models import DatasetRevision


def test_the_root_lists_every_endpoint(get, client):
    root = get("/api/v1/")
    assert set(root["endpoints"]) == {*seed.KEYS, *seed.ANSWERS, *seed.TOLD, seed.RELEASES, seed.SEARCH}
    for name, address in root["endpoints"].items():
        get(f"{address}?{seed.SEARCHED}" if name == seed.SEARCH else address)
    for address in [*root["documentation"].values(), root["licence"]]:
        path = address.removeprefix("http://testserver").partition("#")[0]
        assert client.get(path).status_code == 200


def test_the_root_names_the_revision(get):
    before = get("/api/v1/")["revision"]
    treatment()
    root = get("/api/v1/")
    assert root["revision"] == before + 1 == DatasetRevision.current().number
    assert root["revision_at"]
