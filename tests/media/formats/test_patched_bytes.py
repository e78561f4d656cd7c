"""A stretch of a file is read with what belongs before it and without what is damaged."""

import os
from io import BytesIO

import pytest

from domain.recording import ByteRange
from media.formats.patched_bytes import PatchedByteRange

CONTENT = bytes(range(100))


def patched(byte_range: ByteRange, preamble: bytes = b"", patches: dict[int, bytes] | None = None) -> PatchedByteRange:
    return PatchedByteRange(BytesIO(CONTENT), byte_range, preamble, patches or {})


def read_all(file: PatchedByteRange, count: int) -> bytes:
    return b"".join(iter(lambda: file.read(count), b""))


@pytest.mark.parametrize("count", [1, 7, 1000])
def test_the_preamble_comes_before_the_bytes_of_the_stretch(count: int) -> None:
    assert read_all(patched(ByteRange("flv", 40, 60), b"head"), count) == b"head" + CONTENT[40:60]


@pytest.mark.parametrize("count", [1, 7, 1000])
def test_damaged_packets_are_left_out(count: int) -> None:
    byte_range = ByteRange("flv", 0, 60, damaged_packets=((10, 20), (30, 35)))
    assert read_all(patched(byte_range), count) == CONTENT[:10] + CONTENT[20:30] + CONTENT[35:60]


@pytest.mark.parametrize("count", [1, 7, 1000])
def test_patches_stand_in_for_bytes_of_the_file(count: int) -> None:
    content = read_all(patched(ByteRange("mov", 0, 60), patches={10: b"free"}), count)
    assert content == CONTENT[:10] + b"free" + CONTENT[14:60]


def test_positions_count_from_the_preamble_on() -> None:
    file = patched(ByteRange("flv", 40, 60), b"head")
    assert (file.seek(0, os.SEEK_END), file.tell()) == (24, 24)
    assert file.seek(-20, os.SEEK_CUR) == 4
    assert file.read(2) == CONTENT[40:42]
    assert file.tell() == 6
