"""A part of the recording's own picture in an MP4 file: the same slices at the same times, and nothing else.

Strangers' bytes go to all viewers, so as few as can be are let through: slices, and the parameter sets that Probe read.
Supplemental information (SEI), with whatever it holds, delimiters and filler stay behind.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.clock import Span
from domain.errors import InvalidValue, MediaError, ToolError
from domain.recording import FileInfo
from media.demuxer import opened
from media.encode.passthrough_check import SLACK_S
from media.formats.h264 import IDR, LENGTH_BYTES, PICTURE_SET, SEQUENCE_SET, SLICE, avcc, kind, length_bytes_of, nals
from media.keyframes import picture_track
from media.package.concat_video import TICKS

if TYPE_CHECKING:
    from av import Packet, VideoStream
    from av.container import InputContainer, OutputContainer

SEEK_MARGIN_S = 1.0  # files are sought by decoding times, which a key frame's leads; MPEG-TS is sought roughly
SLACK_TICKS = round(SLACK_S * TICKS)
REMEDY = "encode it instead"
PARTED = "its pictures are parted within a group"
CHANGED = "its key frames are not those that Probe found"


@dataclass(frozen=True, slots=True)
class _Picture:
    """One coded picture: slices behind their lengths, and when and how long it is shown, ticks from the part's start.

    `lasts` is 0 where the file doesn't tell.
    """

    slices: bytes
    shown: int
    lasts: int
    is_key: bool


def copy_part(source: Path, info: FileInfo, shown: Span, file: Path) -> None:
    """Write the pictures presented in `shown` (file time) to an MP4 file whose time 0 is the start of `shown`.

    MediaError where they are not what Probe's findings promise: then they must be encoded. Memory: a group of pictures.
    """
    sets = tuple(map(bytes.fromhex, info.video.h264.parameter_sets if info.video.h264 else ()))
    with opened(source, info.container) as recording:
        track = picture_track(recording)
        if track is None or not sets:
            raise MediaError(source, "has no H.264 track", REMEDY)
        with _writing(file, track, sets) as copy:
            try:
                for group in _groups(_Reading(info, shown, sets).pictures(recording, track)):
                    copy.write(group)
            except InvalidValue as error:
                raise MediaError(source, str(error), REMEDY) from error


def copied_picture(file: Path) -> Any:
    """The pictures of a copy, at their times; a strict run ends where its decoder finds anything wrong."""
    import ffmpeg as graph

    name = f"file:{file.absolute()}"
    picture = graph.input(name, format="mov", threads=1, err_detect="+explode", protocol_whitelist="file")["v:0"]
    return picture.filter("settb", f"1/{TICKS}").filter("setsar", 1).filter("format", "yuv420p")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read: the pictures of one file in a stretch of its time, coded with these parameter sets."""

    info: FileInfo
    shown: Span
    sets: Sequence[bytes]

    def pictures(self, recording: InputContainer, track: VideoStream) -> Iterator[_Picture]:
        """All of them, in decoding order. InvalidValue where one depends on others, or on another header."""
        start, end = self._ticks(self.shown.start), self._ticks(self.shown.end)
        tick = (track.time_base or Fraction(0)) * TICKS
        length_bytes = length_bytes_of(track.codec_context.extradata or b"")
        keys, has_begun = self._key_frames(), False
        for packet in self._packets(recording, track):
            at = round((packet.pts or 0) * tick)
            if packet.is_keyframe and at >= end - SLACK_TICKS:
                break
            if at < start - SLACK_TICKS and not has_begun:
                continue
            if packet.is_corrupt or not start - SLACK_TICKS <= at < end - SLACK_TICKS:
                raise InvalidValue(PARTED if not packet.is_corrupt else "it holds a damaged packet")
            if packet.is_keyframe and (not keys or abs(at - keys.popleft()) > SLACK_TICKS):
                raise InvalidValue(CHANGED)
            slices = self._slices(bytes(packet), length_bytes, is_key=packet.is_keyframe)
            if not (has_begun or packet.is_keyframe):
                raise InvalidValue(PARTED)
            if slices:
                late = at if has_begun else start
                yield _Picture(slices, late - start, round((packet.duration or 0) * tick), packet.is_keyframe)
                has_begun = True
        if keys or not has_begun:
            raise InvalidValue(CHANGED)

    def _ticks(self, time: float) -> int:
        return round((self.info.origin + time) * TICKS)

    def _key_frames(self) -> deque[int]:
        times = self.info.video.key_frames
        first, after = (bisect_left(times, edge - SLACK_S) for edge in (self.shown.start, self.shown.end))
        return deque(map(self._ticks, times[first:after]))

    def _packets(self, recording: InputContainer, track: VideoStream) -> Iterator[Packet[VideoStream]]:
        """From a key frame at or before the stretch on. InvalidValue where one has no time, or can't be read."""
        from av import FFmpegError

        if self.shown.start > SEEK_MARGIN_S and track.time_base:
            at = (self.info.origin + self.shown.start - SEEK_MARGIN_S) / track.time_base
            recording.seek(round(at), stream=track)
        try:
            for packet in recording.demux(track):
                if packet.pts is not None:
                    yield packet
                elif packet.size:  # what has none is the end
                    raise InvalidValue("one of its pictures has no time")
        except IndexError:  # PyAV 18 meets a track that came after the file's head; Probe has read no further either
            return
        except FFmpegError as error:
            raise InvalidValue(f"it cannot be read ({error.strerror})") from error

    def _slices(self, content: bytes, length_bytes: int | None, *, is_key: bool) -> bytes:
        found = list(nals(content, length_bytes))
        if any(kind(nal) in (SEQUENCE_SET, PICTURE_SET) and nal not in self.sets for nal in found):
            raise InvalidValue("it changes how it is coded")
        slices = [nal for nal in found if kind(nal) in (SLICE, IDR)]
        if is_key and not any(kind(nal) == IDR for nal in slices):
            raise InvalidValue("one of its key frames is no IDR picture")
        return b"".join(len(nal).to_bytes(LENGTH_BYTES) + nal for nal in slices)


