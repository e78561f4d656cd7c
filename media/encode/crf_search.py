"""The highest constant quality (CRF) at which a rendition fits its limit of bits and reaches its target.

Rates and scores come from elsewhere, as functions of the CRF: each is asked as seldom as possible, for it costs an
encode. Both fall as the CRF rises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log2

from domain.replay import VmafScore

MAX_SCORED = 3  # CRFs a rendition, unless none of them reaches the target
MAX_SCORED_BELOW_TARGET = 5
MAX_CRF_STEP = 8  # CRF: slopes are not to be trusted farther
MIN_VMAF_PER_CRF = 0.1  # VMAF a CRF
MAX_RATED = 4  # CRFs encoded to find one that fits; the last of them is the encoder's last
MIN_FILL_SHARE = 0.85  # of the limit: not worth another encode
MIN_FILL_SHARE_OVER_BUDGET = 0.5  # below it another encode is worth it although there is no time
TARGET_FILL_SHARE = 0.95  # of the limit: a step that ends just above it costs another encode


@dataclass(frozen=True, slots=True)
class CrfRange:
    """Constant qualities of an encoder: where to begin, what is tried for the target, and the last one that it has.

    `crf_per_halved_rate` is how much the CRF must rise for half the bits, and `vmaf_per_crf` how much VMAF falls with
    each, about. `guessed_crf` is where the limit is expected to be met: trials begin there if it is above `start_crf`.
    """

    start_crf: int
    min_crf: int
    max_crf: int
    encoder_max_crf: int
    crf_per_halved_rate: float
    vmaf_per_crf: float
    guessed_crf: int = 0


@dataclass(frozen=True, slots=True)
class QualityTarget:
    """The limit in kilobits a second, and the target. `can_passthrough`: it is no loss where nothing is found to
    fit.
    """

    max_kbps: float
    vmaf: VmafScore
    can_passthrough: bool = False

    def margin(self, measured: VmafScore) -> float:
        """How much VMAF is above both targets; below 0 where one is missed."""
        return min(measured.mean - self.vmaf.mean, measured.worst_5_percent - self.vmaf.worst_5_percent)


@dataclass(frozen=True, slots=True)
class CrfChoice:
    """The chosen CRF. `is_rate_limited`: a lower one, which would look better, is larger than the limit."""

    crf: int
    is_rate_limited: bool


def always_true() -> bool:
    """Whatever it costs."""
    return True


def search_crf(
    measure_kbps: Callable[[int], float],
    measure_vmaf: Callable[[int], VmafScore],
    crf_range: CrfRange,
    target: QualityTarget,
    has_budget: Callable[[], bool] = always_true,
) -> CrfChoice | None:
    """The highest CRF found that fits and reaches the target, else the lowest that fits; None where none fits.

    `has_budget` says whether there is time to encode and score another CRF. One is scored in any case, if any fits.
    """
    fitting_crf = find_fitting_crf(measure_kbps, crf_range, target, has_budget)
    if fitting_crf is None:
        return None
    min_crf, max_crf = (
        (fitting_crf if fitting_crf > crf_range.start_crf else crf_range.min_crf),
        max(fitting_crf, crf_range.max_crf),
    )
    margins: dict[int, float] = {}
    crf: int | None = fitting_crf
    while crf is not None and crf not in margins:
        if margins and not has_budget():
            break
        if measure_kbps(crf) > target.max_kbps:
            min_crf = crf + _crf_steps(measure_kbps(crf) / target.max_kbps, crf_range.crf_per_halved_rate)
            crf = min(min_crf, min(margins))
            continue
        margins[crf] = target.margin(measure_vmaf(crf))
        is_target_reached = max(margins.values()) >= 0
        if len(margins) >= (MAX_SCORED if is_target_reached else MAX_SCORED_BELOW_TARGET):
            break
        next_crf = _next_crf_to_score(margins, crf_range.vmaf_per_crf)
        crf = None if next_crf is None else min(max(next_crf, min_crf), max_crf)
    chosen_crf = max((crf for crf, left in margins.items() if left >= 0), default=min(margins))
    return CrfChoice(chosen_crf, margins[chosen_crf] < 0 and min_crf > crf_range.min_crf)


def find_fitting_crf(
    measure_kbps: Callable[[int], float],
    crf_range: CrfRange,
    target: QualityTarget,
    has_budget: Callable[[], bool] = always_true,
) -> int | None:
    """A CRF from `start` on that fits, near the lowest that does; None where none is found.

    The last one is tried before it is said that none fits, time or not, unless the recording can be copied.
    """
    fill_shares: dict[int, float] = {}
    crf: int | None = min(crf_range.encoder_max_crf, max(crf_range.start_crf, crf_range.guessed_crf))
    while crf is not None:
        fill_shares[crf] = measure_kbps(crf) / target.max_kbps
        has_time = has_budget()
        is_done = len(fill_shares) == MAX_RATED or (target.can_passthrough and not has_time)
        crf = None if is_done else _next_crf_to_rate(fill_shares, crf_range, has_time)
    return min((crf for crf, full in fill_shares.items() if full <= 1), default=None)


def _next_crf_to_rate(fill_shares: dict[int, float], crf_range: CrfRange, has_time: bool) -> int | None:
    """The CRF to encode next, by the shares of the limit that others fill; None where it would not be worth it."""
    fitting_crf = min((crf for crf, full in fill_shares.items() if full <= 1), default=None)
    oversized_crf = max((crf for crf, full in fill_shares.items() if full > 1), default=crf_range.start_crf - 1)
    crf_per_halved_rate = _estimate_crf_per_halved_rate(fill_shares, crf_range.crf_per_halved_rate)
    if fitting_crf is not None:
        min_fill_share = MIN_FILL_SHARE if has_time else MIN_FILL_SHARE_OVER_BUDGET
        steps = (
            floor(log2(TARGET_FILL_SHARE / fill_shares[fitting_crf]) * crf_per_halved_rate)
            if fill_shares[fitting_crf] < min_fill_share
            else 0
        )
        return max(fitting_crf - steps, oversized_crf + 1) if steps and fitting_crf > oversized_crf + 1 else None
    if oversized_crf >= crf_range.encoder_max_crf:
        return None
    next_crf = oversized_crf + _crf_steps(fill_shares[oversized_crf] / TARGET_FILL_SHARE, crf_per_halved_rate)
    return (
        min(crf_range.encoder_max_crf, next_crf)
        if has_time and len(fill_shares) + 1 < MAX_RATED
        else crf_range.encoder_max_crf
    )


def _estimate_crf_per_halved_rate(fill_shares: dict[int, float], default: float) -> float:
    """How much the CRF rises for half the bits, by the two highest tried."""
    if len(fill_shares) < 2:
        return default
    a, b = sorted(fill_shares)[-2:]
    return (b - a) / log2(fill_shares[a] / fill_shares[b]) if fill_shares[b] < fill_shares[a] else default


def _crf_steps(size_ratio: float, crf_per_halved_rate: float) -> int:
    return max(1, ceil(log2(size_ratio) * crf_per_halved_rate))


def _next_crf_to_score(margins: dict[int, float], default_slope: float) -> int | None:
    """The CRF to score next; None where the highest that reaches the target is known, or as good as."""
    reached_crf = max((crf for crf, left in margins.items() if left >= 0), default=None)
    missed_crf = min(
        (crf for crf, left in margins.items() if left < 0 and (reached_crf is None or crf > reached_crf)), default=None
    )
    vmaf_per_crf = _estimate_vmaf_per_crf(margins, default_slope)
    if reached_crf is None:
        lowest_scored_crf = min(margins)
        return lowest_scored_crf - min(MAX_CRF_STEP, max(1, ceil(-margins[lowest_scored_crf] / vmaf_per_crf)))
    steps = min(MAX_CRF_STEP, floor(margins[reached_crf] / vmaf_per_crf))
    if missed_crf is not None:
        steps = min(steps, missed_crf - reached_crf - 1)
    return reached_crf + steps if steps > 0 else None


def _estimate_vmaf_per_crf(margins: dict[int, float], default: float) -> float:
    """VMAF lost with each CRF, by the two scored CRFs nearest to the target."""
    if len(margins) < 2:
        return default
    a, b = sorted(sorted(margins, key=lambda crf: abs(margins[crf]))[:2])
    return max(MIN_VMAF_PER_CRF, (margins[a] - margins[b]) / (b - a))
