"""Sessions: which there are, how they stand, and what their last run cost."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from domain.clock import Seconds
from domain.errors import InputError, InvalidValue
from domain.session import LONGEST_ID_BYTES, Language, check_session_id
from pipeline.ledger.edit_log import count_edits
from pipeline.ledger.publications import Publication, read_publications
from pipeline.outputs.highlights_file import read_highlights
from pipeline.outputs.report import Report
from pipeline.outputs.results_folder import INDEX_FILE, REPORT_FILE
from pipeline.publishing.publish import FOLDER, is_published
from pipeline.review.draft import TAKES_FILE
from web.api import PREFIX
from web.http.auth import Reader
from web.http.context import Here, Served, SessionId
from web.http.problems import NotThere
from web.http.responses import JSON, NOT_KEPT, answer

routes = APIRouter(prefix=PREFIX, tags=["sessions"])
MOST, USUAL = 200, 50  # sessions of a page

State = Literal["draft", "published", "changed"]
"""`changed`: what would be published now differs from what viewers have, by edits or by a later run."""


@dataclass(frozen=True, slots=True)
class SessionCard:
    """How a session stands. Counts are of the draft; `revision` is 0 before the first publication."""

    session_id: str
    state: State
    duration: Seconds
    language: Language
    highlights: int
    suggestions: int
    products: int
    edits: int
    revision: int


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Sessions by id; `unreadable` are those of the page whose results are damaged.

    `next` is what to give as `after` for the page that follows; None on the last one.
    """

    sessions: tuple[SessionCard, ...]
    unreadable: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PublicationList:
    """All revisions of a session, the first first."""

    publications: tuple[Publication, ...]


@routes.get("/sessions", response_model=SessionPage, summary="All sessions, by id")
def sessions(
    here: Here,
    _: Reader,
    after: Annotated[str, Query(max_length=LONGEST_ID_BYTES, description="Begin after this id.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Response:
    names = [name for name in _names(here) if name > after]
    cards = {name: _card(here, name) for name in names[:limit]}
    readable = tuple(card for card in cards.values() if card is not None)
    unreadable = tuple(name for name, card in cards.items() if card is None)
    return answer(SessionPage(readable, unreadable, names[limit - 1] if len(names) > limit else None))


@routes.get("/sessions/{session_id}", response_model=SessionCard, summary="One session")
def session(here: Here, _: Reader, session_id: SessionId) -> Response:
    here.results_of(session_id)
    card = _card(here, session_id)
    if card is None:
        raise NotThere(f"session {session_id}", "has damaged results", "make them anew: kandian run")
    return answer(card)


@routes.get("/sessions/{session_id}/run", response_model=Report, summary="Its last run: costs, warnings, renditions")
def last_run(here: Here, _: Reader, session_id: SessionId) -> Response:
    try:
        report = (here.results_of(session_id) / REPORT_FILE).read_bytes()
    except OSError:
        raise NotThere(f"session {session_id}", "has no report", "run it again: kandian run") from None
    return Response(report, headers=NOT_KEPT, media_type=JSON)


@routes.get("/sessions/{session_id}/publications", response_model=PublicationList, summary="Its revisions, first first")
def publications(here: Here, _: Reader, session_id: SessionId) -> Response:
    with here.ledger.reading() as connection:
        found = read_publications(connection, session_id)
    return answer(PublicationList(found))


def _names(here: Served) -> list[str]:
    """Ids of all sessions that have results, sorted."""
    found = sorted(file.parent.name for file in here.out.glob(f"*/{TAKES_FILE}"))
    return [name for name in found if name != FOLDER and _is_id(name)]


def _is_id(name: str) -> bool:
    try:
        check_session_id(name)
    except InvalidValue:
        return False
    return True


def _card(here: Served, session_id: str) -> SessionCard | None:
    """None for a session whose results cannot be read."""
    try:
        file = read_highlights(here.out / session_id / INDEX_FILE)
        with here.ledger.reading() as connection:
            edits, last = count_edits(connection, session_id), read_publications(connection, session_id)[-1:]
        state: State = "draft"
        if last:
            state = "published" if is_published(file, here.out / session_id, last[0]) else "changed"
    except InputError:
        return None
    return SessionCard(
        session_id=session_id,
        state=state,
        duration=file.duration,
        language=file.language,
        highlights=len(file.highlights),
        suggestions=len(file.suggestions),
        products=len(file.products),
        edits=edits,
        revision=last[0].revision if last else 0,
    )
