"""Concatenate encoded parts of video to one rendition of MP4 fragments, exact to the tick, without decoding.

ffmpeg's fragmented MP4 writer begins a segment where the packets before it end, in decoding and in presentation time,
whatever the times of its first packet are. With uneven frames and B-frames the encoders' times don't fit that. So each
packet gets the duration, and each key frame the decoding time, with which the ends meet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING

from domain.clock import Seconds
from domain.errors import MediaError, ToolError
from media.demuxer import open_generated_mp4
from media.disk_errors import translate_write_errors
from media.formats.fmp4 import Fragment, parse_fragment
from media.formats.h264 import length_prefixed, parse_parameter_sets
from media.timebase import TICKS_PER_SECOND

if TYPE_CHECKING:
    from av import Packet, VideoStream

PLAYLIST_NAME = "index.m3u8"
FRAGMENT_MUXER_OPTIONS = {
    "hls_segment_type": "fmp4",
    "hls_list_size": "1",  # the writer keeps 13 kB for each segment of its own playlist, which is not used
    "hls_time": "0.001",
    "hls_flags": "independent_segments",
    "hls_fmp4_init_filename": "init.mp4",
    "hls_segment_filename": "%05d.m4s",
    "avoid_negative_ts": "disabled",  # else the decoding delay shifts video against audio
    "fflags": "+bitexact",
}


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """One part of one rendition: an MP4 file whose time 0 is `start` of the replay, shown until `end`."""

    file: Path
    start: Seconds
    end: Seconds


def write_fragments(parts: Sequence[EncodedPart], init: Path) -> Iterator[Fragment]:
    """Write the header of a rendition to `init` and yield its fragments, one for each key frame of the parts.

    The header is that of the part that demands most of a decoder, because playlists declare it. Memory: a group of
    pictures. MediaError where a frame would be shown before it is decoded.
    """
    try:
        yield from _mux_fragments(parts, init)
    except _TimestampOrderError as error:
        what = "has pictures whose times cannot be put in order"
        raise MediaError("the recording", what, "encode it anew with a tool that you trust, and use that") from error


class _TimestampOrderError(Exception):
    """A frame is decoded after it is shown. No MediaError: `open_generated_mp4` takes that for a fault of the part."""


def _mux_fragments(parts: Sequence[EncodedPart], init: Path) -> Iterator[Fragment]:
    import av

    sink, durations_ticks = _FragmentSink(init), deque[int]()
    with ExitStack() as stack:
        template = stack.enter_context(open_generated_mp4(max(parts, key=_decoder_demand).file)).streams.video[0]
        try:
            writer = av.open(
                PLAYLIST_NAME, "w", format="hls", container_options=FRAGMENT_MUXER_OPTIONS, io_open=sink.open_file
            )
            output = stack.enter_context(writer)
            track = output.add_stream_from_template(template, opaque=True)  # AV1 is decoded and encoded by two names
            for packet in _retimed_packets(parts, durations_ticks):
                packet.stream = track
                output.mux(packet)
                yield from sink.take_finished(durations_ticks)
        except av.FFmpegError as error:
            raise ToolError(init, f"cannot be written ({error.strerror})", "free some space; try again") from error
    yield from sink.take_finished(durations_ticks)


class _FragmentSink:
    """Takes what the writer writes: the header to a file, fragments to memory; its own playlist is dropped."""

    def __init__(self, init: Path) -> None:
        self._init = init
        self._buffers: list[_PersistentBuffer] = []

    def open_file(self, name: str, _flags: int, _options: dict[str, str]) -> IO[bytes]:
        if name.endswith(".mp4"):
            with translate_write_errors(self._init):
                return self._init.open("wb")
        buffer = _PersistentBuffer()
        if name.endswith(".m4s"):
            self._buffers.append(buffer)
        return buffer

    def take_finished(self, durations_ticks: deque[int]) -> Iterator[Fragment]:
        """Yield each fragment that the writer has closed. `durations_ticks`: their durations, in order."""
        while self._buffers and self._buffers[0].is_complete:
            yield parse_fragment(self._buffers.pop(0).getvalue(), durations_ticks.popleft())


class _PersistentBuffer(BytesIO):
    """A buffer that can be read after it is closed."""

    is_complete = False

    def close(self) -> None:
        self.is_complete = True


def _retimed_packets(parts: Sequence[EncodedPart], durations_ticks: deque[int]) -> Iterator[Packet[VideoStream]]:
    """Every packet, in decoding order, on the replay clock. Appends the duration of each group to `durations_ticks`."""
    reorder_delay = 0  # ticks between decoding and presentation of the last packet
    last_dts = None
    for gop, gop_end in _gops_with_ends(parts):
        sorted_pts = sorted(_require_time(packet.pts) for packet in gop)
        durations_ticks.append(gop_end - sorted_pts[0])
        next_pts = dict(pairwise([*sorted_pts, gop_end]))
        for index, packet in enumerate(gop):
            pts, dts = _require_time(packet.pts), _require_time(packet.dts)
            if last_dts is not None:
                dts = pts - reorder_delay if index == 0 else max(dts, last_dts + 1)
            packet.dts = last_dts = dts
            is_last = index == len(gop) - 1
            packet.duration = (gop_end if is_last else next_pts[pts]) - pts
            reorder_delay = pts - dts
            if reorder_delay < 0:
                raise _TimestampOrderError
            yield packet


def _gops_with_ends(parts: Sequence[EncodedPart]) -> Iterator[tuple[list[Packet[VideoStream]], int]]:
    """Each group of pictures, and its end: the start of the next group, or the end of the replay.

    The last frame is held to the end of its part, as others are to the next frame; its own duration is not used.
    """
    pending_gop: list[Packet[VideoStream]] = []
    for gop in _iter_gops(parts):
        if pending_gop:
            yield pending_gop, _require_time(gop[0].pts)
        pending_gop = gop
    if pending_gop:
        last_pts = max(_require_time(packet.pts) for packet in pending_gop)
        yield pending_gop, max(last_pts + 1, round(parts[-1].end * TICKS_PER_SECOND))


def _iter_gops(parts: Sequence[EncodedPart]) -> Iterator[list[Packet[VideoStream]]]:
    headers = [_parameter_sets(part) for part in parts]
    has_mixed_headers = len(set(headers)) > 1
    for part, header in zip(parts, headers, strict=True):
        gop: list[Packet[VideoStream]] = []
        for packet in _read_packets(part):
            if packet.is_keyframe and gop:
                yield gop
                gop = []
            gop.append(_with_parameter_sets(packet, header) if has_mixed_headers and packet.is_keyframe else packet)
        yield gop


def _read_packets(part: EncodedPart) -> Iterator[Packet[VideoStream]]:
    """The part's packets on the replay clock. The first frame, even if late, is shown from the start of the part."""
    offset = round(part.start * TICKS_PER_SECOND)
    is_first = True
    with open_generated_mp4(part.file) as encoded:
        for packet in encoded.demux(encoded.streams.video[0]):
            if packet.pts is not None and packet.dts is not None:
                shift = offset - (packet.pts if is_first else 0)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                is_first = False
                yield packet


