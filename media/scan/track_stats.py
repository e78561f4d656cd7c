"""What the packets of a track tell as they are read, one after the other."""

from __future__ import annotations

import zlib
from collections import deque
from dataclasses import dataclass, field
from statistics import median_low

from domain.recording import KeyframeFingerprint
from media.scan.timestamp_chains import ChainExtent

FINGERPRINT_BYTES = 512  # of a key frame's end: the same in every container
MAX_HEAD_MARKS, MAX_TAIL_MARKS = 8, 128  # key frames: of a repeat's start, and of about the last two minutes
STEP_WINDOW, MIN_STEPS = 9, 4  # between packets: of so many, most are usual; fewer say nothing
MIN_DROPOUT_S = 0.3  # a picture that stands still that long is seen


@dataclass
class TrackStats:
    """What the packets of one track have told so far. Times are presentation seconds as recorded; memory: the runs."""

    max_gap_s: float
    runs: list[list[float]] = field(default_factory=list)
    key_frames: list[float] = field(default_factory=list)
    head_marks: list[KeyframeFingerprint] = field(default_factory=list)
    tail_marks: deque[KeyframeFingerprint] = field(default_factory=lambda: deque(maxlen=MAX_TAIL_MARKS))
    dropouts: list[tuple[float, float]] = field(default_factory=list)
    recent_steps: deque[float] = field(default_factory=lambda: deque(maxlen=STEP_WINDOW))
    pending_steps: list[tuple[float, float]] = field(default_factory=list)
    packet_count: int = 0
    usual_step_s: float = 0.0
    last_dts: float | None = None
    has_leading_frames: bool = False
    first_dts: float | None = None
    starts_mid_gop: bool = False

    def add_packet(self, start: float, duration_s: float) -> None:
        """Take note of a packet presented at `start`; `duration_s` is 0 where it doesn't tell its length."""
        end = start + (duration_s or self.usual_step_s)
        self.packet_count += 1
        if self.key_frames and start < self.key_frames[-1]:
            self.has_leading_frames = True  # shown before the key frame that it comes after
        max_gap_s = self.max_gap_s
        if self.runs and self.runs[-1][0] - max_gap_s <= start <= self.runs[-1][1] + max_gap_s:
            self.runs[-1] = [min(self.runs[-1][0], start), max(self.runs[-1][1], end)]
        else:
            self.runs.append([start, end])

    def add_dts(self, dts: float) -> None:
        """Learn how far packets are apart, and where one is missing: in decoding order, as they come."""
        if self.first_dts is None:
            self.first_dts = dts
        if self.last_dts is not None and 0 < dts - self.last_dts <= self.max_gap_s:
            self._learn_step(self.last_dts, dts)
        self.last_dts = dts

    @property
    def next_dts(self) -> float | None:
        """The decoding time that the next packet would have; None before any."""
        return None if self.last_dts is None else self.last_dts + self.usual_step_s

    def _learn_step(self, previous_dts: float, dts: float) -> None:
        """A recording of a picture every second misses none: what most of the last steps are is usual."""
        step_s = dts - previous_dts
        self.recent_steps.append(step_s)
        if step_s <= MIN_DROPOUT_S and not self.pending_steps:
            self.usual_step_s = step_s
            return
        self.pending_steps.append((previous_dts, dts))
        if len(self.recent_steps) < MIN_STEPS:
            return
        median_step_s = median_low(self.recent_steps)
        for start, end in self.pending_steps:
            if median_step_s + MIN_DROPOUT_S < end - start:
                self.dropouts.append((start + median_step_s, end))
            else:
                self.usual_step_s = end - start
        self.pending_steps = []

    def add_key_frame(self, content: bytes, start: float) -> None:
        """Take note of a key frame of the picture."""
        self.key_frames.append(start)
        mark = KeyframeFingerprint(start, zlib.crc32(content[-FINGERPRINT_BYTES:]))
        if len(self.head_marks) < MAX_HEAD_MARKS:
            self.head_marks.append(mark)
        self.tail_marks.append(mark)

    def record_undecodable_start(self) -> None:
        """Take note of what comes before the first key frame and can't be decoded."""
        if self.runs and self.key_frames:
            start, end = self.runs[0][0], min(self.runs[0][1], self.key_frames[0])
            self.dropouts = [(start, end), *(hole for hole in self.dropouts if hole[0] >= end)]

    def merge(self, later: TrackStats) -> None:
        """Go on with what another strand has told."""
        expected_dts, later_first_dts = self.next_dts, later.first_dts
        if (
            expected_dts is not None
            and later_first_dts is not None
            and self.runs[-1][0] < expected_dts < later_first_dts < self.runs[-1][1]
        ):
            self.dropouts.append(
                (expected_dts, later_first_dts)
            )  # the first pictures behind it were taken for ones before it
        self.runs += later.runs
        self.key_frames += later.key_frames
        self.head_marks = (self.head_marks + later.head_marks)[:MAX_HEAD_MARKS]
        self.tail_marks += later.tail_marks
        self.dropouts += later.dropouts
        self.packet_count += later.packet_count
        self.has_leading_frames = self.has_leading_frames or later.has_leading_frames


@dataclass
class ChainStats:
    """What one strand has told, and where its packets lie."""

    video: TrackStats
    audio: TrackStats
    first_packet: int
    last_packet: int = 0
    earliest: float = 0.0

    def chain_extent(self, number: int) -> ChainExtent:
        runs = [run for reading in (self.video, self.audio) for run in reading.runs]
        start, end = min(run[0] for run in runs), max(run[1] for run in runs)
        packet_count = self.video.packet_count + self.audio.packet_count
        return ChainExtent(
            number,
            start,
            end,
            self.first_packet,
            self.last_packet,
            packet_count,
            self.video.first_dts,
            self.video.next_dts,
            self.video.starts_mid_gop,
        )
