"""The pages: the player as built by `make web`, and the way in by a one-time link."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import PlainTextResponse, RedirectResponse

from pipeline.ledger.publications import read_latest
from pipeline.outputs.results_folder import INDEX_FILE
from pipeline.publishing.publish import FOLDER, LATEST
from pipeline.review.draft import TAKES_FILE
from web.http.auth import COOKIE
from web.http.browser_sessions import COOKIE_LIFETIME_S
from web.http.context import Here, Served
from web.http.file_responses import answer_file, file_in

routes = APIRouter(include_in_schema=False)
STATIC = Path(__file__).parent / "static"
PLAYER = "demo/index.html"
LOOKED_OVER = 50  # shows, for one with highlights
PAGE_POLICY = "; ".join(
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
NO_PAGES = """kandian serves here. Its pages are not built: run `make web`.

  /openapi.json   the API
  /published/     what players need
"""


@routes.get("/")
def front(here: Here, key: Annotated[str, Query(max_length=200)] = "") -> Response:
    if key:
        return _let_in(here, key)
    if not (STATIC / PLAYER).is_file():
        return PlainTextResponse(NO_PAGES)
    shown = _shown(here)
    asked = f"?{urlencode({'highlights': shown})}" if shown else ""
    return RedirectResponse(f"/static/{PLAYER}{asked}", 303, {"Cache-Control": "no-store"})


@routes.head("/")
def front_seen(here: Here) -> Response:
    """Whoever only looks does not use up the link."""
    return front(here)


@routes.head("/static/{address:path}")
@routes.get("/static/{address:path}")
def static(request: Request, address: str) -> Response:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": PAGE_POLICY}
    return answer_file(request, file_in(STATIC, address), headers)


def _let_in(here: Served, key: str) -> Response:
    """The link's key leaves the address bar, whether or not it opened anything."""
    secret = here.browsers.come_in(key)
    if secret is None:
        text = "This link was used, or is too old. Stop kandian serve and start it again for a new one.\n"
        return PlainTextResponse(text, 403, {"Cache-Control": "no-store"})
    answer = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
    answer.set_cookie(COOKIE, secret, max_age=int(COOKIE_LIFETIME_S), path="/", httponly=True, samesite="strict")
    return answer


def _shown(here: Served) -> str | None:
    """The address of the show to begin with: the last one published, of those with highlights, else the first draft."""
    with here.ledger.reading() as connection:
        latest = read_latest(connection, LOOKED_OVER)
    for shown in sorted(latest, key=lambda one: not one.highlights)[:1]:
        return f"/{FOLDER}/{quote(shown.session_id)}/{LATEST}"
    drafts = sorted(file.parent.name for file in here.out.glob(f"*/{TAKES_FILE}"))
    return f"/v1/sessions/{quote(drafts[0])}/draft/files/{INDEX_FILE}" if drafts else None
