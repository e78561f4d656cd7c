"""How much was recognised, and when people are warned."""

import pytest

from domain.clock import Span
from domain.speech import Sentence, Transcript
from pipeline.outputs.speech_report import SpeechReport, build_speech_report, speech_warnings


def said(start: float, end: float, *, is_reliable: bool = True) -> Sentence:
    return Sentence.with_even_timing(Span(start, end), "双抗精华", is_reliable=is_reliable)


def test_speech_without_text_and_text_that_does_not_count_are_unheard_minutes() -> None:
    sentences = (said(0.0, 60.0), said(60.0, 90.0, is_reliable=False))
    report = build_speech_report(Transcript("zh", "speech", sentences, (Span(120.0, 180.0),)))
    assert report == SpeechReport(2.5, 1.5, (Span(60.0, 90.0), Span(120.0, 180.0)))


def test_what_overlaps_counts_once() -> None:
    transcript = Transcript("zh", "speech", (said(0.0, 60.0, is_reliable=False),), (Span(30.0, 90.0),))
    assert build_speech_report(transcript) == SpeechReport(1.5, 1.5, (Span(0.0, 90.0),))


def test_many_stretches_are_counted_and_the_first_are_listed() -> None:
    spans = tuple(Span(10.0 * i, 10.0 * i + 6.0) for i in range(200))
    report = build_speech_report(Transcript("zh", "speech", (), spans))
    assert report is not None
    assert (report.unheard_minutes, report.unheard) == (20.0, spans[:100])


def test_captions_are_not_reported_as_heard_or_not() -> None:
    assert build_speech_report(Transcript("zh", "captions", (said(0.0, 9.0, is_reliable=False),))) is None
    assert speech_warnings(None, 60.0) == ()


@pytest.mark.parametrize("unheard_minutes", [0.0, 4.0, 5.0])
def test_a_show_of_which_half_was_recognised_is_not_warned_about(unheard_minutes: float) -> None:
    assert speech_warnings(SpeechReport(10.0, unheard_minutes), 60.0) == ()


@pytest.mark.parametrize("sound_minutes", [0.0, 0.9])
def test_silence_or_a_clip_without_a_voice_is_not_warned_about(sound_minutes: float) -> None:
    assert speech_warnings(SpeechReport(0.0, 0.0), sound_minutes) == ()


def test_sound_in_which_hardly_any_voice_was_found_is_warned_about() -> None:
    (warning,) = speech_warnings(SpeechReport(0.1, 0.0), 3.0)
    assert warning.startswith("a voice was found in only 0.1 of 3.0 minutes of sound")
    assert "captions" in warning


def test_a_show_of_which_most_was_not_recognised_is_warned_about_with_what_to_do() -> None:
    (warning,) = speech_warnings(SpeechReport(10.0, 5.1), 60.0)
    assert warning.startswith("5.1 of 10.0 minutes of speech were not recognised")
    assert all(remedy in warning for remedy in ("captions", "larger model", "docs/operations.md"))
