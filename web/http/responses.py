"""Values as JSON answers."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response

from pipeline.engine.serialization import adapter_of
from pipeline.inputs.subtitle_cues import Cue, read_vtt
from web.http.file_responses import has_it

JSON = "application/json"
NOT_KEPT = {"Cache-Control": "no-store"}  # drafts, and what only some may see
ASKED_EACH_TIME = {"Cache-Control": "no-cache"}  # kept, and asked for by its ETag
KEPT_TRANSCRIPTS = 16  # a 12-hour show has 15 000 cues: a few megabytes each


def answer(value: object, headers: Mapping[str, str] = NOT_KEPT, status: int = 200) -> Response:
    """A dataclass, or a tuple of some, as its own class writes it."""
    return Response(adapter_of(type(value)).dump_json(value), status, dict(headers), JSON)


def answer_if_changed(request: Request, body: bytes, etag: str, headers: Mapping[str, str]) -> Response:
    """`body`, unless the caller has what `etag` names."""
    told = {**headers, "ETag": etag}
    if has_it(request, etag):
        return Response(status_code=304, headers=told)
    return Response(body, 200, told, JSON)


def cues_of(transcript: Path) -> tuple[Cue, ...]:
    """The cues of a WebVTT file that kandian wrote."""
    return _cues(transcript, transcript.stat().st_mtime_ns)


@lru_cache(maxsize=KEPT_TRANSCRIPTS)
def _cues(transcript: Path, _: int) -> tuple[Cue, ...]:
    return tuple(read_vtt(transcript.read_text(encoding="utf-8"), transcript))
