"""JSON answers."""

from collections.abc import Mapping

from fastapi import Request, Response

from pipeline.engine.serialization import type_adapter
from web.http.file_responses import matches_etag

JSON_MEDIA_TYPE = "application/json"
NO_STORE = {"Cache-Control": "no-store"}  # drafts, and what needs a token
NO_CACHE = {"Cache-Control": "no-cache"}  # browsers keep it and ask again by its ETag


def json_response(value: object, headers: Mapping[str, str] = NO_STORE, status: int = 200) -> Response:
    """The answer with a dataclass as JSON."""
    return Response(type_adapter(type(value)).dump_json(value), status, dict(headers), JSON_MEDIA_TYPE)


def conditional_json_response(request: Request, body: bytes, etag: str, headers: Mapping[str, str]) -> Response:
    """The answer with `body`; 304 where the caller has what `etag` names."""
    response_headers = {**headers, "ETag": etag}
    if matches_etag(request, etag):
        return Response(status_code=304, headers=response_headers)
    return Response(body, 200, response_headers, JSON_MEDIA_TYPE)
