"""Single pictures: key frames out of recordings (PyAV), JPEG in and out (OpenCV). The only module that imports cv2."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidValue, ToolError
from domain.recording import FileInfo
from media.demuxer import DECODING, opened
from media.disk_errors import writing
from media.limits import PICTURE_CODECS

if TYPE_CHECKING:
    from av import AudioStream, CodecContext, Packet, VideoFrame, VideoStream
    from av.container import InputContainer

Picture: TypeAlias = NDArray[np.uint8]
"""(height, width, 3), blue-green-red, 0-255."""

MICROSECOND_DIGITS = 6  # file times are kept to the microsecond: finer than any container's clock that matters
TRUSTED_ASPECTS = (Fraction(1, 4), Fraction(4))  # of a pixel; anything beyond is a broken header
UPRIGHT_MATRIX = struct.pack("=5i", 1 << 16, 0, 0, 0, 1 << 16)  # the beginning of a display matrix that does nothing
JPEG_REDUCTIONS = (8, 4, 2, 1)  # what a JPEG decoder gives; the smaller the picture, the less work


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InvalidValue(f"a picture needs at least one pixel, not {self.width}x{self.height}")

    def within(self, longest_side_px: int) -> Size:
        """The same shape with its longest side at most this; never larger."""
        scale = min(1.0, longest_side_px / max(self.width, self.height))
        return Size(max(1, round(self.width * scale)), max(1, round(self.height * scale)))

    def inside(self, frame: Size) -> Size:
        """The same shape, as large as fits into `frame`."""
        scale = min(frame.width / self.width, frame.height / self.height)
        return Size(
            min(frame.width, round(self.width * scale)) or 1, min(frame.height, round(self.height * scale)) or 1
        )


def picture_track(recording: InputContainer) -> VideoStream | None:
    """The first track of moving pictures (a cover is none), to be decoded by one thread; None in a codec not read."""
    from av.stream import Disposition

    for track in recording.streams.video:
        if not track.disposition & Disposition.attached_pic:
            if codec_of(track) not in PICTURE_CODECS:
                return None
            track.codec_context.thread_count = 1
            track.codec_context.options = track.codec_context.options | DECODING
            return track
    return None


def codec_of(track: VideoStream | AudioStream) -> str:
    """What a track is coded in; "" for what no decoder is there for."""
    decoder: CodecContext | None = track.codec_context  # PyAV's types don't know of None
    return "" if decoder is None else decoder.codec.canonical_name


@dataclass(frozen=True, slots=True)
class Look:
    """What the first picture of a file tells: its size as shown, upright and with square pixels, and its weave.

    `is_turned`: it is stored other than it is shown, turned or mirrored.
    """

    size: Size
    is_interlaced: bool
    is_turned: bool


def first_look(packet: Packet[VideoStream]) -> Look | None:
    """What a key frame tells; None if it gives no picture, or a damaged one."""
    from av import FFmpegError

    try:
        frame = _decoded(packet)
    except FFmpegError:
        return None
    if frame is None:
        return None
    return Look(_upright_size(frame, _pixel_aspect(packet)), frame.interlaced_frame, _is_turned(frame))


def key_pictures(file: Path, info: FileInfo, times: Collection[float], size: Size) -> Iterator[tuple[float, Picture]]:
    """The key frames at `times` (file time), in order, each fitted into `size`; damaged ones are passed over.

    Every packet is read but nothing else is decoded. Memory: one picture.
    """
    from av import FFmpegError

    left = {round(time, MICROSECOND_DIGITS) for time in times}
    with opened(file, info.container) as recording:
        track = picture_track(recording)
        for packet in recording.demux(track) if track else ():
            if not packet.is_keyframe or packet.pts is None or packet.time_base is None:
                continue
            time = round(float(packet.pts * packet.time_base) - info.origin, MICROSECOND_DIGITS)
            if time not in left:
                continue
            left.remove(time)
            try:
                frame = _decoded(packet)
                picture = None if frame is None else _fitted(frame, _pixel_aspect(packet), size)
            except (FFmpegError, ValueError):  # ValueError: pixels of a kind that nothing converts
                continue
            if picture is not None:
                yield time, picture
            if not left:
                return


def read_jpeg(file: Path, reduction: int = 1) -> Picture:
    """A JPEG of our own, at 1/`reduction` of its size: 2, 4 and 8 are less work, any other number counts as 1."""
    import cv2

    flags = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
    packed = np.fromfile(file, dtype=np.uint8)
    picture = cv2.imdecode(packed, flags.get(reduction, cv2.IMREAD_COLOR))
    if picture is None:
        raise ToolError(file, "is not the JPEG that was written there", "delete it and run the command again")
    return np.asarray(picture, dtype=np.uint8)


def write_jpeg(file: Path, picture: Picture, quality: int) -> None:
    """Write `picture` at `quality` (0-100). ToolError when the disk refuses."""
    import cv2

    is_packed, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_packed:
        raise ToolError(file, "could not be packed as JPEG", "run the command again")
    with writing(file):
        file.write_bytes(packed.tobytes())


def resized(picture: Picture, size: Size) -> Picture:
    """The picture at exactly this size; areas are averaged."""
    import cv2

    if picture.shape[:2] == (size.height, size.width):
        return picture
    return np.asarray(cv2.resize(picture, (size.width, size.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def on_black(picture: Picture, size: Size) -> Picture:
    """The picture in the middle of a black one of this size."""
    height, width = picture.shape[:2]
    if (width, height) == (size.width, size.height):
        return picture
    canvas = np.zeros((size.height, size.width, 3), dtype=np.uint8)
    top, left = (size.height - height) // 2, (size.width - width) // 2
    canvas[top : top + height, left : left + width] = picture
    return canvas


def _decoded(packet: Packet[VideoStream]) -> VideoFrame | None:
    """The picture of one key frame, on its own: the decoder is drained and ready for the next."""
    decoder = packet.stream.codec_context
    try:
        frames = [*decoder.decode(packet), *decoder.decode(None)]
    finally:
        decoder.flush_buffers()
    return frames[0] if frames else None


def _pixel_aspect(packet: Packet[VideoStream]) -> Fraction:
    """Width of a pixel over its height; 1 where the header says nothing or nonsense."""
    aspect = packet.stream.codec_context.sample_aspect_ratio
    low, high = TRUSTED_ASPECTS
    return aspect if aspect and low <= aspect <= high else Fraction(1)


def _upright_size(frame: VideoFrame, pixel_aspect: Fraction) -> Size:
    width = round(frame.width * pixel_aspect)
    is_on_its_side = frame.rotation % 180 != 0
    return Size(frame.height, width) if is_on_its_side else Size(width, frame.height)


def _is_turned(frame: VideoFrame) -> bool:
    """Whether a display matrix (ISO 14496-12, 6.2.2) comes with it that does more than to move it."""
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return matrix is not None and bytes(matrix)[: len(UPRIGHT_MATRIX)] != UPRIGHT_MATRIX


def _fitted(frame: VideoFrame, pixel_aspect: Fraction, size: Size) -> Picture:
    """The frame upright, with square pixels, as large as fits `size`, on black."""
    quarter_turns = round(frame.rotation / 90) % 4
    fitting = _upright_size(frame, pixel_aspect).inside(size)
    lying = Size(fitting.height, fitting.width) if quarter_turns % 2 else fitting
    scaled = frame.reformat(width=lying.width, height=lying.height, format="bgr24", interpolation="FAST_BILINEAR")
    picture = np.asarray(scaled.to_ndarray(), dtype=np.uint8)
    return on_black(np.ascontiguousarray(np.rot90(picture, quarter_turns)), size)
