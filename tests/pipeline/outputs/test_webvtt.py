"""WebVTT that stays whole whatever text goes in. Read back here by the rules of the standard, not by ours."""

import html
import json
import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.clock import Span
from pipeline.outputs.webvtt import WebVttCue, format_webvtt, timestamp

TIMING = re.compile(r"(\d\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d\d+):(\d\d):(\d\d)\.(\d{3})")
HOSTILE = (
    "-->",
    "a\n\n00:00:00.000 --> 99:00:00.000\n坏",
    "a\r\n\r\nNOTE x",
    "a\r\rSTYLE\r::cue{}",
    "<script>alert(1)</script>",
    "<00:00:01.000>",
    "&lt;b&gt; & &#60;",
    "\ufeff\u2028\u2029\x85\x0b",
    "",
    "WEBVTT",
)


@dataclass(frozen=True)
class Read:
    """A block as a player takes it."""

    id: str
    timing: str
    payload: str


def read(file: str) -> list[Read]:
    """Blocks end at an empty line; a line with an arrow is a cue's timing; lines end with CR, LF or both."""
    head, *blocks = re.split(r"(?:\r\n|\n|\r){2,}", file.rstrip("\n"))
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        lines = re.split(r"\r\n|\n|\r", block)
        (arrow,) = (number for number, line in enumerate(lines) if "-->" in line)
        assert TIMING.fullmatch(lines[arrow])
        cues.append(Read("\n".join(lines[:arrow]), lines[arrow], "\n".join(lines[arrow + 1 :])))
    return cues


def shown(payload: str) -> str:
    """What a viewer sees of a payload without tags."""
    assert "<" not in payload
    return html.unescape(payload)


@pytest.mark.parametrize(
    ("time", "written"),
    [
        (0.0, "00:00:00.000"),
        (1.0004, "00:00:01.000"),
        (59.9996, "00:01:00.000"),
        (3599.9999, "01:00:00.000"),
        (12 * 3600 + 34 * 60 + 56.789, "12:34:56.789"),
        (100 * 3600.0, "100:00:00.000"),
    ],
)
def test_times_are_rounded_to_milliseconds_and_never_read_60(time: float, written: str) -> None:
    assert timestamp(time) == written


def test_a_file_without_cues_is_a_webvtt_file() -> None:
    assert read(format_webvtt([])) == []


def test_cues_follow_each_other_with_id_time_and_text() -> None:
    cues = read(format_webvtt([WebVttCue(Span(0, 1.5), "毛巾", "h1"), WebVttCue(Span(1.5, 3), "牙刷")]))
    assert cues == [
        Read("h1", "00:00:00.000 --> 00:00:01.500", "毛巾"),
        Read("", "00:00:01.500 --> 00:00:03.000", "牙刷"),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_cue_and_is_shown_as_it_was(text: str) -> None:
    cues = read(format_webvtt([WebVttCue(Span(0, 1), text, "h1"), WebVttCue(Span(1, 2), "next", "h2")]))
    assert [cue.id for cue in cues] == ["h1", "h2"]
    assert shown(cues[0].payload).split() == text.split()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_in_its_cue(name: str) -> None:
    cues = read(format_webvtt([WebVttCue(Span(0, 1), "text", name), WebVttCue(Span(1, 2), "next")]))
    assert [cue.payload for cue in cues] == ["text", "next"]


@given(some.text(), some.text())
def test_any_text_stays_in_its_cue(text: str, name: str) -> None:
    cues = read(format_webvtt([WebVttCue(Span(0, 1), text, name), WebVttCue(Span(1, 2), "next")]))
    assert cues[1].payload == "next"
    assert shown(cues[0].payload).split() == text.split()


@given(some.dictionaries(some.text(), some.text() | some.integers() | some.none()))
def test_json_in_a_cue_is_read_back_to_the_letter(fields: dict[str, str | int | None]) -> None:
    payload = json.dumps(fields, ensure_ascii=False)
    cues = read(format_webvtt([WebVttCue(Span(0, 1), payload, is_data=True), WebVttCue(Span(1, 2), "next")]))
    assert json.loads(cues[0].payload) == fields
    assert cues[1].payload == "next"
