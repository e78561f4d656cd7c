"""Bytes of packets, counted against a plain demux of the whole file."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from domain.clock import Span
from domain.errors import ToolError
from fixtures.media import Clip, media_of, recording, rendered
from media.encode.packet_bytes import (
    encoded_video_bytes,
    measure_encoded_videos,
    recorded_video_bytes,
    recorded_video_kbps,
)
from media.encode.recorded_span import RecordedSpan

pytestmark = pytest.mark.media


def recorded(span: Span, suffix: str = ".mp4") -> RecordedSpan:
    file = rendered(Clip(suffix))
    return RecordedSpan(file, media_of(recording(file)).files[0], span)


def packets(file: Path) -> list[tuple[float, int]]:
    with av.open(str(file)) as container:
        return [
            (float(packet.pts * packet.time_base), packet.size)
            for packet in container.demux(video=0)
            if packet.pts is not None and packet.time_base is not None
        ]


@pytest.mark.parametrize("span", [Span(0.0, 6.0), Span(2.0, 4.0), Span(2.35, 2.65)])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_packets_presented_in_the_stretch_are_counted(span: Span, suffix: str) -> None:
    source = recorded(span, suffix)
    inside = [
        size for time, size in packets(source.path) if span.start <= time - source.info.start_pts + 1e-9 < span.end
    ]
    assert recorded_video_bytes(source) == sum(inside)


def test_a_sample_is_measured_over_whole_groups_of_pictures() -> None:
    half, whole = recorded(Span(2.0, 2.5)), recorded(Span(2.0, 3.0))
    assert recorded_video_kbps([half]) == recorded_video_kbps([whole]) == recorded_video_bytes(whole) * 8 / 1000


def test_samples_count_alike_in_the_mean() -> None:
    first, second = recorded(Span(0.0, 1.0)), recorded(Span(3.0, 5.0))
    mean = (recorded_video_kbps([first]) + recorded_video_kbps([second])) / 2
    assert recorded_video_kbps([first, second]) == pytest.approx(mean)


def test_an_encoded_video_is_its_packets_and_its_last_frame() -> None:
    file = rendered(Clip(".mp4"))
    sizes = sum(size for _, size in packets(file))
    (video,) = measure_encoded_videos([file])
    assert video.packet_bytes == sizes
    assert video.last_frame_time == pytest.approx(5.9, abs=1e-3)
    assert encoded_video_bytes(file) == sizes


def test_an_encoded_video_that_is_cut_off_is_our_own_fault(tmp_path: Path) -> None:
    file = tmp_path / "cut.mp4"
    file.write_bytes(rendered(Clip(".mp4")).read_bytes()[:-2000])
    with pytest.raises(ToolError, match="was not written whole"):
        measure_encoded_videos([file])


def test_the_key_frame_before_a_stretch_is_at_or_before_its_start() -> None:
    source = recorded(Span(2.5, 4.0))
    assert source.preceding_key_frame == pytest.approx(2.0)
    assert replace(source, span=Span(3.0 - 1e-4, 4.0)).preceding_key_frame == pytest.approx(3.0)
    later = replace(source.info, video=replace(source.info.video, keyframe_times=(3.0,)))
    assert replace(source, info=later).preceding_key_frame == 0.0
