"""What the room's log says over time."""

import numpy as np
import pytest

from domain.evidence import FloatArray
from models.room_log import CLICK_LAG_S, LONGEST_PUSH_S, PUSH_LEAD_S, TimedEvent, room_evidence

STARTS = np.arange(0.0, 600.0, 10.0)
ENDS = STARTS + 10.0


def evidence(*events: TimedEvent, products: int = 3) -> FloatArray:
    return room_evidence(events, STARTS, ENDS, products)


def test_no_log_adds_nothing() -> None:
    assert not evidence().any()


def test_a_push_speaks_for_its_product_alone() -> None:
    found = evidence(TimedEvent("product_push", 100.0, 1))
    assert found[10, 1] > 0
    assert not found[:, [0, 2]].any()


def test_a_push_speaks_until_the_next_one() -> None:
    found = evidence(TimedEvent("product_push", 100.0, 1), TimedEvent("product_push", 130.0, 2))
    assert found[12, 1] > 0
    assert not found[13:, 1].any()
    assert found[13, 2] > 0


def test_a_push_fades_and_ends() -> None:
    found = evidence(TimedEvent("explain_start", 100.0, 0))[:, 0]
    after = found[10:]
    assert (np.diff(after) <= 0).all()
    assert after[5] < 0.5 * after[0]
    assert not found[STARTS >= 100.0 + LONGEST_PUSH_S].any()


def test_a_push_speaks_a_little_before_it_came_and_no_earlier() -> None:
    found = evidence(TimedEvent("product_push", 100.0, 0))[:, 0]
    assert found[9] > 0
    assert not found[ENDS <= 100.0 - PUSH_LEAD_S].any()


def test_a_click_speaks_for_its_product_and_against_the_others() -> None:
    found = evidence(TimedEvent("product_click", 205.0, 1))
    assert found[20, 1] > 0 > found[20, 0] == found[20, 2]
    assert np.count_nonzero(found.any(axis=1)) == 1


def test_a_click_is_about_what_was_said_a_moment_before() -> None:
    found = evidence(TimedEvent("product_click", 200.0 + CLICK_LAG_S / 2, 1))
    assert found[19, 1] > 0
    assert not found[20].any()


def test_clicks_on_a_product_that_is_always_clicked_tell_less() -> None:
    steady = [TimedEvent("product_click", 15.0 + 10 * i, 0) for i in range(40)]
    found = evidence(*steady, TimedEvent("product_click", 505.0, 1))
    assert 0 < found[1, 0] < found[50, 1]


@pytest.mark.parametrize("time", [-500.0, -1.0, 700.0, 1e9])
@pytest.mark.parametrize("kind", ["product_click", "order"])
def test_acts_before_the_show_or_after_its_end_do_no_harm(kind: str, time: float) -> None:
    assert not evidence(TimedEvent(kind, time, 1)).any()


@pytest.mark.parametrize("time", [-500.0, 700.0, 1e9])
def test_pushes_long_before_the_show_or_after_its_end_do_no_harm(time: float) -> None:
    assert not evidence(TimedEvent("product_push", time, 1)).any()


@pytest.mark.parametrize("kind", ["comment", "coupon", "explain_end", "gift_rain"])
def test_other_events_say_nothing_of_products(kind: str) -> None:
    assert not evidence(TimedEvent(kind, 100.0, 1)).any()


def test_a_show_without_units_takes_a_log() -> None:
    nothing = np.zeros(0)
    found = room_evidence([TimedEvent("order", 1.0, 0), TimedEvent("product_push", 1.0, 0)], nothing, nothing, 2)
    assert found.shape == (0, 2)
