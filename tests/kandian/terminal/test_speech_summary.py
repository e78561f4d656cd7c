"""What people are told of speech that was not recognised."""

import io

import pytest
from rich.console import Console

from kandian.terminal.speech_summary import print_speech
from pipeline.outputs.speech_report import SpeechReport


def printed(speech: SpeechReport | None) -> str:
    out = io.StringIO()
    print_speech(speech, Console(file=out, width=120))
    return out.getvalue()


def test_minutes_that_were_not_recognised_are_told() -> None:
    assert printed(SpeechReport(42.04, 7.26)) == "Speech: 7.3 of 42.0 minutes were not recognised\n"


@pytest.mark.parametrize("speech", [None, SpeechReport(42.0, 0.0), SpeechReport(42.0, 0.04)])
def test_nothing_is_told_where_all_was_recognised_or_captions_were_given(speech: SpeechReport | None) -> None:
    assert printed(speech) == ""
