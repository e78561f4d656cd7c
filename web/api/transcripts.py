"""What was said in a session, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.inputs.subtitle_cues import Cue
from pipeline.publishing.publish import TRANSCRIPT
from web.api import PREFIX
from web.api.highlights import revision_of
from web.http.auth import Reader
from web.http.context import Here, SessionId
from web.http.problems import NotThere
from web.http.responses import ASKED_EACH_TIME, NOT_KEPT, answer, cues_of

routes = APIRouter(prefix=PREFIX)
MOST, USUAL = 1000, 200  # cues of a page

Begin = Annotated[int, Query(ge=0, le=10**9, description="How many cues to leave out at the beginning.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """Cues in the order of the show, seconds of the replay. `next` is the `begin` of the page that follows."""

    cues: tuple[Cue, ...]
    total: int
    next: int | None


@routes.get(
    "/sessions/{session_id}/transcript",
    tags=["published"],
    response_model=TranscriptPage,
    summary="What was said, as published",
)
def transcript(here: Here, session_id: SessionId, begin: Begin = 0, limit: Limit = USUAL) -> Response:
    folder = here.published / session_id / f"r{revision_of(here, session_id)}"
    return answer(_page(_cues(folder), begin, limit), ASKED_EACH_TIME)


@routes.get(
    "/sessions/{session_id}/draft/transcript", tags=["drafts"], response_model=TranscriptPage, summary="What was said"
)
def draft_transcript(here: Here, _: Reader, session_id: SessionId, begin: Begin = 0, limit: Limit = USUAL) -> Response:
    return answer(_page(_cues(here.results_of(session_id)), begin, limit), NOT_KEPT)


def _cues(folder: Path) -> tuple[Cue, ...]:
    try:
        return cues_of(folder / TRANSCRIPT)
    except OSError:
        raise NotThere("transcript", "is not there", "run the session again: kandian run") from None


def _page(cues: Sequence[Cue], begin: int, limit: int) -> TranscriptPage:
    end = begin + limit
    return TranscriptPage(tuple(cues[begin:end]), len(cues), end if end < len(cues) else None)
