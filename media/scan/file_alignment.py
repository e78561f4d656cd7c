"""Where a file lies after the previous one: by what both hold, by the recorder's clock, or else directly after it."""

from dataclasses import dataclass

from domain.clock import FaultKind
from domain.recording import KeyframeFingerprint, MediaFileInfo, TimestampRules

FRESH_CLOCK_S = 10.0  # a clock that shows less has just started and says nothing about the previous file
KEY_FRAME_TOLERANCE_S = 0.05  # key frames of a repeat have the same distances, to the containers' rounding
MAX_AUDIO_OVERHANG_S = 0.1  # by the size of its packets, the audio of a file may last that long into the next
WRAP_PERIODS_S = {"flv": (2**24 / 1000, 2**32 / 1000), "matroska": (2**24 / 1000, 2**32 / 1000, 2**33 / 90_000)}
WRAP_WINDOW_S = 60.0  # a clock wraps within a minute of its period
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
    """Where the next file lies: `offset_s` seconds of wall clock from file time 0 of the previous to its own.

    Its first `repeated_s` are a repeat. The previous file is held or cut by at most `max_bridge_s` to meet it. `kind`
    and `what` report what was wrong, if anything.
    """

    offset_s: float
    repeated_s: float
    max_bridge_s: float = 0.0
    kind: FaultKind | None = None
    what: str = ""


def align_file(previous: MediaFileInfo, info: MediaFileInfo, rules: FileAlignmentRules) -> FileAlignment:
    """Where `info` lies after `previous`, which is the file before it."""
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
        previous_end = previous.recorder_start + previous.duration
        since_wrap_window_s = (previous_end + WRAP_WINDOW_S) % period  # since a minute before the clock wrapped
        is_near_wrap = since_wrap_window_s < 2 * WRAP_WINDOW_S and previous_end > WRAP_WINDOW_S
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
    """The one offset by which the last key frames of `previous` are the first of `info`; None unless there is one."""
    if not info.head_fingerprints:
        return None
    first = info.head_fingerprints[0]
    candidate_offsets_s = [
        last.time - first.time for last in previous.tail_fingerprints if last.checksum == first.checksum
    ]
    matching_offsets_s = [
        offset_s
        for offset_s in candidate_offsets_s
        if _key_frames_match(previous.tail_fingerprints, info.head_fingerprints, offset_s, previous.duration)
    ]
    clock_offset_s = info.recorder_start - previous.recorder_start
    exact_offsets_s = [each for each in matching_offsets_s if abs(each - clock_offset_s) <= KEY_FRAME_TOLERANCE_S]
    if len(exact_offsets_s or matching_offsets_s) != 1:
        return None
    (offset_s,) = exact_offsets_s or matching_offsets_s
    overlap = previous.duration - offset_s
    if not 0 < overlap <= rules.max_overlap_s:
        return None
    return FileAlignment(offset_s, min(overlap, info.duration), 0.0, "repeated", REPEATED_MESSAGE)


def _key_frames_match(
    tail: tuple[KeyframeFingerprint, ...], head: tuple[KeyframeFingerprint, ...], offset_s: float, end: float
) -> bool:
    """Whether one file ends with what the other begins with, key frame for key frame, at the same times."""
    if offset_s < KEY_FRAME_TOLERANCE_S:
        return False  # the whole file again is no reconnection
    shifted_head = [KeyframeFingerprint(each.time + offset_s, each.checksum) for each in head]
    repeated_head = [each for each in shifted_head if each.time < end - KEY_FRAME_TOLERANCE_S]
    head_end = head[-1].time + offset_s + KEY_FRAME_TOLERANCE_S
    repeated_tail = [each for each in tail if offset_s - KEY_FRAME_TOLERANCE_S <= each.time <= head_end]
    return len(repeated_head) == len(repeated_tail) and all(
        abs(new.time - old.time) <= KEY_FRAME_TOLERANCE_S and new.checksum == old.checksum
        for new, old in zip(repeated_head, repeated_tail, strict=True)
    )