def _groups(pictures: Iterable[_Picture]) -> Iterator[list[_Picture]]:
    """Each key frame and what follows it. InvalidValue where they are not shown one group after the other."""
    group: list[_Picture] = []
    shown_until = -1
    for picture in pictures:
        if picture.is_key and group:
            shown_until = max(each.shown for each in group)
            yield group
            group = []
        group.append(picture)
        if picture.shown <= shown_until or picture.shown < group[0].shown:
            raise InvalidValue(PARTED)
    yield group


@contextmanager
def _writing(file: Path, track: VideoStream, sets: Sequence[bytes]) -> Iterator[_Copy]:
    import av

    try:
        options = {"video_track_timescale": str(TICKS), "fflags": "+bitexact"}
        with av.open(str(file), "w", format="mp4", options=options) as container:
            copied = container.add_stream_from_template(track)
            copied.codec_context.extradata = avcc(sets)
            copied.time_base = Fraction(1, TICKS)
            yield _Copy(container, copied)
    except (av.FFmpegError, ValueError) as error:
        raise ToolError(file, f"cannot be written ({error})", "free some space; try again") from error


@dataclass
class _Copy:
    """An MP4 file that is being written."""

    container: OutputContainer
    track: VideoStream
    decoded: int = -(1 << 62)

    def write(self, group: Sequence[_Picture]) -> None:
        """The next group of pictures; decoding times are made from the order, as late as the group allows."""
        from av import Packet as NewPacket

        shown = sorted(picture.shown for picture in group)
        if len(set(shown)) < len(group):
            raise InvalidValue("two of its pictures have one time")
        lead = max(earliest - picture.shown for earliest, picture in zip(shown, group, strict=True))
        last = max(group, key=lambda picture: picture.shown)
        lasts = last.lasts or (shown[-1] - shown[-2] if len(shown) > 1 else 1)
        for earliest, picture in zip(shown, group, strict=True):
            packet = NewPacket(picture.slices)
            packet.stream, packet.time_base = self.track, Fraction(1, TICKS)
            self.decoded = max(earliest - lead, self.decoded + 1)
            packet.pts, packet.dts, packet.duration = picture.shown, self.decoded, lasts
            packet.is_keyframe = picture.is_key
            self.container.mux(packet)
