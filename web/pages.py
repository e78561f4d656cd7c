"""Pages: the player as built by `make web`, and sign-in by a one-time link."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import PlainTextResponse, RedirectResponse

from pipeline.ledger.publications import read_latest_publications
from pipeline.outputs.layout import INDEX_FILE, LATEST_FILE, PUBLISHED_DIR
from web.http.auth import COOKIE_NAME
from web.http.browser_sessions import COOKIE_LIFETIME_S
from web.http.context import AppContext, Context
from web.http.file_responses import file_response, resolve_file

routes = APIRouter(include_in_schema=False)
STATIC_FOLDER = Path(__file__).parent / "static"
PLAYER_PAGE = "demo/index.html"
MAX_SHOWS_SEARCHED = 50  # for one with highlights
PAGE_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' https: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
PAGES_NOT_BUILT_TEXT = """kandian serves here. Its pages are not built: run `make web`.

  /openapi.json   the API
  /published/     what players need
"""


@routes.get("/")
def home(context: Context, key: Annotated[str, Query(max_length=200)] = "") -> Response:
    if key:
        return _redeem_link(context, key)
    if not (STATIC_FOLDER / PLAYER_PAGE).is_file():
        return PlainTextResponse(PAGES_NOT_BUILT_TEXT)
    highlights_url = _initial_highlights_url(context)
    query = f"?{urlencode({'highlights': highlights_url})}" if highlights_url else ""
    return RedirectResponse(f"/static/{PLAYER_PAGE}{query}", 303, {"Cache-Control": "no-store"})


@routes.head("/")
def home_head(context: Context) -> Response:
    """A HEAD request does not use up the link."""
    return home(context)


@routes.head("/static/{address:path}")
@routes.get("/static/{address:path}")
def static(request: Request, address: str) -> Response:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": PAGE_SECURITY_POLICY}
    return file_response(request, resolve_file(STATIC_FOLDER, address), headers)


def _redeem_link(context: AppContext, key: str) -> Response:
    """Sign in by a one-time link. The redirect removes its key from the address bar."""
    secret = context.browser_sessions.redeem_link(key)
    if secret is None:
        text = "This link was used, or is too old. Stop kandian serve and start it again for a new one.\n"
        return PlainTextResponse(text, 403, {"Cache-Control": "no-store"})
    response = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
    response.set_cookie(COOKIE_NAME, secret, max_age=int(COOKIE_LIFETIME_S), path="/", httponly=True, samesite="strict")
    return response


def _initial_highlights_url(context: AppContext) -> str | None:
    """The address of the first show to play: the last published one that has highlights, else the first draft."""
    with context.ledger.read_transaction() as connection:
        latest = read_latest_publications(connection, MAX_SHOWS_SEARCHED)
    for publication in sorted(latest, key=lambda each: not each.highlights)[:1]:
        return f"/{PUBLISHED_DIR}/{quote(publication.session_id)}/{LATEST_FILE}"
    draft_ids = context.session_ids()[:1]
    return f"/v1/sessions/{quote(draft_ids[0])}/draft/files/{INDEX_FILE}" if draft_ids else None
