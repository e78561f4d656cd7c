"""What viewers have: published highlights, and where a product is explained. Open to everybody."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from domain.clock import Seconds
from domain.highlight import HighlightsFile
from pipeline.engine.serialization import adapter_of
from pipeline.ledger.publications import Explanation, explanations_of, last_revision, read_latest
from pipeline.outputs.results_folder import INDEX_FILE
from pipeline.publishing.publish import FOLDER, LATEST
from web.api import PREFIX
from web.http.context import Here, Served, SessionId
from web.http.problems import NotThere
from web.http.response_cache import Told
from web.http.responses import ASKED_EACH_TIME, JSON, answer, answer_if_changed

routes = APIRouter(prefix=PREFIX, tags=["published"])
MOST, USUAL = 200, 50  # entries of an answer
FARTHEST = 1_000_000
KEPT_DOCUMENTS = 64  # a show of three hours has some 200 kB


@dataclass(frozen=True, slots=True)
class FoundExplanation:
    """An explanation of the product that was asked for. `latest`: the address of the session's latest.json."""

    explanation: Explanation
    latest: str


@dataclass(frozen=True, slots=True)
class FoundExplanations:
    """Where viewers find a product explained, over all sessions: the best take first."""

    product_id: str
    found: tuple[FoundExplanation, ...]


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session that viewers have. `latest`: the address of its latest.json; `highlights`: how many."""

    session_id: str
    revision: int
    published_at: datetime
    duration: Seconds
    highlights: int
    latest: str


@dataclass(frozen=True, slots=True)
class ShownSessions:
    """Sessions that viewers have, the last published first. `next`: the offset of the page that follows, if any."""

    sessions: tuple[ShownSession, ...]
    next: int | None


@routes.get("/published", response_model=ShownSessions, summary="Published sessions, the last published first")
def shown_sessions(
    here: Here,
    offset: Annotated[int, Query(ge=0, le=FARTHEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Response:
    with here.ledger.reading() as connection:
        found = read_latest(connection, limit + 1, offset)
    shown = tuple(
        ShownSession(
            one.session_id, one.revision, one.published_at, one.duration, one.highlights, _latest(one.session_id)
        )
        for one in found[:limit]
    )
    return answer(ShownSessions(shown, offset + limit if len(found) > limit else None), ASKED_EACH_TIME)


@routes.get("/sessions/{session_id}/highlights", response_model=HighlightsFile, summary="Its published highlights")
async def highlights(request: Request, here: Here, session_id: SessionId) -> Response:
    def look() -> Told:
        revision = revision_of(here, session_id)
        return Told(_document(here.published / session_id / f"r{revision}" / INDEX_FILE), f'"{revision}"')

    told = await here.recent.told(("highlights", session_id), look)
    revision = told.etag.strip('"')
    place = f"/{FOLDER}/{quote(session_id)}/r{revision}/{INDEX_FILE}"  # addresses in it are relative to this one
    return answer_if_changed(request, told.body, told.etag, {**ASKED_EACH_TIME, "Content-Location": place})


@routes.get("/explanations", response_model=FoundExplanations, summary="Where a product is explained, best take first")
async def explanations(
    here: Here,
    product: Annotated[str, Query(min_length=1, max_length=200, description="Its id.")],
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Response:
    def look() -> Told:
        with here.ledger.reading() as connection:
            found = explanations_of(connection, product, limit)
        placed = tuple(FoundExplanation(one, _latest(one.session_id)) for one in found)
        return Told(adapter_of(FoundExplanations).dump_json(FoundExplanations(product, placed)))

    told = await here.recent.told(("explanations", product, str(limit)), look)
    return Response(told.body, headers=ASKED_EACH_TIME, media_type=JSON)


def revision_of(here: Served, session_id: str) -> int:
    """The session's last revision. Raises NotThere where it has none."""
    with here.ledger.reading() as connection:
        revision = last_revision(connection, session_id)
    if not revision:
        raise not_published(session_id)
    return revision


def not_published(session_id: str) -> NotThere:
    """Nobody ever published the session, or there is no such session: whoever asks need not learn which."""
    return NotThere(f"session {session_id}", "is not published", "publish it: kandian publish")


def _latest(session_id: str) -> str:
    return f"/{FOLDER}/{quote(session_id)}/{LATEST}"


def _document(file: Path) -> bytes:
    """What a revision holds. Raises NotThere where its files were removed."""
    try:
        return _read(file, file.stat().st_mtime_ns)
    except OSError:
        raise NotThere("revision", "has lost its files", "publish the session again: kandian publish") from None


@lru_cache(maxsize=KEPT_DOCUMENTS)
def _read(file: Path, _: int) -> bytes:
    return file.read_bytes()
