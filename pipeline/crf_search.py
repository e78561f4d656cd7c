"""The highest constant quality (CRF) at which a rendition fits its limit of bits and reaches its target.

Rates and scores come from elsewhere, as functions of the CRF: each is asked as seldom as possible, for it costs an
encode. Both fall as the CRF rises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log2

from domain.encoding import Vmaf

MOST_SCORED = 3  # CRFs a rendition, unless none of them reaches the target
MOST_SCORED_WITHOUT = 5
LONGEST_STEP = 8  # CRF: slopes are not to be trusted farther
FLATTEST_SLOPE = 0.1  # VMAF a CRF
FULL_ENOUGH = 0.85  # of the limit: not worth another encode


@dataclass(frozen=True, slots=True)
class Crfs:
    """Constant qualities of an encoder: where to begin, what is tried for the target, and the last one that it has.

    `halving` is how much the CRF must rise for half the bits, and `slope` how much VMAF falls with each, about.
    """

    start: int
    lowest: int
    highest: int
    last: int
    halving: float
    slope: float


@dataclass(frozen=True, slots=True)
class Wish:
    """The limit in kilobits a second, and the target."""

    most_kbps: float
    vmaf: Vmaf

    def spare(self, score: Vmaf) -> float:
        """How much VMAF is above both targets; below 0 where one is missed."""
        return min(score.mean - self.vmaf.mean, score.low - self.vmaf.low)


@dataclass(frozen=True, slots=True)
class Found:
    """The chosen CRF. `is_bound`: a lower one, which would look better, is larger than the limit."""

    crf: int
    is_bound: bool


def search(rate: Callable[[int], float], score: Callable[[int], Vmaf], crfs: Crfs, wish: Wish) -> Found | None:
    """The highest CRF found that fits and reaches the target, else the lowest that fits; None where none fits."""
    fitting = smallest_fit(rate, crfs, wish.most_kbps)
    if fitting is None:
        return None
    lowest, highest = (fitting if fitting > crfs.start else crfs.lowest), max(fitting, crfs.highest)
    spare: dict[int, float] = {}
    crf: int | None = fitting
    while crf is not None and crf not in spare:
        if rate(crf) > wish.most_kbps:
            lowest = crf + _steps(rate(crf) / wish.most_kbps, crfs.halving)
            crf = min(lowest, min(spare))
            continue
        spare[crf] = wish.spare(score(crf))
        is_reached = max(spare.values()) >= 0
        if len(spare) >= (MOST_SCORED if is_reached else MOST_SCORED_WITHOUT):
            break
        wanted = _next(spare, crfs.slope)
        crf = None if wanted is None else min(max(wanted, lowest), highest)
    chosen = max((crf for crf, left in spare.items() if left >= 0), default=min(spare))
    return Found(chosen, spare[chosen] < 0 and lowest > crfs.lowest)


def smallest_fit(rate: Callable[[int], float], crfs: Crfs, most_kbps: float) -> int | None:
    """A CRF from `start` on that fits, near the lowest that does; None where not even `last` does."""
    crf, too_large = crfs.start, []
    while rate(crf) > most_kbps:
        if crf >= crfs.last:
            return None
        too_large.append(crf)
        crf = min(crfs.last, crf + _steps(rate(crf) / most_kbps, _halving(rate, too_large, crfs.halving)))
    if too_large and rate(crf) < FULL_ENOUGH * most_kbps and crf - too_large[-1] > 1:
        halving = _halving(rate, [too_large[-1], crf], crfs.halving)
        nearer = min(crf - 1, too_large[-1] + _steps(rate(too_large[-1]) / most_kbps, halving))
        crf = nearer if rate(nearer) <= most_kbps else crf
    return crf


def _halving(rate: Callable[[int], float], tried: list[int], otherwise: float) -> float:
    """How much the CRF rises for half the bits, by the last two tried."""
    if len(tried) < 2 or rate(tried[-1]) >= rate(tried[-2]):
        return otherwise
    return (tried[-1] - tried[-2]) / log2(rate(tried[-2]) / rate(tried[-1]))


def _steps(excess: float, halving: float) -> int:
    return max(1, ceil(log2(excess) * halving))


def _next(spare: dict[int, float], slope: float) -> int | None:
    """The CRF to score next; None where the highest that reaches the target is known, or as good as."""
    reached = max((crf for crf, left in spare.items() if left >= 0), default=None)
    missed = min((crf for crf, left in spare.items() if left < 0 and (reached is None or crf > reached)), default=None)
    falls = _slope(spare, slope)
    if reached is None:
        first = min(spare)
        return first - min(LONGEST_STEP, max(1, ceil(-spare[first] / falls)))
    steps = min(LONGEST_STEP, floor(spare[reached] / falls))
    if missed is not None:
        steps = min(steps, missed - reached - 1)
    return reached + steps if steps > 0 else None


def _slope(spare: dict[int, float], otherwise: float) -> float:
    """VMAF lost with each CRF, by the two scored CRFs nearest to the target."""
    if len(spare) < 2:
        return otherwise
    a, b = sorted(sorted(spare, key=lambda crf: abs(spare[crf]))[:2])
    return max(FLATTEST_SLOPE, (spare[a] - spare[b]) / (b - a))
