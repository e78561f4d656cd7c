"""Encoded sound as segments that begin where it does, the same to every player.

The first packet of an AAC encoder holds what lies before time 0. A file hides it by an edit list; players of streams
differ in whether they heed one, and would play sound a packet late or early. So it is left out here, no edit list is
written, and every packet has its own time. The decoder then lacks half of what makes up the first packet heard: that
fades in, over 21 ms at 48 kHz and 32 ms at 32 kHz.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING

from domain.clock import Seconds
from domain.errors import ToolError
from media.demuxer import made
from media.disk_errors import writing

if TYPE_CHECKING:
    from av import AudioStream
    from av.container import InputContainer

HEADER_ONLY = {"movflags": "empty_moov+default_base_moof+skip_trailer", "fflags": "+bitexact"}
TRACK = 1
PLAYS_ALONE = 0x02000000  # ISO 14496-12, 8.8.3.1: sample_depends_on = 2, not a difference from another
OFFSET_FROM_MOOF, HAS_DURATION, HAS_FLAGS = 0x20000, 0x8, 0x20  # of tfhd
HAS_DATA_OFFSET, HAS_DURATIONS, HAS_SIZES = 0x1, 0x100, 0x200  # of trun
LONG_TIME = 1 << 24  # version 1 of tfdt: 64 bits
BOX_HEADER_BYTES = 8
ROUNDING = 0.5  # samples: borders are sums of seconds


@dataclass(frozen=True, slots=True)
class SoundSegment:
    """One segment, a fragment of MP4, and the seconds that it lasts."""

    content: bytes
    duration: float


@dataclass(frozen=True, slots=True)
class _Packet:
    """One packet of AAC: when it is heard, in samples, for how many."""

    content: bytes
    start: int
    samples: int


def sound_segments(file: Path, init: Path, borders: Sequence[Seconds]) -> Iterator[SoundSegment]:
    """Write an AAC file's header to `init`, then give its packets, cut at the first that begins at or after a border.

    `borders` are rising seconds. Memory: one segment. ToolError if the file isn't whole.
    """
    with made(file) as encoded:
        track = encoded.streams.audio[0]
        rate = track.sample_rate
        with writing(init):
            init.write_bytes(_header(track))
        ahead = deque(border * rate - ROUNDING for border in borders)
        held: list[_Packet] = []
        number = 0
        for packet in _packets(encoded, file):
            if ahead and packet.start >= ahead[0]:
                while ahead and packet.start >= ahead[0]:
                    ahead.popleft()
                if held:
                    number += 1
                    yield _segment(held, number, rate)
                held = []
            held.append(packet)
        if held:
            yield _segment(held, number + 1, rate)


def _packets(encoded: InputContainer, file: Path) -> Iterator[_Packet]:
    """The packets heard from time 0 on. In an MP4 file that ffmpeg writes, sound is timed in samples."""
    track = encoded.streams.audio[0]
    if track.time_base != Fraction(1, track.sample_rate):
        raise ToolError(file, f"is timed in {track.time_base} s, not in samples", "tell the authors")
    for packet in encoded.demux(track):
        if packet.pts is not None and packet.pts >= 0:
            yield _Packet(bytes(packet), packet.pts, packet.duration or 0)


def _header(track: AudioStream) -> bytes:
    import av

    content = BytesIO()
    with av.open(content, "w", format="mp4", container_options=HEADER_ONLY) as writer:
        writer.add_stream_from_template(track)
        writer.start_encoding()
    return content.getvalue()


def _segment(packets: Sequence[_Packet], number: int, rate: int) -> SoundSegment:
    samples = sum(packet.samples for packet in packets)
    return SoundSegment(_fragment(packets, number), samples / rate)


def _fragment(packets: Sequence[_Packet], number: int) -> bytes:
    """ISO 14496-12, 8.8: moof and mdat."""
    content = b"".join(packet.content for packet in packets)
    moof = _moof(packets, number, 0)
    return _moof(packets, number, len(moof) + BOX_HEADER_BYTES) + _box(b"mdat", content)


def _moof(packets: Sequence[_Packet], number: int, data_offset: int) -> bytes:
    header = pack(">III", TRACK, packets[0].samples, PLAYS_ALONE)
    track = (
        _full_box(b"tfhd", OFFSET_FROM_MOOF | HAS_DURATION | HAS_FLAGS, header),
        _full_box(b"tfdt", LONG_TIME, pack(">Q", packets[0].start)),
        _run(packets, data_offset),
    )
    return _box(b"moof", _full_box(b"mfhd", 0, pack(">I", number)), _box(b"traf", *track))


def _run(packets: Sequence[_Packet], data_offset: int) -> bytes:
    """All packets are as long as the first, but the last of the show."""
    head = pack(">II", len(packets), data_offset)
    if all(packet.samples == packets[0].samples for packet in packets):
        sizes = (pack(">I", len(packet.content)) for packet in packets)
        return _full_box(b"trun", HAS_DATA_OFFSET | HAS_SIZES, head, *sizes)
    both = (pack(">II", packet.samples, len(packet.content)) for packet in packets)
    return _full_box(b"trun", HAS_DATA_OFFSET | HAS_DURATIONS | HAS_SIZES, head, *both)


def _full_box(kind: bytes, version_and_flags: int, *content: bytes) -> bytes:
    return _box(kind, pack(">I", version_and_flags), *content)


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return pack(">I4s", BOX_HEADER_BYTES + len(body), kind) + body
