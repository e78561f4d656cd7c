"""Passthrough: a part of the recorded H.264 video in an MP4 file, the same slices at the same times and nothing else.

Strangers' bytes go to all viewers, so as few as possible are let through: slices, and the parameter sets that Probe
read. Supplemental information (SEI), delimiters and filler are left out.

NAL units are split by media/formats/h264.py. FFmpeg's bitstream filter `filter_units=pass_types=1|5` gives the same
slices, but parameter sets within the stream must be compared with the header's too, and the filter only drops them.
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

from domain.errors import InvalidValue, MediaError, ToolError
from media.demuxer import open_media
from media.encode.passthrough_check import TIME_TOLERANCE_S
from media.encode.recorded_span import RecordedSpan
from media.formats.h264 import (
    IDR,
    PPS,
    SLICE,
    SPS,
    build_avcc,
    length_prefixed,
    nal_length_bytes,
    nal_type,
    split_nal_units,
)
from media.keyframes import select_video_track
from media.timebase import TICKS_PER_SECOND

if TYPE_CHECKING:
    from av import Packet, VideoStream
    from av.container import InputContainer, OutputContainer

SEEK_MARGIN_S = 1.0  # files are sought by decoding times, which a key frame's leads; MPEG-TS is sought roughly
TIME_TOLERANCE_TICKS = round(TIME_TOLERANCE_S * TICKS_PER_SECOND)
REMEDY = "encode it instead"
SPLIT_GOP_MESSAGE = "its pictures are parted within a group"
KEY_FRAMES_CHANGED_MESSAGE = "its key frames are not those that Probe found"


@dataclass(frozen=True, slots=True)
class _CodedFrame:
    """One coded frame: length-prefixed slices, and when and how long it is shown, in ticks from the part's start.

    `duration` is 0 where the file does not give one.
    """

    slices: bytes
    pts: int
    duration: int
    is_key_frame: bool


def write_passthrough_part(recorded: RecordedSpan, file: Path) -> None:
    """Write the frames presented in the stretch to an MP4 file whose time 0 is the start of the stretch.

    Opens the recording: run it sandboxed. MediaError where the frames are not what Probe's result promises: then they
    must be encoded. Memory: a group of pictures.
    """
    config = recorded.info.video.h264_config
    parameter_sets = tuple(map(bytes.fromhex, config.parameter_sets if config else ()))
    with open_media(recorded.path, recorded.info.container) as recording:
        track = select_video_track(recording)
        if track is None or not parameter_sets:
            raise MediaError(recorded.path, "has no H.264 track", REMEDY)
        with _open_writer(file, track, parameter_sets) as writer:
            try:
                for gop in _split_gops(_PassthroughReader(recorded, parameter_sets).read_frames(recording, track)):
                    writer.write_gop(gop)
            except InvalidValue as error:
                raise MediaError(recorded.path, str(error), REMEDY) from error


def passthrough_input(file: Path) -> Any:
    """The frames of a passthrough part, at their times; a strict run ends at the decoder's first error."""
    import ffmpeg as graph

    name = f"file:{file.absolute()}"
    video = graph.input(name, format="mov", threads=1, err_detect="+explode", protocol_whitelist="file")["v:0"]
    return video.filter("settb", f"1/{TICKS_PER_SECOND}").filter("setsar", 1).filter("format", "yuv420p")


