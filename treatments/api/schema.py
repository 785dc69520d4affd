"""The OpenAPI description: what the library cannot read off the code, once for all endpoints."""

import functools
import json
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)

from .problems import MEDIA_TYPE

SCHEMA_RENDERERS = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]

# Real answers, one for each operation; a test keeps them true.
EXAMPLES = Path(__file__).with_name("examples.json")


class Described(AutoSchema):
    """Gives every operation a summary in the words of the domain."""

    def get_filter_backends(self) -> list[Any]:
        """Of lists, and of what takes filters and answers no list of records."""
        view: Any = self.view
        if getattr(view, "queryset", None) is None:
            return getattr(view, "filter_backends", [])
        return super().get_filter_backends()

    def get_summary(self) -> str | None:
        view: Any = self.view
        if getattr(view, "queryset", None) is None:
            return None
        described = view.queryset.model._meta
        name, names = described.verbose_name, described.verbose_name_plural
        return {
            "list": f"List {names}",
            "retrieve": f"One {name}" if name != names else f"One entry of {name}",
            "versions": "List the versions of a claim",
            "version": "One version of a claim",
        }[view.action]


class OnceForAll(SchemaGenerator):
    """Makes the schema once a process: it depends on the code alone, and takes a second."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return whole_schema() if public else super().get_schema(request, public)


@functools.cache
def whole_schema() -> Any:
    return SchemaGenerator(api_version="v1").get_schema(public=True)


PROBLEM = {
    "type": "object",
    "description": "An error, as RFC 9457 has it.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["about:blank"]},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in a sentence."},
        "instance": {"type": "string", "format": "uri-reference", "description": "The address asked for."},
        "errors": {
            "type": "array",
            "description": "What is wrong with the query, parameter by parameter.",
            "items": {"$ref": "#/components/schemas/ParameterProblem"},
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}

PARAMETER_PROBLEM = {
    "type": "object",
    "properties": {
        "parameter": {"type": "string", "description": "Empty where it is the query as a whole."},
        "detail": {"type": "string"},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What it takes instead, where that can be listed.",
        },
    },
    "required": ["parameter", "detail", "allowed"],
}

GONE = {
    "description": "Something that was public and no longer stands: a retired term or a retracted claim.",
    "allOf": [{"$ref": "#/components/schemas/Problem"}],
    "properties": {
        "reason": {"type": "string", "description": "Why, in public."},
        "retired_on": {"type": "string", "format": "date"},
        "successor": {
            "type": ["object", "null"],
            "description": "Of a retired term: what to use instead.",
            "properties": {"name": {"type": "string"}, "url": {"type": "string", "format": "uri"}},
            "required": ["name", "url"],
        },
        "retracted_at": {"type": "string", "format": "date-time"},
        "last_version": {"type": "string", "format": "uri", "description": "Of a retracted claim: what it said."},
    },
    "required": ["reason"],
}


def problem_response(
    description: str, schema: str = "Problem", example: dict[str, Any] | None = None
) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    if example:
        content["example"] = example
    return {"description": description, "content": {MEDIA_TYPE: content}}


RESPONSES = {
    "NotModified": {
        "description": "What `If-None-Match` names is still right.",
        "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
    },
    "BadRequest": problem_response(
        "A parameter is unknown, or its value is not allowed. Nothing is ever ignored.",
        example={
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "The query has parameters or values that this address does not take.",
            "instance": "/api/v1/evidence/",
            "errors": [
                {
                    "parameter": "aspect",
                    "detail": "“tolerability” is not one of the values.",
                    "allowed": ["efficacy", "safety"],
                }
            ],
        },
    ),
    "NotFound": problem_response("There is no such record, version or page."),
    "NotAcceptable": problem_response("`Accept` allows nothing that this address can answer with."),
    "Gone": problem_response("The term was retired, or the claim retracted.", "Gone"),
    "ServerError": problem_response("Something went wrong on the server."),
}

HEADERS = {
    "ETag": {
        "description": "Names this answer; send it back as `If-None-Match` to hear whether it still stands.",
        "schema": {"type": "string"},
    },
    "X-Dataset-Revision": {
        "description": "The revision of the data set; grows whenever anything public changes.",
        "schema": {"type": "integer"},
    },
}

IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of answers already at hand.",
    "schema": {"type": "string"},
}


def complete(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add what holds for every operation: errors, revalidation, a real example."""
    components = result["components"]
    components["schemas"] |= {"Problem": PROBLEM, "ParameterProblem": PARAMETER_PROBLEM, "Gone": GONE}
    components |= {"responses": RESPONSES, "headers": HEADERS, "parameters": {"IfNoneMatch": IF_NONE_MATCH}}
    examples = json.loads(EXAMPLES.read_text()) if EXAMPLES.exists() else {}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            describe(operation, path, examples.get(operation["operationId"]))
    return result


def describe(operation: dict[str, Any], path: str, example: Any) -> None:
    named = "{" in path
    paged = any(parameter.get("name") == "page" for parameter in operation.get("parameters", []))
    operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IfNoneMatch"})
    responses = operation["responses"]
    responses["200"]["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    if example is not None:
        responses["200"]["content"]["application/json"]["example"] = example
    wanted = {"304": "NotModified", "400": "BadRequest", "406": "NotAcceptable", "500": "ServerError"}
    if named or paged:
        wanted["404"] = "NotFound"
    if named and "/versions/" not in path:
        wanted["410"] = "Gone"
    for status, name in sorted(wanted.items()):
        responses[status] = {"$ref": f"#/components/responses/{name}"}
