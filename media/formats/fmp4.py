"""Fragments of MP4 (ISO 14496-12, 8.8): a moof box and its mdat box. One track, whose first frame is a key frame."""

from dataclasses import dataclass

from domain.errors import ToolError
from media.formats.mp4 import child_box, split_boxes

DROPPED_BOXES = (b"sidx",)  # its offsets change when fragments are put together
TFHD_OPTIONAL_FIELDS = ((0x1, 8), (0x2, 4), (0x8, 4))  # flags, and bytes of the fields that they announce
HAS_DEFAULT_SIZE = 0x10
HAS_DATA_OFFSET, HAS_FIRST_SAMPLE_FLAGS = 0x1, 0x4
SAMPLE_HAS_DURATION, SAMPLE_HAS_SIZE = 0x100, 0x200


@dataclass(frozen=True, slots=True)
class Fragment:
    """Bytes to append to a segment, and what they hold: `frame_count` frames, shown for `duration_ticks` in all.

    `key_frame_start` and `key_frame_end` enclose moof and first frame, in bytes from the fragment's first: a player
    needs no more to show that frame.
    """

    content: bytes
    duration_ticks: int
    frame_count: int
    key_frame_start: int
    key_frame_end: int


@dataclass(frozen=True, slots=True)
class _TrackRun:
    """The frames of a moof's one track: how many, and where the first ends, in bytes from the moof's start."""

    first_frame_end: int
    frame_count: int


def parse_fragment(segment_bytes: bytes, duration_ticks: int) -> Fragment:
    """One fragment as ffmpeg's HLS writer makes it, without its index. ToolError if it isn't whole."""
    kept_boxes = [(box_type, box) for box_type, box in split_boxes(segment_bytes) if box_type not in DROPPED_BOXES]
    moof_offset = 0
    for kind, box in kept_boxes:
        if kind == b"moof":
            track_run = _parse_track_run(box)
            content = b"".join(box for _, box in kept_boxes)
            return Fragment(
                content, duration_ticks, track_run.frame_count, moof_offset, moof_offset + track_run.first_frame_end
            )
        moof_offset += len(box)
    raise ToolError("a fragment of the replay", "tells of no frames", "run the command again")


def _parse_track_run(moof: bytes) -> _TrackRun:
    traf = child_box(moof, b"traf")
    tfhd, trun = child_box(traf, b"tfhd"), child_box(traf, b"trun")
    flags, count = int.from_bytes(trun[9:12]), int.from_bytes(trun[12:16])
    if not count or not flags & HAS_DATA_OFFSET:
        raise ToolError("a fragment of the replay", "tells of no frames", "run the command again")
    offset = 20 + 4 * bool(flags & HAS_FIRST_SAMPLE_FLAGS) + 4 * bool(flags & SAMPLE_HAS_DURATION)
    first_frame_bytes = (
        int.from_bytes(trun[offset : offset + 4]) if flags & SAMPLE_HAS_SIZE else _default_frame_bytes(tfhd)
    )
    return _TrackRun(int.from_bytes(trun[16:20]) + first_frame_bytes, count)


def _default_frame_bytes(tfhd: bytes) -> int:
    """The size of frames that have none of their own, from a tfhd box."""
    flags = int.from_bytes(tfhd[9:12])
    offset = 16 + sum(size for flag, size in TFHD_OPTIONAL_FIELDS if flags & flag)
    return int.from_bytes(tfhd[offset : offset + 4]) if flags & HAS_DEFAULT_SIZE else 0
