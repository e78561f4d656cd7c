"""A show in units."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Seconds, Span
from domain.evidence import UtteranceUnits
from domain.speech import Sentence
from models.segmentation.utterance_units import MAX_SILENCE_UNIT_S, build_utterance_units

REPLAY = Span(0, 100)


def said(start: Seconds, end: Seconds, text: str = "嗯", *, is_reliable: bool = True) -> Sentence:
    return Sentence.with_even_timing(Span(start, end), text, is_reliable=is_reliable)


def units(*sentences: Sentence) -> UtteranceUnits:
    return build_utterance_units(sentences, REPLAY)


def assert_whole(found: UtteranceUnits) -> None:
    """Units touch each other and fill the replay, but for a short silence at its very beginning."""
    assert REPLAY.start <= found.starts[0] <= MAX_SILENCE_UNIT_S
    assert found.ends[-1] == REPLAY.end
    np.testing.assert_array_equal(found.starts[1:], found.ends[:-1])
    assert (found.ends >= found.starts).all()


def test_an_empty_transcript_gives_whole_units_of_silence() -> None:
    found = units()
    assert_whole(found)
    assert not found.is_reliable.any()
    assert (found.ends - found.starts).max() <= MAX_SILENCE_UNIT_S
    assert set(found.texts) == {""}


def test_a_long_silence_gets_units_of_its_own() -> None:
    found = units(said(0, 10), said(60, 100))
    assert_whole(found)
    assert found.starts.tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert found.is_reliable.tolist() == [1, 0, 0, 0, 0, 0, 1]


def test_a_short_pause_belongs_to_the_sentence_before_it() -> None:
    assert units(said(0, 50), said(58, 100)).starts.tolist() == [0, 58]


def test_a_short_silence_before_the_first_sentence_is_no_place_to_begin() -> None:
    found = units(said(4, 100))
    assert_whole(found)
    assert found.starts.tolist() == [4]


def test_a_long_silence_before_the_first_sentence_is_units_too() -> None:
    assert units(said(24, 100)).starts.tolist() == [0, 8, 16, 24]


def test_sentences_that_overlap_still_touch() -> None:
    found = units(said(0, 40), said(20, 30), said(35, 100))
    assert_whole(found)
    assert found.starts.tolist() == [0, 20, 35]


@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 10)), max_size=12))
def test_units_touch_and_fill_the_replay_whatever_was_said(times: list[tuple[float, float]]) -> None:
    sentences = [said(start, start + length) for start, length in sorted(times)]
    found = units(*sentences)
    assert_whole(found)
    assert len(found.unit_of_sentence) == len(sentences)
    assert list(found.unit_of_sentence) == sorted(found.unit_of_sentence)


def test_every_sentence_knows_its_unit() -> None:
    assert units(said(0, 2), said(2.5, 4), said(60, 100)).unit_of_sentence == (0, 0, 7)


def test_the_same_sentence_said_twice_is_two_units() -> None:
    twice = said(0, 50)
    assert units(twice, twice).unit_of_sentence == (0, 1)


def test_sentences_of_one_breath_are_one_unit() -> None:
    found = units(said(0, 2, "来"), said(2.5, 4, "看看"), said(5.5, 6, "好"))
    assert found.starts[:2].tolist() == [0, 5.5]
    assert found.texts[:2] == ("来看看", "好")
    assert found.speech_ends[:2].tolist() == [4, 6]


def test_a_long_breath_is_several_units() -> None:
    assert units(*(said(t, t + 2.9) for t in range(0, 18, 3))).starts[:3].tolist() == [0, 6, 12]


def test_what_was_heard_badly_does_not_join_what_was_heard_well() -> None:
    found = units(said(0, 2), said(2.1, 4, is_reliable=False), said(4.1, 6))
    assert found.is_reliable[:3].tolist() == [1, 0, 1]


def test_a_show_of_no_length_is_one_unit_that_is_not_empty() -> None:
    found = build_utterance_units((), Span(0, 0))
    assert len(found) == 1
    assert found.ends[0] > found.starts[0]
