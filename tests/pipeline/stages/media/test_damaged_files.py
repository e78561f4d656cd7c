"""What hides the rest of a file, or cuts it off, is reported and costs no more than itself."""

import re
from pathlib import Path

import pytest

from domain.clock import Timeline
from fixtures.media import PROBED, Clip, media_of, recording, rendered
from media.formats import matroska
from pipeline.stages.media.build_timeline import BuildTimeline

pytestmark = pytest.mark.media

FRAGMENTED = Clip(".mp4", length_s=6, width=64, height=64, is_fragmented=True)
MATROSKA = Clip(".mkv", length_s=3, width=64, height=64)
UNKNOWN_SIZE = b"\x01" + b"\xff" * 7


def timeline_of(content: bytes | bytearray, file: Path) -> Timeline:
    file.write_bytes(content)
    return BuildTimeline()(media_of(recording(file)), PROBED)


def repair_kinds(timeline: Timeline) -> set[str]:
    return {repair.kind for repair in timeline.repairs}


def fragments(content: bytes | bytearray) -> list[int]:
    """The offsets of the fragments of an MP4."""
    return [match.start() - 4 for match in re.finditer(b"moof", content)]


DAMAGED_BYTES = {"all of it": slice(0, 8), "its length": slice(0, 4), "with what it holds": slice(0, 60)}


@pytest.mark.parametrize("damaged", DAMAGED_BYTES.values(), ids=DAMAGED_BYTES.keys())
def test_a_fragment_whose_header_is_zeros_costs_no_other(damaged: slice, tmp_path: Path) -> None:
    content = bytearray(rendered(FRAGMENTED).read_bytes())
    start = fragments(content)[2]
    content[start + damaged.start : start + damaged.stop] = bytes(damaged.stop - damaged.start)
    timeline = timeline_of(content, tmp_path / "recording.mp4")
    assert timeline.duration == pytest.approx(6.0, abs=0.1)
    assert repair_kinds(timeline) == {"damaged", "held", "silent"}


def test_fragments_that_are_not_where_they_say_are_cut_off(tmp_path: Path) -> None:
    content = rendered(FRAGMENTED).read_bytes()
    start = fragments(content)[2]
    timeline = timeline_of(content[:start] + b"\x07" * 40 + content[start:], tmp_path / "recording.mp4")
    assert timeline.duration < 4
    assert repair_kinds(timeline) == {"cut_off"}


def test_a_last_fragment_that_is_damaged_cuts_the_file_off(tmp_path: Path) -> None:
    content = rendered(FRAGMENTED).read_bytes()
    start = fragments(content)[-1]
    timeline = timeline_of(content[:start] + bytes(8) + content[start + 8 :], tmp_path / "recording.mp4")
    assert timeline.duration < 5.5
    assert repair_kinds(timeline) == {"cut_off"}


def test_a_whole_file_is_not_cut_off() -> None:
    assert all(
        not repair_kinds(BuildTimeline()(media_of(recording(rendered(clip))), PROBED))
        for clip in (FRAGMENTED, MATROSKA)
    )


def test_a_matroska_file_that_ends_before_its_segment_is_cut_off(tmp_path: Path) -> None:
    content = rendered(MATROSKA).read_bytes()
    assert "cut_off" in repair_kinds(timeline_of(content[: len(content) * 6 // 10], tmp_path / "recording.mkv"))


@pytest.mark.parametrize(("lost", "is_cut_off"), [(0, False), (100, True)])
def test_a_live_matroska_file_is_cut_off_where_it_ends_within_an_element(
    lost: int, is_cut_off: bool, tmp_path: Path
) -> None:
    content = rendered(MATROSKA).read_bytes()
    segment = content.index(bytes.fromhex("18538067")) + 4
    live = content[:segment] + UNKNOWN_SIZE + content[segment + 8 :]
    (tmp_path / "live.mkv").write_bytes(live[: len(live) - lost])
    assert matroska.is_truncated(tmp_path / "live.mkv") is is_cut_off
