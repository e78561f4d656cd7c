"""What the packets of a track tell as they are read, one after the other."""

from __future__ import annotations

import zlib
from collections import deque
from dataclasses import dataclass, field

from domain.media import KeyMark
from pipeline.strands import Extent

MARKED_BYTES = 512  # of a key frame's end: the same in every container
HEAD_MARKS, TAIL_MARKS = 8, 128  # key frames: of a repeat's start, and of about the last two minutes
SHORTEST_HOLE_S = 0.3  # a picture that stands still that long is seen


@dataclass
class Reading:
    """What the packets of one track have told so far. Times are presentation seconds as recorded; memory: the runs."""

    longest_gap_s: float
    runs: list[list[float]] = field(default_factory=list)
    key_frames: list[float] = field(default_factory=list)
    head: list[KeyMark] = field(default_factory=list)
    tail: deque[KeyMark] = field(default_factory=lambda: deque(maxlen=TAIL_MARKS))
    holes: list[tuple[float, float]] = field(default_factory=list)
    count: int = 0
    step_s: float = 0.0
    reached: float | None = None
    has_leading: bool = False
    first_decoded: float | None = None
    begins_inside: bool = False

    def add(self, start: float, length_s: float) -> None:
        """Take note of a packet presented at `start`; `length_s` is 0 where it doesn't tell its length."""
        end = start + (length_s or self.step_s)
        self.count += 1
        if self.key_frames and start < self.key_frames[-1]:
            self.has_leading = True  # shown before the key frame that it comes after
        gap = self.longest_gap_s
        if self.runs and self.runs[-1][0] - gap <= start <= self.runs[-1][1] + gap:
            self.runs[-1] = [min(self.runs[-1][0], start), max(self.runs[-1][1], end)]
        else:
            self.runs.append([start, end])

    def follow(self, decoded_at: float) -> None:
        """Learn how far packets are apart, and where one is missing: in decoding order, as they come."""
        step = decoded_at - self.reached if self.reached is not None else 0.0
        if self.reached is not None and self.step_s + SHORTEST_HOLE_S < step <= self.longest_gap_s:
            self.holes.append((self.reached + self.step_s, decoded_at))
        elif 0 < step <= self.longest_gap_s:
            self.step_s = step
        self.reached = decoded_at
        if self.first_decoded is None:
            self.first_decoded = decoded_at

    def mark(self, content: bytes, start: float) -> None:
        """Take note of a key frame of the picture."""
        self.key_frames.append(start)
        mark = KeyMark(start, zlib.crc32(content[-MARKED_BYTES:]))
        if len(self.head) < HEAD_MARKS:
            self.head.append(mark)
        self.tail.append(mark)

    def has_begun(self) -> None:
        """Take note of what comes before the first key frame and can't be decoded."""
        if self.runs and self.key_frames:
            start, end = self.runs[0]
            self.holes.append((start, min(end, self.key_frames[0])))

    def absorb(self, later: Reading) -> None:
        """Go on with what another strand has told."""
        self.runs += later.runs
        self.key_frames += later.key_frames
        self.head = (self.head + later.head)[:HEAD_MARKS]
        self.tail += later.tail
        self.holes += later.holes
        self.count += later.count
        self.has_leading = self.has_leading or later.has_leading


@dataclass
class StrandReading:
    """What one strand has told, and where its packets lie."""

    picture: Reading
    sound: Reading
    first_packet: int
    last_packet: int = 0
    earliest: float = 0.0

    def extent(self, number: int) -> Extent:
        runs = [run for reading in (self.picture, self.sound) for run in reading.runs]
        start, end = min(run[0] for run in runs), max(run[1] for run in runs)
        count = self.picture.count + self.sound.count
        return Extent(
            number,
            start,
            end,
            self.first_packet,
            self.last_packet,
            count,
            self.picture.first_decoded or 0.0,
            (self.picture.reached or 0.0) + self.picture.step_s,
            self.picture.begins_inside,
        )
