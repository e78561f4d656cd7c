"""Video tracks and key frames of recordings, decoded by PyAV: run it sandboxed."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from domain.recording import MediaFileInfo
from media.demuxer import DECODER_OPTIONS, open_media
from media.images import BgrImage, PixelSize, letterbox
from media.limits import VIDEO_CODECS

if TYPE_CHECKING:
    from av import AudioStream, CodecContext, Packet, VideoFrame, VideoStream
    from av.container import InputContainer

MICROSECOND_DECIMALS = 6  # file times are kept to the microsecond: finer than the clocks of containers
PIXEL_ASPECT_RANGE = (Fraction(1, 4), Fraction(4))  # anything beyond is a broken header
IDENTITY_MATRIX_PREFIX = struct.pack("=5i", 1 << 16, 0, 0, 0, 1 << 16)  # of a display matrix that only moves the frame


def select_video_track(recording: InputContainer) -> VideoStream | None:
    """The first video track that is no cover, set to decode in one thread; None in a codec that is not allowed."""
    from av.stream import Disposition

    for track in recording.streams.video:
        if not track.disposition & Disposition.attached_pic:
            if track_codec(track) not in VIDEO_CODECS:
                return None
            track.codec_context.thread_count = 1
            track.codec_context.options = track.codec_context.options | DECODER_OPTIONS
            return track
    return None


def track_codec(track: VideoStream | AudioStream) -> str:
    """The codec's name; "" where no decoder exists."""
    decoder: CodecContext | None = track.codec_context  # PyAV's types leave None out
    return "" if decoder is None else decoder.codec.canonical_name


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """Format of a file's first frame. `size`: as shown, upright and with square pixels.

    `is_rotated_or_mirrored`: it is stored otherwise than it is shown.
    """

    size: PixelSize
    is_interlaced: bool
    is_rotated_or_mirrored: bool


def probe_key_frame(packet: Packet[VideoStream]) -> FrameFormat | None:
    """The format of a key frame; None if it can't be decoded."""
    from av import FFmpegError

    try:
        frame = _decode_key_frame(packet)
    except FFmpegError:
        return None
    if frame is None:
        return None
    return FrameFormat(
        _display_size(frame, _pixel_aspect(packet)), frame.interlaced_frame, _is_rotated_or_mirrored(frame)
    )


def decode_key_frames(
    file: Path, info: MediaFileInfo, times: Collection[float], size: PixelSize
) -> Iterator[tuple[float, BgrImage]]:
    """The key frames at `times` (file time), in order, each fitted into `size`; damaged ones are left out.

    Every packet is read, but nothing else is decoded. Memory: one frame.
    """
    from av import FFmpegError

    remaining_times = {round(time, MICROSECOND_DECIMALS) for time in times}
    with open_media(file, info.container) as recording:
        track = select_video_track(recording)
        for packet in recording.demux(track) if track else ():
            if not packet.is_keyframe or packet.pts is None or packet.time_base is None:
                continue
            time = round(float(packet.pts * packet.time_base) - info.start_pts, MICROSECOND_DECIMALS)
            if time not in remaining_times:
                continue
            remaining_times.remove(time)
            try:
                frame = _decode_key_frame(packet)
                image = None if frame is None else _letterboxed_image(frame, _pixel_aspect(packet), size)
            except (FFmpegError, ValueError):  # ValueError: pixels of a kind that nothing converts
                continue
            if image is not None:
                yield time, image
            if not remaining_times:
                return


def _decode_key_frame(packet: Packet[VideoStream]) -> VideoFrame | None:
    """The frame of one key frame packet alone: the decoder is drained and ready for the next."""
    decoder = packet.stream.codec_context
    try:
        frames = [*decoder.decode(packet), *decoder.decode(None)]
    finally:
        decoder.flush_buffers()
    return frames[0] if frames else None


def _pixel_aspect(packet: Packet[VideoStream]) -> Fraction:
    """Width of a pixel over its height; 1 where the header gives none, or one out of range."""
    aspect = packet.stream.codec_context.sample_aspect_ratio
    low, high = PIXEL_ASPECT_RANGE
    return aspect if aspect and low <= aspect <= high else Fraction(1)


def _display_size(frame: VideoFrame, pixel_aspect: Fraction) -> PixelSize:
    width = round(frame.width * pixel_aspect)
    is_sideways = frame.rotation % 180 != 0
    return PixelSize(frame.height, width) if is_sideways else PixelSize(width, frame.height)


def _is_rotated_or_mirrored(frame: VideoFrame) -> bool:
    """Whether its display matrix (ISO 14496-12, 6.2.2) does more than to move it."""
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return matrix is not None and bytes(matrix)[: len(IDENTITY_MATRIX_PREFIX)] != IDENTITY_MATRIX_PREFIX


def _letterboxed_image(frame: VideoFrame, pixel_aspect: Fraction, size: PixelSize) -> BgrImage:
    """The frame upright, with square pixels, as large as fits `size`, on black."""
    quarter_turns = round(frame.rotation / 90) % 4
    display_size = _display_size(frame, pixel_aspect).fit_inside(size)
    stored_size = PixelSize(display_size.height, display_size.width) if quarter_turns % 2 else display_size
    scaled = frame.reformat(
        width=stored_size.width, height=stored_size.height, format="bgr24", interpolation="FAST_BILINEAR"
    )
    image = np.asarray(scaled.to_ndarray(), dtype=np.uint8)
    return letterbox(np.ascontiguousarray(np.rot90(image, quarter_turns)), size)
