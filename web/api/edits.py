"""The edit log: who changed what in a session, and when."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.ledger.edit_log import LoggedEdit, read_log
from web.api import PREFIX
from web.http.auth import Reader
from web.http.context import Here, SessionId
from web.http.responses import answer

routes = APIRouter(prefix=PREFIX, tags=["drafts"])
MOST, USUAL = 200, 50  # edits of a page
LAST_NUMBER = 10**9


@dataclass(frozen=True, slots=True)
class EditPage:
    """Edits, the first first. `next` is what to give as `after` for the page that follows; None on the last one."""

    edits: tuple[LoggedEdit, ...]
    next: int | None


@routes.get("/sessions/{session_id}/edits", response_model=EditPage, summary="Who changed what, and when")
def edits(
    here: Here,
    _: Reader,
    session_id: SessionId,
    after: Annotated[int, Query(ge=0, le=LAST_NUMBER, description="Begin after the edit of this number.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Response:
    with here.ledger.reading() as connection:
        found = read_log(connection, session_id, after, limit + 1)
    if not found:
        here.results_of(session_id)  # else there is no such session
    return answer(EditPage(found[:limit], found[limit - 1].number if len(found) > limit else None))
