"""Encoded audio as fMP4 segments without the AAC priming, so that every player starts it at time 0.

The first packet of an AAC encoder (priming) lies before time 0. A file hides it by an edit list, but players of streams
differ in whether they apply one, and would play audio a packet late or early. So priming is cut off here, no edit list
is written, and every packet has its own time. The decoder then lacks half of the first packet's input: it fades in,
over 21 ms at 48 kHz and 32 ms at 32 kHz.
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
from media.demuxer import open_generated_mp4
from media.disk_errors import translate_write_errors
from media.formats.mp4 import BOX_HEADER_BYTES, write_box, write_full_box

if TYPE_CHECKING:
    from av import AudioStream
    from av.container import InputContainer

INIT_SEGMENT_OPTIONS = {"movflags": "empty_moov+default_base_moof+skip_trailer", "fflags": "+bitexact"}
TRACK_ID = 1
INDEPENDENT_SAMPLE_FLAGS = 0x02000000  # ISO 14496-12, 8.8.3.1: sample_depends_on = 2, not a difference from another
DEFAULT_BASE_IS_MOOF, HAS_DURATION, HAS_FLAGS = 0x20000, 0x8, 0x20  # of tfhd
HAS_DATA_OFFSET, HAS_DURATIONS, HAS_SIZES = 0x1, 0x100, 0x200  # of trun
TFDT_VERSION_1 = 1 << 24  # version 1 of tfdt: 64 bits
ROUNDING_SAMPLES = 0.5  # boundaries are sums of seconds


@dataclass(frozen=True, slots=True)
class AudioSegment:
    """One segment, an MP4 fragment, and its duration in seconds."""

    content: bytes
    duration: float


@dataclass(frozen=True, slots=True)
class _AacPacket:
    """One AAC packet: its first sample and how many it has."""

    content: bytes
    start_sample: int
    sample_count: int


def write_audio_segments(file: Path, init: Path, boundaries: Sequence[Seconds]) -> Iterator[AudioSegment]:
    """Write an AAC file's header to `init` and yield its segments, each cut at the first packet at or after a boundary.

    `boundaries`: rising, in seconds. Memory: one segment. ToolError if the file isn't whole.
    """
    with open_generated_mp4(file) as encoded:
        track = encoded.streams.audio[0]
        sample_rate = track.sample_rate
        with translate_write_errors(init):
            init.write_bytes(_init_segment(track))
        boundary_samples = deque(boundary * sample_rate - ROUNDING_SAMPLES for boundary in boundaries)
        pending: list[_AacPacket] = []
        number = 0
        for packet in _read_packets(encoded, file):
            if boundary_samples and packet.start_sample >= boundary_samples[0]:
                while boundary_samples and packet.start_sample >= boundary_samples[0]:
                    boundary_samples.popleft()
                if pending:
                    number += 1
                    yield _audio_segment(pending, number, sample_rate)
                pending = []
            pending.append(packet)
        if pending:
            yield _audio_segment(pending, number + 1, sample_rate)


def _read_packets(encoded: InputContainer, file: Path) -> Iterator[_AacPacket]:
    """The packets from time 0 on, timed in samples as in every audio MP4 file that ffmpeg writes."""
    track = encoded.streams.audio[0]
    if track.time_base != Fraction(1, track.sample_rate):
        raise ToolError(file, f"is timed in {track.time_base} s, not in samples", "tell the authors")
    for packet in encoded.demux(track):
        if packet.pts is not None and packet.pts >= 0:
            yield _AacPacket(bytes(packet), packet.pts, packet.duration or 0)


def _init_segment(track: AudioStream) -> bytes:
    import av

    content = BytesIO()
    with av.open(content, "w", format="mp4", container_options=INIT_SEGMENT_OPTIONS) as writer:
        writer.add_stream_from_template(track)
        writer.start_encoding()
    return content.getvalue()


def _audio_segment(packets: Sequence[_AacPacket], number: int, sample_rate: int) -> AudioSegment:
    sample_count = sum(packet.sample_count for packet in packets)
    return AudioSegment(_fragment(packets, number), sample_count / sample_rate)


def _fragment(packets: Sequence[_AacPacket], number: int) -> bytes:
    """ISO 14496-12, 8.8: moof and mdat."""
    content = b"".join(packet.content for packet in packets)
    moof = _moof(packets, number, 0)
    return _moof(packets, number, len(moof) + BOX_HEADER_BYTES) + write_box(b"mdat", content)


def _moof(packets: Sequence[_AacPacket], number: int, data_offset: int) -> bytes:
    header = pack(">III", TRACK_ID, packets[0].sample_count, INDEPENDENT_SAMPLE_FLAGS)
    track = (
        write_full_box(b"tfhd", DEFAULT_BASE_IS_MOOF | HAS_DURATION | HAS_FLAGS, header),
        write_full_box(b"tfdt", TFDT_VERSION_1, pack(">Q", packets[0].start_sample)),
        _trun(packets, data_offset),
    )
    return write_box(b"moof", write_full_box(b"mfhd", 0, pack(">I", number)), write_box(b"traf", *track))


def _trun(packets: Sequence[_AacPacket], data_offset: int) -> bytes:
    """All packets are as long as the first, except the last one of the show."""
    head = pack(">II", len(packets), data_offset)
    if all(packet.sample_count == packets[0].sample_count for packet in packets):
        sizes = (pack(">I", len(packet.content)) for packet in packets)
        return write_full_box(b"trun", HAS_DATA_OFFSET | HAS_SIZES, head, *sizes)
    entries = (pack(">II", packet.sample_count, len(packet.content)) for packet in packets)
    return write_full_box(b"trun", HAS_DATA_OFFSET | HAS_DURATIONS | HAS_SIZES, head, *entries)
