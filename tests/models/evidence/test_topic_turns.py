"""Where a product's own words set in and fade."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence import FloatArray
from models.evidence.topic_turns import BACKGROUND_NATS, TURN_WINDOW_S, best_of_others, next_unit, sets_in

UNIT_S = 5.0
UNITS = 40
STARTS: FloatArray = UNIT_S * np.arange(UNITS, dtype=np.float64)


def spoken_of(first: int, after: int, nats: float = 2.0) -> FloatArray:
    """(UNITS, 2): the first product is spoken of in some units; the second never."""
    spoken = np.zeros((UNITS, 2))
    spoken[first:after, 0] = nats
    return spoken


def test_words_set_in_most_where_they_begin() -> None:
    turns = sets_in(spoken_of(12, 24), STARTS)[:, 0]
    assert turns.argmax() == 12
    assert turns[12] > 1.0


def test_words_fade_most_where_they_end() -> None:
    turns = sets_in(spoken_of(12, 24), STARTS)[:, 0]
    assert turns.argmin() == 24
    assert turns[24] < -1.0


def test_amid_even_talk_nothing_sets_in() -> None:
    turns = sets_in(spoken_of(4, 36), STARTS)[:, 0]
    assert turns[18:22] == pytest.approx(np.zeros(4))


def test_of_what_is_not_spoken_nothing_sets_in() -> None:
    assert not sets_in(spoken_of(12, 24), STARTS)[:, 1].any()


def test_one_faint_word_is_hardly_a_turn() -> None:
    faint, clear = (sets_in(spoken_of(12, 13, nats), STARTS)[12, 0] for nats in (0.1, 6.0))
    assert 0 < faint < 0.1 < 1.0 < clear


def test_words_farther_away_than_the_window_do_not_count() -> None:
    turns = sets_in(spoken_of(20, 21), STARTS)[:, 0]
    reach = int(TURN_WINDOW_S / UNIT_S)
    assert np.flatnonzero(turns).tolist() == list(range(20 - reach + 1, 20 + reach + 1))


def test_setting_in_is_the_log_ratio_of_after_to_before_over_the_background() -> None:
    spoken = spoken_of(10, 11, 3.0) + spoken_of(9, 10, 1.0)
    after, before = 3.0 + BACKGROUND_NATS, 1.0 + BACKGROUND_NATS
    assert sets_in(spoken, STARTS)[10, 0] == pytest.approx(np.log(after / before))


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, UNITS - 1), st.integers(0, UNITS - 1), st.floats(0, 20))
def test_more_words_after_never_make_a_turn_smaller(here: int, later: int, nats: float) -> None:
    spoken = np.random.default_rng(3).uniform(0, 3, (UNITS, 2))
    more = spoken.copy()
    more[max(here, later), 0] += nats
    assert sets_in(more, STARTS)[here, 0] >= sets_in(spoken, STARTS)[here, 0] - 1e-12


@pytest.mark.parametrize("shape", [(0, 2), (1, 2), (1, 0), (3, 0)])
def test_the_smallest_shows_have_turns_too(shape: tuple[int, int]) -> None:
    turns = sets_in(np.ones(shape), UNIT_S * np.arange(shape[0], dtype=np.float64))
    assert turns.shape == shape
    assert np.isfinite(turns).all()


def test_units_that_begin_together_share_what_comes_after() -> None:
    assert np.isfinite(sets_in(np.ones((3, 1)), np.array([0.0, 0.0, 5.0]))).all()


def test_the_next_unit_of_the_last_is_nothing() -> None:
    assert next_unit(np.array([1.0, 2.0, 3.0])).tolist() == [2.0, 3.0, 0.0]
    assert next_unit(np.array([[1.0, 2.0]])).tolist() == [[0.0, 0.0]]
    assert next_unit(np.zeros((0, 2))).shape == (0, 2)


def test_the_best_of_the_others_leaves_a_product_itself_out() -> None:
    assert best_of_others(np.array([[3.0, 1.0, 2.0]])).tolist() == [[2.0, 3.0, 3.0]]


def test_of_two_equals_each_is_the_others_best() -> None:
    assert best_of_others(np.array([[2.0, 2.0, -1.0]])).tolist() == [[2.0, 2.0, 2.0]]


def test_others_that_fade_are_none() -> None:
    assert best_of_others(np.array([[-3.0, -1.0]])).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("products", [0, 1])
def test_without_others_there_is_no_best_of_them(products: int) -> None:
    assert best_of_others(np.ones((4, products))).tolist() == np.zeros((4, products)).tolist()
