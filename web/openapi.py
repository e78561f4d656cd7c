"""The OpenAPI document: FastAPI's, corrected by what middleware and problem handlers do."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from pipeline.engine.serialization import type_adapter
from pipeline.outputs.json_schema import DocumentedSchema
from web.http.problems import MEDIA_TYPE, Problem

API_DESCRIPTION = """Replays of live-selling shows and where each product is explained in them.

What is published is open to everybody; drafts need a token or a browser's cookie. Times are seconds of the replay."""

NO_NUL_PATTERN = r"^[^\x00]*$"


def install_openapi(app: FastAPI) -> None:
    """Let `app` serve the corrected document."""

    def cached_document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _build_document(app)
        return app.openapi_schema

    app.openapi = cached_document  # type: ignore[method-assign]  # FastAPI's documented way


def _build_document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=API_DESCRIPTION, routes=app.routes)
    schemas = document["components"]["schemas"]
    for generated in ("HTTPValidationError", "ValidationError"):
        schemas.pop(generated, None)
    schemas["Problem"] = type_adapter(Problem).json_schema(schema_generator=DocumentedSchema)
    problem = {"$ref": "#/components/schemas/Problem"}
    for operations in document["paths"].values():
        for operation in operations.values():
            _require_if_match(operation)
            _forbid_nul_in_queries(operation)
            responses = operation["responses"]
            responses.pop("422", None)
            responses["default"] = {"description": "A problem.", "content": {MEDIA_TYPE: {"schema": problem}}}
    return document


def _require_if_match(operation: dict[str, Any]) -> None:
    """Document If-Match as required: a route reads a request without it only to answer 428."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "if-match":
            parameter.update(name="If-Match", required=True, schema={"type": "string", "title": "If-Match"})


def _forbid_nul_in_queries(operation: dict[str, Any]) -> None:
    """Document that middleware.py refuses a NUL in every query."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        for variant in schema.get("anyOf", (schema,)):
            if (
                parameter["in"] == "query"
                and variant.get("type") == "string"
                and not {"pattern", "enum"} & variant.keys()
            ):
                variant["pattern"] = NO_NUL_PATTERN
