"""A recorder's clock that is set in mid-group: every picture is shown, and it is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.clock import FaultKind, Span
from fixtures.broken.bytes import with_clock_set, without_high_byte
from fixtures.broken.faults import FLV_WRAP_S
from fixtures.broken.show import USUAL, Stretch, stretch
from fixtures.media import PROBED, media_of, recording
from pipeline.stages.media.build_timeline import BuildTimeline

pytestmark = pytest.mark.media

ONE_GROUP = replace(USUAL, width=64, height=64, length_s=4.0, key_every_s=4.0)

TWO_GROUPS = replace(ONE_GROUP, length_s=8.0)


def show(begins_at: float) -> Path:
    return stretch(Stretch(Span(0, 4), begins_at, ONE_GROUP), ".flv")


SET: dict[FaultKind, Callable[[], Path]] = {
    "wrapped": lambda: without_high_byte(show(FLV_WRAP_S - 2)),
    "began_anew": lambda: with_clock_set(show(30), 32_000, 0),
}


@pytest.mark.parametrize("kind", SET)
def test_a_clock_set_between_key_frames_costs_no_picture(kind: FaultKind) -> None:
    media = media_of(recording(SET[kind]()))
    (info,) = media.files
    assert [info.video.gapless_spans[0].start, info.video.gapless_spans[-1].end] == pytest.approx([0, 4], abs=0.05)
    assert len(info.video.gapless_spans) == len(info.video.keyframe_times) == 1

    (repair,) = BuildTimeline()(media, PROBED).repairs
    assert repair.kind == kind
    assert repair.recording_start == pytest.approx(2, abs=0.1)


def test_pictures_before_the_first_key_frame_are_told_to_be_missing() -> None:
    (info,) = media_of(recording(stretch(Stretch(Span(1, 8), 0.0, TWO_GROUPS), ".ts"))).files
    (held,) = info.faults
    assert held.kind == "held"
    assert held.duration == pytest.approx(3, abs=0.1)
