"""Where a file lies after the one before it."""

from dataclasses import replace

import pytest

from domain.clock import Span
from domain.recording import KeyframeFingerprint, MediaFileInfo, TimestampRules, VideoTrackInfo
from media.scan.file_alignment import FileAlignmentRules, align_file

RULES = FileAlignmentRules(TimestampRules(2.0, 0.3, 3600.0), max_overlap_s=120.0)
VIDEO = VideoTrackInfo("h264", 160, 90, 10.0, (0.0,))


def info(starts_at: float, duration: float, source: int, frames: range = range(0)) -> MediaFileInfo:
    """A file whose clock begins at `starts_at`, with a key frame a second: the show's numbers `frames`."""
    marks = tuple(KeyframeFingerprint(float(time), frame) for time, frame in enumerate(frames))
    file = MediaFileInfo("flv", duration, (Span(0, duration),), VIDEO, None, starts_at, source)
    return replace(file, head_fingerprints=marks[:8], tail_fingerprints=marks)


def test_files_whose_clocks_restart_follow_each_other() -> None:
    alignment = align_file(info(0, 100, 0), info(0, 50, 1), RULES)
    assert (alignment.offset_s, alignment.repeated_s, alignment.kind) == (100, 0, None)


def test_files_of_one_clock_keep_what_passed_between_them() -> None:
    assert align_file(info(0, 100, 0), info(130, 50, 1), RULES).offset_s == 130


def test_a_file_that_begins_before_the_other_ends_repeats_that_much() -> None:
    alignment = align_file(info(1000, 100, 0), info(1090, 50, 1), RULES)
    assert (alignment.offset_s, alignment.repeated_s) == (90, 10)


def test_the_same_key_frames_are_a_repeat_whatever_the_clocks_say() -> None:
    alignment = align_file(info(0, 20, 0, range(20)), info(0, 20, 1, range(15, 35)), RULES)
    assert (alignment.offset_s, alignment.repeated_s, alignment.kind) == (15, 5, "repeated")


def test_a_scene_that_stands_still_is_no_repeat() -> None:
    still = replace(info(0, 20, 0), tail_fingerprints=tuple(KeyframeFingerprint(float(time), 7) for time in range(20)))
    more = replace(info(0, 20, 1), head_fingerprints=tuple(KeyframeFingerprint(float(time), 7) for time in range(8)))
    assert align_file(still, more, RULES).repeated_s == 0


def test_one_key_frame_that_is_alike_while_the_next_is_not_is_no_repeat() -> None:
    before = info(0, 20, 0, range(20))
    after = replace(info(0, 20, 1), head_fingerprints=(KeyframeFingerprint(0.0, 15), KeyframeFingerprint(1.0, 99)))
    assert align_file(before, after, RULES).repeated_s == 0


@pytest.mark.parametrize("period_s", [2**24 / 1000, 2**32 / 1000])
def test_a_clock_that_wrapped_within_a_file_is_unwrapped(period_s: float) -> None:
    alignment = align_file(info(period_s - 100, 99.0, 0), info(0.5, 50, 0), RULES)
    assert alignment.offset_s == pytest.approx(100.5)
    assert alignment.kind == "wrapped"


def test_a_clock_reset_within_a_file_is_reported() -> None:
    alignment = align_file(info(0, 600, 0), info(0, 50, 0), RULES)
    assert (alignment.offset_s, alignment.kind) == (600, "began_anew")
