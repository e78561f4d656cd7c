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
from domain.recording import MediaFileInfo
from media.demuxer import DECODER_OPTIONS, open_media
from media.disk_errors import translate_write_errors
from media.limits import VIDEO_CODECS

if TYPE_CHECKING:
    from av import AudioStream, CodecContext, Packet, VideoFrame, VideoStream
    from av.container import InputContainer

BgrImage: TypeAlias = NDArray[np.uint8]
"""(height, width, 3), blue-green-red, 0-255."""

MICROSECOND_DECIMALS = 6  # file times are kept to the microsecond: finer than any container's clock that matters
PIXEL_ASPECT_RANGE = (Fraction(1, 4), Fraction(4))  # of a pixel; anything beyond is a broken header
IDENTITY_MATRIX_PREFIX = struct.pack(
    "=5i", 1 << 16, 0, 0, 0, 1 << 16
)  # the beginning of a display matrix that does nothing
JPEG_REDUCTIONS = (8, 4, 2, 1)  # what a JPEG decoder gives; the smaller the picture, the less work


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Pixels."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InvalidValue(f"a picture needs at least one pixel, not {self.width}x{self.height}")

    def limit_side(self, max_side_px: int) -> PixelSize:
        """The same shape with its longest side at most this; never larger."""
        scale = min(1.0, max_side_px / max(self.width, self.height))
        return PixelSize(max(1, round(self.width * scale)), max(1, round(self.height * scale)))

    def fit_inside(self, bounds: PixelSize) -> PixelSize:
        """The same shape, as large as fits into `bounds`."""
        scale = min(bounds.width / self.width, bounds.height / self.height)
        return PixelSize(
            min(bounds.width, round(self.width * scale)) or 1, min(bounds.height, round(self.height * scale)) or 1
        )


def select_video_track(recording: InputContainer) -> VideoStream | None:
    """The first track of moving pictures (a cover is none), to be decoded by one thread; None in a codec not read."""
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
    """What a track is coded in; "" for what no decoder is there for."""
    decoder: CodecContext | None = track.codec_context  # PyAV's types don't know of None
    return "" if decoder is None else decoder.codec.canonical_name


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """What the first picture of a file tells: its size as shown, upright and with square pixels, and its weave.

    `is_rotated_or_mirrored`: it is stored other than it is shown, turned or mirrored.
    """

    size: PixelSize
    is_interlaced: bool
    is_rotated_or_mirrored: bool


def probe_key_frame(packet: Packet[VideoStream]) -> FrameFormat | None:
    """What a key frame tells; None if it gives no picture, or a damaged one."""
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
    """The key frames at `times` (file time), in order, each fitted into `size`; damaged ones are passed over.

    Every packet is read but nothing else is decoded. Memory: one picture.
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


def read_jpeg(file: Path, reduction: int = 1) -> BgrImage:
    """A JPEG of our own, at 1/`reduction` of its size: 2, 4 and 8 are less work, any other number counts as 1."""
    import cv2

    flags = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
    encoded = np.fromfile(file, dtype=np.uint8)
    image = cv2.imdecode(encoded, flags.get(reduction, cv2.IMREAD_COLOR))
    if image is None:
        raise ToolError(file, "is not the JPEG that was written there", "delete it and run the command again")
    return np.asarray(image, dtype=np.uint8)


def write_jpeg(file: Path, image: BgrImage, quality: int) -> None:
    """Write `image` at `quality` (0-100). ToolError when the disk refuses."""
    import cv2

    is_encoded, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_encoded:
        raise ToolError(file, "could not be packed as JPEG", "run the command again")
    with translate_write_errors(file):
        file.write_bytes(encoded.tobytes())


def resize(image: BgrImage, size: PixelSize) -> BgrImage:
    """The picture at exactly this size; areas are averaged."""
    import cv2

    if image.shape[:2] == (size.height, size.width):
        return image
    return np.asarray(cv2.resize(image, (size.width, size.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def letterbox(image: BgrImage, size: PixelSize) -> BgrImage:
    """The picture in the middle of a black one of this size."""
    height, width = image.shape[:2]
    if (width, height) == (size.width, size.height):
        return image
    canvas = np.zeros((size.height, size.width, 3), dtype=np.uint8)
    top, left = (size.height - height) // 2, (size.width - width) // 2
    canvas[top : top + height, left : left + width] = image
    return canvas


def _decode_key_frame(packet: Packet[VideoStream]) -> VideoFrame | None:
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
    low, high = PIXEL_ASPECT_RANGE
    return aspect if aspect and low <= aspect <= high else Fraction(1)


def _display_size(frame: VideoFrame, pixel_aspect: Fraction) -> PixelSize:
    width = round(frame.width * pixel_aspect)
    is_sideways = frame.rotation % 180 != 0
    return PixelSize(frame.height, width) if is_sideways else PixelSize(width, frame.height)


def _is_rotated_or_mirrored(frame: VideoFrame) -> bool:
    """Whether a display matrix (ISO 14496-12, 6.2.2) comes with it that does more than to move it."""
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
