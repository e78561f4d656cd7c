"""The elements of a Matroska file as far as they tell whether it is whole. Format: RFC 8794 (EBML) and RFC 9559."""

from dataclasses import dataclass
from pathlib import Path

SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
MAX_ID_BYTES, MAX_SIZE_BYTES = 4, 8


@dataclass(frozen=True, slots=True)
class _ElementHeader:
    """The header of an element: its kind, its own bytes, and the bytes that follow, None where it doesn't say."""

    element_id: int
    header_bytes: int
    payload_bytes: int | None


def is_truncated(file: Path) -> bool:
    """Whether it ends before its segment does, or within an element, where the segment doesn't say how long it is."""
    size_bytes, offset = file.stat().st_size, 0
    with file.open("rb") as stream:
        while offset < size_bytes:
            stream.seek(offset)
            header = _parse_header(stream.read(MAX_ID_BYTES + MAX_SIZE_BYTES))
            if header is None:
                return False  # what is here is damaged: that is told elsewhere
            payload_start = offset + header.header_bytes
            if header.payload_bytes is None:
                if header.element_id not in (SEGMENT, CLUSTER):
                    return False
                offset = payload_start
            elif header.element_id == SEGMENT:
                return payload_start + header.payload_bytes > size_bytes
            else:
                offset = payload_start + header.payload_bytes
    return offset > size_bytes


def _parse_header(content: bytes) -> _ElementHeader | None:
    """What an element begins with; None where that can be none."""
    id_bytes = _vint_bytes(content, MAX_ID_BYTES)
    size = content[id_bytes:]
    size_bytes = _vint_bytes(size, MAX_SIZE_BYTES)
    if not id_bytes or not size_bytes:
        return None
    payload_bytes, unknown_size = int.from_bytes(size[:size_bytes]), (1 << 7 * size_bytes) - 1
    payload_bytes &= unknown_size  # without the bit that tells how many bytes there are
    element_id = int.from_bytes(content[:id_bytes])
    return _ElementHeader(element_id, id_bytes + size_bytes, None if payload_bytes == unknown_size else payload_bytes)


def _vint_bytes(content: bytes, max_bytes: int) -> int:
    """How many bytes the number takes that `content` begins with (RFC 8794, 4); 0 where there is none."""
    count = 9 - content[0].bit_length() if content and content[0] else 0
    return count if count <= max_bytes else 0
