"""The elements of a Matroska file, as far as they say whether it is whole. Format: RFC 8794 (EBML) and RFC 9559.

By hand: parsers such as ebmlite do not report that a file ends too soon.
"""

from dataclasses import dataclass
from pathlib import Path

SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
MAX_ID_BYTES, MAX_SIZE_BYTES = 4, 8


@dataclass(frozen=True, slots=True)
class _ElementHeader:
    """The header of an element: its type, its own length, and that of the payload; None where it doesn't say."""

    element_id: int
    header_bytes: int
    payload_bytes: int | None


def is_truncated(file: Path) -> bool:
    """Whether the file ends before its segment does or, where the segment doesn't say its length, within an element."""
    size_bytes, offset = file.stat().st_size, 0
    with file.open("rb") as stream:
        while offset < size_bytes:
            stream.seek(offset)
            header = _parse_header(stream.read(MAX_ID_BYTES + MAX_SIZE_BYTES))
            if header is None:
                return False  # damaged here, which the scan reports
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
    """The header that `content` begins with; None where it is none."""
    id_bytes = _vint_bytes(content, MAX_ID_BYTES)
    size = content[id_bytes:]
    size_bytes = _vint_bytes(size, MAX_SIZE_BYTES)
    if not id_bytes or not size_bytes:
        return None
    payload_bytes, unknown_size = int.from_bytes(size[:size_bytes]), (1 << 7 * size_bytes) - 1
    payload_bytes &= unknown_size  # without the bit that marks the number of bytes
    element_id = int.from_bytes(content[:id_bytes])
    return _ElementHeader(element_id, id_bytes + size_bytes, None if payload_bytes == unknown_size else payload_bytes)


def _vint_bytes(content: bytes, max_bytes: int) -> int:
    """The length of the variable-size integer that `content` begins with (RFC 8794, 4); 0 where there is none."""
    count = 9 - content[0].bit_length() if content and content[0] else 0
    return count if count <= max_bytes else 0
