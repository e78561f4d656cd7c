"""The transcript of a session, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.outputs.layout import TRANSCRIPT_JSON_FILE
from pipeline.outputs.transcript_file import REMEDY, TranscriptCue, read_transcript
from web.api import PREFIX
from web.api.highlights import published_revision
from web.api.paging import first_page
from web.http.auth import Reader
from web.http.context import Context, SessionId
from web.http.problems import NotFoundError
from web.http.responses import NO_CACHE, NO_STORE, json_response

routes = APIRouter(prefix=PREFIX)
MAX_CUES, DEFAULT_CUES = 1000, 200  # of a page
MAX_CACHED_TRANSCRIPTS = 16  # a 12-hour show has 15 000 cues: a few megabytes each

BeginParam = Annotated[int, Query(ge=0, le=10**9, description="How many cues to leave out at the beginning.")]
CueLimitParam = Annotated[int, Query(ge=1, le=MAX_CUES)]


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """Cues in the order of the show. `next` is the `begin` of the next page; None on the last one."""

    cues: tuple[TranscriptCue, ...]
    total: int
    next: int | None


@routes.get(
    "/sessions/{session_id}/transcript",
    tags=["published"],
    response_model=TranscriptPage,
    summary="What was said, as published",
)
def transcript(
    context: Context, session_id: SessionId, begin: BeginParam = 0, limit: CueLimitParam = DEFAULT_CUES
) -> Response:
    folder = context.published_folder / session_id / f"r{published_revision(context, session_id)}"
    return json_response(_transcript_page(_transcript_cues(folder), begin, limit), NO_CACHE)


@routes.get(
    "/sessions/{session_id}/draft/transcript", tags=["drafts"], response_model=TranscriptPage, summary="What was said"
)
def draft_transcript(
    context: Context, _: Reader, session_id: SessionId, begin: BeginParam = 0, limit: CueLimitParam = DEFAULT_CUES
) -> Response:
    return json_response(_transcript_page(_transcript_cues(context.results_folder(session_id)), begin, limit), NO_STORE)


def _transcript_cues(folder: Path) -> tuple[TranscriptCue, ...]:
    try:
        return _read_cached(folder, (folder / TRANSCRIPT_JSON_FILE).stat().st_mtime_ns)
    except OSError:
        raise NotFoundError("transcript", "is not there", REMEDY) from None


@lru_cache(maxsize=MAX_CACHED_TRANSCRIPTS)
def _read_cached(folder: Path, _: int) -> tuple[TranscriptCue, ...]:
    return read_transcript(folder)


def _transcript_page(cues: Sequence[TranscriptCue], begin: int, limit: int) -> TranscriptPage:
    page, last = first_page(cues[begin:], limit)
    return TranscriptPage(page, len(cues), begin + limit if last else None)
