"""Bjontegaard's way to compare encoders: the mean ratio of what they cost at equal quality."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

STEPS = 200  # of quality at which costs are compared


@dataclass(frozen=True, slots=True)
class Point:
    """What one encoding costs and gives: kilobits a second, VMAF by two models, processor seconds.

    `neg` is the model that does not reward sharpening ("no enhancement gain"), `low` the 5th percentile over frames.
    """

    rate_kbps: float
    vmaf: float
    neg: float
    low: float
    cpu_s: float


Measure = Callable[[Point], float]


def bd_rate(points: Sequence[Point], anchor: Sequence[Point], quality: Measure = lambda point: point.vmaf) -> float:
    """Mean difference in rate at equal quality, as a share: -0.2 saves a fifth."""
    return ratio(points, anchor, lambda point: point.rate_kbps, quality) - 1


def cpu_ratio(points: Sequence[Point], anchor: Sequence[Point]) -> float:
    """Mean ratio of processor time at equal VMAF."""
    return ratio(points, anchor, lambda point: point.cpu_s, lambda point: point.vmaf)


def ratio(points: Sequence[Point], anchor: Sequence[Point], cost: Measure, quality: Measure) -> float:
    """Geometric mean of `cost` over the anchor's, over all qualities that both reach. ValueError if there are none."""
    low = max(min(quality(point) for point in side) for side in (points, anchor))
    high = min(max(quality(point) for point in side) for side in (points, anchor))
    if low >= high:
        raise ValueError(f"no quality that both sides reach: {low:.1f} and {high:.1f}; choose other CRFs")
    at = np.linspace(low, high, STEPS)
    return float(np.exp((_logs(points, cost, quality, at) - _logs(anchor, cost, quality, at)).mean()))


def _logs(points: Sequence[Point], cost: Measure, quality: Measure, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms of cost at the qualities `at`, between points by monotone cubics, which never overshoot."""
    rising = sorted(points, key=quality)
    curve = PchipInterpolator([quality(point) for point in rising], np.log([cost(point) for point in rising]))
    return np.asarray(curve(at), dtype=np.float64)
