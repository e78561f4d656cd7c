"""Search in what hosts said, over all published sessions. Open to everybody."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from domain.session import LONGEST_ID_BYTES
from pipeline.ledger.transcript_search import Place, Spoken, find_spoken
from web.api import PREFIX
from web.http.context import Here
from web.http.responses import ASKED_EACH_TIME, answer

routes = APIRouter(prefix=PREFIX, tags=["published"])
MOST, USUAL = 200, 50  # answers of a page
LONGEST_QUESTION = 200  # characters
LONGEST_PLACE = LONGEST_ID_BYTES + 32

Question = Annotated[
    str,
    Query(min_length=1, max_length=LONGEST_QUESTION, description="Parts, parted by spaces: all must be said, near."),
]
After = Annotated[
    str,
    Query(
        max_length=LONGEST_PLACE,
        pattern=r"^([0-9]{1,9}\.[0-9]{6}:[^\x00]+)?$",
        description="`next` of the page before.",
    ),
]


@dataclass(frozen=True, slots=True)
class FoundSpoken:
    """The shortest stretches in which all that was asked for was said, by session and time.

    `next` is what to give as `after` for the page that follows; None on the last one.
    """

    found: tuple[Spoken, ...]
    next: str | None


@routes.get("/search", response_model=FoundSpoken, summary="Search what hosts said in published sessions")
def search(
    here: Here,
    q: Question,
    session_id: Annotated[str | None, Query(max_length=LONGEST_ID_BYTES, description="Only in this session.")] = None,
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Response:
    place = _place(after) if after else None
    with here.ledger.reading() as connection:
        page = find_spoken(connection, q, limit, session_id, place)
    more = f"{page.next.at:.6f}:{page.next.session_id}" if page.next else None  # cues are told in milliseconds
    return answer(FoundSpoken(page.found, more), ASKED_EACH_TIME)


def _place(told: str) -> Place:
    """Where a page begins, as the page before told it."""
    at, _, session_id = told.partition(":")
    return Place(session_id, float(at))
