"""Search in the transcripts of all published sessions. Open to everybody."""

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
MAX_QUERY_CHARS = 200
MAX_CURSOR_CHARS = MAX_ID_BYTES + 32

SearchQuery = Annotated[
    str,
    Query(
        min_length=1,
        max_length=MAX_QUERY_CHARS,
        description="Phrases separated by spaces: all must be said near each other.",
    ),
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
    """The shortest runs of cues that hold every part of the query, by session and time.

    `next` is the `after` of the next page; None on the last one.
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
    return json_response(SearchResults(page.hits, _format_cursor(page.next_cursor)), NO_CACHE)


def _format_cursor(cursor: SearchCursor | None) -> str | None:
    """The cursor as `next`. Cues have times in milliseconds."""
    return None if cursor is None else f"{cursor.last_start:.6f}:{cursor.session_id}"


def _parse_cursor(text: str) -> SearchCursor:
    at, _, session_id = text.partition(":")
    return SearchCursor(session_id, float(at))
