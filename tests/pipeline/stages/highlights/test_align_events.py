"""The event log, on the replay clock."""

from datetime import UTC, datetime, timedelta

import numpy as np

from domain.clock import Seconds, Timeline, TimelineClip
from domain.evidence import EventFeatures, EventLog, HostEvent, UnitFeatures
from domain.session import Session
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.event_features import EVENT_OPENING_FEATURES
from pipeline.stages.highlights.align_events import AlignEvents

WHOLE = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 200.0),))
WITH_A_GAP = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 100.0), TimelineClip(0, 160.0, 160.0, 100.0, 100.0)))
STARTED_AT = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
SESSION = Session("双十一", started_at=STARTED_AT)
UNITS = 20
UNIT_FEATURES = UnitFeatures(
    product_ids=("毛巾", "精华"),
    unit_starts=np.arange(0.0, 200.0, 10.0),
    unit_ends=np.arange(10.0, 210.0, 10.0),
    identity=np.zeros((UNITS, 2, len(IDENTITY_FEATURES))),
    explanation=np.zeros((UNITS, len(EXPLANATION_FEATURES))),
    opening=np.zeros((UNITS, len(OPENING_FEATURES))),
    product_opening=np.zeros((UNITS, 2, len(PRODUCT_OPENING_FEATURES))),
    closing=np.zeros((UNITS, len(CLOSING_FEATURES))),
    product_closing=np.zeros((UNITS, 2, len(PRODUCT_CLOSING_FEATURES))),
)
PUSH = EVENT_OPENING_FEATURES.index("push")


def aligned(*events: HostEvent, timeline: Timeline = WHOLE) -> EventFeatures:
    return AlignEvents()(UNIT_FEATURES, EventLog(events), timeline, SESSION)


def push(time: Seconds, product_id: str = "精华") -> HostEvent:
    return HostEvent("product_push", recording_time=time, product_id=product_id)


def test_no_log_adds_nothing_and_warns_of_nothing() -> None:
    features = aligned()
    assert features.is_empty
    assert not features.identity.any()
    assert not features.product_opening.any()
    assert features.warnings == ()


def test_a_push_speaks_for_its_product() -> None:
    features = aligned(push(100.0))
    assert not features.is_empty
    assert (features.product_opening[:, 1, PUSH] > 0).any()
    assert (features.product_opening[:, 0, PUSH] < 0).all()


def test_an_event_of_recording_time_counts_where_the_replay_shows_it() -> None:
    """165 s of the recording are 105 s of the replay."""
    np.testing.assert_array_equal(
        aligned(push(165.0), timeline=WITH_A_GAP).product_opening, aligned(push(105.0)).product_opening
    )


def test_an_event_by_the_wall_clock_counts_where_the_replay_shows_it() -> None:
    by_clock = HostEvent("product_push", at=STARTED_AT + timedelta(seconds=165), product_id="精华")
    features = aligned(by_clock, timeline=WITH_A_GAP)
    np.testing.assert_array_equal(features.product_opening, aligned(push(105.0)).product_opening)
    assert features.warnings == ()


def test_events_before_the_show_or_after_its_end_do_no_harm_and_are_reported() -> None:
    features = aligned(*(push(time) for time in (-600.0, -0.1, 200.0, 5000.0)))
    assert not features.product_opening.any()
    assert features.is_empty
    assert features.warnings == ("4 of 4 events lie outside the recording and were set aside",)


def test_events_outside_the_recording_by_the_wall_clock_are_set_aside_and_reported() -> None:
    late = HostEvent("product_push", at=STARTED_AT + timedelta(hours=5), product_id="精华")
    features = aligned(push(55.0), late)
    assert "1 of 2 events" in features.warnings[0]
    assert features.product_opening.any()


def test_events_of_unknown_products_and_kinds_are_no_evidence() -> None:
    assert aligned(push(50.0, "不在货盘"), HostEvent("gift_rain", recording_time=50.0, product_id="精华")).is_empty


def test_events_out_of_order_say_the_same_as_in_order() -> None:
    pushes = (push(20.0), push(90.0, "毛巾"))
    np.testing.assert_array_equal(aligned(*pushes).product_opening, aligned(*reversed(pushes)).product_opening)


def test_the_key_of_the_stage_holds_its_weights() -> None:
    assert AlignEvents(model="other").weights() == ("understanding:other",)
