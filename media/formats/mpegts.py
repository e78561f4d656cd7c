"""MPEG-TS packet by packet: where a file changes how its audio or video is coded, and whether it is cut off.

Format: ISO/IEC 13818-1; parameter sets: ISO/IEC 14496-10 and 23008-2; ADTS: 14496-3.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.formats.codec_changes import CodecChanges, ConfirmedValue

PACKET_BYTES, SYNC_BYTE = 188, 0x47
BLOCK_PACKETS = 1 << 16  # 12 MB at a time
H264, HEVC, ADTS = 0x1B, 0x24, 0x0F
SPS_START_CODES = {
    H264: (b"\x00\x00\x01\x67", b"\x00\x00\x01\x27", b"\x00\x00\x01\x47"),
    HEVC: (b"\x00\x00\x01\x42\x01",),
}
START_CODE = b"\x00\x00\x01"
PAT_PID = 0
CHANGE_MERGE_BYTES = 1 << 18  # an encoder that restarts changes tables, audio and video within that: one change


def find_codec_changes(file: Path) -> CodecChanges:
    """The offsets of packets that are coded otherwise than those before."""
    tracker = _TsCodecTracker()
    for start, block in _iter_packet_blocks(file):
        tracker.observe(start, block)
    offsets: list[int] = []
    for offset in sorted(set(tracker.change_offsets)):
        if not offsets or offset - offsets[-1] > CHANGE_MERGE_BYTES:
            offsets.append(offset)
    return CodecChanges(tuple(offsets))


def read_preamble(file: Path, start: int) -> bytes:
    """What a reader needs before the packets from `start` on: the last program tables."""
    tracker = _TsCodecTracker()
    for block_start, block in _iter_packet_blocks(file, start):
        tracker.observe(block_start, block)
    return b"".join(tracker.program_tables)


def is_truncated(file: Path) -> bool:
    """Whether the file, which begins with two whole packets, ends within one."""
    with file.open("rb") as stream:
        head = stream.read(PACKET_BYTES + 1)
    return head[:1] == head[PACKET_BYTES:] and file.stat().st_size % PACKET_BYTES != 0


def _iter_packet_blocks(file: Path, end: int | None = None) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Whole packets, uint8 (packets, 188), with the offset of the first. Bytes between packets are skipped."""
    size = file.stat().st_size if end is None else end
    with file.open("rb") as stream:
        offset = 0
        while offset + PACKET_BYTES <= size:
            stream.seek(offset)
            content = stream.read(min(BLOCK_PACKETS * PACKET_BYTES, size - offset))
            skipped = content.find(SYNC_BYTE)
            if skipped:
                offset += skipped if skipped > 0 else len(content)
                continue
            packets = np.frombuffer(content, dtype=np.uint8)[: len(content) // PACKET_BYTES * PACKET_BYTES]
            rows = packets.reshape(-1, PACKET_BYTES)
            bad_sync_rows = np.flatnonzero(rows[:, 0] != SYNC_BYTE)
            packet_count = int(bad_sync_rows[0]) if len(bad_sync_rows) else len(rows)
            if packet_count:
                yield offset, rows[:packet_count]
            offset += packet_count * PACKET_BYTES + (1 if len(bad_sync_rows) or not packet_count else 0)


class _TsCodecTracker:
    """Follows the program tables and the codec configurations of the tracks that they name."""

    def __init__(self) -> None:
        self.change_offsets: list[int] = []
        self.pmt_pid: int | None = None
        self.program_map = ConfirmedValue()
        self.codec_configs: dict[int, ConfirmedValue] = {}
        self.stream_types: dict[int, int] = {}
        self.program_tables: tuple[bytes, ...] = ()

    def observe(self, start: int, rows: NDArray[np.uint8]) -> None:
        """Take note of packets, uint8 (packets, 188), the first of which lies at byte `start`."""
        pids = (rows[:, 1].astype(np.int32) & 0x1F) << 8 | rows[:, 2]
        unit_start_rows = np.flatnonzero(rows[:, 1] & 0x40)
        for row in unit_start_rows:
            pid, offset = int(pids[row]), start + int(row) * PACKET_BYTES
            if pid == PAT_PID:
                self._read_pat(rows[row].tobytes())
            elif pid == self.pmt_pid:
                self._read_pmt(rows[row].tobytes(), offset)
            elif pid in self.stream_types:
                self._read_track(pid, rows[row].tobytes(), offset)

    def _read_pat(self, packet: bytes) -> None:
        section = _payload(packet)
        section = section[1 + section[0] :] if section else b""
        if len(section) >= 12:
            self.pmt_pid = int.from_bytes(section[10:12]) & 0x1FFF
            self.program_tables = (packet, *self.program_tables[1:])

    def _read_pmt(self, packet: bytes, offset: int) -> None:
        stream_types = _parse_pmt(_payload(packet))
        if not stream_types:
            return
        self.program_tables = (*self.program_tables[:1], packet)
        entries = b"".join(bytes((kind, pid >> 8, pid & 0xFF)) for pid, kind in sorted(stream_types.items()))
        change_offset = self.program_map.observe(entries, offset)
        if self.program_map.confirmed == entries:
            self.stream_types = stream_types
        if change_offset is not None:
            self.codec_configs.clear()
            self.change_offsets.append(change_offset)

    def _read_track(self, pid: int, packet: bytes, offset: int) -> None:
        stream_type = self.stream_types[pid]
        elementary = _pes_payload(_payload(packet))
        codec_config = _find_sps(elementary, SPS_START_CODES[stream_type]) if stream_type in SPS_START_CODES else b""
        if stream_type == ADTS and elementary[:1] == b"\xff" and len(elementary) >= 4:
            codec_config = bytes((elementary[1] & 0xF6, elementary[2] & 0xFD, elementary[3] & 0xC0))
        if codec_config:
            change_offset = self.codec_configs.setdefault(pid, ConfirmedValue()).observe(codec_config, offset)
            if change_offset is not None:
                self.change_offsets.append(change_offset)


def _payload(packet: bytes) -> bytes:
    """The bytes of a packet after its header and adaptation field."""
    adaptation_control = packet[3] >> 4 & 3
    start = 4 + (1 + packet[4] if adaptation_control & 2 else 0)
    return packet[start:] if adaptation_control & 1 else b""


def _pes_payload(pes: bytes) -> bytes:
    """The bytes of a packetized elementary stream's first packet after its header."""
    return pes[9 + pes[8] :] if pes[:3] == START_CODE and len(pes) > 9 else b""


def _find_sps(elementary: bytes, start_codes: tuple[bytes, ...]) -> bytes:
    """The sequence parameter set, where a whole one lies within these bytes."""
    for code in start_codes:
        start = elementary.find(code)
        end = elementary.find(START_CODE, start + 3)
        if start >= 0 and end > 0:
            return elementary[start:end].rstrip(b"\x00")
    return b""


def _parse_pmt(section: bytes) -> dict[int, int]:
    """Stream types by PID, of a program map table that fits into one packet; empty where it is none."""
    section = section[1 + section[0] :] if section else b""
    if len(section) < 16 or section[0] != 2:
        return {}
    end = 3 + (int.from_bytes(section[1:3]) & 0x0FFF) - 4
    offset = 12 + (int.from_bytes(section[10:12]) & 0x0FFF)
    types = {}
    while offset + 5 <= min(end, len(section)):
        types[int.from_bytes(section[offset + 1 : offset + 3]) & 0x1FFF] = section[offset]
        offset += 5 + (int.from_bytes(section[offset + 3 : offset + 5]) & 0x0FFF)
    return types
