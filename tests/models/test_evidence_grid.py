"""All evidence on one grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Seconds, Span
from domain.evidence import Evidence, Mention
from domain.speech import Sentence, Transcript
from models.evidence_grid import LONGEST_SILENCE, evidence_of
from models.room_log import TimedEvent

IDS = ("a", "b", "c")
REPLAY = Span(0, 100)
ALONE = 1.0  # share of its weight that a mention of one product keeps


def said(start: Seconds, end: Seconds, text: str = "嗯", *, is_reliable: bool = True) -> Sentence:
    return Sentence.evenly(Span(start, end), text, is_reliable=is_reliable)


def grid(*sentences: Sentence, mentions: tuple[Mention, ...] = (), events: tuple[TimedEvent, ...] = ()) -> Evidence:
    return evidence_of(Transcript("zh", "speech", sentences), mentions, events, IDS, REPLAY)


def mention(sentence: int, *products: str, weight: float = 2.0) -> Mention:
    return Mention("name", products, Span(1, 2), sentence, "x", weight)


def assert_whole(evidence: Evidence) -> None:
    """Units touch each other and fill the replay, but for a short silence at its very beginning."""
    assert REPLAY.start <= evidence.starts[0] <= LONGEST_SILENCE
    assert evidence.ends[-1] == REPLAY.end
    np.testing.assert_array_equal(evidence.starts[1:], evidence.ends[:-1])
    assert (evidence.ends >= evidence.starts).all()


def test_an_empty_transcript_gives_a_whole_grid_of_silence() -> None:
    evidence = grid()
    assert_whole(evidence)
    assert not evidence.is_heard.any()
    assert (evidence.ends - evidence.starts).max() <= LONGEST_SILENCE


def test_a_long_silence_gets_units_of_its_own() -> None:
    evidence = grid(said(0, 10), said(60, 100))
    assert_whole(evidence)
    assert evidence.starts.tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert evidence.is_heard.tolist() == [1, 0, 0, 0, 0, 0, 1]


def test_a_short_pause_belongs_to_the_sentence_before_it() -> None:
    evidence = grid(said(0, 50), said(58, 100))
    assert evidence.starts.tolist() == [0, 58]


def test_a_short_silence_before_the_first_sentence_is_no_place_to_begin() -> None:
    evidence = grid(said(4, 100))
    assert_whole(evidence)
    assert evidence.starts.tolist() == [4]


def test_a_long_silence_before_the_first_sentence_is_units_too() -> None:
    evidence = grid(said(24, 100))
    assert evidence.starts.tolist() == [0, 8, 16, 24]


def test_sentences_that_overlap_still_touch_on_the_grid() -> None:
    evidence = grid(said(0, 40), said(20, 30), said(35, 100))
    assert_whole(evidence)
    assert evidence.starts.tolist() == [0, 20, 35]


@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 10)), max_size=12))
def test_units_touch_and_fill_the_replay_whatever_was_said(times: list[tuple[float, float]]) -> None:
    assert_whole(grid(*(said(start, start + length) for start, length in sorted(times))))


def test_a_mention_counts_in_the_unit_of_its_sentence() -> None:
    evidence = grid(said(0, 10), said(60, 100), mentions=(mention(1, "b"),))
    assert evidence.speech[6, 1] == pytest.approx(2.0)
    assert np.count_nonzero(evidence.speech) == 1


def test_the_same_sentence_said_twice_is_two_units() -> None:
    twice = said(0, 50)
    evidence = grid(twice, twice, mentions=(mention(0, "a"), mention(1, "b")))
    assert [evidence.speech[0, 0], evidence.speech[1, 1]] == pytest.approx([2.0, 2.0])


def test_words_that_products_share_lose_weight_and_all_of_it_where_all_share_them() -> None:
    own, shared = (grid(said(0, 100), mentions=(mention(0, *ids),)).speech[0, 0] for ids in ("a", "ab"))
    everyone = grid(said(0, 100), mentions=(mention(0, *IDS),)).speech[0]
    assert 0 < shared < own
    assert (everyone < shared).all()


def test_what_is_named_in_a_preview_counts_less() -> None:
    announced = grid(said(0, 100, "待会有"), mentions=(mention(0, "a"),)).speech[0, 0]
    shown = grid(said(0, 100, "来"), mentions=(mention(0, "a"),)).speech[0, 0]
    assert 0 < announced < shown


def test_unreliable_speech_is_not_heard() -> None:
    assert grid(said(0, 50, is_reliable=False), said(50, 100)).is_heard.tolist() == [0, 1]


def test_an_opening_is_weighed_where_it_is_said() -> None:
    evidence = grid(said(0, 50, "嗯"), said(50, 100, "接下来"))
    assert evidence.opening[0] == 0 < evidence.opening[1]


def test_the_log_speaks_where_nothing_was_said() -> None:
    evidence = grid(events=(TimedEvent("product_push", 50.0, 2),))
    assert evidence.events[5, 2] > 0
    assert not evidence.speech.any()


def test_sentences_of_one_breath_are_one_unit() -> None:
    evidence = grid(said(0, 2), said(2.5, 4), said(5.5, 6), mentions=(mention(1, "a"), mention(2, "b")))
    assert evidence.starts[:2].tolist() == [0, 5.5]
    assert evidence.speech[:2].tolist() == [[2 * ALONE, 0, 0], [0, 2 * ALONE, 0]]


def test_a_long_breath_is_several_units() -> None:
    evidence = grid(*(said(t, t + 2.9) for t in range(0, 18, 3)))
    assert evidence.starts[:3].tolist() == [0, 6, 12]


def test_what_was_heard_badly_does_not_join_what_was_heard_well() -> None:
    evidence = grid(said(0, 2), said(2.1, 4, is_reliable=False), said(4.1, 6))
    assert evidence.is_heard[:3].tolist() == [1, 0, 1]
