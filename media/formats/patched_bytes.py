"""A stretch of a file as PyAV may read it: with what a reader needs before it, and without what is damaged."""

import os
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import IO

from domain.recording import ByteRange


@dataclass
class PatchedByteRange:
    """Bytes of an open file as a file of their own: after `preamble`, without damaged packets, patched.

    `patches`: bytes to read instead of those of the file, by their offset in it.
    """

    stream: IO[bytes]
    byte_range: ByteRange
    preamble: bytes
    patches: Mapping[int, bytes]
    position: int = field(default=0)
    ranges: tuple[tuple[int, int], ...] = field(init=False)
    range_offsets: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        edges = [self.byte_range.start, *chain(*self.byte_range.damaged_packets), self.byte_range.end]
        self.ranges = tuple(zip(edges[::2], edges[1::2], strict=True))
        self.range_offsets = tuple(accumulate((end - start for start, end in self.ranges), initial=len(self.preamble)))

    def read(self, count: int) -> bytes:
        content = self.preamble[self.position : self.position + count]
        range_index = bisect_right(self.range_offsets, self.position) - 1
        if not content and range_index < len(self.ranges):
            start, end = self.ranges[range_index]
            file_offset = start + self.position - self.range_offsets[range_index]
            self.stream.seek(file_offset)
            content = self._apply_patches(self.stream.read(min(count, end - file_offset)), file_offset)
        self.position += len(content)
        return content

    def _apply_patches(self, content: bytes, file_offset: int) -> bytes:
        for start, patch in self.patches.items():
            overlap_start, overlap_end = max(start, file_offset), min(start + len(patch), file_offset + len(content))
            if overlap_start < overlap_end:
                replacement = patch[overlap_start - start : overlap_end - start]
                content = content[: overlap_start - file_offset] + replacement + content[overlap_end - file_offset :]
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.position = (
            offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.range_offsets[-1]}[whence]
        )
        return self.position

    def tell(self) -> int:
        return self.position
