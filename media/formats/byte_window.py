"""A file's bytes by their places, read through a window: a file larger than memory is looked through in little."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import Pattern
from typing import IO, overload

from domain.errors import MediaError

WINDOW_BYTES = 1 << 20


class ByteWindow:
    """The bytes of an open file, as if they were all there. Memory: a window, or the largest slice asked for."""

    def __init__(self, stream: IO[bytes], window_bytes: int = WINDOW_BYTES) -> None:
        self._stream, self._window_bytes = stream, window_bytes
        self._length = os.fstat(stream.fileno()).st_size
        self._buffer_start, self._buffer = 0, b""

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> bytes: ...
    def __getitem__(self, place: int | slice) -> int | bytes:
        """Slices are of step 1 and count from the start; what lies beyond the end is left out."""
        if isinstance(place, int):
            return self.read_range(place, place + 1)[0]
        return self.read_range(place.start or 0, self._length if place.stop is None else place.stop)

    def find_all(self, pattern: Pattern[bytes], start: int, max_match_bytes: int) -> Iterator[int]:
        """Where the pattern, which spans at most `max_match_bytes`, is found from `start` on, rising."""
        while start < self._length:
            content = self.read_range(start, start + self._window_bytes + max_match_bytes - 1)
            for match in pattern.finditer(content):
                if match.start() < self._window_bytes:
                    yield start + match.start()
            start += self._window_bytes

    def read_range(self, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`, or to the file's end."""
        offset, end = start - self._buffer_start, min(end, self._length)
        if offset < 0 or end - self._buffer_start > len(self._buffer):
            self._stream.seek(start)
            self._buffer_start, offset = start, 0
            self._buffer = self._stream.read(max(self._window_bytes, end - start))
        return self._buffer[offset : offset + end - start]


@contextmanager
def open_byte_window(file: Path) -> Iterator[ByteWindow]:
    """The bytes of a file, while it is open. MediaError where the machine cannot read them."""
    try:
        with file.open("rb") as stream:
            yield ByteWindow(stream)
    except OSError as error:
        remedy = "check the disk, or copy the recording again"
        raise MediaError(file, f"cannot be read ({error.strerror or error})", remedy) from error
