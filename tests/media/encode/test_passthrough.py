"""One part passed through: which frames and bytes are in its file, and what is refused."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from domain.clock import Span
from domain.errors import MediaError
from domain.recording import H264Config
from fixtures.media import Clip, media_of, recording, rendered
from media.encode.passthrough import write_passthrough_part
from media.encode.recorded_span import RecordedSpan
from media.formats.h264 import IDR, SLICE, nal_type, split_nal_units

pytestmark = pytest.mark.media

SUFFIXES = (".mp4", ".flv", ".ts", ".mkv")


def recorded(clip: Clip, span: Span | None = None) -> RecordedSpan:
    """The clip from its third key frame up to its fifth, 2 s, or in another stretch."""
    file = rendered(clip)
    info = media_of(recording(file)).files[0]
    return RecordedSpan(file, info, span or Span(info.video.keyframe_times[2], info.video.keyframe_times[4]))


def coded_frames(file: Path) -> list[tuple[float, bool, list[bytes]]]:
    """Time, whether it is a key frame, and the NAL units of each packet."""
    with av.open(str(file)) as container:
        return [
            (float(packet.pts * packet.time_base), packet.is_keyframe, list(split_nal_units(bytes(packet), 4)))
            for packet in container.demux(video=0)
            if packet.pts is not None and packet.time_base is not None
        ]


@pytest.fixture(scope="module", params=SUFFIXES)
def part(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("passthrough") / "part.mp4"
    write_passthrough_part(recorded(Clip(request.param)), file)
    return file


def test_a_part_holds_the_frames_of_its_stretch_from_time_0(part: Path) -> None:
    frames = coded_frames(part)
    assert sorted(time for time, _, _ in frames) == pytest.approx([number / 10 for number in range(20)], abs=1e-3)
    assert [is_key for _, is_key, _ in frames].count(True) == 2


def test_a_part_holds_slices_and_nothing_else(tmp_path: Path) -> None:
    """The first packet of the recording holds x264's words about itself, as supplemental information."""
    source = recorded(Clip(".mp4"), Span(0.0, 1.0))
    assert b"x264" in source.path.read_bytes()
    write_passthrough_part(source, tmp_path / "part.mp4")
    assert {nal_type(nal) for _, _, nals in coded_frames(tmp_path / "part.mp4") for nal in nals} == {SLICE, IDR}
    assert b"x264" not in (tmp_path / "part.mp4").read_bytes()


def test_slices_are_those_of_the_recording(part: Path) -> None:
    source = rendered(Clip(".mp4"))
    recorded_nals = {nal for time, _, nals in coded_frames(source) if 1.99 < time < 3.99 for nal in nals}
    assert {nal for _, _, nals in coded_frames(part) for nal in nals} <= recorded_nals


def test_decoding_times_rise_and_come_before_presentation(part: Path) -> None:
    with av.open(str(part)) as container:
        times = [(packet.dts, packet.pts) for packet in container.demux(video=0) if packet.pts is not None]
    decoding = [dts for dts, _ in times if dts is not None]
    assert decoding == sorted(set(decoding))
    assert all(dts <= pts for dts, pts in times if dts is not None and pts is not None)


def refusal(source: RecordedSpan, file: Path) -> str:
    with pytest.raises(MediaError) as caught:
        write_passthrough_part(source, file)
    return caught.value.what


@pytest.mark.parametrize("span", [Span(2.35, 4.0), Span(2.0, 3.55)])
def test_a_stretch_within_a_group_of_pictures_is_refused(span: Span, tmp_path: Path) -> None:
    assert refusal(recorded(Clip(".mp4"), span), tmp_path / "part.mp4") == "its pictures are parted within a group"


def test_key_frames_at_other_times_than_probed_are_refused(tmp_path: Path) -> None:
    source = recorded(Clip(".mp4"))
    times = tuple(time + 0.5 for time in source.info.video.keyframe_times)
    moved = replace(source.info, video=replace(source.info.video, keyframe_times=times))
    what = refusal(replace(source, info=moved), tmp_path / "part.mp4")
    assert what == "its key frames are not those that Probe found"


def test_parameter_sets_within_the_stream_that_the_header_lacks_are_refused(tmp_path: Path) -> None:
    source = recorded(Clip(".ts"))
    config = source.info.video.h264_config
    assert config is not None
    other = H264Config((config.parameter_sets[0], "68ebe3cb22c0"), has_closed_gops=True)
    changed = replace(source.info, video=replace(source.info.video, h264_config=other))
    assert refusal(replace(source, info=changed), tmp_path / "part.mp4") == "it changes how it is coded"


def test_open_groups_of_pictures_are_refused(tmp_path: Path) -> None:
    source = recorded(Clip(".mp4", has_open_groups=True))
    assert refusal(source, tmp_path / "part.mp4") in (
        "one of its key frames is no IDR picture",
        "its pictures are parted within a group",
    )


def test_video_without_a_probed_header_is_refused(tmp_path: Path) -> None:
    source = recorded(Clip(".mp4"))
    bare = replace(source.info, video=replace(source.info.video, h264_config=None))
    assert refusal(replace(source, info=bare), tmp_path / "part.mp4") == "has no H.264 track"
