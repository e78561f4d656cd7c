"""The edit log: who changed what in a session, and when."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.ledger.edit_log import LoggedEdit, read_edit_log
from web.api import PREFIX
from web.api.paging import DEFAULT_LIMIT, Limit, first_page
from web.http.auth import Reader
from web.http.context import Context, SessionId
from web.http.responses import json_response

routes = APIRouter(prefix=PREFIX, tags=["drafts"])
MAX_EDIT_NUMBER = 10**9


@dataclass(frozen=True, slots=True)
class EditPage:
    """Edits in order. `next` is the `after` of the next page; None on the last one."""

    edits: tuple[LoggedEdit, ...]
    next: int | None


@routes.get("/sessions/{session_id}/edits", response_model=EditPage, summary="Who changed what, and when")
def edits(
    context: Context,
    _: Reader,
    session_id: SessionId,
    after: Annotated[int, Query(ge=0, le=MAX_EDIT_NUMBER, description="Begin after the edit of this number.")] = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    with context.ledger.read_transaction() as connection:
        logged_edits = read_edit_log(connection, session_id, after, limit + 1)
    if not logged_edits:
        context.results_folder(session_id)  # else there is no such session
    page, last = first_page(logged_edits, limit)
    return json_response(EditPage(page, last.number if last else None))
