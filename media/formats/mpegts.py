"""MPEG-TS packet by packet: where a file changes how its sound or picture is coded.

ffmpeg's demuxer goes on with the old codec or opens a new track in the middle, which few readers notice. Format:
ISO/IEC 13818-1; parameter sets: ISO/IEC 14496-10 and 23008-2; ADTS: 14496-3.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.formats.codec_config import Changes

PACKET_BYTES, SYNC = 188, 0x47
BLOCK_PACKETS = 1 << 16  # 12 MB at a time
H264, HEVC, ADTS = 0x1B, 0x24, 0x0F
SPS_STARTS = {H264: (b"\x00\x00\x01\x67", b"\x00\x00\x01\x27", b"\x00\x00\x01\x47"), HEVC: (b"\x00\x00\x01\x42\x01",)}
START_CODE = b"\x00\x00\x01"
SEEN_OFTEN = 3  # so many in a row must agree before a change counts: a flipped bit is none
PAT_PID = 0
NEIGHBOUR_BYTES = 1 << 18  # an encoder that begins anew changes tables, sound and picture within that: one change


def changes(file: Path) -> Changes:
    """Where packets begin that are coded otherwise than those before."""
    watch = _Watch()
    for start, block in _blocks(file):
        watch.see(start, block)
    places: list[int] = []
    for place in sorted(set(watch.found)):
        if not places or place - places[-1] > NEIGHBOUR_BYTES:
            places.append(place)
    return Changes(tuple(places))


def lead_in(file: Path, start: int) -> bytes:
    """What to read before the packets from `start` on: the last program tables."""
    watch = _Watch()
    for at, block in _blocks(file, start):
        watch.see(at, block)
    return b"".join(watch.tables)


def _blocks(file: Path, end: int | None = None) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Whole packets, (packets, 188), with the place of the first. Bytes between packets are passed over."""
    size = file.stat().st_size if end is None else end
    with file.open("rb") as stream:
        at = 0
        while at + PACKET_BYTES <= size:
            stream.seek(at)
            content = stream.read(min(BLOCK_PACKETS * PACKET_BYTES, size - at))
            skipped = content.find(SYNC)
            if skipped:
                at += skipped if skipped > 0 else len(content)
                continue
            packets = np.frombuffer(content, dtype=np.uint8)[: len(content) // PACKET_BYTES * PACKET_BYTES]
            rows = packets.reshape(-1, PACKET_BYTES)
            wrong = np.flatnonzero(rows[:, 0] != SYNC)
            whole = int(wrong[0]) if len(wrong) else len(rows)
            if whole:
                yield at, rows[:whole]
            at += whole * PACKET_BYTES + (1 if len(wrong) or not whole else 0)


@dataclass
class _Steady:
    """One fact of a track, as bytes: what it is, and since where it has been doubted."""

    known: bytes = b""
    doubted: bytes = b""
    places: list[int] = field(default_factory=list)

    def see(self, fact: bytes, place: int) -> int | None:
        """Where the fact changed, once it has stayed so for a while."""
        if fact == self.known or not self.known:
            self.known, self.places = fact, []
            return None
        if fact != self.doubted:
            self.doubted, self.places = fact, []
        self.places.append(place)
        if len(self.places) < SEEN_OFTEN:
            return None
        self.known, (first, *_), self.places = fact, self.places, []
        return first


class _Watch:
    """Follows the tables, and the first bytes of what they name."""

    def __init__(self) -> None:
        self.found: list[int] = []
        self.pmt_pid: int | None = None
        self.program = _Steady()
        self.coded: dict[int, _Steady] = {}
        self.types: dict[int, int] = {}
        self.tables: tuple[bytes, ...] = ()

    def see(self, start: int, rows: NDArray[np.uint8]) -> None:
        """Packets from byte `start` on."""
        pids = (rows[:, 1].astype(np.int32) & 0x1F) << 8 | rows[:, 2]
        begins = np.flatnonzero(rows[:, 1] & 0x40)
        for row in begins:
            pid, place = int(pids[row]), start + int(row) * PACKET_BYTES
            if pid == PAT_PID:
                self._read_pat(rows[row].tobytes())
            elif pid == self.pmt_pid:
                self._read_pmt(rows[row].tobytes(), place)
            elif pid in self.types:
                self._read_track(pid, rows[row].tobytes(), place)

    def _read_pat(self, packet: bytes) -> None:
        section = _payload(packet)
        section = section[1 + section[0] :] if section else b""
        if len(section) >= 12:
            self.pmt_pid = int.from_bytes(section[10:12]) & 0x1FFF
            self.tables = (packet, *self.tables[1:])

    def _read_pmt(self, packet: bytes, place: int) -> None:
        types = _stream_types(_payload(packet))
        if not types:
            return
        self.tables = (*self.tables[:1], packet)
        told = b"".join(bytes((kind, pid >> 8, pid & 0xFF)) for pid, kind in sorted(types.items()))
        changed = self.program.see(told, place)
        if self.program.known == told:
            self.types = types
        if changed is not None:
            self.coded.clear()
            self.found.append(changed)

    def _read_track(self, pid: int, packet: bytes, place: int) -> None:
        kind = self.types[pid]
        elementary = _elementary(_payload(packet))
        fact = _sps(elementary, SPS_STARTS[kind]) if kind in SPS_STARTS else b""
        if kind == ADTS and elementary[:1] == b"\xff" and len(elementary) >= 4:
            fact = bytes((elementary[1] & 0xF6, elementary[2] & 0xFD, elementary[3] & 0xC0))
        if fact:
            changed = self.coded.setdefault(pid, _Steady()).see(fact, place)
            if changed is not None:
                self.found.append(changed)


def _payload(packet: bytes) -> bytes:
    """What a packet carries behind its header and adaptation field."""
    control = packet[3] >> 4 & 3
    start = 4 + (1 + packet[4] if control & 2 else 0)
    return packet[start:] if control & 1 else b""


def _elementary(pes: bytes) -> bytes:
    """What a packetized elementary stream's first packet carries behind its header."""
    return pes[9 + pes[8] :] if pes[:3] == START_CODE and len(pes) > 9 else b""


def _sps(elementary: bytes, starts: tuple[bytes, ...]) -> bytes:
    """The sequence parameter set, where one begins within these bytes and ends there too."""
    for code in starts:
        at = elementary.find(code)
        end = elementary.find(START_CODE, at + 3)
        if at >= 0 and end > 0:
            return elementary[at:end].rstrip(b"\x00")
    return b""


def _stream_types(section: bytes) -> dict[int, int]:
    """Stream type by PID, of a program map table that fits into one packet; empty where it is none."""
    section = section[1 + section[0] :] if section else b""
    if len(section) < 16 or section[0] != 2:
        return {}
    end = 3 + (int.from_bytes(section[1:3]) & 0x0FFF) - 4
    at = 12 + (int.from_bytes(section[10:12]) & 0x0FFF)
    types = {}
    while at + 5 <= min(end, len(section)):
        types[int.from_bytes(section[at + 1 : at + 3]) & 0x1FFF] = section[at]
        at += 5 + (int.from_bytes(section[at + 3 : at + 5]) & 0x0FFF)
    return types
