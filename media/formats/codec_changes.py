"""Where a file changes how it is coded, and when to believe it: the one detector for all containers.

FFmpeg's demuxers hide such changes: they go on with the old codec or open a new track, which few readers notice. So
flv.py and mpegts.py read the bytes themselves; no library does.
"""

from dataclasses import dataclass

MIN_CONFIRMATIONS = 3  # a new value must come so often in a row before it counts: a flipped bit is no change


@dataclass(frozen=True, slots=True)
class CodecChanges:
    """`offsets`: the bytes, rising, from which on a file is coded otherwise than before.

    `damaged_ranges`: packets that a flipped bit made something else and that are to be skipped, from the first byte of
    each pair up to the second.
    """

    offsets: tuple[int, ...]
    damaged_ranges: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class ConfirmedValue:
    """One property of a track, as bytes. The first value counts at once, another only once it is confirmed."""

    confirmed: bytes = b""
    _candidate: bytes = b""
    _candidate_offset: int = 0
    _confirmations: int = 0

    def observe(self, value: bytes, offset: int) -> int | None:
        """Take note of the value at a byte of the file; where the property changed, if that is confirmed now."""
        if value == self.confirmed or not self.confirmed:
            self.confirmed, self._confirmations = value, 0
            return None
        if value != self._candidate or not self._confirmations:
            self._candidate, self._candidate_offset, self._confirmations = value, offset, 0
        self._confirmations += 1
        if self._confirmations < MIN_CONFIRMATIONS:
            return None
        self.confirmed, self._confirmations = value, 0
        return self._candidate_offset
