"""Fragments of MP4 made by hand: how many frames they hold, and where the first ends."""

import pytest

from domain.errors import ToolError
from media.formats.fmp4 import parse_fragment
from media.formats.mp4 import write_box, write_full_box

DATA_OFFSET, OWN_SIZES = 0x1, 0x200
DEFAULT_SIZE = 0x10


def fragment(*sizes: int, default_bytes: int | None = None, flags: int = DATA_OFFSET) -> tuple[bytes, bytes]:
    """A moof and an mdat box of frames with these sizes, in the moof or, if alike, as a default."""
    if default_bytes is None:
        tfhd = write_full_box(b"tfhd", 0, (1).to_bytes(4))
        flags, own_sizes = flags | OWN_SIZES, b"".join(size.to_bytes(4) for size in sizes)
    else:
        tfhd = write_full_box(b"tfhd", DEFAULT_SIZE, (1).to_bytes(4), default_bytes.to_bytes(4))
        own_sizes = b""

    def moof(data_offset: int) -> bytes:
        head = len(sizes).to_bytes(4) + data_offset.to_bytes(4)
        return write_box(b"moof", write_box(b"traf", tfhd, write_full_box(b"trun", flags, head, own_sizes)))

    return moof(len(moof(0)) + 8), write_box(b"mdat", bytes(sum(sizes)))


@pytest.mark.parametrize("default_bytes", [None, 100])
def test_the_key_frame_ends_behind_the_first_frame(default_bytes: int | None) -> None:
    moof, mdat = fragment(100, 100, default_bytes=default_bytes)
    parsed = parse_fragment(moof + mdat, 7200)
    assert (parsed.content, parsed.duration_ticks, parsed.frame_count) == (moof + mdat, 7200, 2)
    assert (parsed.key_frame_start, parsed.key_frame_end) == (0, len(moof) + 8 + 100)


def test_an_index_is_left_out_and_other_boxes_are_kept() -> None:
    moof, mdat = fragment(100)
    styp, sidx = write_box(b"styp", b"msdh"), write_box(b"sidx", bytes(24))
    parsed = parse_fragment(styp + sidx + moof + mdat, 3600)
    assert parsed.content == styp + moof + mdat
    assert parsed.key_frame_start == len(styp)


def test_a_fragment_without_frames_is_not_whole() -> None:
    with pytest.raises(ToolError, match="tells of no frames"):
        parse_fragment(b"".join(fragment()), 3600)
    with pytest.raises(ToolError, match="tells of no frames"):
        parse_fragment(write_box(b"mdat", bytes(9)), 3600)
