"""MP4 boxes (ISO/IEC 14496-12, 4.2): the one walker and the one writer.

By hand, because readers such as pymp4 do not report damage, which is what mp4_damage.py looks for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.errors import ToolError
from media.formats.byte_window import ByteWindow

BOX_HEADER_BYTES, LARGE_BOX_HEADER_BYTES = 8, 16
BOX_TYPE_OFFSET = 4
LARGE_BOX, BOX_TO_EOF = 1, 0  # lengths that mean: 64 bits follow, and: to the file's end


class _Bytes(Protocol):
    """The bytes of a file, in memory or on disk."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Mp4Box:
    """One box: its type, its first byte and the one after it, which may lie beyond the file's end.

    `extends_to_eof`: it claims to last to the file's end, which only the last box may. `has_valid_size`: its length is
    possible.
    """

    box_type: bytes
    start: int
    end: int
    extends_to_eof: bool = False
    has_valid_size: bool = True


def iter_boxes(content: _Bytes, start: int = 0) -> Iterator[Mp4Box]:
    """The boxes side by side in `content` from `start` on, as they claim to be."""
    offset = start
    while offset + BOX_HEADER_BYTES <= len(content):
        header = content[offset : offset + LARGE_BOX_HEADER_BYTES]
        length = int.from_bytes(header[:BOX_TYPE_OFFSET])
        extends_to_eof = length == BOX_TO_EOF
        if length == LARGE_BOX:
            length = int.from_bytes(header[BOX_HEADER_BYTES:])
        elif extends_to_eof:
            length = len(content) - offset
        end = offset + max(BOX_HEADER_BYTES, length)
        yield Mp4Box(header[BOX_TYPE_OFFSET:BOX_HEADER_BYTES], offset, end, extends_to_eof, length >= BOX_HEADER_BYTES)
        offset = end


def iter_file_boxes(file: Path, start: int = 0) -> Iterator[Mp4Box]:
    """The outermost boxes of a file; only their headers are read."""
    with file.open("rb") as stream:
        yield from iter_boxes(ByteWindow(stream, LARGE_BOX_HEADER_BYTES), start)


def split_boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes side by side in what ffmpeg wrote: the type and all bytes of each. ToolError if one isn't whole."""
    end = 0
    for box in iter_boxes(content):
        if box.extends_to_eof or not box.has_valid_size or box.end > len(content):
            break
        yield box.box_type, content[box.start : box.end]
        end = box.end
    if end != len(content):
        raise ToolError("a fragment of the replay", "is not whole", "run the command again")


def child_box(box: bytes, box_type: bytes) -> bytes:
    """The first box of this type directly inside `box`. ToolError if there is none."""
    children = split_boxes(box[BOX_HEADER_BYTES:])
    child = next((content for child_type, content in children if child_type == box_type), None)
    if child is None:
        raise ToolError("a fragment of the replay", f"has no {box_type.decode()} box", "run the command again")
    return child


def write_box(box_type: bytes, *content: bytes) -> bytes:
    """A box that holds these bytes."""
    body = b"".join(content)
    return (BOX_HEADER_BYTES + len(body)).to_bytes(4) + box_type + body


def write_full_box(box_type: bytes, version_and_flags: int, *content: bytes) -> bytes:
    """A box with a version, in the highest of four bytes, and flags before its content (4.2)."""
    return write_box(box_type, version_and_flags.to_bytes(4), *content)


def empty_box_header(length: int) -> bytes:
    """The header of a box of `length` bytes that readers skip."""
    if length < 1 << 32:
        return length.to_bytes(4) + b"free"
    return LARGE_BOX.to_bytes(4) + b"free" + length.to_bytes(8)
