"""Sentences whose characters have times, and captions on the recording clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Span, Timeline, TimelineClip
from domain.errors import InvalidValue
from domain.speech import Caption, Captions, Sentence, captions_in_replay


def test_every_character_needs_a_start() -> None:
    with pytest.raises(InvalidValue, match="2 characters need as many char_starts, not 1"):
        Sentence(0.0, 1.0, "毛巾", (0.0,))


def test_characters_do_not_go_back_in_time() -> None:
    with pytest.raises(InvalidValue, match="must not go back"):
        Sentence(0.0, 1.0, "毛巾", (0.5, 0.4))


def test_a_sentence_does_not_end_before_it_starts() -> None:
    with pytest.raises(InvalidValue, match="a span needs"):
        Sentence(2.0, 1.0, "", ())


@given(st.text(max_size=20), st.floats(0, 1e4), st.floats(0, 60))
def test_even_timing_spreads_the_characters_over_the_span(text: str, start: float, duration: float) -> None:
    sentence = Sentence.with_even_timing(Span(start, start + duration), text)
    assert sentence.char_starts[:1] == ((start,) if text else ())
    assert all(start <= time <= sentence.end for time in sentence.char_starts)


def test_characters_last_until_the_next_one_and_the_last_until_the_end() -> None:
    sentence = Sentence(0.0, 3.0, "纯棉毛", (0.0, 1.0, 1.5))
    assert (sentence.span_of(0, 2), sentence.span_of(2, 3)) == (Span(0.0, 1.5), Span(1.5, 3.0))


def test_only_captions_that_the_replay_shows_at_least_in_part_are_kept() -> None:
    timeline = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 10.0), TimelineClip(0, 20.0, 20.0, 10.0, 10.0)))
    spans = [(8.0, 9.0), (9.0, 12.0), (10.0, 20.0), (19.0, 21.0), (30.0, 31.0)]
    captions = Captions(None, tuple(Caption(start, end, "好") for start, end in spans))
    kept = captions_in_replay(captions, timeline)
    assert [(caption.recording_start, caption.recording_end) for caption in kept] == [spans[0], spans[1], spans[3]]
