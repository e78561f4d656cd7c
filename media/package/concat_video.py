"""Encoded parts as one stream of packets, with times to the tick. Nothing is decoded.

ffmpeg's fragmented MP4 writer begins a segment where the packets before it end, in decoding and in presentation time
alike, whatever times its first packet has. With uneven frames and B-frames the times that encoders leave don't
fit that. So each packet gets the duration, and each key frame the decoding time, that make the ends meet.
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
from media.demuxer import made
from media.disk_errors import writing
from media.formats.fmp4 import Fragment, fragment

if TYPE_CHECKING:
    from av import Packet, VideoStream

TICKS = 90_000  # a second, in the parts: every usual frame rate and container clock is whole in it
NAL_LENGTH_BYTES = 4
PLAYLIST_NAME = "index.m3u8"
A_FRAGMENT_A_KEY_FRAME = {
    "hls_segment_type": "fmp4",
    "hls_list_size": "1",  # the writer keeps 13 kB for each in its playlist, which nobody reads
    "hls_time": "0.001",
    "hls_flags": "independent_segments",
    "hls_fmp4_init_filename": "init.mp4",
    "hls_segment_filename": "%05d.m4s",
    "avoid_negative_ts": "disabled",  # else a delayed decoder shifts picture against sound
    "fflags": "+bitexact",
}
SET_COUNT_BITS = 0x1F  # ISO 14496-15: the rest of that byte of avcC is reserved


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """One part of one rendition: an MP4 file whose time 0 is `start` of the replay, and which is shown until `end`."""

    file: Path
    start: Seconds
    end: Seconds


def write_fragments(parts: Sequence[EncodedPart], init: Path) -> Iterator[Fragment]:
    """Write the parts, in order, as one rendition: its header to `init`, and what begins with a key frame as it comes.

    The header is that of the part that asks most of a decoder: playlists tell players so. Memory: what lies between
    two key frames. MediaError where a picture would be shown before it is decoded.
    """
    try:
        yield from _fragments(parts, init)
    except _DisorderError as error:
        what = "has pictures whose times cannot be put in order"
        raise MediaError("the recording", what, "encode it anew with a tool that you trust, and use that") from error


class _DisorderError(Exception):
    """A picture is decoded after it is shown."""


def _fragments(parts: Sequence[EncodedPart], init: Path) -> Iterator[Fragment]:
    import av

    sink, lengths = _Sink(init), deque[int]()
    with ExitStack() as stack:
        template = stack.enter_context(made(max(parts, key=_demand).file)).streams.video[0]
        try:
            writer = av.open(
                PLAYLIST_NAME, "w", format="hls", container_options=A_FRAGMENT_A_KEY_FRAME, io_open=sink.opened
            )
            out = stack.enter_context(writer)
            track = out.add_stream_from_template(template, opaque=True)  # AV1 is decoded and encoded by two names
            for packet in _spliced(parts, lengths):
                packet.stream = track
                out.mux(packet)
                yield from sink.finished(lengths)
        except av.FFmpegError as error:
            raise ToolError(init, f"cannot be written ({error.strerror})", "free some space; try again") from error
    yield from sink.finished(lengths)


class _Sink:
    """Takes what the writer writes: the header to a file, fragments into memory, its own playlist nowhere."""

    def __init__(self, init: Path) -> None:
        self._init = init
        self._open: list[_Kept] = []

    def opened(self, name: str, _flags: int, _options: dict[str, str]) -> IO[bytes]:
        if name.endswith(".mp4"):
            with writing(self._init):
                return self._init.open("wb")
        buffer = _Kept()
        if name.endswith(".m4s"):
            self._open.append(buffer)
        return buffer

    def finished(self, lengths: deque[int]) -> Iterator[Fragment]:
        """The fragments that the writer has closed, each once. `lengths`: the ticks that each is shown, in order."""
        while self._open and self._open[0].is_whole:
            yield fragment(self._open.pop(0).getvalue(), lengths.popleft())


class _Kept(BytesIO):
    """Bytes that outlive closing."""

    is_whole = False

    def close(self) -> None:
        self.is_whole = True


def _spliced(parts: Sequence[EncodedPart], lengths: deque[int]) -> Iterator[Packet[VideoStream]]:
    """Every packet, in decoding order, on the replay clock. `lengths` is told the ticks that each group is shown."""
    lead = 0  # how long before it is shown the last packet is decoded, ticks
    decoded = None
    for group, shown_until in _groups_until(parts):
        shown = sorted(_ticks(packet.pts) for packet in group)
        lengths.append(shown_until - shown[0])
        until = dict(pairwise([*shown, shown_until]))
        for number, packet in enumerate(group):
            pts, dts = _ticks(packet.pts), _ticks(packet.dts)
            if decoded is not None:
                dts = pts - lead if number == 0 else max(dts, decoded + 1)
            packet.dts = decoded = dts
            is_last = number == len(group) - 1
            packet.duration = (shown_until if is_last else until[pts]) - pts
            lead = pts - dts
            if lead < 0:
                raise _DisorderError
            yield packet


def _groups_until(parts: Sequence[EncodedPart]) -> Iterator[tuple[list[Packet[VideoStream]], int]]:
    """Each key frame with what depends on it, and when the next is shown, or the end comes.

    The last picture is held to the end of its part, as others are to the next: its own length says nothing of that.
    """
    held: list[Packet[VideoStream]] = []
    for group in _groups(parts):
        if held:
            yield held, _ticks(group[0].pts)
        held = group
    if held:
        last = max(_ticks(packet.pts) for packet in held)
        yield held, max(last + 1, round(parts[-1].end * TICKS))


def _groups(parts: Sequence[EncodedPart]) -> Iterator[list[Packet[VideoStream]]]:
    headers = [_parameter_sets(part) for part in parts]
    is_mixed = len(set(headers)) > 1
    for part, header in zip(parts, headers, strict=True):
        group: list[Packet[VideoStream]] = []
        for packet in _packets(part):
            if packet.is_keyframe and group:
                yield group
                group = []
            group.append(_with_header(packet, header) if is_mixed and packet.is_keyframe else packet)
        yield group


def _packets(part: EncodedPart) -> Iterator[Packet[VideoStream]]:
    """The part's packets on the replay clock. The first picture, however late, is shown from the start of the part."""
    offset = round(part.start * TICKS)
    is_first = True
    with made(part.file) as encoded:
        for packet in encoded.demux(encoded.streams.video[0]):
            if packet.pts is not None and packet.dts is not None:
                late = _ticks(packet.pts) if is_first else 0
                packet.pts, packet.dts = _ticks(packet.pts) - late + offset, _ticks(packet.dts) - late + offset
                is_first = False
                yield packet


