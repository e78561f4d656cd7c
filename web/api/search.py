"""Search in what hosts said, over all published sessions. Open to everybody."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from domain.session import MAX_ID_BYTES
from pipeline.ledger.transcript_search import SearchCursor, TranscriptHit, search_transcripts
from web.api import PREFIX
from web.api.paging import DEFAULT_LIMIT, Limit
from web.http.context import Context
from web.http.responses import NO_CACHE, json_response

routes = APIRouter(prefix=PREFIX, tags=["published"])
MAX_QUERY_CHARS = 200  # characters
MAX_CURSOR_CHARS = MAX_ID_BYTES + 32

SearchQuery = Annotated[
    str,
    Query(min_length=1, max_length=MAX_QUERY_CHARS, description="Parts, parted by spaces: all must be said, near."),
]
PageCursor = Annotated[
    str,
    Query(
        max_length=MAX_CURSOR_CHARS,
        pattern=r"^([0-9]{1,9}\.[0-9]{6}:[^\x00]+)?$",
        description="`next` of the page before.",
    ),
]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The shortest stretches in which all that was asked for was said, by session and time.

    `next` is what to give as `after` for the page that follows; None on the last one.
    """

    found: tuple[TranscriptHit, ...]
    next: str | None


@routes.get("/search", response_model=SearchResults, summary="Search what hosts said in published sessions")
def search(
    context: Context,
    q: SearchQuery,
    session_id: Annotated[str | None, Query(max_length=MAX_ID_BYTES, description="Only in this session.")] = None,
    after: PageCursor = "",
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    cursor = _parse_cursor(after) if after else None
    with context.ledger.read_transaction() as connection:
        page = search_transcripts(connection, q, limit, session_id, cursor)
    next_cursor = (
        f"{page.next_cursor.last_start:.6f}:{page.next_cursor.session_id}" if page.next_cursor else None
    )  # cues are told in milliseconds
    return json_response(SearchResults(page.hits, next_cursor), NO_CACHE)


def _parse_cursor(text: str) -> SearchCursor:
    """Where a page begins, as the page before told it."""
    at, _, session_id = text.partition(":")
    return SearchCursor(session_id, float(at))
