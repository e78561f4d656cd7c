"""HLS folders of tiny parts: how they are cut into segments, and which playlists they have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from domain.audio import ReplayAudio
from domain.clock import Seconds, Span
from domain.errors import ToolError
from domain.replay import EncodedVideoPart, PackagedRendition, Rendition, RenditionLadder
from fixtures.hls_folder import read_segments
from fixtures.media import Clip, folder, rendered
from media import ffmpeg
from media.encode.encoders import encoder_options, key_frame_options
from media.package.hls import HlsOptions, package_hls
from media.package.playlists import ReplayDates

pytestmark = pytest.mark.media

LARGE = Rendition("h264", 160, 96, "ultrafast", "", 30)
AV1 = Rendition("av1", 160, 96, "12", "", 50)
UNDATED = ReplayDates(lambda _: None)
PART_S = 4.0


@cache
def encoded(rendition: Rendition) -> Path:
    """Four seconds of the rendition, with a key frame every second."""
    import ffmpeg as graph

    file = folder() / f"hls-{rendition.name}.mp4"
    source = graph.input(f"testsrc2=s=160x96:r=10:d={PART_S}", format="lavfi")["v"].filter("format", "yuv420p")
    options = encoder_options(rendition) | key_frame_options(0.0, 1.0)
    ffmpeg.run(ffmpeg.reproducible_output(source, str(file), **options), ffmpeg.FfmpegJob(None, PART_S))
    return file


def parts(*renditions: Rendition, count: int = 2) -> list[EncodedVideoPart]:
    files = tuple(encoded(rendition) for rendition in renditions)
    spans = [Span(number * PART_S, (number + 1) * PART_S) for number in range(count)]
    return [EncodedVideoPart(span, files, (1000,) * len(files), (30,) * len(files)) for span in spans]


def packaged(
    out: Path, *renditions: Rendition, segment_s: float = 2.0, dates: ReplayDates = UNDATED, audio: Path | None = None
) -> tuple[PackagedRendition, ...]:
    ladder = RenditionLadder(renditions, keyframe_interval_s=1.0)
    return package_hls(parts(*renditions), ladder, ReplayAudio(audio), out, HlsOptions(segment_s, dates))


def durations(out: Path, name: str = "h264-96p") -> list[float]:
    return [round(segment.duration, 3) for segment in read_segments(out / name)]


def test_segments_are_cut_at_key_frames_near_their_length(tmp_path: Path) -> None:
    packaged(tmp_path / "hls", LARGE, segment_s=2.0)
    assert durations(tmp_path / "hls") == [2.0, 2.0, 2.0, 2.0]


def test_segments_run_on_over_the_border_of_parts(tmp_path: Path) -> None:
    packaged(tmp_path / "hls", LARGE, segment_s=3.0)
    assert durations(tmp_path / "hls") == [3.0, 3.0, 2.0]


def test_a_segment_begins_where_the_date_jumps(tmp_path: Path) -> None:
    def date(time: Seconds) -> datetime:
        return datetime(2026, 11, 11, 20, tzinfo=UTC) + timedelta(seconds=time + (60 if time >= 5.0 else 0))

    packaged(tmp_path / "hls", LARGE, segment_s=4.0, dates=ReplayDates(date))
    assert durations(tmp_path / "hls") == [4.0, 1.0, 3.0]


def test_h264_has_a_playlist_of_its_own_beside_av1(tmp_path: Path) -> None:
    packaged(tmp_path / "hls", LARGE, AV1)
    assert "av1-96p" in (tmp_path / "hls" / "master.m3u8").read_text(encoding="utf-8")
    assert "av1-96p" not in (tmp_path / "hls" / "h264.m3u8").read_text(encoding="utf-8")


def test_a_replay_without_h264_has_no_playlist_for_it(tmp_path: Path) -> None:
    packaged(tmp_path / "hls", AV1)
    assert not (tmp_path / "hls" / "h264.m3u8").exists()


def test_a_rendition_counts_its_segments_and_parts_with_a_raised_crf(tmp_path: Path) -> None:
    (rendition,) = packaged(tmp_path / "hls", replace(LARGE, crf=29))
    assert rendition.size_bytes == sum(segment.size_bytes for segment in read_segments(tmp_path / "hls" / "h264-96p"))
    assert (rendition.video_bytes, rendition.raised_crf_parts) == (2000, 2)
    assert rendition.frame_rate == pytest.approx(10.0)


def test_the_key_frame_playlist_names_a_range_for_each_key_frame(tmp_path: Path) -> None:
    packaged(tmp_path / "hls", LARGE)
    text = (tmp_path / "hls" / "h264-96p" / "iframes.m3u8").read_text(encoding="utf-8")
    ranges = [line.removeprefix("#EXT-X-BYTERANGE:") for line in text.splitlines() if "BYTERANGE" in line]
    assert len(ranges) == 8
    sizes = {file.name: file.stat().st_size for file in (tmp_path / "hls" / "h264-96p").glob("*.m4s")}
    ends = [sum(map(int, each.split("@"))) for each in ranges]
    assert max(ends) <= max(sizes.values())


def test_the_last_frame_of_a_part_is_held_until_the_next_part_begins(tmp_path: Path) -> None:
    ladder, (first, second) = RenditionLadder((LARGE,)), parts(LARGE)
    late = replace(second, span=Span(PART_S + 3.0, 2 * PART_S + 3.0))
    options = HlsOptions(2.0, UNDATED)
    package_hls([first, late], ladder, ReplayAudio(None), tmp_path / "held", options)
    assert sum(durations(tmp_path / "held")) == pytest.approx(2 * PART_S + 3.0)


def test_an_audio_file_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cut.mp4"
    file.write_bytes(rendered(Clip(".mp4")).read_bytes()[:-2000])
    with pytest.raises(ToolError):
        packaged(tmp_path / "hls", LARGE, audio=file)
