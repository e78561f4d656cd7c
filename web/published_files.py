"""Published files, for players on any site. Browsers keep them for ever, but latest.json only for seconds."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from pipeline.outputs.layout import LATEST_FILE
from web.http.context import Context
from web.http.file_responses import FILE_RESPONSES, file_response, resolve_file
from web.http.problems import NotFoundError, problem_response

routes = APIRouter(prefix="/published", tags=["published"])
IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"
SHORT_CACHE_CONTROL = "public, max-age=5, must-revalidate"
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Accept-Ranges, Content-Length, Content-Range",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT_HEADERS = {
    **CORS_HEADERS,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-None-Match, If-Range",
    "Access-Control-Max-Age": "86400",
}


@routes.head("/{address:path}", include_in_schema=False)
@routes.get("/{address:path}", responses=FILE_RESPONSES, response_class=Response, summary="A file of a revision")
def published_file(request: Request, context: Context, address: str) -> Response:
    cache_control = SHORT_CACHE_CONTROL if address.rpartition("/")[2] == LATEST_FILE else IMMUTABLE_CACHE_CONTROL
    try:
        return file_response(
            request, resolve_file(context.published_folder, address), {**CORS_HEADERS, "Cache-Control": cache_control}
        )
    except NotFoundError as error:
        return problem_response(HTTPStatus.NOT_FOUND, error, CORS_HEADERS)  # else another site could not read why


@routes.options("/{address:path}", status_code=204, response_class=Response, summary="What other sites may ask")
async def preflight(address: str) -> Response:  # noqa: ARG001  # the route's
    return Response(status_code=204, headers=PREFLIGHT_HEADERS)
