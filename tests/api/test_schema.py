"""The description of the API: complete, without warnings, and kept by what the API really answers."""

import json
import os
import re

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api import seed
from treatments.api.schema import EXAMPLES

# Addresses at which there is always something: neither records nor pages of them.
WHOLE = {"/api/v1/", *(f"/api/v1/{name}/" for name in seed.ANSWERS)}
PATHS = len(WHOLE) + len([*seed.TOLD, seed.SEARCH]) + 2 * len([*seed.KEYS, seed.RELEASES]) + 2 * len(seed.CLAIMS)


@pytest.fixture
def described(get):
    return get("/api/v1/schema/")


def test_it_is_valid_and_leaves_nothing_to_guess(tmp_path):
    target = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--api-version", "v1", "--file", str(target))
    assert "openapi: 3.1.0" in target.read_text()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "begins"), [("application/yaml", b"openapi: 3.1.0"), ("*/*", b"{"), ("application/json", b"{")]
)
def test_it_comes_as_json_or_yaml(client, accept, begins):
    assert client.get("/api/v1/schema/", headers={"Accept": accept}).content.startswith(begins)


def test_every_operation_says_what_it_takes_and_what_goes_wrong(described):
    assert len(described["paths"]) == PATHS
    identifiers = set()
    for path, operations in described["paths"].items():
        assert set(operations) == {"get"}
        operation = operations["get"]
        identifiers.add(operation["operationId"])
        assert operation["summary"]
        assert operation["description"]
        assert {"200", "304", "400", "406", "500"} <= operation["responses"].keys()
        assert ("404" in operation["responses"]) == (path not in WHOLE)
        for parameter in operation["parameters"]:
            assert "$ref" in parameter or parameter["in"] == "path" or parameter["description"]
    assert len(identifiers) == len(described["paths"])
    assert {"evidence_list", "evidence_retrieve", "evidence_versions_retrieve", "treatments_list"} <= identifiers


def test_lists_of_words_have_names_of_the_domain(described):
    enums = {name for name, schema in described["components"]["schemas"].items() if "enum" in schema}
    assert {"Design", "Direction", "TreatmentKind", "TrialStatus", "ClaimStatus"} <= enums
    assert not [name for name in enums if re.search(r"Enum|\d", name)]
    assert described["components"]["schemas"]["ClaimStatus"]["enum"] == ["published", "superseded", "retracted"]


# What each of these is asked for its example: something with a short answer.
ANSWERED = {
    "changes": "page_size=1",
    "evidence-map": "columns=manifestation&treatment=anifrolumab",
    "finder": "autoantibody=anti-mda5&manifestation=rapidly-progressive-ild",
}


def settled(answer):
    """An answer without what differs from load to load."""
    text = json.dumps(answer, ensure_ascii=False).replace("http://testserver", "https://kb.example.org")
    text = re.sub(r'_at": "[0-9T:.+-]+Z?"', '_at": "2026-11-23T12:00:00Z"', text)
    return json.loads(re.sub(r'"revision": \d+', '"revision": 1', text))


def shortened(answer):
    """A release with the first two of the files within each of its bundles."""
    for bundle in (answer.get("manifest") or {}).get("bundles", []):
        bundle["files"] = bundle["files"][:2]
    return answer


def begun(answer):
    """An answer that is always long, with the first two of each of its lists."""
    return {name: value[:2] if isinstance(value, list) else value for name, value in answer.items()}


def test_examples_are_what_the_api_answers(get, described):
    """After a change that is meant: UPDATE_BASELINES=1 pytest tests/api/test_schema.py"""
    found = {}
    for path, operations in described["paths"].items():
        prefix = path.removeprefix("/api/v1/").partition("/")[0]
        if not prefix:
            found["root"] = settled(get(path))
            continue
        if prefix == seed.SEARCH:
            found[operations["get"]["operationId"]] = settled(get(f"{path}?{seed.SEARCHED}&page_size=3"))
            continue
        if prefix in ANSWERED:
            answer = settled(get(f"{path}?{ANSWERED[prefix]}"))
            found[operations["get"]["operationId"]] = begun(answer) if prefix == "finder" else answer
            continue
        if prefix == seed.RELEASES:
            release = f"/api/v1/releases/{seed.RELEASE}/"
            found[operations["get"]["operationId"]] = shortened(settled(get(release if "{" in path else path)))
            continue
        rows = seed.rows(prefix)
        if not rows:
            continue
        shortest = min((row for row in rows), key=lambda row: abs(len(str(row)) - 900))
        address = re.sub(r"{version}", "1", path)
        address = re.sub(r"{\w+}", shortest[seed.KEYS[prefix]], address)
        paged = any(parameter.get("name") == "page" for parameter in operations["get"]["parameters"])
        answer = get(f"{address}?page_size=1" if paged else address)
        found[operations["get"]["operationId"]] = settled(answer)
    if os.environ.get("UPDATE_BASELINES"):
        EXAMPLES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    assert json.loads(EXAMPLES.read_text()) == found


# The running API against its description ------------------------------------------------------------------------------


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_the_running_api_keeps_to_it(site):
    described = schemathesis.openapi.from_url(f"{site}/api/v1/schema/")
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == PATHS
    for operation in operations:

        @settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def keeps_to_it(case):
            case.call_and_validate(checks=CHECKS)

        keeps_to_it()
