"""Evidence: utterance units as a grid, and the times of events."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from domain.clock import Seconds, Span, Timeline, TimelineClip
from domain.evidence import HostEvent, UtteranceUnits, event_replay_time, extrapolated_replay_time
from domain.session import Session

STARTED_AT = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
SESSION = Session("双十一", started_at=STARTED_AT)
WITH_A_GAP = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 100.0), TimelineClip(0, 160.0, 160.0, 100.0, 100.0)))
UNITS = UtteranceUnits(
    starts=np.array([4.0, 20.0, 40.0]),
    ends=np.array([20.0, 40.0, 60.0]),
    speech_ends=np.array([18.0, 20.0, 60.0]),
    texts=("来看精华", "", "三号链接"),
    is_reliable=np.array([1.0, 0.0, 1.0]),
    unit_of_sentence=(0, 2),
)


def push(time: Seconds) -> HostEvent:
    return HostEvent("product_push", recording_time=time, product_id="精华")


def push_at(moment: datetime) -> HostEvent:
    return HostEvent("product_push", at=moment, product_id="精华")


def test_boundaries_are_every_start_and_the_last_end() -> None:
    assert UNITS.boundaries.tolist() == [4, 20, 40, 60]


def test_a_pause_is_the_time_since_the_last_words() -> None:
    assert UNITS.pauses.tolist() == [0, 2, 20]


def test_units_that_only_touch_a_span_do_not_overlap_it() -> None:
    assert UNITS.overlaps(Span(20, 40)).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("time", "replay_time"), [(-0.1, None), (0.0, 0.0), (165.0, 105.0), (130.0, 100.0), (260.0, None)]
)
def test_an_event_of_recording_time_lies_where_the_replay_shows_it(time: Seconds, replay_time: Seconds | None) -> None:
    assert event_replay_time(push(time), WITH_A_GAP, SESSION) == replay_time


def test_an_event_by_the_wall_clock_lies_where_the_replay_shows_it() -> None:
    assert event_replay_time(push_at(STARTED_AT + timedelta(seconds=165)), WITH_A_GAP, SESSION) == 105.0


def test_an_event_by_the_wall_clock_has_no_time_in_a_show_that_began_nobody_knows_when() -> None:
    event = push_at(STARTED_AT)
    assert event_replay_time(event, WITH_A_GAP, Session("双十一")) is None
    assert extrapolated_replay_time(event, WITH_A_GAP, Session("双十一"), 60.0) is None


def test_beyond_the_ends_of_the_recording_time_runs_on_as_far_as_is_asked() -> None:
    times = [
        extrapolated_replay_time(push(time), WITH_A_GAP, SESSION, 60.0) for time in (-61.0, -20.0, 165.0, 290.0, 320.0)
    ]
    assert times == [None, -20.0, 105.0, 230.0, None]
