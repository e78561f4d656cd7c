"""Time: seconds on the replay clock, half-open spans of it, and the map between the clocks of a show.

Names say which of four clocks a time is on. *File time* counts from the first instant presented in one file.
*Recording time* lays the files end to end by their own times, so it keeps the gaps inside a file. *Wall clock* also
has the time that passed between files, where their timestamps show it. *Replay time* is what viewers see: gaps and
repeats are left out. A plain `Seconds` is replay time.
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
    """The half-open interval [start, end). Both ends are finite, 0 <= start <= end."""

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
        """The seconds that both spans share; 0 where they only touch."""
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
    """A part of one file that the replay shows without a break. Times are in seconds, each on the clock in its name.

    `file_index` counts the recording's files from 0. `wall_clock_offset` is how far the wall clock, in seconds since
    the first instant, is ahead of recording time: what passed between files, less what they repeat. Where the file
    ends a little before `duration` does, the replay holds the last frame, in silence.
    """

    file_index: int
    file_start: float
    recording_start: float
    replay_start: Seconds
    duration: float
    wall_clock_offset: float = 0.0

    def __post_init__(self) -> None:
        if self.duration <= 0:
            raise InvalidValue(f"a clip needs a duration above 0, not {self.duration}")

    @property
    def replay_span(self) -> Span:
        return Span(self.replay_start, self.replay_start + self.duration)

    @property
    def wall_clock_start(self) -> float:
        """Seconds on the wall clock since the recording's first instant."""
        return self.recording_start + self.wall_clock_offset


CutKind = Literal["gap", "repeat", "no_picture", "damage"]
"""Why the replay leaves something out: not recorded, recorded twice, without video, or unreadable."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the replay leaves out: `duration` seconds of recording time from `recording_start`. `reason`: for people."""

    recording_start: float
    duration: float
    reason: str
    kind: CutKind = "gap"


FaultKind = Literal["began_anew", "wrapped", "repeated", "changed", "strayed", "cut_off", "damaged", "held", "silent"]
"""What was wrong with a recording and was repaired or worked around."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A fault of the recording that the replay does not show, or hardly: `duration` seconds from `recording_start`.

    `what` is a sentence for people, without the time; `count` is how often it happened, where faults are summed up.
    """

    kind: FaultKind
    file: int
    recording_start: float
    duration: float
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """The map between file, recording, replay and wall clock: clips in replay order, from 0, without gaps."""

    clips: tuple[TimelineClip, ...]
    cuts: tuple[Cut, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def __post_init__(self) -> None:
        if not self.clips:
            raise InvalidValue("a timeline needs at least one clip")

    @property
    def duration(self) -> Seconds:
        return self.clips[-1].replay_span.end

    @property
    def replay_span(self) -> Span:
        return Span(0.0, self.duration)

    def clip_at(self, time: Seconds) -> TimelineClip:
        """The clip that the replay shows at `time`; times before 0 and behind the end count to the nearest clip."""
        return self.clips[max(0, bisect_right(self.clips, time, key=lambda clip: clip.replay_start) - 1)]

    def recording_to_replay(self, recording_time: float) -> Seconds:
        """When the replay shows an instant of the recording clock; an instant left out goes to the end of the clip
        before it, or to 0.
        """
        number = bisect_right(self.clips, recording_time, key=lambda clip: clip.recording_start)
        clip = self.clips[max(0, number - 1)]
        return clip.replay_start + min(max(recording_time - clip.recording_start, 0.0), clip.duration)

    def wall_clock_to_replay(self, wall_clock: datetime, started_at: datetime) -> Seconds | None:
        """When the replay shows a wall-clock instant, or None outside the recording. Both have a time zone.

        An instant left out goes to the end of the clip before it.
        """
        elapsed_s = (wall_clock - started_at).total_seconds()
        last_clip = self.clips[-1]
        if not self.clips[0].wall_clock_start <= elapsed_s < last_clip.wall_clock_start + last_clip.duration:
            return None
        started_clips = [clip for clip in self.clips if clip.wall_clock_start <= elapsed_s]
        clip = max(started_clips, key=lambda clip: clip.wall_clock_start)
        return clip.replay_start + min(elapsed_s - clip.wall_clock_start, clip.duration)

    def clips_in(self, span: Span) -> Iterator[tuple[TimelineClip, Span]]:
        """The clips that `span` of the replay shows, in order, each with the span of its own *file time*."""
        for clip in self.clips:
            visible_span = span.clipped_to(clip.replay_span)
            if visible_span.duration > 0:
                offset = clip.file_start - clip.replay_start
                yield clip, Span(max(0.0, visible_span.start + offset), visible_span.end + offset)


def wall_clock_at(timeline: Timeline, start_time: StartTime, time: Seconds) -> datetime | None:
    """The date of an instant of the replay; None where no start is known."""
    if start_time.at is None:
        return None
    clip = timeline.clip_at(time)
    return start_time.at + timedelta(seconds=clip.wall_clock_start + time - clip.replay_start)
