"""Published files, for players on any site: what never changes is kept for ever, latest.json is asked for each time."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from pipeline.publishing.publish import LATEST
from web.http.context import Here
from web.http.file_responses import FILE, answer_file, file_in
from web.http.problems import NotThere, problem

routes = APIRouter(prefix="/published", tags=["published"])
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=5, must-revalidate"
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Accept-Ranges, Content-Length, Content-Range",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
ASKED_BEFORE = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-None-Match, If-Range",
    "Access-Control-Max-Age": "86400",
}


@routes.head("/{address:path}", include_in_schema=False)
@routes.get("/{address:path}", responses=FILE, response_class=Response, summary="A file of a revision")
def published_file(request: Request, here: Here, address: str) -> Response:
    kept = FOR_A_WHILE if address.rpartition("/")[2] == LATEST else FOR_EVER
    try:
        return answer_file(request, file_in(here.published, address), {**OPEN, "Cache-Control": kept})
    except NotThere as error:
        return problem(HTTPStatus.NOT_FOUND, error, OPEN)  # else a page elsewhere could not tell why


@routes.options("/{address:path}", status_code=204, response_class=Response, summary="What other sites may ask")
async def asked_before(address: str) -> Response:  # noqa: ARG001  # the route's
    return Response(status_code=204, headers=ASKED_BEFORE)
