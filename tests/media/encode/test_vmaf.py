"""VMAF by libvmaf, on tiny clips."""

from pathlib import Path
from typing import Any

import pytest

from domain.replay import VmafScore
from media.encode.vmaf import VmafPair, compute_vmaf, pool_scores


def picture(through: tuple[int, int]) -> Any:
    """A moving test picture, brought to this size and back."""
    import ffmpeg as graph

    drawn = graph.input("testsrc2=s=192x128:r=10:d=1.5", format="lavfi")["v"].filter("format", "yuv420p")
    return drawn.filter("scale", *through).filter("scale", 192, 128)


@pytest.mark.media
@pytest.mark.parametrize(("through", "lowest", "highest"), [((194, 128), 90, 100), ((24, 16), 0, 50)])
def test_nearly_the_same_picture_scores_high_and_a_blurred_one_low(
    through: tuple[int, int], lowest: float, highest: float, tmp_path: Path
) -> None:
    import ffmpeg as graph

    wanted = graph.input("testsrc2=s=192x128:d=1.5:r=10", format="lavfi")["v"].filter("format", "yuv420p")
    score = compute_vmaf(VmafPair(picture(through), wanted), 1.5, tmp_path)
    assert lowest <= score.worst_5_percent <= score.mean <= highest


def test_the_lowest_twentieth_of_the_frames_is_pooled_by_itself() -> None:
    scores = [90.0] * 38 + [50.0, 60.0]
    assert pool_scores(scores) == VmafScore(mean=88.25, worst_5_percent=55.0)
    assert pool_scores([70.0, 90.0]) == VmafScore(mean=80.0, worst_5_percent=70.0)
