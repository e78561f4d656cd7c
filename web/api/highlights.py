"""Published sessions and highlights, and where a product is explained. Open to everybody."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from domain.clock import Seconds
from domain.highlight import HighlightsFile
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.publications import Explanation, find_explanations, last_revision, read_latest_publications
from pipeline.outputs.layout import INDEX_FILE, LATEST_FILE, PUBLISHED_DIR
from web.api import PREFIX
from web.api.paging import DEFAULT_LIMIT, Limit, first_page
from web.http.context import AppContext, Context, SessionId
from web.http.problems import NotFoundError
from web.http.response_cache import CachedResponse
from web.http.responses import JSON_MEDIA_TYPE, NO_CACHE, conditional_json_response, json_response

routes = APIRouter(prefix=PREFIX, tags=["published"])
MAX_OFFSET = 1_000_000
MAX_CACHED_DOCUMENTS = 64  # that of a three-hour show has some 200 kB


@dataclass(frozen=True, slots=True)
class ProductExplanation:
    """An explanation of the requested product. `latest`: the address of the session's latest.json."""

    explanation: Explanation
    latest: str


@dataclass(frozen=True, slots=True)
class ProductExplanations:
    """Where a product is explained in all published sessions, the best take first."""

    product_id: str
    found: tuple[ProductExplanation, ...]


@dataclass(frozen=True, slots=True)
class PublishedSession:
    """A published session. `latest`: the address of its latest.json; `highlights`: their number."""

    session_id: str
    revision: int
    published_at: datetime
    duration: Seconds
    highlights: int
    latest: str


@dataclass(frozen=True, slots=True)
class PublishedSessions:
    """Published sessions, the last published first. `next`: the `offset` of the next page; None on the last one."""

    sessions: tuple[PublishedSession, ...]
    next: int | None


@routes.get("/published", response_model=PublishedSessions, summary="Published sessions, the last published first")
def shown_sessions(
    context: Context,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    with context.ledger.read_transaction() as connection:
        publications = read_latest_publications(connection, limit + 1, offset)
    page, last = first_page(publications, limit)
    page_sessions = tuple(
        PublishedSession(
            each.session_id,
            each.revision,
            each.published_at,
            each.duration,
            each.highlights,
            _latest_url(each.session_id),
        )
        for each in page
    )
    return json_response(PublishedSessions(page_sessions, offset + limit if last else None), NO_CACHE)


@routes.get("/sessions/{session_id}/highlights", response_model=HighlightsFile, summary="Its published highlights")
async def highlights(request: Request, context: Context, session_id: SessionId) -> Response:
    def load() -> CachedResponse:
        revision = published_revision(context, session_id)
        return CachedResponse(
            _read_document(context.published_folder / session_id / f"r{revision}" / INDEX_FILE), f'"{revision}"'
        )

    cached = await context.response_cache.get(("highlights", session_id), load)
    revision = cached.etag.strip('"')
    content_location = (
        f"/{PUBLISHED_DIR}/{quote(session_id)}/r{revision}/{INDEX_FILE}"  # addresses in it are relative to this one
    )
    return conditional_json_response(
        request, cached.body, cached.etag, {**NO_CACHE, "Content-Location": content_location}
    )


@routes.get(
    "/explanations", response_model=ProductExplanations, summary="Where a product is explained, best take first"
)
async def explanations(
    context: Context,
    product: Annotated[str, Query(min_length=1, max_length=200, description="Its id.")],
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    def load() -> CachedResponse:
        with context.ledger.read_transaction() as connection:
            matches = find_explanations(connection, product, limit)
        addressed = tuple(ProductExplanation(each, _latest_url(each.session_id)) for each in matches)
        return CachedResponse(type_adapter(ProductExplanations).dump_json(ProductExplanations(product, addressed)))

    cached = await context.response_cache.get(("explanations", product, str(limit)), load)
    return Response(cached.body, headers=NO_CACHE, media_type=JSON_MEDIA_TYPE)


def published_revision(context: AppContext, session_id: str) -> int:
    """The number of the session's last revision. Raises NotFoundError where it has none."""
    with context.ledger.read_transaction() as connection:
        revision = last_revision(connection, session_id)
    if not revision:
        raise not_published_error(session_id)
    return revision


def not_published_error(session_id: str) -> NotFoundError:
    """The error for a session that is not published or does not exist: callers need not know which."""
    return NotFoundError(f"session {session_id}", "is not published", "publish it: kandian publish")


def _latest_url(session_id: str) -> str:
    return f"/{PUBLISHED_DIR}/{quote(session_id)}/{LATEST_FILE}"


def _read_document(file: Path) -> bytes:
    """The bytes of a published highlights.json. Raises NotFoundError where the file was removed."""
    try:
        return _read_cached(file, file.stat().st_mtime_ns)
    except OSError:
        raise NotFoundError("revision", "has lost its files", "publish the session again: kandian publish") from None


@lru_cache(maxsize=MAX_CACHED_DOCUMENTS)
def _read_cached(file: Path, _: int) -> bytes:
    return file.read_bytes()
