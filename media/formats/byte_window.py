"""A file's bytes by their places, read through a window: a file larger than memory is looked through in little."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import Pattern
from typing import IO, overload

from domain.errors import MediaError

WINDOW_BYTES = 1 << 20


class FileBytes:
    """The bytes of an open file, as if they were all there. Memory: a window, or the largest slice asked for."""

    def __init__(self, stream: IO[bytes], window_bytes: int = WINDOW_BYTES) -> None:
        self._stream, self._window_bytes = stream, window_bytes
        self._length = os.fstat(stream.fileno()).st_size
        self._start, self._held = 0, b""

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> bytes: ...
    def __getitem__(self, place: int | slice) -> int | bytes:
        """Slices are of step 1 and count from the start; what lies beyond the end is left out."""
        if isinstance(place, int):
            return self.between(place, place + 1)[0]
        return self.between(place.start or 0, self._length if place.stop is None else place.stop)

    def places(self, pattern: Pattern[bytes], start: int, longest_bytes: int) -> Iterator[int]:
        """Where the pattern, which spans at most `longest_bytes`, is found from `start` on, rising."""
        while start < self._length:
            content = self.between(start, start + self._window_bytes + longest_bytes - 1)
            for found in pattern.finditer(content):
                if found.start() < self._window_bytes:
                    yield start + found.start()
            start += self._window_bytes

    def between(self, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`, or to the file's end."""
        offset, end = start - self._start, min(end, self._length)
        if offset < 0 or end - self._start > len(self._held):
            self._stream.seek(start)
            self._start, offset = start, 0
            self._held = self._stream.read(max(self._window_bytes, end - start))
        return self._held[offset : offset + end - start]


@contextmanager
def file_bytes(file: Path) -> Iterator[FileBytes]:
    """The bytes of a file, while it is open. MediaError where the machine cannot read them."""
    try:
        with file.open("rb") as stream:
            yield FileBytes(stream)
    except OSError as error:
        remedy = "check the disk, or copy the recording again"
        raise MediaError(file, f"cannot be read ({error.strerror or error})", remedy) from error
