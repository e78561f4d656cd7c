"""The transcript of a session: transcript.vtt for players, and the same cues as data in transcript.json."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.clock import Seconds
from domain.errors import ReviewError
from pipeline.engine.serialization import type_adapter
from pipeline.inputs.parsing.json_file import read_json
from pipeline.outputs.layout import TRANSCRIPT_JSON_FILE, TRANSCRIPT_VTT_FILE
from pipeline.outputs.sidecars import write_cues
from pipeline.outputs.webvtt import WebVttCue

REMEDY = "run the session again: kandian run"


@dataclass(frozen=True, slots=True)
class TranscriptCue:
    """One cue of the transcript. Seconds of the replay, with three decimals as in WebVTT; `text` is on one line."""

    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """What transcript.json holds: the cues of transcript.vtt, in the same order."""

    cues: tuple[TranscriptCue, ...]


def write_transcript(cues: Sequence[WebVttCue], folder: Path) -> None:
    """Write transcript.vtt and transcript.json into `folder`."""
    write_cues(folder / TRANSCRIPT_VTT_FILE, cues)
    file = TranscriptFile(tuple(map(_transcript_cue, cues)))
    (folder / TRANSCRIPT_JSON_FILE).write_bytes(type_adapter(TranscriptFile).dump_json(file, indent=1) + b"\n")


def read_transcript(folder: Path) -> tuple[TranscriptCue, ...]:
    """The cues in the transcript.json of `folder`. Raises ReviewError where it has none, as in results of an older
    version.
    """
    return read_json(TranscriptFile, folder / TRANSCRIPT_JSON_FILE, ReviewError, REMEDY).cues


def _transcript_cue(cue: WebVttCue) -> TranscriptCue:
    start, end = (round(time * 1000) / 1000 for time in (cue.span.start, cue.span.end))
    return TranscriptCue(start, end, cue.text.strip())