def _require_time(time: int | None) -> int:
    if time is None:
        raise ToolError("an encoded part", "holds a packet without a time", "run the command again")
    return time


def _with_parameter_sets(packet: Packet[VideoStream], parameter_sets: bytes) -> Packet[VideoStream]:
    """The same packet, parameter sets first: parts differ in them."""
    from av import Packet as NewPacket

    new_packet: Packet[VideoStream] = NewPacket(parameter_sets + bytes(packet))  # type: ignore[assignment]  # a stream is set later
    new_packet.pts, new_packet.dts, new_packet.duration = packet.pts, packet.dts, packet.duration
    new_packet.time_base, new_packet.is_keyframe = packet.time_base, True
    return new_packet


def _decoder_demand(part: EncodedPart) -> tuple[int, int]:
    """H.264 profile and level, which rank decoders; the same for every part of AV1."""
    avcc = _avcc(part)
    return (avcc[1], avcc[3]) if len(avcc) > 3 else (0, 0)


def _parameter_sets(part: EncodedPart) -> bytes:
    """The H.264 parameter sets of a part, length-prefixed as in its samples.

    Empty for AV1, whose encoder repeats its sequence header in every key frame.
    """
    return length_prefixed(parse_parameter_sets(_avcc(part)))


def _avcc(part: EncodedPart) -> bytes:
    """The codec configuration of an H.264 part; empty for AV1."""
    with open_generated_mp4(part.file) as encoded:
        codec = encoded.streams.video[0].codec_context
        return codec.extradata or b"" if codec.name == "h264" else b""
