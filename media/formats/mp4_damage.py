"""Damage in MP4 files: whether the last box is whole, and where a damaged one hides those after it.

A reader that meets a box with a damaged header skips all that follows. In a fragmented file what follows is whole: each
fragment says where it belongs. Format: ISO/IEC 14496-12, 8.8. By hand: no library reports damage.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from media.formats.byte_window import ByteWindow, open_byte_window
from media.formats.mp4 import BOX_HEADER_BYTES, BOX_TYPE_OFFSET, Mp4Box, iter_file_boxes

BOX_TYPE_PATTERN = re.compile(rb"[A-Za-z0-9 \xa9_-]{4}")
MOOF_PATTERN = re.compile(rb"moof\x00\x00\x00\x10mfhd")  # 8.8.5: a fragment's first box has always this length
MOOF_PATTERN_BYTES = 12
MAX_MOOF_HEAD_BYTES = 256  # of a fragment, within which its first track's header comes
HAS_BASE_DATA_OFFSET = 0x1


def is_truncated(file: Path) -> bool:
    """Whether the file ends within a box or, where it is fragmented, with what is no box."""
    is_fragmented, size_bytes = False, file.stat().st_size
    damaged_ranges = find_damaged_ranges(file)
    for box in iter_file_boxes(file, damaged_ranges[-1][1] if damaged_ranges else 0):
        is_fragmented = is_fragmented or box.box_type == b"moof"
        if box.end > size_bytes:
            return True
        if is_fragmented and not (box.has_valid_size and BOX_TYPE_PATTERN.fullmatch(box.box_type)):
            return True
    return False


def find_damaged_ranges(file: Path) -> tuple[tuple[int, int], ...]:
    """The bytes of a fragmented file from each damaged box to the next fragment: pairs of first byte and end, rising.

    None where bytes were lost or inserted and fragments have absolute offsets: those are wrong from there on.
    """
    damaged_ranges: list[tuple[int, int]] = []
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
            damaged_ranges.append((start, fragment_start))


def _has_matching_base_offset(content: ByteWindow, moof_start: int) -> bool:
    """Whether the fragment that begins there has no absolute offset, or the right one (8.8.7)."""
    length = int.from_bytes(content.read_range(moof_start, moof_start + BOX_TYPE_OFFSET))
    head = content.read_range(moof_start, moof_start + min(length, MAX_MOOF_HEAD_BYTES))
    tfhd_offset = head.find(b"tfhd") + BOX_TYPE_OFFSET  # version and flags, track number, base data offset
    if tfhd_offset < BOX_TYPE_OFFSET or not head[tfhd_offset + 3] & HAS_BASE_DATA_OFFSET:
        return True
    return int.from_bytes(head[tfhd_offset + 8 : tfhd_offset + 16]) == moof_start


def _boxes_until_broken(file: Path, start: int, size_bytes: int) -> tuple[Sequence[Mp4Box], Mp4Box | None]:
    """The moov box and the last box before the first damaged one from `start` on; and the damaged one."""
    kept: list[Mp4Box] = []
    for box in iter_file_boxes(file, start):
        if (
            box.extends_to_eof
            or not box.has_valid_size
            or box.end > size_bytes
            or not BOX_TYPE_PATTERN.fullmatch(box.box_type)
        ):
            return kept, box
        kept = [each for each in kept if each.box_type == b"moov"] + [box]
    return kept, None
