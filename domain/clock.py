"""Time: seconds on the replay clock, half-open stretches of it, and the map between the clocks of a show.

Four clocks are told apart by name. *File time* counts from the first instant presented in one file. *Recording time*
lays the files end to end by their own times, so it keeps the gaps inside a file. *Wall clock* knows also what passed
between files, where their times tell. *Replay time* is what viewers see: gaps and repeats are left out. A plain
`Seconds` is replay time.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Literal, TypeAlias

from domain.errors import InvalidValue
from domain.session import StartTime

Seconds: TypeAlias = float
"""Seconds on the replay clock, unless the name says otherwise."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open stretch [start, end). Both finite, 0 <= start <= end."""

    start: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        if not (isfinite(self.start) and isfinite(self.end)):
            raise InvalidValue(f"a span needs finite ends, not [{self.start}, {self.end})")
        if not 0 <= self.start <= self.end:
            raise InvalidValue(f"a span needs 0 <= start <= end, not [{self.start}, {self.end})")

    @property
    def duration(self) -> Seconds:
        return self.end - self.start

    @property
    def midpoint(self) -> Seconds:
        return (self.start + self.end) / 2

    def contains(self, time: Seconds) -> bool:
        """Whether `time` lies in [start, end)."""
        return self.start <= time < self.end

    def overlap(self, other: "Span") -> Seconds:
        """Seconds that both spans share; 0 when they only touch."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def iou(self, other: "Span") -> float:
        """Temporal intersection over union, in [0, 1]; 0 for two empty spans."""
        shared = self.overlap(other)
        union = self.duration + other.duration - shared
        return shared / union if union > 0 else 0.0

    def clipped_to(self, outer: "Span") -> "Span":
        """This span cut to `outer`; empty, at its nearest edge, where they don't meet."""
        start = min(max(self.start, outer.start), outer.end)
        return Span(start, max(start, min(self.end, outer.end)))


@dataclass(frozen=True, slots=True)
class TimelineClip:
    """A stretch of one file that the replay shows without a break. All times in seconds, each on the clock it names.

    `file_index` is a number in `MediaInfo.files`. `wall_clock_offset` is how far the wall clock, as seconds since the
    first instant, is ahead of recording time: what passed between files, less what they repeat. The file may end a
    little before `duration` does: then the replay holds the last picture, in silence.
    """

    file_index: int
    file_start: float
    recording_start: float
    replay_start: Seconds
    duration: float
    wall_clock_offset: float = 0.0

    def __post_init__(self) -> None:
        if self.duration <= 0:
            raise InvalidValue(f"a piece needs a duration above 0, not {self.duration}")

    @property
    def replay_span(self) -> Span:
        return Span(self.replay_start, self.replay_start + self.duration)

    @property
    def wall_clock_start(self) -> float:
        """Seconds of wall clock since the recording's first instant."""
        return self.recording_start + self.wall_clock_offset


CutKind = Literal["gap", "repeat", "no_picture", "damage"]
"""Why the replay leaves something out: nothing was recorded, it was recorded twice, it cannot be shown or read."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the replay leaves out: `duration` seconds of recording time from `recording_start`, and why."""

    recording_start: float
    duration: float
    reason: str
    kind: CutKind = "gap"


FaultKind = Literal["began_anew", "wrapped", "repeated", "changed", "strayed", "cut_off", "damaged", "held", "silent"]
"""What was wrong with a recording and could be put right, or be worked around."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A fault of the recording that the replay doesn't show, or hardly: from `recording_start` on, `duration` seconds.

    `what` is a sentence for people, without the place; `count` is how often it happened, where that is told together.
    """

    kind: FaultKind
    file: int
    recording_start: float
    duration: float
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """The map between file, recording, replay and wall clock: pieces in replay order, touching each other, from 0."""

    clips: tuple[TimelineClip, ...]
    cuts: tuple[Cut, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def __post_init__(self) -> None:
        if not self.clips:
            raise InvalidValue("a timeline needs at least one piece")

    @property
    def duration(self) -> Seconds:
        return self.clips[-1].replay_span.end

    @property
    def replay_span(self) -> Span:
        return Span(0.0, self.duration)

    def recording_to_replay(self, recording_time: float) -> Seconds:
        """Where the replay shows an instant of the recording clock; instants left out go to the nearest one shown."""
        starts = [clip.recording_start for clip in self.clips]
        piece = self.clips[max(0, bisect_right(starts, recording_time) - 1)]
        offset = min(max(recording_time - piece.recording_start, 0.0), piece.duration)
        return piece.replay_start + offset

    def replay_to_recording(self, time: Seconds) -> float:
        """The instant of the recording clock that the replay shows at `time`."""
        starts = [clip.replay_start for clip in self.clips]
        piece = self.clips[max(0, bisect_right(starts, time) - 1)]
        return piece.recording_start + (time - piece.replay_start)

    def wall_clock_to_replay(self, wall_clock: datetime, started_at: datetime) -> Seconds | None:
        """Where the replay shows a wall-clock instant, or None outside the recording. Both with a time zone.

        Instants left out go to the nearest one shown.
        """
        elapsed_s = (wall_clock - started_at).total_seconds()
        last_clip = self.clips[-1]
        if not self.clips[0].wall_clock_start <= elapsed_s < last_clip.wall_clock_start + last_clip.duration:
            return None
        started_clips = [clip for clip in self.clips if clip.wall_clock_start <= elapsed_s]
        piece = max(started_clips, key=lambda piece: piece.wall_clock_start)
        return piece.replay_start + min(elapsed_s - piece.wall_clock_start, piece.duration)

    def clips_in(self, span: Span) -> Iterator[tuple[TimelineClip, Span]]:
        """The pieces that `span` of the replay shows, in order, each with the stretch of its own *file time*."""
        for clip in self.clips:
            visible_span = span.clipped_to(clip.replay_span)
            if visible_span.duration > 0:
                offset = clip.file_start - clip.replay_start
                yield clip, Span(max(0.0, visible_span.start + offset), visible_span.end + offset)


def wall_clock_at(timeline: Timeline, start_time: StartTime, time: Seconds) -> datetime | None:
    """The date of an instant of the replay; None where no start is known."""
    if start_time.at is None:
        return None
    clip_starts = [clip.replay_start for clip in timeline.clips]
    clip = timeline.clips[max(0, bisect_right(clip_starts, time) - 1)]
    return start_time.at + timedelta(seconds=clip.wall_clock_start + time - clip.replay_start)
