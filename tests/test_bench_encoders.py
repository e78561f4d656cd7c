"""Rates are compared at equal quality, and the scenes are the same in every run."""

from dataclasses import replace

import numpy as np
import pytest

from bench.bjontegaard import Point, bd_rate, cpu_ratio
from bench.scenes import HEIGHT, SCENES, WIDTH, Scene

ANCHOR = [
    Point(rate, vmaf, vmaf - 2, vmaf - 5, cpu_s)
    for rate, vmaf, cpu_s in ((400, 70.0, 2.0), (800, 85.0, 2.4), (1600, 93.0, 3.0), (3200, 97.0, 4.0))
]


def test_half_the_bits_at_every_quality_are_half() -> None:
    assert bd_rate([replace(p, rate_kbps=p.rate_kbps / 2) for p in ANCHOR], ANCHOR) == pytest.approx(-0.5)


def test_only_qualities_that_both_reach_count() -> None:
    line = [Point(100 * 2 ** (vmaf / 10), vmaf, vmaf, vmaf, 1.0) for vmaf in (70.0, 75.0, 80.0, 85.0, 90.0)]
    assert bd_rate([*line[1:], replace(line[-1], rate_kbps=1e9, vmaf=99.0)], line[:-1]) == pytest.approx(0.0)


def test_processor_time_is_compared_at_equal_quality_not_at_equal_numbers() -> None:
    better = [replace(p, vmaf=p.vmaf + 1, cpu_s=p.cpu_s * 1.1) for p in ANCHOR]
    assert 1.0 < cpu_ratio(better, ANCHOR) < 1.1


def test_encoders_that_share_no_quality_are_not_compared() -> None:
    with pytest.raises(ValueError, match="choose other CRFs"):
        bd_rate([replace(p, vmaf=p.vmaf - 40) for p in ANCHOR], ANCHOR)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_is_drawn_alike_every_time_and_moves(scene: Scene) -> None:
    first, second = (list(scene.frames(0.12)) for _ in range(2))
    assert first[0].shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(first, second)
    assert not np.array_equal(first[0], first[2])
