"""Prices that are said again and again."""

import pytest

from domain.clock import Seconds, Span
from domain.evidence import Mention, MentionKind
from models.linking.repeated_prices import REPEAT_WINDOW_S, weigh_repeated_prices


def said_at(*times: Seconds, kind: MentionKind = "price", product: str = "1") -> list[Mention]:
    return [Mention(kind, (product,), Span(time, time + 1), 0, "69", 2.0) for time in times]


def weights(mentions: list[Mention]) -> list[float]:
    return [mention.weight for mention in weigh_repeated_prices(mentions)]


def test_each_saying_within_a_minute_adds_less() -> None:
    assert weights(said_at(0, 10, 20)) == pytest.approx([2, 1, 2 / 3])


def test_a_price_that_comes_back_after_a_minute_weighs_as_at_first() -> None:
    assert weights(said_at(0, REPEAT_WINDOW_S, 3 * REPEAT_WINDOW_S)) == [2, 2, 2]


def test_no_price_wins_by_being_said_twenty_times_a_minute() -> None:
    in_any_minute = weights(said_at(*range(0, 600, 3)))
    assert max(sum(in_any_minute[first : first + 20]) for first in range(180)) < 4 * 2.0


def test_prices_of_other_products_and_other_mentions_keep_their_weight() -> None:
    assert weights([*said_at(0), *said_at(1, product="2"), *said_at(2, 3, kind="name")]) == [2, 2, 2, 2]
