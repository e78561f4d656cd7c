"""The highest constant quality (CRF) at which a rendition fits its limit of bits and reaches its target.

Rates and scores come from elsewhere, as functions of the CRF: each is asked as seldom as possible, for it costs an
encode. Both fall as the CRF rises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log2

from domain.replay import Vmaf

MOST_SCORED = 3  # CRFs a rendition, unless none of them reaches the target
MOST_SCORED_WITHOUT = 5
LONGEST_STEP = 8  # CRF: slopes are not to be trusted farther
FLATTEST_SLOPE = 0.1  # VMAF a CRF
MOST_RATED = 4  # CRFs encoded to find one that fits; the last of them is the encoder's last
FULL_ENOUGH = 0.85  # of the limit: not worth another encode
HALF_FULL = 0.5  # below it another encode is worth it although there is no time
AIM = 0.95  # of the limit: a step that ends just above it costs another encode


@dataclass(frozen=True, slots=True)
class Crfs:
    """Constant qualities of an encoder: where to begin, what is tried for the target, and the last one that it has.

    `halving` is how much the CRF must rise for half the bits, and `slope` how much VMAF falls with each, about. `guess`
    is where the limit is expected to be met: trials begin there if it is above `start`.
    """

    start: int
    lowest: int
    highest: int
    last: int
    halving: float
    slope: float
    guess: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """The limit in kilobits a second, and the target. `can_be_copied`: it is no loss where nothing is found to fit."""

    most_kbps: float
    vmaf: Vmaf
    can_be_copied: bool = False

    def spare(self, score: Vmaf) -> float:
        """How much VMAF is above both targets; below 0 where one is missed."""
        return min(score.mean - self.vmaf.mean, score.low - self.vmaf.low)


@dataclass(frozen=True, slots=True)
class Found:
    """The chosen CRF. `is_bound`: a lower one, which would look better, is larger than the limit."""

    crf: int
    is_bound: bool


def always() -> bool:
    """Whatever it costs."""
    return True


def search(
    rate: Callable[[int], float],
    score: Callable[[int], Vmaf],
    crfs: Crfs,
    wish: Wish,
    may_try: Callable[[], bool] = always,
) -> Found | None:
    """The highest CRF found that fits and reaches the target, else the lowest that fits; None where none fits.

    `may_try` says whether there is time to encode and score another CRF. One is scored in any case, if any fits.
    """
    fitting = smallest_fit(rate, crfs, wish, may_try)
    if fitting is None:
        return None
    lowest, highest = (fitting if fitting > crfs.start else crfs.lowest), max(fitting, crfs.highest)
    spare: dict[int, float] = {}
    crf: int | None = fitting
    while crf is not None and crf not in spare:
        if spare and not may_try():
            break
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


def smallest_fit(
    rate: Callable[[int], float], crfs: Crfs, wish: Wish, may_try: Callable[[], bool] = always
) -> int | None:
    """A CRF from `start` on that fits, near the lowest that does; None where none is found.

    The last one is tried before it is said that none fits, time or not, unless the recording can be copied.
    """
    tried: dict[int, float] = {}
    crf: int | None = min(crfs.last, max(crfs.start, crfs.guess))
    while crf is not None:
        tried[crf] = rate(crf) / wish.most_kbps
        has_time = may_try()
        is_done = len(tried) == MOST_RATED or (wish.can_be_copied and not has_time)
        crf = None if is_done else _nearer(tried, crfs, has_time)
    return min((crf for crf, full in tried.items() if full <= 1), default=None)


def _nearer(tried: dict[int, float], crfs: Crfs, has_time: bool) -> int | None:
    """The CRF to encode next, by the shares of the limit that others fill; None where it would not be worth it."""
    fits = min((crf for crf, full in tried.items() if full <= 1), default=None)
    too_large = max((crf for crf, full in tried.items() if full > 1), default=crfs.start - 1)
    halving = _halving(tried, crfs.halving)
    if fits is not None:
        enough = FULL_ENOUGH if has_time else HALF_FULL
        steps = floor(log2(AIM / tried[fits]) * halving) if tried[fits] < enough else 0
        return max(fits - steps, too_large + 1) if steps and fits > too_large + 1 else None
    if too_large >= crfs.last:
        return None
    further = too_large + _steps(tried[too_large] / AIM, halving)
    return min(crfs.last, further) if has_time and len(tried) + 1 < MOST_RATED else crfs.last


def _halving(tried: dict[int, float], otherwise: float) -> float:
    """How much the CRF rises for half the bits, by the two highest tried."""
    if len(tried) < 2:
        return otherwise
    a, b = sorted(tried)[-2:]
    return (b - a) / log2(tried[a] / tried[b]) if tried[b] < tried[a] else otherwise


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
