"""Where audio or video is missing while the show goes on, that is reported, with its duration."""

from pathlib import Path

import pytest

from domain.clock import Repair, Span
from fixtures.media import PROBED, Clip, media_of, recording, remuxed, rendered
from pipeline.stages.media.build_timeline import BuildTimeline

pytestmark = pytest.mark.media

CLIP = Clip(".flv", length_s=6, width=64, height=64)
SILENT = Clip(".flv", length_s=2, width=64, height=64, has_sound=False)


def ending(kind: str, end: float, file: Path) -> Path:
    """The clip without its packets of one kind, "video" or "audio", after `end`."""
    return remuxed(rendered(CLIP), file, Span(end, 100), kind)


def repairs(*files: Path) -> list[Repair]:
    return list(BuildTimeline()(media_of(recording(*files)), PROBED).repairs)


@pytest.mark.parametrize(("kind", "repair_kind"), [("video", "held"), ("audio", "silent")])
def test_a_track_that_ends_before_the_other_is_reported(kind: str, repair_kind: str, tmp_path: Path) -> None:
    (repair,) = repairs(ending(kind, 2.0, tmp_path / "ending.flv"))
    assert repair.kind == repair_kind
    assert (repair.recording_start, repair.duration) == pytest.approx((2.0, 4.0), abs=0.15)


def test_tracks_that_end_together_are_no_fault() -> None:
    assert repairs(rendered(CLIP)) == []


def test_a_file_without_sound_among_others_is_reported() -> None:
    (repair,) = repairs(rendered(CLIP), rendered(SILENT))
    assert (repair.kind, repair.file) == ("silent", 1)
    assert (repair.recording_start, repair.duration) == pytest.approx((6.0, 2.0), abs=0.15)


def test_a_show_without_any_sound_is_no_fault() -> None:
    assert repairs(rendered(SILENT)) == []
