"""The outermost boxes of MP4 files: whether the last is whole, and where a damaged one hides those behind it.

A reader that meets a box whose header is damaged passes over all that follows. In a fragmented file that is sound:
each fragment tells where it belongs. Format: ISO/IEC 14496-12, 4.2 and 8.8.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.recording import ByteRange
from media.formats.byte_window import ByteWindow, open_byte_window

BOX_HEADER_BYTES = 8
BOX_TYPE_PATTERN = re.compile(rb"[A-Za-z0-9 \xa9_-]{4}")
MOOF_PATTERN = re.compile(rb"moof\x00\x00\x00\x10mfhd")  # 8.8.5: the first box in a fragment's, of one length always
MOOF_PATTERN_BYTES, BOX_TYPE_OFFSET = 12, 4
MAX_MOOF_HEAD_BYTES = 256  # of a fragment, within which its first track's header comes
HAS_BASE_DATA_OFFSET = 0x1


@dataclass(frozen=True, slots=True)
class Mp4Box:
    """One box: its kind, its first byte and the one behind it, which may lie beyond the file's end.

    `extends_to_eof`: it claims to last to the file's end, which only the last may. `has_valid_size`: its length can be
    one.
    """

    box_type: bytes
    start: int
    end: int
    extends_to_eof: bool = False
    has_valid_size: bool = True


def iter_top_level_boxes(file: Path, start: int = 0) -> Iterator[Mp4Box]:
    """The outermost boxes, one behind the other."""
    size_bytes, offset = file.stat().st_size, start
    with file.open("rb") as stream:
        while offset + BOX_HEADER_BYTES <= size_bytes:
            stream.seek(offset)
            header = stream.read(2 * BOX_HEADER_BYTES)
            length = int.from_bytes(header[:4])
            extends_to_eof = length == 0
            length = int.from_bytes(header[8:]) if length == 1 else length or size_bytes - offset
            end = offset + max(BOX_HEADER_BYTES, length)
            yield Mp4Box(header[4:8], offset, end, extends_to_eof, length >= BOX_HEADER_BYTES)
            offset = end


def is_truncated(file: Path) -> bool:
    """Whether the file ends within a box, or with a box that none can be told from, where it has fragments."""
    is_fragmented, size_bytes = False, file.stat().st_size
    damaged_ranges = find_damaged_ranges(file)
    for box in iter_top_level_boxes(file, damaged_ranges[-1].end if damaged_ranges else 0):
        is_fragmented = is_fragmented or box.box_type == b"moof"
        if box.end > size_bytes:
            return True
        if is_fragmented and not (box.has_valid_size and BOX_TYPE_PATTERN.fullmatch(box.box_type)):
            return True
    return False


def find_damaged_ranges(file: Path) -> tuple[ByteRange, ...]:
    """Stretches of a fragmented file from a box that cannot be one, to the next fragment.

    None where bytes were lost or came in, and fragments tell their places in the file: those are wrong from there on.
    """
    damaged_ranges: list[ByteRange] = []
    has_header, fragment_start, size_bytes = False, 0, file.stat().st_size
    with open_byte_window(file) as content:
        while True:
            valid_boxes, broken_box = _boxes_until_broken(file, fragment_start, size_bytes)
            has_header = has_header or any(box.box_type == b"moov" for box in valid_boxes)
            if broken_box is None or not has_header:
                return tuple(damaged_ranges)
            moof_offsets = content.find_all(MOOF_PATTERN, broken_box.start + BOX_TYPE_OFFSET + 1, MOOF_PATTERN_BYTES)
            fragment_start = next(moof_offsets, 0) - BOX_TYPE_OFFSET
            if fragment_start < 0 or not _has_matching_base_offset(content, fragment_start):
                return tuple(damaged_ranges)
            start = (
                broken_box.start
                if fragment_start - broken_box.start >= BOX_HEADER_BYTES or not valid_boxes
                else valid_boxes[-1].start
            )
            damaged_ranges.append(ByteRange(start, fragment_start))


def _has_matching_base_offset(content: ByteWindow, moof_start: int) -> bool:
    """Whether the fragment that begins there doesn't say that it began elsewhere (8.8.7)."""
    length = int.from_bytes(content.read_range(moof_start, moof_start + BOX_TYPE_OFFSET))
    head = content.read_range(moof_start, moof_start + min(length, MAX_MOOF_HEAD_BYTES))
    tfhd_offset = (
        head.find(b"tfhd") + BOX_TYPE_OFFSET
    )  # version and flags, the track's number, and where its bytes count from
    if tfhd_offset < BOX_TYPE_OFFSET or not head[tfhd_offset + 3] & HAS_BASE_DATA_OFFSET:
        return True
    return int.from_bytes(head[tfhd_offset + 8 : tfhd_offset + 16]) == moof_start


def free_box_header(byte_range: ByteRange) -> bytes:
    """What to read at its start instead of what is there: a box without meaning, that ends where the stretch does."""
    length = byte_range.end - byte_range.start
    if length < 1 << 32:
        return length.to_bytes(4) + b"free"
    return (1).to_bytes(4) + b"free" + length.to_bytes(8)


def _boxes_until_broken(file: Path, start: int, size_bytes: int) -> tuple[Sequence[Mp4Box], Mp4Box | None]:
    """The boxes from `start` on up to one that can be none, but only the header and the last; and that one."""
    kept: list[Mp4Box] = []
    for box in iter_top_level_boxes(file, start):
        if (
            box.extends_to_eof
            or not box.has_valid_size
            or box.end > size_bytes
            or not BOX_TYPE_PATTERN.fullmatch(box.box_type)
        ):
            return kept, box
        kept = [each for each in kept if each.box_type == b"moov"] + [box]
    return kept, None
