"""transcript.json says what transcript.vtt says."""

from pathlib import Path

import pytest

from domain.clock import Span
from domain.errors import ReviewError
from pipeline.inputs.subtitle_cues import read_vtt
from pipeline.outputs.transcript_file import TranscriptCue, read_transcript, write_transcript
from pipeline.outputs.webvtt import WebVttCue

CUES = (
    WebVttCue(Span(0.0004, 12.3456), "到手 <169> --> 快 &amp; 来 "),
    WebVttCue(Span(12.3456, 3600.5), "It's $24.50!"),
    WebVttCue(Span(3600.5, 3601), ""),
)


def test_the_cues_are_read_back_as_a_reader_of_webvtt_reads_them(tmp_path: Path) -> None:
    write_transcript(CUES, tmp_path)
    vtt = tmp_path / "transcript.vtt"
    expected = read_vtt(vtt.read_text(encoding="utf-8"), vtt)
    assert read_transcript(tmp_path) == tuple(TranscriptCue(cue.start, cue.end, cue.text) for cue in expected)


@pytest.mark.parametrize("text", [None, "{", '{"cues": [{"start": 0, "end": 1}]}'])
def test_a_transcript_that_cannot_be_read_is_an_error_that_says_what_to_do(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "transcript.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReviewError, match=r"transcript\.json.*kandian run"):
        read_transcript(tmp_path)
