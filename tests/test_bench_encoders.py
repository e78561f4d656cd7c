"""Rates are compared at equal quality, and the scenes are the same in every run."""

import numpy as np
import pytest

from bench.encoders import Point, bd_rate
from bench.scenes import HEIGHT, SCENES, WIDTH, Scene

ANCHOR = [Point(rate, vmaf, 1.0) for rate, vmaf in ((400, 70.0), (800, 85.0), (1600, 93.0), (3200, 97.0))]


def test_half_the_bits_at_every_quality_are_half() -> None:
    assert bd_rate([Point(p.rate_kbps / 2, p.vmaf, 1.0) for p in ANCHOR], ANCHOR) == pytest.approx(-0.5)


def test_only_qualities_that_both_reach_count() -> None:
    higher = [Point(1600, 93.0, 1.0), Point(3200, 97.0, 1.0), Point(1e6, 99.0, 1.0)]
    assert bd_rate(higher, ANCHOR) == pytest.approx(0.0)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_is_drawn_alike_every_time_and_moves(scene: Scene) -> None:
    first, second = (list(scene.pictures(0.12)) for _ in range(2))
    assert first[0].shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(first, second)
    assert not np.array_equal(first[0], first[2])
