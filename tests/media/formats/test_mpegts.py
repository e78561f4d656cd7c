"""MPEG-TS packets made by hand: program tables, and audio as ADTS frames."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from media.formats.codec_changes import MIN_CONFIRMATIONS
from media.formats.mpegts import ADTS, H264, PACKET_BYTES, find_codec_changes, is_truncated, read_preamble

PMT_PID, VIDEO_PID, AUDIO_PID = 0x1000, 0x100, 0x101
FAR = 3000  # packets: farther apart than changes that count as one
RATE_INDEX_44_KHZ, RATE_INDEX_22_KHZ = 4, 7


def packet(pid: int, payload: bytes) -> bytes:
    """A packet that begins a unit."""
    return (bytes((0x47, 0x40 | pid >> 8, pid & 0xFF, 0x10)) + payload).ljust(PACKET_BYTES, b"\xff")


def pat() -> bytes:
    return packet(0, bytes(9) + (1).to_bytes(2) + (0xE000 | PMT_PID).to_bytes(2))


def pmt(video_type: int = H264) -> bytes:
    tracks = ((video_type, VIDEO_PID), (ADTS, AUDIO_PID))
    entries = b"".join(bytes((stream_type,)) + (0xE000 | pid).to_bytes(2) + bytes(2) for stream_type, pid in tracks)
    length = 9 + len(entries) + 4
    return packet(PMT_PID, b"\0\x02" + (0xB000 | length).to_bytes(2) + bytes(9) + entries + bytes(4))


def audio(rate_index: int) -> bytes:
    """An ADTS frame of AAC-LC at the sample rate with this index."""
    return packet(AUDIO_PID, b"\0\0\1\xc0" + bytes(5) + bytes((0xFF, 0xF1, 0x40 | rate_index << 2, 0x40)) + bytes(9))


def written(packets: Iterable[bytes], folder: Path) -> Path:
    file = folder / "recording.ts"
    file.write_bytes(b"".join(packets))
    return file


def test_a_new_sample_rate_that_stays_is_a_change_where_it_began(tmp_path: Path) -> None:
    before, after = audio(RATE_INDEX_44_KHZ), audio(RATE_INDEX_22_KHZ)
    file = written([pat(), pmt(), *[before] * 5, *[after] * MIN_CONFIRMATIONS], tmp_path)
    assert find_codec_changes(file).offsets == (7 * PACKET_BYTES,)


def test_a_new_sample_rate_that_does_not_stay_is_none(tmp_path: Path) -> None:
    before, after = audio(RATE_INDEX_44_KHZ), audio(RATE_INDEX_22_KHZ)
    file = written([pat(), pmt(), *[before] * 5, *[after] * (MIN_CONFIRMATIONS - 1), before], tmp_path)
    assert find_codec_changes(file).offsets == ()


def test_another_codec_in_the_program_map_is_a_change(tmp_path: Path) -> None:
    file = written([pat(), pmt(), *[audio(RATE_INDEX_44_KHZ)] * FAR, *[pmt(0x24)] * MIN_CONFIRMATIONS], tmp_path)
    assert find_codec_changes(file).offsets == ((FAR + 2) * PACKET_BYTES,)


def test_tables_and_tracks_that_change_within_a_moment_are_one_change(tmp_path: Path) -> None:
    after = [packets for _ in range(MIN_CONFIRMATIONS) for packets in (pmt(0x24), audio(RATE_INDEX_22_KHZ))]
    file = written([pat(), pmt(), *[audio(RATE_INDEX_44_KHZ)] * 5, *after], tmp_path)
    assert find_codec_changes(file).offsets == (7 * PACKET_BYTES,)


def test_bytes_between_packets_are_skipped(tmp_path: Path) -> None:
    before, after = audio(RATE_INDEX_44_KHZ), audio(RATE_INDEX_22_KHZ)
    file = written([pat(), pmt(), before, b"\0" * 50, *[after] * MIN_CONFIRMATIONS], tmp_path)
    assert find_codec_changes(file).offsets == (3 * PACKET_BYTES + 50,)


def test_a_reader_that_begins_in_the_middle_gets_the_last_tables_before(tmp_path: Path) -> None:
    file = written([pat(), pmt(), audio(RATE_INDEX_44_KHZ), pmt(0x24), audio(RATE_INDEX_44_KHZ)], tmp_path)
    assert read_preamble(file, 3 * PACKET_BYTES) == pat() + pmt()
    assert read_preamble(file, 5 * PACKET_BYTES) == pat() + pmt(0x24)


@pytest.mark.parametrize(("lost_bytes", "expected"), [(0, False), (1, True), (PACKET_BYTES, False)])
def test_a_file_that_ends_within_a_packet_is_truncated(lost_bytes: int, expected: bool, tmp_path: Path) -> None:
    content = (pat() + pmt()) * 2
    assert is_truncated(written([content[: len(content) - lost_bytes]], tmp_path)) is expected
