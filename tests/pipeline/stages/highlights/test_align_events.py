"""What the room logged, on the clock of the replay."""

from datetime import UTC, datetime, timedelta

import numpy as np

from domain.clock import Piece, Seconds, Timeline
from domain.event_times import extended_time
from domain.evidence import EventLog, Evidence, HostEvent, RoomEvidence
from domain.session import Session
from models.segmentation.event_features import ROOM_IDENTITY
from models.segmentation.features import CLOSING, IDENTITY, OPENING, OPENING_OF, TALK
from pipeline.stages.highlights.align_events import AlignRoom

WHOLE = Timeline((Piece(0, 0.0, 0.0, 0.0, 200.0),))
WITH_A_GAP = Timeline((Piece(0, 0.0, 0.0, 0.0, 100.0), Piece(0, 160.0, 160.0, 100.0, 100.0)))
BEGAN = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
SESSION = Session("双十一", started_at=BEGAN)
UNITS = 20
EVIDENCE = Evidence(
    product_ids=("毛巾", "精华"),
    starts=np.arange(0.0, 200.0, 10.0),
    ends=np.arange(10.0, 210.0, 10.0),
    identity=np.zeros((UNITS, 2, len(IDENTITY))),
    talk=np.zeros((UNITS, len(TALK))),
    opening=np.zeros((UNITS, len(OPENING))),
    opening_of=np.zeros((UNITS, 2, len(OPENING_OF))),
    closing=np.zeros((UNITS, len(CLOSING))),
)
PUSHED = ROOM_IDENTITY.index("pushed")


def aligned(*events: HostEvent, timeline: Timeline = WHOLE) -> RoomEvidence:
    return AlignRoom()(EVIDENCE, EventLog(events), timeline, SESSION)


def push(time: Seconds, product_id: str = "精华") -> HostEvent:
    return HostEvent("product_push", recording_time=time, product_id=product_id)


def test_no_log_adds_nothing_and_warns_of_nothing() -> None:
    room = aligned()
    assert room.is_empty
    assert not room.identity.any()
    assert not room.opening_of.any()
    assert room.warnings == ()


def test_a_push_speaks_for_its_product() -> None:
    room = aligned(push(100.0))
    assert not room.is_empty
    assert room.identity[:, 1, PUSHED].any()
    assert not room.identity[:, 0].any()


def test_an_event_of_recording_time_counts_where_the_replay_shows_it() -> None:
    """165 s of the recording are 105 s of the replay."""
    np.testing.assert_array_equal(aligned(push(165.0), timeline=WITH_A_GAP).identity, aligned(push(105.0)).identity)


def test_an_event_by_the_wall_clock_counts_where_the_replay_shows_it() -> None:
    by_clock = HostEvent("product_push", at=BEGAN + timedelta(seconds=165), product_id="精华")
    room = aligned(by_clock, timeline=WITH_A_GAP)
    np.testing.assert_array_equal(room.identity, aligned(push(105.0)).identity)
    assert room.warnings == ()


def test_events_before_the_show_or_after_its_end_do_no_harm_and_are_told() -> None:
    room = aligned(*(push(time) for time in (-600.0, -0.1, 200.0, 5000.0)))
    assert not room.identity.any()
    assert room.is_empty
    assert room.warnings == ("4 of 4 events lie outside the recording and were set aside",)


def test_events_outside_the_recording_by_the_wall_clock_are_set_aside_and_told() -> None:
    late = HostEvent("product_push", at=BEGAN + timedelta(hours=5), product_id="精华")
    room = aligned(push(55.0), late)
    assert "1 of 2 events" in room.warnings[0]
    assert room.identity.any()


def test_what_lies_just_outside_is_where_a_late_clock_would_put_it() -> None:
    """Beyond the end of a replay with a gap, and before its start, time runs on."""
    times = [extended_time(push(time), WITH_A_GAP, SESSION, 60.0) for time in (-61.0, -20.0, 165.0, 290.0, 320.0)]
    assert times == [None, -20.0, 105.0, 230.0, None]


def test_events_of_unknown_products_and_kinds_are_no_evidence() -> None:
    assert aligned(push(50.0, "不在货盘"), HostEvent("gift_rain", recording_time=50.0, product_id="精华")).is_empty


def test_events_out_of_order_say_the_same_as_in_order() -> None:
    pushes = (push(20.0), push(90.0, "毛巾"))
    np.testing.assert_array_equal(aligned(*pushes).identity, aligned(*reversed(pushes)).identity)


def test_the_key_of_the_stage_holds_its_weights() -> None:
    assert AlignRoom(model="other").weights() == ("understanding:other",)
