"""Product events on the replay clock."""

from datetime import UTC, datetime

from domain.clock import Timeline, TimelineClip
from domain.evidence import EventLog, HostEvent
from learning.evaluation.gold_show import ProductEvent, product_events

CUT = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 20.0), TimelineClip(0, 35.0, 35.0, 20.0, 65.0)))


def test_events_are_placed_by_time_where_the_replay_shows_them() -> None:
    log = EventLog((HostEvent("order", 45.0, product_id="a"), HostEvent("product_push", 5.0, product_id="b")))
    assert product_events(log, CUT, None) == (ProductEvent("product_push", 5.0, "b"), ProductEvent("order", 30.0, "a"))


def test_events_without_a_product_are_left_out() -> None:
    assert product_events(EventLog((HostEvent("comment", 5.0, text="好"),)), CUT, None) == ()


def test_wall_clock_events_need_the_start_of_the_show() -> None:
    log = EventLog((HostEvent("order", at=datetime(2026, 11, 11, 12, 0, 10, tzinfo=UTC), product_id="a"),))
    assert product_events(log, CUT, None) == ()
    assert product_events(log, CUT, datetime(2026, 11, 11, 12, 0, tzinfo=UTC)) == (ProductEvent("order", 10.0, "a"),)
