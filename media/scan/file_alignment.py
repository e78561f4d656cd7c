"""Where a file lies after the one before it: by what both hold, by their recorder's clock, or one after the other."""

from dataclasses import dataclass

from domain.clock import FaultKind
from domain.recording import KeyframeFingerprint, MediaFileInfo, TimestampRules

FRESH_CLOCK_S = 10.0  # a clock that shows less has just begun, and says nothing of the file before
KEY_FRAME_TOLERANCE_S = 0.05  # key frames of a repeat lie where they lay, to the rounding of the containers
MAX_AUDIO_OVERHANG_S = 0.1  # sound of the one file may last that long into the next
WRAP_PERIODS_S = {"flv": (2**24 / 1000, 2**32 / 1000), "matroska": (2**24 / 1000, 2**32 / 1000, 2**33 / 90_000)}
WRAP_WINDOW_S = 60.0
CLOCK_RESET_MESSAGE = "the recorder's clock began anew; what follows is shown right after"
CLOCK_WRAP_MESSAGE = "the recorder's clock ran over and went on from 0"
REPEATED_MESSAGE = "was sent a second time and is shown once"


@dataclass(frozen=True, slots=True)
class FileAlignmentRules:
    """How far apart, or into each other, files of one clock may be: at most `max_overlap_s` into each other."""

    timestamps: TimestampRules
    max_overlap_s: float


@dataclass(frozen=True, slots=True)
class FileAlignment:
    """`offset_s`: seconds of wall clock from file time 0 of the one to that of the next, whose first `repeated_s`
    repeat.

    The file before lasts so far, or is held so far, as `max_bridge_s` allows. `kind` and `what` tell what was odd.
    """

    offset_s: float
    repeated_s: float
    max_bridge_s: float = 0.0
    kind: FaultKind | None = None
    what: str = ""


def align_file(previous: MediaFileInfo, info: MediaFileInfo, rules: FileAlignmentRules) -> FileAlignment:
    """Where `info` lies after `previous`."""
    repeat_alignment = _align_by_content(previous, info, rules)
    if repeat_alignment is not None:
        return repeat_alignment
    offset_s = info.recorder_start - previous.recorder_start  # by the recorder's clock
    if _shares_clock(previous, info, offset_s, rules):
        overlap = previous.duration - offset_s
        if overlap > MAX_AUDIO_OVERHANG_S:
            return FileAlignment(offset_s, min(overlap, info.duration), 0.0, "repeated", REPEATED_MESSAGE)
        return FileAlignment(offset_s, 0.0, rules.timestamps.max_gap_s)
    for period in WRAP_PERIODS_S.get(previous.container, ()):
        since_wrap_window_s = (
            previous.recorder_start + previous.duration + WRAP_WINDOW_S
        ) % period  # since a minute before it ran over
        is_near_wrap = (
            since_wrap_window_s < 2 * WRAP_WINDOW_S and previous.recorder_start + previous.duration > WRAP_WINDOW_S
        )
        has_wrapped = info.recorder_start % period < WRAP_WINDOW_S  # ffmpeg may have added a longer period of its own
        if is_near_wrap and has_wrapped and previous.source_index == info.source_index:
            return FileAlignment(offset_s % period, 0.0, rules.timestamps.max_gap_s, "wrapped", CLOCK_WRAP_MESSAGE)
    is_same_source = previous.source_index == info.source_index
    return FileAlignment(
        previous.duration,
        0.0,
        MAX_AUDIO_OVERHANG_S,
        *(("began_anew", CLOCK_RESET_MESSAGE) if is_same_source else (None, "")),
    )


def _shares_clock(previous: MediaFileInfo, info: MediaFileInfo, offset_s: float, rules: FileAlignmentRules) -> bool:
    gap = offset_s - previous.duration
    if previous.source_index == info.source_index:
        return -MAX_AUDIO_OVERHANG_S <= gap <= rules.timestamps.max_outage_s
    return (
        info.recorder_start > FRESH_CLOCK_S
        and -rules.max_overlap_s <= gap <= rules.timestamps.max_outage_s
        and offset_s > 0
    )


def _align_by_content(previous: MediaFileInfo, info: MediaFileInfo, rules: FileAlignmentRules) -> FileAlignment | None:
    """The placing by which key frames of the one's end are those of the other's beginning, where one alone does."""
    if not info.head_fingerprints:
        return None
    first = info.head_fingerprints[0]
    candidate_offsets_s = [
        mark.time - first.time for mark in previous.tail_fingerprints if mark.checksum == first.checksum
    ]
    matching_offsets_s = [
        offset_s
        for offset_s in candidate_offsets_s
        if _key_frames_match(previous.tail_fingerprints, info.head_fingerprints, offset_s, previous.duration)
    ]
    clock_offset_s = info.recorder_start - previous.recorder_start
    exact_offsets_s = [after for after in matching_offsets_s if abs(after - clock_offset_s) <= KEY_FRAME_TOLERANCE_S]
    if len(exact_offsets_s or matching_offsets_s) != 1:
        return None
    (after,) = exact_offsets_s or matching_offsets_s
    overlap = previous.duration - after
    if not 0 < overlap <= rules.max_overlap_s:
        return None
    return FileAlignment(after, min(overlap, info.duration), 0.0, "repeated", REPEATED_MESSAGE)


def _key_frames_match(
    tail: tuple[KeyframeFingerprint, ...], head: tuple[KeyframeFingerprint, ...], offset_s: float, end: float
) -> bool:
    """Whether what the one ends with is what the other begins with, key frame for key frame, at the same times."""
    if offset_s < KEY_FRAME_TOLERANCE_S:
        return False  # the whole of it again is no reconnection
    head_marks = [
        KeyframeFingerprint(mark.time + offset_s, mark.checksum)
        for mark in head
        if mark.time + offset_s < end - KEY_FRAME_TOLERANCE_S
    ]
    head_end = head[-1].time + offset_s + KEY_FRAME_TOLERANCE_S
    tail_marks = [mark for mark in tail if offset_s - KEY_FRAME_TOLERANCE_S <= mark.time <= head_end]
    return len(head_marks) == len(tail_marks) and all(
        abs(new.time - old.time) <= KEY_FRAME_TOLERANCE_S and new.checksum == old.checksum
        for new, old in zip(head_marks, tail_marks, strict=True)
    )
