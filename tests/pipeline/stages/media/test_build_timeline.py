"""How files and gaps become clips and cuts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import Span
from domain.errors import MediaError
from domain.recording import MediaFileInfo, MediaInfo, ProbeResult, TimestampRules, VideoTrackInfo
from pipeline.stages.media.build_timeline import BuildTimeline

PROBED = ProbeResult((), TimestampRules(max_gap_s=2.0, max_jump_back_s=0.3, max_outage_s=3600.0))


def file_info(*runs: tuple[float, float], key_frames: tuple[float, ...]) -> MediaFileInfo:
    video = VideoTrackInfo("h264", 540, 960, 25.0, key_frames)
    return MediaFileInfo("flv", runs[-1][1], tuple(Span(start, end) for start, end in runs), video, None)


def test_a_gap_is_left_out_and_listed() -> None:
    timeline = BuildTimeline()(MediaInfo((file_info((0, 10), (14, 20), key_frames=(0.0, 14.5)),)), PROBED)
    assert [(p.file_start, p.recording_start, p.replay_start, p.duration) for p in timeline.clips] == [
        (0, 0, 0, 10),
        (14, 14, 10, 6),
    ]
    assert [(cut.recording_start, cut.duration) for cut in timeline.cuts] == [(10, 4)]


def test_files_follow_each_other_on_the_recording_clock() -> None:
    files = (file_info((0, 10), key_frames=(0.0,)), file_info((0, 5), key_frames=(0.0,)))
    timeline = BuildTimeline()(MediaInfo(files), PROBED)
    assert [(p.file_index, p.recording_start, p.replay_start) for p in timeline.clips] == [(0, 0, 0), (1, 10, 10)]
    assert timeline.cuts == ()


def test_what_passed_between_files_of_one_clock_counts_for_the_wall_clock_only() -> None:
    first = file_info((0, 10), key_frames=(0.0,))
    second = replace(file_info((0, 10), key_frames=(0.0,)), start_pts=40.0, source_index=1)
    timeline = BuildTimeline()(MediaInfo((first, second)), PROBED)
    assert [(clip.recording_start, clip.wall_clock_start) for clip in timeline.clips] == [(0, 0), (10, 40)]
    assert [(cut.recording_start, cut.duration, cut.kind) for cut in timeline.cuts] == [(10, 30, "gap")]
    started_at = datetime(2026, 11, 11, tzinfo=UTC)
    assert timeline.wall_clock_to_replay(started_at + timedelta(seconds=43), started_at) == 13
    assert timeline.wall_clock_to_replay(started_at + timedelta(seconds=20), started_at) == 10
    assert timeline.recording_to_replay(13) == 13


def test_a_short_break_between_files_of_one_clock_is_held() -> None:
    second = replace(file_info((0, 10), key_frames=(0.0,)), start_pts=11.5, source_index=1)
    timeline = BuildTimeline()(MediaInfo((file_info((0, 10), key_frames=(0.0,)), second)), PROBED)
    assert [clip.duration for clip in timeline.clips] == [11.5, 10]
    assert timeline.cuts == ()


@pytest.mark.parametrize(
    ("rules", "gaps_s"),
    [
        (replace(PROBED.rules, max_gap_s=1.0), [1.5]),  # longer than a picture is held
        (replace(PROBED.rules, max_outage_s=1.0), []),  # no gap but a clock that was set
    ],
)
def test_files_are_laid_out_by_the_rules_by_which_they_were_probed(rules: TimestampRules, gaps_s: list[float]) -> None:
    second = replace(file_info((0, 10), key_frames=(0.0,)), start_pts=11.5)
    timeline = BuildTimeline()(MediaInfo((file_info((0, 10), key_frames=(0.0,)), second)), ProbeResult((), rules))
    assert [clip.duration for clip in timeline.clips] == [10, 10]
    assert [cut.duration for cut in timeline.cuts] == gaps_s


def test_a_run_without_a_key_frame_is_left_out_with_its_reason() -> None:
    timeline = BuildTimeline()(MediaInfo((file_info((0, 10), (14, 16), (20, 30), key_frames=(0.0, 21.0)),)), PROBED)
    assert [clip.file_start for clip in timeline.clips] == [0, 20]
    assert [cut.duration for cut in timeline.cuts] == [4, 2, 4]
    assert "no key frame" in timeline.cuts[1].reason


def test_recording_without_any_key_frame_is_refused() -> None:
    with pytest.raises(MediaError, match="no key frame"):
        BuildTimeline()(MediaInfo((file_info((0, 10), key_frames=()),)), PROBED)


def test_a_file_that_was_delivered_twice_is_shown_once_and_reported() -> None:
    first, second, third = (replace(file_info((0, 10), key_frames=(0.0,)), source_index=number) for number in (0, 1, 3))
    twin = replace(first, source_index=2, duplicate_of=0)
    timeline = BuildTimeline()(MediaInfo((first, second, twin, third)), PROBED)
    assert [(clip.file_index, clip.recording_start, clip.wall_clock_start) for clip in timeline.clips] == [
        (0, 0, 0),
        (1, 10, 10),
        (3, 30, 20),
    ]
    assert [(cut.recording_start, cut.duration, cut.kind) for cut in timeline.cuts] == [(20, 10, "repeat")]
    assert [(repair.kind, repair.what) for repair in timeline.repairs] == [
        ("repeated", "is the same as file 1 and is shown once")
    ]
