"""Where a file lies after the one before it: by what both hold, by their recorder's clock, or one after the other."""

from dataclasses import dataclass
from typing import Protocol

from domain.clock import RepairKind
from domain.recording import FileInfo, KeyMark

FRESH_S = 10.0  # a clock that shows less has just begun, and says nothing of the file before
SAME_INSTANT_S = 0.05  # key frames of a repeat lie where they lay, to the rounding of the containers
OVERHANG_S = 0.1  # sound of the one file may last that long into the next
WRAP_PERIODS_S = {"flv": (2**24 / 1000, 2**32 / 1000), "matroska": (2**24 / 1000, 2**32 / 1000, 2**33 / 90_000)}
NEAR_WRAP_S = 60.0
BEGAN_ANEW = "the recorder's clock began anew; what follows is shown right after"
WRAPPED = "the recorder's clock ran over and went on from 0"
TWICE = "was sent a second time and is shown once"


class PlacingRules(Protocol):
    """How far apart, or into each other, files of one clock may be."""

    @property
    def longest_gap_s(self) -> float: ...
    @property
    def longest_outage_s(self) -> float: ...
    @property
    def longest_overlap_s(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Placing:
    """`after`: seconds of wall clock from file time 0 of the one to that of the next, whose first `repeated_s` repeat.

    The file before lasts so far, or is held so far, as `bridged_s` allows. `kind` and `what` tell what was odd.
    """

    after: float
    repeated_s: float
    bridged_s: float = 0.0
    kind: RepairKind | None = None
    what: str = ""


def placed(before: FileInfo, info: FileInfo, rules: PlacingRules) -> Placing:
    """Where `info` lies after `before`."""
    repeat = _same_content(before, info, rules)
    if repeat is not None:
        return repeat
    apart = info.clock_start - before.clock_start  # by the recorder's clock
    if _is_one_clock(before, info, apart, rules):
        overlap = before.duration - apart
        if overlap > OVERHANG_S:
            return Placing(apart, min(overlap, info.duration), 0.0, "repeated", TWICE)
        return Placing(apart, 0.0, rules.longest_gap_s)
    for period in WRAP_PERIODS_S.get(before.container, ()):
        past = (before.clock_start + before.duration + NEAR_WRAP_S) % period  # since a minute before it ran over
        is_near = past < 2 * NEAR_WRAP_S and before.clock_start + before.duration > NEAR_WRAP_S
        has_begun = info.clock_start % period < NEAR_WRAP_S  # ffmpeg may have added a longer period of its own
        if is_near and has_begun and before.source == info.source:
            return Placing(apart % period, 0.0, rules.longest_gap_s, "wrapped", WRAPPED)
    is_told = before.source == info.source
    return Placing(before.duration, 0.0, OVERHANG_S, *(("began_anew", BEGAN_ANEW) if is_told else (None, "")))


def _is_one_clock(before: FileInfo, info: FileInfo, apart: float, rules: PlacingRules) -> bool:
    gap = apart - before.duration
    if before.source == info.source:
        return -OVERHANG_S <= gap <= rules.longest_outage_s
    return info.clock_start > FRESH_S and -rules.longest_overlap_s <= gap <= rules.longest_outage_s and apart > 0


def _same_content(before: FileInfo, info: FileInfo, rules: PlacingRules) -> Placing | None:
    """The placing by which key frames of the one's end are those of the other's beginning, where one alone does."""
    if not info.head:
        return None
    first = info.head[0]
    found = [mark.time - first.time for mark in before.tail if mark.checksum == first.checksum]
    fitting = [after for after in found if _agree(before.tail, info.head, after, before.duration)]
    by_clock = info.clock_start - before.clock_start
    exact = [after for after in fitting if abs(after - by_clock) <= SAME_INSTANT_S]
    if len(exact or fitting) != 1:
        return None
    (after,) = exact or fitting
    overlap = before.duration - after
    if not 0 < overlap <= rules.longest_overlap_s:
        return None
    return Placing(after, min(overlap, info.duration), 0.0, "repeated", TWICE)


def _agree(tail: tuple[KeyMark, ...], head: tuple[KeyMark, ...], after: float, end: float) -> bool:
    """Whether what the one ends with is what the other begins with, key frame for key frame, at the same times."""
    if after < SAME_INSTANT_S:
        return False  # the whole of it again is no reconnection
    begins = [KeyMark(mark.time + after, mark.checksum) for mark in head if mark.time + after < end - SAME_INSTANT_S]
    reach = head[-1].time + after + SAME_INSTANT_S
    ends = [mark for mark in tail if after - SAME_INSTANT_S <= mark.time <= reach]
    return len(begins) == len(ends) and all(
        abs(new.time - old.time) <= SAME_INSTANT_S and new.checksum == old.checksum
        for new, old in zip(begins, ends, strict=True)
    )
