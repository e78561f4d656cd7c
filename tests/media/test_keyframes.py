"""Tracks and key frames of tiny recordings: which track is taken, and what its key frames show."""

from pathlib import Path

import av
import pytest

from domain.recording import MediaFileInfo
from fixtures.media import Clip, brightness, media_of, recording, rendered
from media.demuxer import open_media
from media.images import PixelSize
from media.keyframes import FrameFormat, decode_key_frames, probe_key_frame, select_video_track, track_codec

pytestmark = pytest.mark.media

SQUARE = PixelSize(160, 160)
FULL = PixelSize(160, 96)


def info_of(file: Path) -> MediaFileInfo:
    return media_of(recording(file)).files[0]


def format_of(file: Path) -> FrameFormat | None:
    with open_media(file) as container:
        track = select_video_track(container)
        assert track is not None
        return probe_key_frame(next(packet for packet in container.demux(track) if packet.is_keyframe))


@pytest.mark.parametrize("suffix", [".mp4", ".flv", ".ts", ".mkv"])
def test_the_wanted_key_frames_are_decoded_in_order(suffix: str) -> None:
    file = rendered(Clip(suffix))
    info = info_of(file)
    times = [info.video.keyframe_times[number] for number in (4, 1)]
    images = list(decode_key_frames(file, info, times, FULL))
    assert [time for time, _ in images] == sorted(times)
    levels = [(brightness(frame) - 16) * 255 / 219 for frame in (10, 40)]
    assert [float(image.mean()) for _, image in images] == pytest.approx(levels, abs=4)


def test_times_without_a_key_frame_give_no_image() -> None:
    file = rendered(Clip(".mp4"))
    assert list(decode_key_frames(file, info_of(file), [0.5], FULL)) == []


def test_a_key_frame_is_letterboxed_into_another_shape() -> None:
    file = rendered(Clip(".mp4"))
    ((_, image),) = decode_key_frames(file, info_of(file), [1.0], SQUARE)
    rows = image.mean(axis=(1, 2))
    assert image.shape == (160, 160, 3)
    assert (rows[:31].max(), rows[-31:].max()) == (0, 0)
    assert rows[40:120].min() > 0


def with_damaged_key_frame(file: Path) -> Path:
    """A recording in MPEG-TS whose second key frame is overwritten."""
    content = bytearray(rendered(Clip(".ts")).read_bytes())
    with av.open(str(rendered(Clip(".ts")))) as container:
        key_frame = [packet for packet in container.demux(video=0) if packet.is_keyframe][1]
        assert key_frame.pos is not None
        content[key_frame.pos + 20 : key_frame.pos + 188] = bytes(168)
    file.write_bytes(content)
    return file


def test_a_key_frame_that_is_damaged_is_left_out(tmp_path: Path) -> None:
    info = info_of(rendered(Clip(".ts")))
    times = info.video.keyframe_times
    images = decode_key_frames(with_damaged_key_frame(tmp_path / "damaged.ts"), info, times, FULL)
    assert [time for time, _ in images] == [times[0], *times[2:]]


def test_pixels_that_are_not_square_count_in_the_shown_width() -> None:
    assert format_of(rendered(Clip(".mp4", pixel_aspect="2"))) == FrameFormat(PixelSize(320, 96), False, False)


def test_a_key_frame_that_cannot_be_decoded_has_no_format() -> None:
    with open_media(rendered(Clip(".mp4"))) as container:
        track = select_video_track(container)
        assert track is not None
        noise: av.Packet[av.VideoStream] = av.Packet(bytes(range(200)))  # type: ignore[assignment]  # a stream is set next
        noise.stream = track
        assert probe_key_frame(noise) is None


def test_a_cover_is_no_video_track(tmp_path: Path) -> None:
    file = tmp_path / "cover.mp4"
    with av.open(str(file), "w") as container:
        cover = container.add_stream("mjpeg", width=160, height=96, pix_fmt="yuvj420p")
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame(160, 96, "yuvj420p")))
    with open_media(file) as container:
        assert select_video_track(container) is None


def test_a_codec_that_is_not_allowed_is_no_video_track(tmp_path: Path) -> None:
    file = tmp_path / "screen.mov"
    with av.open(str(file), "w") as container:
        track = container.add_stream("png", width=160, height=96, pix_fmt="rgb24")
        container.mux(track.encode(av.VideoFrame(160, 96, "rgb24")))
        container.mux(track.encode(None))
    with av.open(str(file)) as container:
        assert track_codec(container.streams.video[0]) == "png"
        assert select_video_track(container) is None
