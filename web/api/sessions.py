"""Sessions: their states, their last run, and their publications."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from domain.clock import Seconds
from domain.errors import InputError
from domain.session import MAX_ID_BYTES, Language
from pipeline.ledger.edit_log import count_edits
from pipeline.ledger.publications import Publication, read_publications
from pipeline.outputs.highlights_file import read_highlights
from pipeline.outputs.layout import INDEX_FILE, REPORT_FILE
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
"""`changed`: the draft differs from what viewers have, by edits or by a later run."""


@dataclass(frozen=True, slots=True)
class SessionCard:
    """The state of a session. Counts are of the draft; `revision` is 0 before the first publication."""

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
    """Sessions by id; `unreadable` are ids of the page whose results are damaged.

    `next` is the `after` of the next page; None on the last one.
    """

    sessions: tuple[SessionCard, ...]
    unreadable: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PublicationList:
    """All revisions of a session, in order."""

    publications: tuple[Publication, ...]


@routes.get("/sessions", response_model=SessionPage, summary="All sessions, by id")
def sessions(
    context: Context,
    _: Reader,
    after: Annotated[str, Query(max_length=MAX_ID_BYTES, description="Begin after this id.")] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    page, last = first_page([each for each in context.session_ids() if each > after], limit)
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


def _session_card(context: AppContext, session_id: str) -> SessionCard | None:
    """The card of a session; None where its results cannot be read."""
    try:
        file = read_highlights(context.out / session_id / INDEX_FILE)
        with context.ledger.read_transaction() as connection:
            edits = count_edits(connection, session_id)
            last_publications = read_publications(connection, session_id)[-1:]
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
