"""The highest constant quality (CRF) at which a rendition fits its limit of bits and reaches its target.

Bitrates and VMAF scores are measured by functions of the CRF, called as rarely as possible: each call costs an encode.
Both fall as the CRF rises.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor, log2

from domain.replay import VmafScore

MAX_SCORED = 3  # CRFs a rendition, unless none of them reaches the target
MAX_SCORED_BELOW_TARGET = 5
MAX_CRF_STEP = 8  # CRF: slopes are not reliable over longer steps
MIN_VMAF_PER_CRF = 0.1  # VMAF for each CRF
MAX_RATED = 4  # CRFs encoded to find one that fits; the last of them is the encoder's last
MIN_FILL_SHARE = 0.85  # of the limit: a CRF that fills more of it is not worth another encode
MIN_FILL_SHARE_OVER_BUDGET = 0.5  # below it another encode is worth it even without budget
TARGET_FILL_SHARE = 0.95  # of the limit: a step that ends just above the limit costs another encode


@dataclass(frozen=True, slots=True)
class CrfRange:
    """CRFs of an encoder: where to start, which are tried for the target, and the highest that exists.

    About: the CRF rises by `crf_per_halved_rate` for half the bits, and VMAF falls by `vmaf_per_crf` with each CRF.
    `guessed_crf` is where the limit is expected: probe encodes start there if it is above `start_crf`.
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
    """The bitrate limit and the target VMAF. `can_passthrough`: nothing is lost if no CRF fits."""

    max_kbps: float
    vmaf: VmafScore
    can_passthrough: bool = False

    def margin(self, measured: VmafScore) -> float:
        """The smaller distance above the two targets; below 0 where one is missed."""
        return min(measured.mean - self.vmaf.mean, measured.worst_5_percent - self.vmaf.worst_5_percent)


@dataclass(frozen=True, slots=True)
class CrfChoice:
    """The chosen CRF. `is_rate_limited`: a lower one, which would look better, exceeds the bitrate limit."""

    crf: int
    is_rate_limited: bool


def always_true() -> bool:
    """No budget: always go on."""
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
    search = VmafSearch(crf_range, fitting_crf)
    while search.next_crf is not None and (not search.margins or has_budget()):
        kbps = measure_kbps(search.next_crf)
        if kbps > target.max_kbps:
            search.record_oversized(search.next_crf, kbps / target.max_kbps)
        else:
            search.record_margin(search.next_crf, target.margin(measure_vmaf(search.next_crf)))
    return search.choice


@dataclass
class VmafSearch:
    """The search for the target VMAF among the CRFs that fit, `fitting_crf` first.

    `margins`: VMAF above the target, by scored CRF. `next_crf` is to be encoded next; None once the search has ended,
    which `stop_reason` explains. It looks no lower than `min_crf`: lower CRFs are oversized, or not worth a try.
    """

    crf_range: CrfRange
    fitting_crf: int
    margins: dict[int, float] = field(default_factory=dict)
    stop_reason: str = ""
    next_crf: int | None = field(init=False)
    min_crf: int = field(init=False)

    def __post_init__(self) -> None:
        self.next_crf = self.fitting_crf
        is_start_oversized = self.fitting_crf > self.crf_range.start_crf
        self.min_crf = self.fitting_crf if is_start_oversized else self.crf_range.min_crf

    def record_oversized(self, crf: int, size_ratio: float) -> None:
        """A CRF below the scored ones takes `size_ratio` times the limit: go on above it, by as much as that needs."""
        self.min_crf = crf + _crf_steps(size_ratio, self.crf_range.crf_per_halved_rate)
        self._go_on(min(self.min_crf, min(self.margins)))

    def record_margin(self, crf: int, margin: float) -> None:
        """A CRF that fits was scored: go on towards the target."""
        self.margins[crf] = margin
        is_target_reached = max(self.margins.values()) >= 0
        if len(self.margins) >= (MAX_SCORED if is_target_reached else MAX_SCORED_BELOW_TARGET):
            self._stop("as many are scored as may be")
            return
        next_crf = _next_crf_to_score(self.margins, self.crf_range.vmaf_per_crf)
        if next_crf is None:
            self._stop("the highest that reaches the target is known")
        else:
            self._go_on(min(max(next_crf, self.min_crf), max(self.fitting_crf, self.crf_range.max_crf)))

    @property
    def choice(self) -> CrfChoice:
        """The highest scored CRF that reaches the target, else the lowest scored."""
        crf = max((crf for crf, margin in self.margins.items() if margin >= 0), default=min(self.margins))
        return CrfChoice(crf, self.margins[crf] < 0 and self.min_crf > self.crf_range.min_crf)

    def _go_on(self, crf: int) -> None:
        self.next_crf = crf
        if crf in self.margins:
            self._stop("nothing else is left to try")

    def _stop(self, reason: str) -> None:
        self.next_crf, self.stop_reason = None, reason


def find_fitting_crf(
    measure_kbps: Callable[[int], float],
    crf_range: CrfRange,
    target: QualityTarget,
    has_budget: Callable[[], bool] = always_true,
) -> int | None:
    """A CRF from `start_crf` on that fits, near the lowest that does; None where none is found.

    The encoder's last one is tried before giving up, budget or not, unless the recording can be passed through.
    """
    fill_shares: dict[int, float] = {}
    crf: int | None = min(crf_range.encoder_max_crf, max(crf_range.start_crf, crf_range.guessed_crf))
    while crf is not None:
        fill_shares[crf] = measure_kbps(crf) / target.max_kbps
        has_time = has_budget()
        is_done = len(fill_shares) == MAX_RATED or (target.can_passthrough and not has_time)
        crf = None if is_done else _next_crf_to_rate(fill_shares, crf_range, has_time)
    return min((crf for crf, share in fill_shares.items() if share <= 1), default=None)


def _next_crf_to_rate(fill_shares: dict[int, float], crf_range: CrfRange, has_time: bool) -> int | None:
    """The CRF to encode next, by the shares of the limit that others fill; None where no encode is worth it."""
    fitting_crf = min((crf for crf, share in fill_shares.items() if share <= 1), default=None)
    oversized_crf = max((crf for crf, share in fill_shares.items() if share > 1), default=crf_range.start_crf - 1)
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
    """How much the CRF rises for half the bits, by the two highest CRFs tried."""
    if len(fill_shares) < 2:
        return default
    a, b = sorted(fill_shares)[-2:]
    return (b - a) / log2(fill_shares[a] / fill_shares[b]) if fill_shares[b] < fill_shares[a] else default


def _crf_steps(size_ratio: float, crf_per_halved_rate: float) -> int:
    return max(1, ceil(log2(size_ratio) * crf_per_halved_rate))


def _next_crf_to_score(margins: dict[int, float], default_slope: float) -> int | None:
    """The CRF to score next; None where the highest that reaches the target is known, or nearly so."""
    reached_crf = max((crf for crf, margin in margins.items() if margin >= 0), default=None)
    missed_crf = min(
        (crf for crf, margin in margins.items() if margin < 0 and (reached_crf is None or crf > reached_crf)),
        default=None,
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