def _ticks(time: int | None) -> int:
    if time is None:
        raise ToolError("an encoded part", "holds a packet without a time", "run the command again")
    return time


def _with_header(packet: Packet[VideoStream], header: bytes) -> Packet[VideoStream]:
    """The same packet, telling its decoder how to read it: parts of unlike recordings differ in that."""
    from av import Packet as NewPacket

    told: Packet[VideoStream] = NewPacket(header + bytes(packet))  # type: ignore[assignment]  # a stream is set later
    told.pts, told.dts, told.duration, told.time_base = packet.pts, packet.dts, packet.duration, packet.time_base
    told.is_keyframe = True
    return told


def _demand(part: EncodedPart) -> tuple[int, int]:
    """What H.264 asks of a decoder: profile and level, the higher the more. The same for every part of AV1."""
    with made(part.file) as encoded:
        codec = encoded.streams.video[0].codec_context
        declared = codec.extradata or b""
    return (declared[1], declared[3]) if codec.name == "h264" and len(declared) > 3 else (0, 0)


def _parameter_sets(part: EncodedPart) -> bytes:
    """The H.264 parameter sets of a part as they stand in its samples: from avcC (ISO 14496-15, 5.3.3.1).

    Nothing for AV1, whose encoder repeats its sequence header in every key frame.
    """
    with made(part.file) as encoded:
        codec = encoded.streams.video[0].codec_context
        declared = codec.extradata or b""
    if codec.name != "h264":
        return b""
    sets, at = b"", 5
    for _ in ("sequence", "picture"):
        count, at = declared[at] & SET_COUNT_BITS, at + 1
        for _ in range(count):
            length = int.from_bytes(declared[at : at + 2])
            sets += length.to_bytes(NAL_LENGTH_BYTES) + declared[at + 2 : at + 2 + length]
            at += 2 + length
    return sets
