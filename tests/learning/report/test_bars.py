"""Bars that overlap get different lanes."""

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Span
from learning.report.bars import assign_lanes

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda s: Span(s[0], s[0] + s[1])), max_size=10)


def test_touching_bars_share_a_lane_and_overlapping_ones_do_not() -> None:
    assert assign_lanes([Span(10, 20), Span(0, 10), Span(5, 12), Span(12, 30)]) == [0, 0, 1, 1]


@given(SPANS)
def test_no_two_bars_of_a_lane_overlap(spans: list[Span]) -> None:
    lanes = assign_lanes(spans)
    pairs = [(i, j) for i in range(len(spans)) for j in range(i)]
    assert not any(lanes[i] == lanes[j] and spans[i].overlap(spans[j]) for i, j in pairs)


@given(SPANS)
def test_there_are_no_more_lanes_than_bars_at_once(spans: list[Span]) -> None:
    at_once = max((sum(other.contains(span.start) for other in spans) for span in spans), default=0)
    assert len(set(assign_lanes(spans))) == at_once
