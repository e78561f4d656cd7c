"""MP4 boxes as bytes: walked, written, and looked through for damage."""

from pathlib import Path

import pytest

from domain.errors import ToolError
from media.formats import mp4_damage
from media.formats.mp4 import (
    child_box,
    empty_box_header,
    iter_boxes,
    iter_file_boxes,
    split_boxes,
    write_box,
    write_full_box,
)

HEAD = write_box(b"ftyp", b"isom") + write_box(b"moov", bytes(40))
MOOF = write_box(b"moof", write_full_box(b"mfhd", 0, (1).to_bytes(4)))  # as every fragment begins
FRAGMENT = MOOF + write_box(b"mdat", bytes(30))


def written(content: bytes, folder: Path) -> Path:
    file = folder / "recording.mp4"
    file.write_bytes(content)
    return file


def test_what_is_written_is_walked() -> None:
    content = write_box(b"free", b"ab", b"c") + write_full_box(b"mfhd", 1 << 24, b"d")
    assert list(split_boxes(content)) == [
        (b"free", b"\0\0\0\x0bfreeabc"),
        (b"mfhd", b"\0\0\0\x0dmfhd\1\0\0\0d"),
    ]


def test_a_box_may_have_a_length_of_64_bits() -> None:
    content = b"\0\0\0\1mdat" + (20).to_bytes(8) + b"abcd" + HEAD
    assert [(box.box_type, box.start, box.end) for box in iter_boxes(content)][:2] == [
        (b"mdat", 0, 20),
        (b"ftyp", 20, 32),
    ]


def test_a_last_box_may_last_to_the_end_of_the_file() -> None:
    (box,) = iter_boxes(b"\0\0\0\0mdat" + bytes(9))
    assert (box.end, box.extends_to_eof) == (17, True)


def test_a_length_shorter_than_the_header_is_none() -> None:
    first, *_ = iter_boxes(b"\0\0\0\3mdat" + HEAD)
    assert (first.has_valid_size, first.end) == (False, 8)


def test_a_file_is_walked_as_its_bytes_are(tmp_path: Path) -> None:
    content = HEAD + FRAGMENT * 3
    assert list(iter_file_boxes(written(content, tmp_path), 12)) == list(iter_boxes(content, 12))


@pytest.mark.parametrize("content", [FRAGMENT[:-1], FRAGMENT + b"\0", b"\0\0\0\3mdat", b"\0\0\0\0mdat"])
def test_what_ffmpeg_left_unfinished_is_its_fault(content: bytes) -> None:
    with pytest.raises(ToolError, match="is not whole"):
        list(split_boxes(content))


def test_a_child_is_found_by_its_type() -> None:
    assert child_box(MOOF, b"mfhd") == write_full_box(b"mfhd", 0, (1).to_bytes(4))
    with pytest.raises(ToolError, match="has no traf box"):
        child_box(MOOF, b"traf")


@pytest.mark.parametrize("length", [8, 5000, 1 << 33])
def test_an_empty_box_has_the_length_it_is_given(length: int) -> None:
    header = empty_box_header(length)
    (box,) = iter_boxes(header.ljust(16, b"\0")[: max(8, len(header))])
    assert (box.box_type, box.end) == (b"free", length)


def test_a_whole_file_has_no_damage(tmp_path: Path) -> None:
    file = written(HEAD + FRAGMENT * 3, tmp_path)
    assert (mp4_damage.find_damaged_ranges(file), mp4_damage.is_truncated(file)) == ((), False)


def test_a_damaged_box_hides_bytes_up_to_the_next_fragment(tmp_path: Path) -> None:
    start = len(HEAD + FRAGMENT)
    file = written(HEAD + FRAGMENT + bytes(8) + FRAGMENT[8:] + FRAGMENT, tmp_path)
    assert mp4_damage.find_damaged_ranges(file) == ((start, start + len(FRAGMENT)),)
    assert not mp4_damage.is_truncated(file)


def test_a_file_that_ends_within_a_box_is_truncated(tmp_path: Path) -> None:
    assert mp4_damage.is_truncated(written(HEAD + FRAGMENT + FRAGMENT[:-1], tmp_path))
