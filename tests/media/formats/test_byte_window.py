"""A file has the same bytes through a window of any size, and a larger file takes no more memory."""

import re
import resource
from multiprocessing import get_context
from pathlib import Path

import pytest

from domain.errors import MediaError
from fixtures.broken.bytes import FLV_HEADER_BYTES
from media.formats import flv
from media.formats.byte_window import ByteWindow, open_byte_window
from media.formats.codec_changes import MIN_CONFIRMATIONS

CONTENT = bytes(range(1, 101))
WINDOWS = (1, 7, 64, 1000)
LARGE_BYTES, MEMORY_BYTES = 3 << 30, 1 << 30
TAG_BYTES = (1 << 24) - 1  # of what the largest holds


@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_any_slice_is_that_of_the_file(window_bytes: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    with (tmp_path / "file").open("rb") as stream:
        window = ByteWindow(stream, window_bytes)
        for start, end in ((0, 5), (60, 75), (3, 99), (95, 120), (100, 101), (0, 100)):
            assert window[start:end] == CONTENT[start:end]
        assert (window[0], window[99], len(window)) == (1, 100, 100)


@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_a_pattern_is_found_across_the_edges_of_windows(window_bytes: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT * 2)
    with (tmp_path / "file").open("rb") as stream:
        offsets = ByteWindow(stream, window_bytes).find_all(re.compile(rb"\x08[\s\S]{3}"), 2, 4)
        assert list(offsets) == [7, 107]


def test_a_file_that_the_machine_cannot_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=rf"{tmp_path}.*cannot be read \(Is a directory\)"), open_byte_window(tmp_path):
        pass


def test_an_flv_larger_than_the_readers_memory_is_searched(tmp_path: Path) -> None:
    with get_context("spawn").Pool(1, _bound) as pool:
        assert pool.apply(flv.find_codec_changes, (_large(tmp_path / "large.flv"),)).offsets == (LAST,)


LAST = FLV_HEADER_BYTES + LARGE_BYTES // TAG_BYTES * (TAG_BYTES + 15)


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _large(file: Path) -> Path:
    """AAC in tags that are holes on the disk, and MP3 behind them."""
    with file.open("wb") as stream:
        stream.write(b"FLV\x01\x05\0\0\0\x09\0\0\0\0")
        for _ in range(LARGE_BYTES // TAG_BYTES):
            stream.write(b"\x08" + TAG_BYTES.to_bytes(3) + bytes(7) + b"\xaf\x01")
            stream.seek(TAG_BYTES - 2, 1)
            stream.write((TAG_BYTES + 11).to_bytes(4))
        stream.write((b"\x08\0\0\x04" + bytes(7) + b"\x2f\xff\xfb\0" + b"\0\0\0\x0f") * MIN_CONFIRMATIONS)
    return file
