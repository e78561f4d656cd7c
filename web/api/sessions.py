"""Sessions: which there are, how they stand, and what their last run cost."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from domain.clock import Seconds
from domain.errors import InputError, InvalidValue
from domain.session import MAX_ID_BYTES, Language, check_session_id
from pipeline.ledger.edit_log import count_edits
from pipeline.ledger.publications import Publication, read_publications
from pipeline.outputs.highlights_file import read_highlights
from pipeline.outputs.layout import INDEX_FILE, PUBLISHED_DIR, REPORT_FILE, TAKES_FILE
from pipeline.outputs.report import Report
from pipeline.publishing.publish import is_published
from web.api import PREFIX
from web.api.paging import DEFAULT_LIMIT, Limit, first_page
from web.http.auth import Reader
from web.http.context import AppContext, Context, SessionId
from web.http.problems import NotFoundError
from web.http.responses import JSON_MEDIA_TYPE, NO_STORE, json_response

routes = APIRouter(prefix=PREFIX, tags=["sessions"])

SessionState = Literal["draft", "published", "changed"]
"""`changed`: what would be published now differs from what viewers have, by edits or by a later run."""


@dataclass(frozen=True, slots=True)
class SessionCard:
    """How a session stands. Counts are of the draft; `revision` is 0 before the first publication."""

    session_id: str
    state: SessionState
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
    context: Context,
    _: Reader,
    after: Annotated[str, Query(max_length=MAX_ID_BYTES, description="Begin after this id.")] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    page, last = first_page([name for name in _session_ids(context) if name > after], limit)
    cards = {name: _session_card(context, name) for name in page}
    readable = tuple(card for card in cards.values() if card is not None)
    unreadable = tuple(name for name, card in cards.items() if card is None)
    return json_response(SessionPage(readable, unreadable, last))


@routes.get("/sessions/{session_id}", response_model=SessionCard, summary="One session")
def session(context: Context, _: Reader, session_id: SessionId) -> Response:
    context.results_folder(session_id)
    card = _session_card(context, session_id)
    if card is None:
        raise NotFoundError(f"session {session_id}", "has damaged results", "make them anew: kandian run")
    return json_response(card)


@routes.get("/sessions/{session_id}/run", response_model=Report, summary="Its last run: costs, warnings, renditions")
def last_run(context: Context, _: Reader, session_id: SessionId) -> Response:
    try:
        report = (context.results_folder(session_id) / REPORT_FILE).read_bytes()
    except OSError:
        raise NotFoundError(f"session {session_id}", "has no report", "run it again: kandian run") from None
    return Response(report, headers=NO_STORE, media_type=JSON_MEDIA_TYPE)


@routes.get("/sessions/{session_id}/publications", response_model=PublicationList, summary="Its revisions, first first")
def publications(context: Context, _: Reader, session_id: SessionId) -> Response:
    with context.ledger.read_transaction() as connection:
        revisions = read_publications(connection, session_id)
    return json_response(PublicationList(revisions))


def _session_ids(context: AppContext) -> list[str]:
    """Ids of all sessions that have results, sorted."""
    folder_names = sorted(file.parent.name for file in context.out.glob(f"*/{TAKES_FILE}"))
    return [name for name in folder_names if name != PUBLISHED_DIR and _is_session_id(name)]


def _is_session_id(name: str) -> bool:
    try:
        check_session_id(name)
    except InvalidValue:
        return False
    return True


def _session_card(context: AppContext, session_id: str) -> SessionCard | None:
    """None for a session whose results cannot be read."""
    try:
        file = read_highlights(context.out / session_id / INDEX_FILE)
        with context.ledger.read_transaction() as connection:
            edits, last_publications = (
                count_edits(connection, session_id),
                read_publications(connection, session_id)[-1:],
            )
        state: SessionState = "draft"
        if last_publications:
            state = "published" if is_published(file, context.out / session_id, last_publications[0]) else "changed"
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
        revision=last_publications[0].revision if last_publications else 0,
    )
