"""The containers that kandian reads, and for each what its bytes say that demuxers hide."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from domain.errors import MediaError
from domain.recording import ByteRange
from media.formats import flv, matroska, mp4_damage, mpegts
from media.formats.codec_changes import CodecChanges

MAX_CODEC_CHANGES = 100  # in one file: each stretch is read and remuxed by itself

DEMUXERS = {
    "flv": "flv",
    "live_flv": "flv",
    "mov,mp4,m4a,3gp,3g2,mj2": "mov",
    "mpegts": "mpegts",
    "matroska,webm": "matroska",
}
"""FFmpeg's names of the demuxers that may open a recording, and the short name of each, here and on its command line.
"""


@dataclass(frozen=True, slots=True)
class ContainerFormat:
    """How to ask a file of one container what its bytes say.

    `is_truncated`: whether it ends within one of its own units. `find_codec_changes`: where it is coded otherwise than
    before. `read_preamble`: what a reader needs before the bytes from there on. `find_damaged_ranges`: damage that
    hides from readers what follows it. The defaults find nothing.
    """

    is_truncated: Callable[[Path], bool] = lambda _file: False
    find_codec_changes: Callable[[Path], CodecChanges] = lambda _file: CodecChanges(())
    read_preamble: Callable[[Path, int], bytes] = lambda _file, _start: b""
    find_damaged_ranges: Callable[[Path], tuple[tuple[int, int], ...]] = lambda _file: ()


FORMATS = {
    "flv": ContainerFormat(find_codec_changes=flv.find_codec_changes, read_preamble=flv.read_preamble),
    "mov": ContainerFormat(mp4_damage.is_truncated, find_damaged_ranges=mp4_damage.find_damaged_ranges),
    "mpegts": ContainerFormat(mpegts.is_truncated, mpegts.find_codec_changes, mpegts.read_preamble),
    "matroska": ContainerFormat(matroska.is_truncated),
}
"""By the container's short name. FFmpeg reports by itself that an FLV is truncated."""


def find_byte_ranges(file: Path, container: str) -> tuple[ByteRange, ...]:
    """The stretches of a file to read one by one: mostly one. MediaError where its coding changes very often."""
    container_format = FORMATS[container]
    changes, damaged_boxes = container_format.find_codec_changes(file), container_format.find_damaged_ranges(file)
    change_count = len(changes.offsets) + len(changes.damaged_ranges)
    if change_count > MAX_CODEC_CHANGES:
        what = f"changes {change_count} times how it is coded"
        raise MediaError(file, what, "split it, or encode it anew, and use that")
    edges = [0, *(offset for offset in changes.offsets if offset), file.stat().st_size]
    return tuple(
        ByteRange(
            container,
            start,
            end,
            tuple(damaged for damaged in changes.damaged_ranges if start <= damaged[0] < end),
            tuple(damaged for damaged in damaged_boxes if start <= damaged[0] < end),
        )
        for start, end in pairwise(edges)
    )
