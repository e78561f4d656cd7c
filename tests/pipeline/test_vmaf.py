"""VMAF by libvmaf, on tiny clips."""

from pathlib import Path
from typing import Any

import pytest

from domain.encoding import Vmaf
from pipeline.vmaf import Pair, pooled, vmaf


def picture(degraded: bool) -> Any:
    import ffmpeg as graph

    drawn = graph.input(f"testsrc2=s=192x128:r={10 if degraded else "10/1"}:d=1.5", format="lavfi")["v"].filter("format", "yuv420p")
    return drawn.filter("scale", 24, 16).filter("scale", 192, 128) if degraded else drawn


@pytest.mark.parametrize(("degraded", "least", "most"), [(False, 95, 100), (True, 0, 50)])
def test_the_same_picture_scores_high_and_a_blurred_one_low(
    degraded: bool, least: float, most: float, tmp_path: Path
) -> None:
    score = vmaf(Pair(picture(degraded), picture(False)), 1.5, tmp_path)
    assert least <= score.low <= score.mean <= most


def test_the_lowest_twentieth_of_the_frames_is_pooled_by_itself() -> None:
    scores = [90.0] * 38 + [50.0, 60.0]
    assert pooled(scores) == Vmaf(mean=88.25, low=55.0)
    assert pooled([70.0, 90.0]) == Vmaf(mean=80.0, low=70.0)


