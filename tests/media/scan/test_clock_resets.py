"""A recorder's clock that is reset within a GOP: every frame is shown, and the reset is reported."""

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

ONE_GOP = replace(USUAL, width=64, height=64, length_s=4.0, key_every_s=4.0)

TWO_GOPS = replace(ONE_GOP, length_s=8.0)


def show(begins_at: float) -> Path:
    return stretch(Stretch(Span(0, 4), begins_at, ONE_GOP), ".flv")


RESETS: dict[FaultKind, Callable[[], Path]] = {
    "wrapped": lambda: without_high_byte(show(FLV_WRAP_S - 2)),
    "began_anew": lambda: with_clock_set(show(30), 32_000, 0),
}


@pytest.mark.parametrize("kind", RESETS)
def test_a_clock_reset_between_key_frames_costs_no_frame(kind: FaultKind) -> None:
    media = media_of(recording(RESETS[kind]()))
    (info,) = media.files
    assert [info.video.gapless_spans[0].start, info.video.gapless_spans[-1].end] == pytest.approx([0, 4], abs=0.05)
    assert len(info.video.gapless_spans) == len(info.video.keyframe_times) == 1

    (repair,) = BuildTimeline()(media, PROBED).repairs
    assert repair.kind == kind
    assert repair.recording_start == pytest.approx(2, abs=0.1)


def test_frames_before_the_first_key_frame_are_reported_as_missing() -> None:
    (info,) = media_of(recording(stretch(Stretch(Span(1, 8), 0.0, TWO_GOPS), ".ts"))).files
    (held,) = info.faults
    assert held.kind == "held"
    assert held.duration == pytest.approx(3, abs=0.1)
