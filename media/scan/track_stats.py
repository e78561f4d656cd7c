"""What the packets of a track tell as they are read, one after the other."""

from __future__ import annotations

import zlib
from collections import deque
from dataclasses import dataclass, field
from statistics import median_low

from domain.recording import KeyMark
from media.scan.timestamp_chains import Extent

MARKED_BYTES = 512  # of a key frame's end: the same in every container
HEAD_MARKS, TAIL_MARKS = 8, 128  # key frames: of a repeat's start, and of about the last two minutes
USUAL_STEPS, FEW_STEPS = 9, 4  # between packets: of so many, most are usual; fewer say nothing
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
    steps: deque[float] = field(default_factory=lambda: deque(maxlen=USUAL_STEPS))
    doubted: list[tuple[float, float]] = field(default_factory=list)
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
        if self.first_decoded is None:
            self.first_decoded = decoded_at
        if self.reached is not None and 0 < decoded_at - self.reached <= self.longest_gap_s:
            self._learn(self.reached, decoded_at)
        self.reached = decoded_at

    @property
    def due(self) -> float | None:
        """The decoding time that the next packet would have; None before any."""
        return None if self.reached is None else self.reached + self.step_s

    def _learn(self, before: float, decoded_at: float) -> None:
        """A recording of a picture every second misses none: what most of the last steps are is usual."""
        step = decoded_at - before
        self.steps.append(step)
        if step <= SHORTEST_HOLE_S and not self.doubted:
            self.step_s = step
            return
        self.doubted.append((before, decoded_at))
        if len(self.steps) < FEW_STEPS:
            return
        usual = median_low(self.steps)
        for start, end in self.doubted:
            if usual + SHORTEST_HOLE_S < end - start:
                self.holes.append((start + usual, end))
            else:
                self.step_s = end - start
        self.doubted = []

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
            start, end = self.runs[0][0], min(self.runs[0][1], self.key_frames[0])
            self.holes = [(start, end), *(hole for hole in self.holes if hole[0] >= end)]

    def absorb(self, later: Reading) -> None:
        """Go on with what another strand has told."""
        due, begins = self.due, later.first_decoded
        if due is not None and begins is not None and self.runs[-1][0] < due < begins < self.runs[-1][1]:
            self.holes.append((due, begins))  # the first pictures behind it were taken for ones before it
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
            self.picture.first_decoded,
            self.picture.due,
            self.picture.begins_inside,
        )
