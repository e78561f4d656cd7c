"""Cues of SubRip (.srt) and WebVTT (.vtt): two times in seconds and the text between them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import CaptionsError

ARROW = "-->"
TIME_PATTERN = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
CUE_TIMES = re.compile(rf"\s*{TIME_PATTERN}\s*-->\s*{TIME_PATTERN}(?:\s.*)?", re.ASCII)
SRT_TAGS = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[a-z]+[^{}]*\}", re.IGNORECASE)  # "价格<100" is none
VTT_TAGS = re.compile(r"</?(?:[a-zA-Z][^<>]*|[\d:.]+)?>")
VTT_BLOCKS = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class SubtitleCue:
    """One cue. Seconds on the recording clock; `text` is on one line, without tags."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """One line of a file; `number` counts from 1."""

    number: int
    text: str


def read_srt(text: str, file: Path) -> list[SubtitleCue]:
    """Cues in the order of the file; blank lines inside a cue belong to it. Raises CaptionsError with the line."""
    lines = _numbered_lines(text)
    time_line_indexes = [index for index, line in enumerate(lines) if ARROW in line.text]
    if not time_line_indexes:
        raise CaptionsError(file, "holds no cue", f"write cues as 00:01:02,500 {ARROW} 00:01:04,000")
    ends = [*time_line_indexes[1:], len(lines) + 1]
    return [
        _parse_cue(lines[index], _without_next_number(lines[index + 1 : end], end <= len(lines)), file, SRT_TAGS)
        for index, end in zip(time_line_indexes, ends, strict=True)
    ]


def read_vtt(text: str, file: Path) -> list[SubtitleCue]:
    """Cues in the order of the file, notes and styles left out. Raises CaptionsError with the line."""
    lines = _numbered_lines(text)
    if not re.match(r"WEBVTT(\s|$)", lines[0].text if lines else ""):
        raise CaptionsError(f"{file}: line 1", "is not WEBVTT", "begin the file with WEBVTT, or call it .srt")
    cues = []
    for block in _blocks(lines[1:]):
        time_line_index = next((index for index, line in enumerate(block[:2]) if ARROW in line.text), None)
        if time_line_index is None or block[0].text.split(maxsplit=1)[0] in VTT_BLOCKS:
            continue  # a note, a style, or a header line
        cue = _parse_cue(block[time_line_index], [line.text for line in block[time_line_index + 1 :]], file, VTT_TAGS)
        cues.append(SubtitleCue(cue.start, cue.end, html.unescape(cue.text)))
    return cues


def _numbered_lines(text: str) -> list[NumberedLine]:
    """Lines as both formats count them; str.splitlines would also break at control characters inside text."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return [NumberedLine(number, line) for number, line in enumerate(unix.split("\n"), start=1)]


def _blocks(lines: list[NumberedLine]) -> Iterator[list[NumberedLine]]:
    block: list[NumberedLine] = []
    for line in [*lines, NumberedLine(0, "")]:
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _without_next_number(lines: list[NumberedLine], has_next_cue: bool) -> list[str]:
    """The text of an SRT cue without the number of the next one, which stands right before that one's times."""
    texts = [line.text for line in lines]
    if has_next_cue and texts and texts[-1].strip().isdecimal() and (len(texts) == 1 or not texts[-2].strip()):
        texts.pop()
    return texts


def _parse_cue(times_line: NumberedLine, texts: list[str], file: Path, tags: re.Pattern[str]) -> SubtitleCue:
    times_match = CUE_TIMES.fullmatch(times_line.text)
    where = f"{file}: line {times_line.number}"
    if not times_match:
        what = f"{times_line.text.strip()[:60]!r} is not a cue time"
        raise CaptionsError(where, what, f"write it as 00:01:02.500 {ARROW} 00:01:04.000")
    start, end = _parse_seconds(*times_match.groups()[:4]), _parse_seconds(*times_match.groups()[4:])
    if end < start:
        raise CaptionsError(where, f"the cue ends at {end:g} s, before it starts at {start:g} s", "mend its times")
    stripped = (tags.sub("", text).strip() for text in texts)
    return SubtitleCue(start, end, join_lines([text for text in stripped if text]))


def _parse_seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    whole_seconds = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole_seconds + float(f"0.{fraction or 0}")


def join_lines(lines: list[str]) -> str:
    """Lines, none of them empty, as one: joined by a space, but not between two Chinese characters."""
    text = ""
    for line in lines:
        needs_space = text and (text[-1].isascii() or line[0].isascii())
        text += f" {line}" if needs_space else line
    return text
