"""Sampled frames are the recording's key frames, at their replay times."""

from pathlib import Path

import pytest

from domain.clock import Span, Timeline
from domain.progress import no_progress
from domain.vision import SampledFrames
from fixtures.media import PROBED, Clip, brightness, media_of, recording, rendered, with_hole
from media.images import read_jpeg
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.vision.sample_frames import SampleFrames

pytestmark = pytest.mark.media
BRIGHTNESS_SLACK = 4


def sampled(folder: Path, stage: SampleFrames, *files: Path) -> tuple[SampledFrames, Timeline]:
    show = recording(*files)
    media = media_of(show)
    timeline = BuildTimeline()(media, PROBED)
    return stage(show, media, timeline, folder, no_progress), timeline


@pytest.mark.parametrize("clip", [Clip(".flv"), Clip(".mp4", is_fragmented=True), Clip(".ts"), Clip(".mkv")])
def test_a_frame_shows_what_the_replay_shows_at_its_time(clip: Clip, tmp_path: Path) -> None:
    frames, _ = sampled(tmp_path, SampleFrames(interval_s=2.0), rendered(clip))
    assert [frame.time for frame in frames.frames] == pytest.approx([0, 2, 4, 5], abs=0.06)
    for frame in frames.frames:
        expected = (brightness(round(frame.time * clip.rate)) - 16) * 255 / 219
        assert read_jpeg(frame.file).mean() == pytest.approx(expected, abs=BRIGHTNESS_SLACK)


def test_times_leave_out_gaps(tmp_path: Path) -> None:
    with_gap = with_hole(Clip(".flv", length_s=8), Span(2, 5))
    frames, timeline = sampled(tmp_path, SampleFrames(interval_s=1.0), with_gap, rendered(Clip(".ts")))
    times = [frame.time for frame in frames.frames]
    assert times == sorted(times)
    assert times == pytest.approx([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], abs=0.1)
    assert timeline.duration == pytest.approx(11, abs=0.15)


def test_frames_are_never_enlarged_and_all_of_one_size(tmp_path: Path) -> None:
    files = [rendered(Clip(".flv")), rendered(Clip(".ts", width=96, height=160))]
    frames, _ = sampled(tmp_path, SampleFrames(), *files)
    assert (frames.width, frames.height) == (160, 96)
    assert {read_jpeg(frame.file).shape for frame in frames.frames} == {(96, 160, 3)}


def test_the_longest_side_is_limited(tmp_path: Path) -> None:
    frames, _ = sampled(tmp_path, SampleFrames(max_side_px=80), rendered(Clip(".flv")))
    assert (frames.width, frames.height) == (80, 48)
