"""What the packets of each track say, collected packet by packet and then summed up over chains."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, pairwise
from statistics import median_low

from domain.recording import KeyframeFingerprint
from media.scan.timestamp_chains import ChainExtent

FINGERPRINT_BYTES = 512  # of a key frame's end: the same in every container
MAX_HEAD_FINGERPRINTS, MAX_TAIL_FINGERPRINTS = 8, 128  # the start of a repeat, and about the last two minutes
STEP_WINDOW, MIN_STEPS = 9, 4  # most of the last nine steps are usual ones; fewer than four say nothing
MIN_DROPOUT_S = 0.3  # viewers notice a picture that stands still that long


@dataclass
class PacketSpacing:
    """Learns how far apart the packets of a track are in decoding order, and where some are missing. Seconds.

    `dropouts`: from the time at which a packet was expected to that of the next one.
    """

    max_gap_s: float
    usual_step_s: float = 0.0
    first_dts: float | None = None
    last_dts: float | None = None
    dropouts: list[tuple[float, float]] = field(default_factory=list)
    _recent_steps_s: deque[float] = field(default_factory=lambda: deque(maxlen=STEP_WINDOW))
    _pending_steps: list[tuple[float, float]] = field(default_factory=list)

    def add(self, dts: float) -> None:
        """Take note of the next packet's decoding time."""
        if self.first_dts is None:
            self.first_dts = dts
        if self.last_dts is not None and 0 < dts - self.last_dts <= self.max_gap_s:
            self._learn_step(self.last_dts, dts)
        self.last_dts = dts

    @property
    def next_dts(self) -> float | None:
        """The decoding time at which the next packet is expected; None before the first."""
        return None if self.last_dts is None else self.last_dts + self.usual_step_s

    def _learn_step(self, previous_dts: float, dts: float) -> None:
        """A recording of one frame a second misses none: the median of the last steps is the usual one."""
        step_s = dts - previous_dts
        self._recent_steps_s.append(step_s)
        if step_s <= MIN_DROPOUT_S and not self._pending_steps:
            self.usual_step_s = step_s
            return
        self._pending_steps.append((previous_dts, dts))
        if len(self._recent_steps_s) < MIN_STEPS:
            return
        median_step_s = median_low(self._recent_steps_s)
        for start, end in self._pending_steps:
            if median_step_s + MIN_DROPOUT_S < end - start:
                self.dropouts.append((start + median_step_s, end))
            else:
                self.usual_step_s = end - start
        self._pending_steps = []


