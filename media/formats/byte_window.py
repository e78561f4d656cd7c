"""The bytes of a file by offset, read through a window: files larger than memory are searched in little memory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import Pattern
from typing import IO, overload

from domain.errors import MediaError

WINDOW_BYTES = 1 << 20


class ByteWindow:
    """The bytes of an open file, as if all were in memory. Takes a window, or the largest slice that was read."""

    def __init__(self, stream: IO[bytes], window_bytes: int = WINDOW_BYTES) -> None:
        self._stream, self._window_bytes = stream, window_bytes
        self._length = os.fstat(stream.fileno()).st_size
        self._buffer_start, self._buffer = 0, b""

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> bytes: ...
    def __getitem__(self, index: int | slice) -> int | bytes:
        """Slices have step 1 and count from the start; they end at the end of the file."""
        if isinstance(index, int):
            return self.read_range(index, index + 1)[0]
        return self.read_range(index.start or 0, self._length if index.stop is None else index.stop)

    def find_all(self, pattern: Pattern[bytes], start: int, max_match_bytes: int) -> Iterator[int]:
        """The offsets of all matches from `start` on, rising. A match spans at most `max_match_bytes`."""
        while start < self._length:
            content = self.read_range(start, start + self._window_bytes + max_match_bytes - 1)
            for match in pattern.finditer(content):
                if match.start() < self._window_bytes:
                    yield start + match.start()
            start += self._window_bytes

    def read_range(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`, or to the end of the file."""
        offset, end = start - self._buffer_start, min(end, self._length)
        if offset < 0 or end - self._buffer_start > len(self._buffer):
            self._stream.seek(start)
            self._buffer_start, offset = start, 0
            self._buffer = self._stream.read(max(self._window_bytes, end - start))
        return self._buffer[offset : offset + end - start]


@contextmanager
def open_byte_window(file: Path) -> Iterator[ByteWindow]:
    """The bytes of a file that is open meanwhile. MediaError where the disk cannot read them."""
    try:
        with file.open("rb") as stream:
            yield ByteWindow(stream)
    except OSError as error:
        remedy = "check the disk, or copy the recording again"
        raise MediaError(file, f"cannot be read ({error.strerror or error})", remedy) from error