@dataclass(frozen=True, slots=True)
class _PassthroughReader:
    """Reads the frames of a stretch, which must be coded with these parameter sets."""

    recorded: RecordedSpan
    parameter_sets: Sequence[bytes]

    def read_frames(self, recording: InputContainer, track: VideoStream) -> Iterator[_CodedFrame]:
        """All of them, in decoding order. InvalidValue where one depends on others, or on another header."""
        span = self.recorded.span
        start, end = self._to_ticks(span.start), self._to_ticks(span.end)
        ticks_per_unit = (track.time_base or Fraction(0)) * TICKS_PER_SECOND
        length_bytes = nal_length_bytes(track.codec_context.extradata or b"")
        key_frames, has_begun = self._key_frame_ticks(), False
        for packet in self._read_packets(recording, track):
            pts = round((packet.pts or 0) * ticks_per_unit)
            if packet.is_keyframe and pts >= end - TIME_TOLERANCE_TICKS:
                break
            if pts < start - TIME_TOLERANCE_TICKS and not has_begun:
                continue
            if packet.is_corrupt or not start - TIME_TOLERANCE_TICKS <= pts < end - TIME_TOLERANCE_TICKS:
                raise InvalidValue(SPLIT_GOP_MESSAGE if not packet.is_corrupt else "it holds a damaged packet")
            if packet.is_keyframe and (not key_frames or abs(pts - key_frames.popleft()) > TIME_TOLERANCE_TICKS):
                raise InvalidValue(KEY_FRAMES_CHANGED_MESSAGE)
            slices = self._extract_slices(bytes(packet), length_bytes, is_key=packet.is_keyframe)
            if not (has_begun or packet.is_keyframe):
                raise InvalidValue(SPLIT_GOP_MESSAGE)
            if slices:
                frame_pts = pts if has_begun else start
                yield _CodedFrame(
                    slices, frame_pts - start, round((packet.duration or 0) * ticks_per_unit), packet.is_keyframe
                )
                has_begun = True
        if key_frames or not has_begun:
            raise InvalidValue(KEY_FRAMES_CHANGED_MESSAGE)

    def _to_ticks(self, time: float) -> int:
        return round((self.recorded.info.start_pts + time) * TICKS_PER_SECOND)

    def _key_frame_ticks(self) -> deque[int]:
        times, span = self.recorded.info.video.keyframe_times, self.recorded.span
        first, after = (bisect_left(times, edge - TIME_TOLERANCE_S) for edge in (span.start, span.end))
        return deque(map(self._to_ticks, times[first:after]))

    def _read_packets(self, recording: InputContainer, track: VideoStream) -> Iterator[Packet[VideoStream]]:
        """Packets from a key frame at or before the stretch on. InvalidValue for one that is broken or has no time."""
        from av import FFmpegError

        start = self.recorded.span.start
        if start > SEEK_MARGIN_S and track.time_base:
            seek_time = (self.recorded.info.start_pts + start - SEEK_MARGIN_S) / track.time_base
            recording.seek(round(seek_time), stream=track)
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

    def _extract_slices(self, content: bytes, length_bytes: int | None, *, is_key: bool) -> bytes:
        nal_units = list(split_nal_units(content, length_bytes))
        if any(nal_type(nal) in (SPS, PPS) and nal not in self.parameter_sets for nal in nal_units):
            raise InvalidValue("it changes how it is coded")
        slices = [nal for nal in nal_units if nal_type(nal) in (SLICE, IDR)]
        if is_key and not any(nal_type(nal) == IDR for nal in slices):
            raise InvalidValue("one of its key frames is no IDR picture")
        return length_prefixed(slices)


def _split_gops(frames: Iterable[_CodedFrame]) -> Iterator[list[_CodedFrame]]:
    """Each key frame with the frames after it. InvalidValue where groups overlap in presentation time."""
    gop: list[_CodedFrame] = []
    last_gop_pts = -1
    for frame in frames:
        if frame.is_key_frame and gop:
            last_gop_pts = max(each.pts for each in gop)
            yield gop
            gop = []
        gop.append(frame)
        if frame.pts <= last_gop_pts or frame.pts < gop[0].pts:
            raise InvalidValue(SPLIT_GOP_MESSAGE)
    yield gop


@contextmanager
def _open_writer(file: Path, track: VideoStream, parameter_sets: Sequence[bytes]) -> Iterator[_PassthroughWriter]:
    import av

    try:
        options = {"video_track_timescale": str(TICKS_PER_SECOND), "fflags": "+bitexact"}
        with av.open(str(file), "w", format="mp4", options=options) as container:
            video_stream = container.add_stream_from_template(track)
            video_stream.codec_context.extradata = build_avcc(parameter_sets)
            video_stream.time_base = Fraction(1, TICKS_PER_SECOND)
            yield _PassthroughWriter(container, video_stream)
    except (av.FFmpegError, ValueError) as error:
        raise ToolError(file, f"cannot be written ({error})", "free some space; try again") from error


@dataclass
class _PassthroughWriter:
    """An MP4 file that is being written."""

    container: OutputContainer
    track: VideoStream
    last_dts: int = -(1 << 62)

    def write_gop(self, gop: Sequence[_CodedFrame]) -> None:
        """Write the next group of pictures; decoding times follow from the order, as late as the group allows."""
        from av import Packet as NewPacket

        sorted_pts = sorted(frame.pts for frame in gop)
        if len(set(sorted_pts)) < len(gop):
            raise InvalidValue("two of its pictures have one time")
        reorder_delay = max(earliest_pts - frame.pts for earliest_pts, frame in zip(sorted_pts, gop, strict=True))
        last_frame = max(gop, key=lambda frame: frame.pts)
        last_duration = last_frame.duration or (sorted_pts[-1] - sorted_pts[-2] if len(sorted_pts) > 1 else 1)
        for earliest_pts, frame in zip(sorted_pts, gop, strict=True):
            packet = NewPacket(frame.slices)
            packet.stream, packet.time_base = self.track, Fraction(1, TICKS_PER_SECOND)
            self.last_dts = max(earliest_pts - reorder_delay, self.last_dts + 1)
            packet.pts, packet.dts, packet.duration = frame.pts, self.last_dts, last_duration
            packet.is_keyframe = frame.is_key_frame
            self.container.mux(packet)