@dataclass
class TrackStats:
    """The runs and key frames of one track within one chain. Presentation times in seconds, as recorded.

    `runs`: start and end of what has no gap. `has_leading_frames`: some frames are shown before the key frame that
    they follow. `starts_mid_gop`: the first packet is no key frame.
    """

    spacing: PacketSpacing
    runs: list[tuple[float, float]] = field(default_factory=list)
    key_frames: list[float] = field(default_factory=list)
    head_fingerprints: list[KeyframeFingerprint] = field(default_factory=list)
    tail_fingerprints: deque[KeyframeFingerprint] = field(default_factory=lambda: deque(maxlen=MAX_TAIL_FINGERPRINTS))
    packet_count: int = 0
    has_leading_frames: bool = False
    starts_mid_gop: bool = False

    def add_packet(self, start: float, duration_s: float, *, is_key_frame: bool) -> None:
        """Take note of a packet presented at `start`; `duration_s` is 0 where the container does not say."""
        end = start + (duration_s or self.spacing.usual_step_s)
        if not self.packet_count:
            self.starts_mid_gop = not is_key_frame
        self.packet_count += 1
        if self.key_frames and start < self.key_frames[-1]:
            self.has_leading_frames = True
        max_gap_s = self.spacing.max_gap_s
        if self.runs and self.runs[-1][0] - max_gap_s <= start <= self.runs[-1][1] + max_gap_s:
            self.runs[-1] = (min(self.runs[-1][0], start), max(self.runs[-1][1], end))
        else:
            self.runs.append((start, end))

    def add_key_frame(self, content: bytes, start: float) -> None:
        """Take note of a key frame of the video track."""
        self.key_frames.append(start)
        fingerprint = KeyframeFingerprint(start, zlib.crc32(content[-FINGERPRINT_BYTES:]))
        if len(self.head_fingerprints) < MAX_HEAD_FINGERPRINTS:
            self.head_fingerprints.append(fingerprint)
        self.tail_fingerprints.append(fingerprint)


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """What one track holds over several chains. Times as in `TrackStats`, or less what they were shifted by."""

    runs: tuple[tuple[float, float], ...]
    key_frames: tuple[float, ...]
    head_fingerprints: tuple[KeyframeFingerprint, ...]
    tail_fingerprints: tuple[KeyframeFingerprint, ...]
    dropouts: tuple[tuple[float, float], ...]
    packet_count: int
    has_leading_frames: bool

    @property
    def duration_s(self) -> float:
        """For how long something is presented."""
        return sum(end - start for start, end in self.runs)

    def with_undecodable_start(self) -> TrackSummary:
        """The same video track, with what comes before its first key frame as a dropout: it cannot be decoded."""
        if not self.runs or not self.key_frames:
            return self
        start, end = self.runs[0][0], min(self.runs[0][1], self.key_frames[0])
        return replace(self, dropouts=((start, end), *(dropout for dropout in self.dropouts if dropout[0] >= end)))

    def earlier_by(self, origin: float) -> TrackSummary:
        """The same with times that count from `origin`."""
        return replace(
            self,
            runs=tuple((start - origin, end - origin) for start, end in self.runs),
            key_frames=tuple(time - origin for time in self.key_frames),
            head_fingerprints=_earlier_fingerprints(self.head_fingerprints, origin),
            tail_fingerprints=_earlier_fingerprints(self.tail_fingerprints, origin),
            dropouts=tuple((start - origin, end - origin) for start, end in self.dropouts),
        )


def summarize_track(chains: Sequence[TrackStats]) -> TrackSummary:
    """One track over chains that follow each other."""
    tail_fingerprints = deque(chain.from_iterable(stats.tail_fingerprints for stats in chains), MAX_TAIL_FINGERPRINTS)
    head_fingerprints = chain.from_iterable(stats.head_fingerprints for stats in chains)
    return TrackSummary(
        tuple(chain.from_iterable(stats.runs for stats in chains)),
        tuple(chain.from_iterable(stats.key_frames for stats in chains)),
        tuple(islice(head_fingerprints, MAX_HEAD_FINGERPRINTS)),
        tuple(tail_fingerprints),
        tuple(_all_dropouts(chains)),
        sum(stats.packet_count for stats in chains),
        any(stats.has_leading_frames for stats in chains),
    )


def _all_dropouts(chains: Sequence[TrackStats]) -> list[tuple[float, float]]:
    """Those within the chains, and those between two where the first frames after a gap have times from before it."""
    dropouts = list(chains[0].spacing.dropouts)
    for previous, following in pairwise(chains):
        expected_dts, first_dts = previous.spacing.next_dts, following.spacing.first_dts
        if expected_dts is not None and first_dts is not None:
            last_start, last_end = previous.runs[-1]
            if last_start < expected_dts < first_dts < last_end:
                dropouts.append((expected_dts, first_dts))
        dropouts += following.spacing.dropouts
    return dropouts


def _earlier_fingerprints(
    fingerprints: Sequence[KeyframeFingerprint], origin: float
) -> tuple[KeyframeFingerprint, ...]:
    return tuple(KeyframeFingerprint(each.time - origin, each.checksum) for each in fingerprints)


@dataclass
class ChainStats:
    """Both tracks of one timestamp chain, and the positions of its first and last packet in the file."""

    video: TrackStats
    audio: TrackStats
    first_packet: int
    last_packet: int = 0

    def chain_extent(self, number: int) -> ChainExtent:
        """How far the chain reaches; `number` is its index."""
        runs = self.video.runs + self.audio.runs
        return ChainExtent(
            number,
            min(start for start, _ in runs),
            max(end for _, end in runs),
            self.first_packet,
            self.last_packet,
            self.video.packet_count + self.audio.packet_count,
            self.video.spacing.first_dts,
            self.video.spacing.next_dts,
            self.video.starts_mid_gop,
        )
