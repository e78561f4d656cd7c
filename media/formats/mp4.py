"""The outermost boxes of MP4 files: whether the last is whole, and where a damaged one hides those behind it.

A reader that meets a box whose header is damaged passes over all that follows. In a fragmented file that is sound:
each fragment tells where it belongs. Format: ISO/IEC 14496-12, 4.2 and 8.8.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.recording import ByteRange
from media.formats.byte_window import FileBytes, file_bytes

HEADER_BYTES = 8
KIND = re.compile(rb"[A-Za-z0-9 \xa9_-]{4}")
FRAGMENT = re.compile(rb"moof\x00\x00\x00\x10mfhd")  # 8.8.5: the first box in a fragment's, of one length always
FRAGMENT_BYTES, KIND_AT = 12, 4
LONGEST_HEAD_BYTES = 256  # of a fragment, within which its first track's header comes
TELLS_PLACE = 0x1


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, its first byte and the one behind it, which may lie beyond the file's end.

    `is_open`: it claims to last to the file's end, which only the last may. `is_sane`: its length can be one.
    """

    kind: bytes
    start: int
    end: int
    is_open: bool = False
    is_sane: bool = True


def boxes(file: Path, start: int = 0) -> Iterator[Box]:
    """The outermost boxes, one behind the other."""
    size_bytes, at = file.stat().st_size, start
    with file.open("rb") as stream:
        while at + HEADER_BYTES <= size_bytes:
            stream.seek(at)
            header = stream.read(2 * HEADER_BYTES)
            length = int.from_bytes(header[:4])
            is_open = length == 0
            length = int.from_bytes(header[8:]) if length == 1 else length or size_bytes - at
            end = at + max(HEADER_BYTES, length)
            yield Box(header[4:8], at, end, is_open, length >= HEADER_BYTES)
            at = end


def is_cut_off(file: Path) -> bool:
    """Whether the file ends within a box, or with a box that none can be told from, where it has fragments."""
    is_fragmented, size_bytes = False, file.stat().st_size
    stretches = torn(file)
    for box in boxes(file, stretches[-1].end if stretches else 0):
        is_fragmented = is_fragmented or box.kind == b"moof"
        if box.end > size_bytes:
            return True
        if is_fragmented and not (box.is_sane and KIND.fullmatch(box.kind)):
            return True
    return False


def torn(file: Path) -> tuple[ByteRange, ...]:
    """Stretches of a fragmented file from a box that cannot be one, to the next fragment.

    None where bytes were lost or came in, and fragments tell their places in the file: those are wrong from there on.
    """
    found: list[ByteRange] = []
    has_header, at, size_bytes = False, 0, file.stat().st_size
    with file_bytes(file) as content:
        while True:
            before, broken = _until_broken(file, at, size_bytes)
            has_header = has_header or any(box.kind == b"moov" for box in before)
            if broken is None or not has_header:
                return tuple(found)
            places = content.places(FRAGMENT, broken.start + KIND_AT + 1, FRAGMENT_BYTES)
            at = next(places, 0) - KIND_AT
            if at < 0 or not _is_in_place(content, at):
                return tuple(found)
            start = broken.start if at - broken.start >= HEADER_BYTES or not before else before[-1].start
            found.append(ByteRange(start, at))


def _is_in_place(content: FileBytes, fragment: int) -> bool:
    """Whether the fragment that begins there doesn't say that it began elsewhere (8.8.7)."""
    length = int.from_bytes(content.between(fragment, fragment + KIND_AT))
    head = content.between(fragment, fragment + min(length, LONGEST_HEAD_BYTES))
    at = head.find(b"tfhd") + KIND_AT  # version and flags, the track's number, and where its bytes count from
    if at < KIND_AT or not head[at + 3] & TELLS_PLACE:
        return True
    return int.from_bytes(head[at + 8 : at + 16]) == fragment


def free_header(stretch: ByteRange) -> bytes:
    """What to read at its start instead of what is there: a box without meaning, that ends where the stretch does."""
    length = stretch.end - stretch.start
    if length < 1 << 32:
        return length.to_bytes(4) + b"free"
    return (1).to_bytes(4) + b"free" + length.to_bytes(8)


def _until_broken(file: Path, start: int, size_bytes: int) -> tuple[Sequence[Box], Box | None]:
    """The boxes from `start` on up to one that can be none, but only the header and the last; and that one."""
    kept: list[Box] = []
    for box in boxes(file, start):
        if box.is_open or not box.is_sane or box.end > size_bytes or not KIND.fullmatch(box.kind):
            return kept, box
        kept = [each for each in kept if each.kind == b"moov"] + [box]
    return kept, None
