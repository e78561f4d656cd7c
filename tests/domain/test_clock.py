"""Spans, and the laws of the map between recording, replay and wall clock."""

from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Span, Timeline, TimelineClip, wall_clock_at
from domain.errors import InvalidValue
from domain.session import StartTime

START = datetime(2026, 11, 11, 12, tzinfo=UTC)
TICK_S = 1 / 64  # exact both as a float and in microseconds, which dates count in
times = st.floats(0, 1e5)
durations = st.integers(1, 10**6).map(lambda ticks: ticks * TICK_S)
gaps = st.integers(0, 10**6).map(lambda ticks: ticks * TICK_S)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, end = sorted((draw(times), draw(times)))
    return Span(start, end)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Clips of one file each, with gaps of the recording and of the wall clock between them."""
    clips: list[TimelineClip] = []
    recording_start = replay_start = offset = 0.0
    for index in range(draw(st.integers(1, 5))):
        recording_start += draw(gaps)
        offset += draw(gaps)
        clip = TimelineClip(index, draw(times), recording_start, replay_start, draw(durations), offset)
        clips.append(clip)
        recording_start, replay_start = recording_start + clip.duration, clip.replay_span.end
    return Timeline(tuple(clips))


def two_clips() -> Timeline:
    """0 to 10 s of file 0; then 5 s of file 1, which began 20 s into the recording and 60 s by the wall clock."""
    return Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 10.0), TimelineClip(1, 3.0, 20.0, 10.0, 5.0, 40.0)))


@pytest.mark.parametrize(("start", "end"), [(-1.0, 2.0), (3.0, 2.0), (0.0, inf), (nan, 1.0), (0.0, nan)])
def test_a_span_needs_finite_rising_ends_from_0(start: float, end: float) -> None:
    with pytest.raises(InvalidValue, match="a span needs"):
        Span(start, end)


def test_a_span_contains_its_start_and_not_its_end() -> None:
    assert [Span(1, 2).contains(time) for time in (0.9, 1, 1.9, 2)] == [False, True, True, False]


@given(spans(), spans())
def test_overlap_is_the_same_from_both_sides_and_no_longer_than_either(first: Span, second: Span) -> None:
    shared = first.overlap(second)
    assert shared == second.overlap(first)
    assert 0 <= shared <= min(first.duration, second.duration)


@given(spans(), spans())
def test_intersection_over_union_is_a_share(first: Span, second: Span) -> None:
    assert 0 <= first.iou(second) <= 1


@given(spans())
def test_a_span_has_all_in_common_with_itself(span: Span) -> None:
    assert span.iou(span) == (1 if span.duration else 0)


@given(spans(), spans())
def test_a_clipped_span_lies_inside_and_is_as_long_as_the_overlap(span: Span, outer: Span) -> None:
    clipped = span.clipped_to(outer)
    assert outer.start <= clipped.start <= clipped.end <= outer.end
    assert clipped.duration == pytest.approx(span.overlap(outer))


def test_a_clip_needs_a_duration() -> None:
    with pytest.raises(InvalidValue, match="a clip needs a duration above 0, not 0"):
        TimelineClip(0, 0.0, 0.0, 0.0, 0.0)


def test_a_timeline_needs_a_clip() -> None:
    with pytest.raises(InvalidValue, match="at least one clip"):
        Timeline(())


@given(timelines(), st.floats(0, 1, exclude_max=True))
def test_what_the_replay_shows_is_found_again_from_the_recording(timeline: Timeline, share: float) -> None:
    time = timeline.duration * share
    clip = timeline.clip_at(time)
    assert timeline.recording_to_replay(clip.recording_start + time - clip.replay_start) == pytest.approx(time)


@given(timelines(), times, times)
def test_the_replay_keeps_the_order_of_the_recording(timeline: Timeline, first: float, second: float) -> None:
    earlier, later = sorted((first, second))
    assert timeline.recording_to_replay(earlier) <= timeline.recording_to_replay(later)


@given(timelines(), times)
def test_every_instant_of_the_recording_goes_into_the_replay(timeline: Timeline, recording_time: float) -> None:
    assert 0 <= timeline.recording_to_replay(recording_time) <= timeline.duration


def test_what_is_left_out_goes_to_the_end_of_the_clip_before_it() -> None:
    assert [two_clips().recording_to_replay(time) for time in (9.0, 10.0, 19.0, 20.0, 99.0)] == [9, 10, 10, 10, 15]


@given(timelines(), spans())
def test_the_clips_of_a_span_are_as_long_as_what_the_replay_shows_of_it(timeline: Timeline, span: Span) -> None:
    parts = [file_span for _, file_span in timeline.clips_in(span)]
    assert sum(part.duration for part in parts) == pytest.approx(span.overlap(timeline.replay_span), abs=1e-6)


def test_a_span_over_a_cut_is_a_part_of_both_files() -> None:
    parts = [(clip.file_index, file_span) for clip, file_span in two_clips().clips_in(Span(8, 12))]
    assert parts == [(0, Span(8, 10)), (1, Span(3, 5))]


@given(timelines(), gaps)
def test_the_wall_clock_leads_back_to_the_replay(timeline: Timeline, shift: float) -> None:
    time = shift % timeline.duration
    wall_clock = wall_clock_at(timeline, StartTime(START), time)
    assert wall_clock is not None
    assert timeline.wall_clock_to_replay(wall_clock, START) == time


@pytest.mark.parametrize(("elapsed_s", "replay_time"), [(-1, None), (9, 9), (30, 10), (60, 10), (64, 14), (65, None)])
def test_the_wall_clock_has_the_time_between_files(elapsed_s: float, replay_time: float | None) -> None:
    assert two_clips().wall_clock_to_replay(START + timedelta(seconds=elapsed_s), START) == replay_time


def test_without_a_start_no_instant_has_a_date() -> None:
    assert wall_clock_at(two_clips(), StartTime(None), 3.0) is None
