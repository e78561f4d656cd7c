"""The choice of the renditions' qualities by samples, on tiny shows."""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.clock import Span
from domain.progress import no_progress
from domain.recording import MediaInfo
from domain.replay import RenditionLadder
from fixtures.media import PROBED, folder, media_of, recording
from media import ffmpeg
from media.encode.packet_bytes import recorded_video_bytes
from media.encode.recorded_span import RecordedSpan
from media.encode.samples import choose_sample_starts
from pipeline.engine.stage import Part
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.encode_video import EncodeVideo

pytestmark = pytest.mark.media

LENGTH_S = 8.0
QUICK = ChooseRenditions(large_side_px=128, small_side_px=64, sampled_share=0.25, has_av1=False, search_share=9.0)


@cache
def show(crf: int, key_frames_s: int = 2, codec: str = "libx264") -> Path:
    """A moving test picture, 192x128, ten frames a second."""
    import ffmpeg as graph

    file = folder() / f"moving-{crf}-{key_frames_s}-{codec}.mp4"
    drawn = graph.input(f"testsrc2=s=192x128:r=10:d={LENGTH_S}", format="lavfi")["v"].filter("format", "yuv420p")
    options: dict[str, Any] = {"vcodec": codec, "preset": "veryfast", "crf": crf, "g": 10 * key_frames_s, "threads": 1}
    ffmpeg.run(graph.output(drawn, str(file), **options), ffmpeg.FfmpegJob(None, LENGTH_S))
    return file


def chosen(file: Path, scratch: Path, stage: ChooseRenditions = QUICK) -> RenditionLadder:
    scratch.mkdir(exist_ok=True)
    recorded = recording(file)
    media = media_of(recorded)
    return stage(recorded, media, BuildTimeline()(media, PROBED), scratch, no_progress)


def source_kbps(file: Path) -> float:
    info = media_of(recording(file)).files[0]
    return recorded_video_bytes(RecordedSpan(file, info, Span(0.0, LENGTH_S))) * 8 / 1000 / LENGTH_S


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> RenditionLadder:
    return chosen(show(1), tmp_path_factory.mktemp("rich"), replace(QUICK, has_av1=True))


def test_every_rendition_reaches_the_target_where_the_recording_is_rich(rich: RenditionLadder) -> None:
    assert [one.name for one in rich.measurements] == [one.name for one in rich.renditions]
    assert len(rich.renditions) == 3
    for measure in rich.measurements:
        assert measure.vmaf is not None
        assert measure.vmaf.mean >= 93
        assert measure.vmaf.worst_5_percent >= 85
        assert not measure.missed_target_reason
        assert measure.kilobits_per_second <= rich.source_kbps
        assert measure.cpu_seconds > 0


def test_the_recorded_bitrate_is_that_of_its_video(rich: RenditionLadder) -> None:
    assert rich.sampled_s == pytest.approx(2.0)
    assert rich.source_kbps == pytest.approx(source_kbps(show(1)), rel=0.2)


def test_bits_are_compared_with_x264_veryfast(rich: RenditionLadder) -> None:
    assert all(
        measure.saving_over_veryfast is not None for measure in rich.measurements if measure.name.startswith("h264")
    )


@pytest.mark.slow
def test_the_same_show_gets_the_same_choice_and_its_digest_forgets_processor_time(
    rich: RenditionLadder, tmp_path: Path
) -> None:
    again = chosen(show(1), tmp_path, replace(QUICK, has_av1=True))
    assert again.renditions == rich.renditions
    assert again.source_kbps == rich.source_kbps
    forgotten = [[replace(m, cpu_seconds=0.0) for m in one.measurements] for one in (again, rich)]
    assert forgotten[0] == forgotten[1]
    assert again.content_digest() == rich.content_digest()
    assert replace(again, measurements=()).content_digest() == rich.content_digest()


def test_no_rendition_is_larger_than_a_lean_recording_and_the_missed_target_is_reported(tmp_path: Path) -> None:
    encoding = chosen(show(44, 8), tmp_path)
    assert list(tmp_path.iterdir()) == []
    large = encoding.measurements[0]
    assert large.kilobits_per_second <= 0.95 * encoding.source_kbps
    assert encoding.renditions[0].crf > QUICK.h264_crf
    assert large.missed_target_reason == "its picture must not be larger than the recorded one"


def test_a_lean_recording_with_close_key_frames_is_passed_through(tmp_path: Path) -> None:
    stage = replace(QUICK, small_side_px=128)
    encoding = chosen(show(44, 2), tmp_path, stage)
    assert [one.is_passthrough for one in encoding.renditions] == [True]
    assert encoding.measurements[0].vmaf is None


def test_where_the_encode_is_short_each_rendition_is_tried_once(tmp_path: Path) -> None:
    encoding = chosen(show(1), tmp_path, replace(QUICK, search_share=0.15))
    assert {one.crf for one in encoding.renditions} == {QUICK.h264_crf}
    assert all(one.vmaf is not None and one.saving_over_veryfast is None for one in encoding.measurements)


def test_a_short_show_gets_the_settings_qualities_and_says_so(tmp_path: Path) -> None:
    encoding = chosen(show(1), tmp_path, replace(QUICK, sampled_share=0.2))
    assert encoding.unmeasured_reason == "the show is too short for samples"
    assert {one.crf for one in encoding.renditions} == {QUICK.h264_crf}


def test_a_recording_of_which_no_sample_can_be_decoded_gets_the_settings_qualities(tmp_path: Path) -> None:
    file = tmp_path / "recording.mp4"
    shutil.copy(show(1), file)
    recorded = recording(file)
    media = media_of(recorded)
    file.write_bytes(b"x" * 5000)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    encoding = QUICK(recorded, media, BuildTimeline()(media, PROBED), scratch, no_progress)
    assert encoding.unmeasured_reason == "no sample could be decoded"
    assert list(scratch.iterdir()) == []


def test_samples_begin_with_key_frames_all_over_the_show() -> None:
    media: MediaInfo = media_of(recording(show(40, 1)))
    timeline = BuildTimeline()(media, PROBED)
    starts = choose_sample_starts(media, timeline, 3, 2.0)
    assert starts == pytest.approx([1.0, 4.0, 6.0], abs=1.01)
    assert set(starts) <= set(media.files[0].video.keyframe_times)
    assert all(start + 2.0 <= timeline.duration for start in starts)


def test_a_part_that_came_out_larger_than_the_recording_is_encoded_again(tmp_path: Path) -> None:
    recorded = recording(show(44, 8))
    media = media_of(recorded)
    timeline, encoding = BuildTimeline()(media, PROBED), QUICK.default_encoding(media)
    part = EncodeVideo()(recorded, media, timeline, encoding, Part(0, timeline.replay_span), tmp_path, no_progress)
    assert max(part.video_bytes) <= part.source_video_bytes
    assert part.crfs[0] > encoding.renditions[0].crf
