"""A show in units."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Seconds, Span
from domain.evidence import UtteranceUnits
from domain.speech import Sentence
from models.evidence.utterance_units import MAX_SILENCE_UNIT_S, build_utterance_units

REPLAY = Span(0, 100)


def sentence(start: Seconds, end: Seconds, text: str = "嗯", *, is_reliable: bool = True) -> Sentence:
    return Sentence.with_even_timing(Span(start, end), text, is_reliable=is_reliable)


def units(*sentences: Sentence) -> UtteranceUnits:
    return build_utterance_units(sentences, REPLAY)


def assert_whole(built: UtteranceUnits) -> None:
    """Units touch each other and fill the replay, but for a short silence at its very beginning."""
    assert REPLAY.start <= built.starts[0] <= MAX_SILENCE_UNIT_S
    assert built.ends[-1] == REPLAY.end
    np.testing.assert_array_equal(built.starts[1:], built.ends[:-1])
    assert (built.ends >= built.starts).all()


def test_an_empty_transcript_gives_whole_units_of_silence() -> None:
    built = units()
    assert_whole(built)
    assert not built.is_reliable.any()
    assert (built.ends - built.starts).max() <= MAX_SILENCE_UNIT_S
    assert set(built.texts) == {""}


def test_a_long_silence_gets_units_of_its_own() -> None:
    built = units(sentence(0, 10), sentence(60, 100))
    assert_whole(built)
    assert built.starts.tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert built.is_reliable.tolist() == [1, 0, 0, 0, 0, 0, 1]


def test_a_short_pause_belongs_to_the_sentence_before_it() -> None:
    assert units(sentence(0, 50), sentence(58, 100)).starts.tolist() == [0, 58]


def test_a_short_silence_before_the_first_sentence_is_no_place_to_begin() -> None:
    built = units(sentence(4, 100))
    assert_whole(built)
    assert built.starts.tolist() == [4]


def test_a_long_silence_before_the_first_sentence_is_units_too() -> None:
    assert units(sentence(24, 100)).starts.tolist() == [0, 8, 16, 24]


def test_sentences_that_overlap_still_touch() -> None:
    built = units(sentence(0, 40), sentence(20, 30), sentence(35, 100))
    assert_whole(built)
    assert built.starts.tolist() == [0, 20, 35]


@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 10)), max_size=12))
def test_units_touch_and_fill_the_replay_whatever_was_said(times: list[tuple[float, float]]) -> None:
    sentences = [sentence(start, start + length) for start, length in sorted(times)]
    built = units(*sentences)
    assert_whole(built)
    assert len(built.unit_of_sentence) == len(sentences)
    assert list(built.unit_of_sentence) == sorted(built.unit_of_sentence)


def test_every_sentence_knows_its_unit() -> None:
    assert units(sentence(0, 2), sentence(2.5, 4), sentence(60, 100)).unit_of_sentence == (0, 0, 7)


def test_the_same_sentence_said_twice_is_two_units() -> None:
    twice = sentence(0, 50)
    assert units(twice, twice).unit_of_sentence == (0, 1)


def test_sentences_of_one_breath_are_one_unit() -> None:
    built = units(sentence(0, 2, "来"), sentence(2.5, 4, "看看"), sentence(5.5, 6, "好"))
    assert built.starts[:2].tolist() == [0, 5.5]
    assert built.texts[:2] == ("来看看", "好")
    assert built.speech_ends[:2].tolist() == [4, 6]


def test_a_long_breath_is_several_units() -> None:
    assert units(*(sentence(t, t + 2.9) for t in range(0, 18, 3))).starts[:3].tolist() == [0, 6, 12]


def test_what_was_heard_badly_does_not_join_what_was_heard_well() -> None:
    built = units(sentence(0, 2), sentence(2.1, 4, is_reliable=False), sentence(4.1, 6))
    assert built.is_reliable[:3].tolist() == [1, 0, 1]


def test_a_show_of_no_length_is_one_unit_that_is_not_empty() -> None:
    built = build_utterance_units((), Span(0, 0))
    assert len(built) == 1
    assert built.ends[0] > built.starts[0]
