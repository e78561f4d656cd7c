"""WebVTT, written so that no text can break out of its cue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.clock import Seconds, Span


@dataclass(frozen=True, slots=True)
class WebVttCue:
    """One cue. `text` is any text, escaped when written; data, which programs read, is written as it is."""

    span: Span
    text: str
    id: str = ""
    is_data: bool = False


def timestamp(time: Seconds) -> str:
    """hh:mm:ss.mmm, hours as long as they need to be."""
    millis = round(time * 1000)
    return f"{millis // 3_600_000:02d}:{millis // 60_000 % 60:02d}:{millis // 1000 % 60:02d}.{millis % 1000:03d}"


def format_webvtt(cues: Iterable[WebVttCue]) -> str:
    """A whole WebVTT file. Line breaks inside a cue become spaces: an empty line would end it."""
    blocks = ["WEBVTT"]
    for cue in cues:
        lines = [_single_line(cue.id).replace("-->", "")] if cue.id else []
        lines += [f"{timestamp(cue.span.start)} --> {timestamp(cue.span.end)}", _payload(cue)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _payload(cue: WebVttCue) -> str:
    flat = _single_line(cue.text)
    if cue.is_data:
        return flat.replace("-->", "--\\u003e")  # an arrow would begin a new cue; JSON may write it like this
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _single_line(text: str) -> str:
    """`text` without the line breaks that WebVTT knows; all other white space stays."""
    return " ".join(line for line in re.split(r"[\r\n]+", text) if line)
