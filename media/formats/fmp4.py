"""Fragments of MP4 (ISO 14496-12, 8.8): a moof box and the mdat that it tells of. One track, its key frame first."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import ToolError

BOX_HEADER_BYTES = 8
LEFT_OUT = (b"sidx",)  # it tells of places that change when fragments are put together
TFHD_BEFORE_SIZE = ((0x1, 8), (0x2, 4), (0x8, 4))  # flags, and bytes of the fields that they announce
HAS_DEFAULT_SIZE = 0x10
HAS_DATA_OFFSET, HAS_FIRST_FLAGS = 0x1, 0x4
SAMPLE_HAS_DURATION, SAMPLE_HAS_SIZE = 0x100, 0x200


@dataclass(frozen=True, slots=True)
class Fragment:
    """Bytes to append to a segment, and what they hold: `samples` frames, shown for `ticks` in all.

    `key_start` and `key_end` enclose moof and first frame, in bytes from the fragment's first: a player needs no more
    to show that frame.
    """

    content: bytes
    ticks: int
    samples: int
    key_start: int
    key_end: int


@dataclass(frozen=True, slots=True)
class _Run:
    """What a moof says of its one track: how many frames, and where the first ends after the moof's start."""

    first_end: int
    samples: int


def fragment(written: bytes, ticks: int) -> Fragment:
    """One fragment as ffmpeg's HLS writer makes it, without its index. ToolError if it isn't whole."""
    kept = [(kind, box) for kind, box in boxes(written) if kind not in LEFT_OUT]
    before = 0
    for kind, box in kept:
        if kind == b"moof":
            run = _run(box)
            content = b"".join(box for _, box in kept)
            return Fragment(content, ticks, run.samples, before, before + run.first_end)
        before += len(box)
    raise ToolError("a fragment of the replay", "tells of no frames", "run the command again")


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes side by side in `content`: the kind of each, and all its bytes. ToolError if one isn't whole."""
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4])
        if size < BOX_HEADER_BYTES or at + size > len(content):
            raise ToolError("a fragment of the replay", "is not whole", "run the command again")
        yield content[at + 4 : at + 8], content[at : at + size]
        at += size


def _run(moof: bytes) -> _Run:
    track = _inner(moof, b"traf")
    header, run = _inner(track, b"tfhd"), _inner(track, b"trun")
    flags, count = int.from_bytes(run[9:12]), int.from_bytes(run[12:16])
    if not count or not flags & HAS_DATA_OFFSET:
        raise ToolError("a fragment of the replay", "tells of no frames", "run the command again")
    at = 20 + 4 * bool(flags & HAS_FIRST_FLAGS) + 4 * bool(flags & SAMPLE_HAS_DURATION)
    first_bytes = int.from_bytes(run[at : at + 4]) if flags & SAMPLE_HAS_SIZE else _default_size(header)
    return _Run(int.from_bytes(run[16:20]) + first_bytes, count)


def _default_size(header: bytes) -> int:
    """Bytes of a frame that says none of its own, from a tfhd box."""
    flags = int.from_bytes(header[9:12])
    at = 16 + sum(size for flag, size in TFHD_BEFORE_SIZE if flags & flag)
    return int.from_bytes(header[at : at + 4]) if flags & HAS_DEFAULT_SIZE else 0


def _inner(box: bytes, kind: bytes) -> bytes:
    found = next((inner for name, inner in boxes(box[BOX_HEADER_BYTES:]) if name == kind), None)
    if found is None:
        raise ToolError("a fragment of the replay", f"has no {kind.decode()} box", "run the command again")
    return found
