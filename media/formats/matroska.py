"""The elements of a Matroska file as far as they tell whether it is whole. Format: RFC 8794 (EBML) and RFC 9559."""

from dataclasses import dataclass
from pathlib import Path

SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
LONGEST_KIND_BYTES, LONGEST_SIZE_BYTES = 4, 8


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of an element: its kind, its own bytes, and the bytes that follow, None where it doesn't say."""

    kind: int
    own_bytes: int
    holds_bytes: int | None


def is_cut_off(file: Path) -> bool:
    """Whether it ends before its segment does, or within an element, where the segment doesn't say how long it is."""
    size_bytes, at = file.stat().st_size, 0
    with file.open("rb") as stream:
        while at < size_bytes:
            stream.seek(at)
            header = _header(stream.read(LONGEST_KIND_BYTES + LONGEST_SIZE_BYTES))
            if header is None:
                return False  # what is here is damaged: that is told elsewhere
            begins = at + header.own_bytes
            if header.holds_bytes is None:
                if header.kind not in (SEGMENT, CLUSTER):
                    return False
                at = begins
            elif header.kind == SEGMENT:
                return begins + header.holds_bytes > size_bytes
            else:
                at = begins + header.holds_bytes
    return at > size_bytes


def _header(content: bytes) -> _Header | None:
    """What an element begins with; None where that can be none."""
    kind_bytes = _number_bytes(content, LONGEST_KIND_BYTES)
    size = content[kind_bytes:]
    size_bytes = _number_bytes(size, LONGEST_SIZE_BYTES)
    if not kind_bytes or not size_bytes:
        return None
    holds, unknown = int.from_bytes(size[:size_bytes]), (1 << 7 * size_bytes) - 1
    holds &= unknown  # without the bit that tells how many bytes there are
    kind = int.from_bytes(content[:kind_bytes])
    return _Header(kind, kind_bytes + size_bytes, None if holds == unknown else holds)


def _number_bytes(content: bytes, longest: int) -> int:
    """How many bytes the number takes that `content` begins with (RFC 8794, 4); 0 where there is none."""
    count = 9 - content[0].bit_length() if content and content[0] else 0
    return count if count <= longest else 0
