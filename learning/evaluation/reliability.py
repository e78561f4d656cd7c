"""Whether confidences can be believed, over (confidence, is it right) pairs: of shows, or of thousands of simulations.

Right means what confidence promises: the right product, and a seek from 5 s before to 10 s after the true start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum  # exact, so that the order of the takes changes nothing

from domain.errors import InvalidValue

BINS = 5  # equal-mass bins of the expected calibration error; the definition


@dataclass(frozen=True, slots=True)
class Judged:
    """One take: how sure the machine was, in [0, 1], and whether it was right."""

    confidence: float
    is_right: bool

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise InvalidValue(f"a confidence lies in [0, 1], not {self.confidence}")


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Takes of similar confidence, from `lowest` to `highest`: what was promised in the mean, and what was kept."""

    takes: int
    lowest: float
    highest: float
    mean_confidence: float
    right_share: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What is left when only takes of at least this confidence are kept: `coverage` of all, and the share of right."""

    threshold: float
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences can be believed. None where there are no takes to tell by.

    `ece`: expected calibration error. `brier`: mean squared error. `area_under_risk`: mean share of wrong takes as
    coverage goes from none to all; low when the wrong ones have the least confidence. All in [0, 1].
    """

    takes: int
    right_share: float | None
    ece: float | None
    brier: float | None
    area_under_risk: float | None
    bins: tuple[ReliabilityBin, ...]
    risk_coverage: tuple[RiskPoint, ...]


def calibration(takes: Sequence[Judged], bins: int = BINS) -> Calibration:
    """All figures at once."""
    return Calibration(
        takes=len(takes),
        right_share=_right_share(takes) if takes else None,
        ece=expected_calibration_error(takes, bins),
        brier=brier(takes),
        area_under_risk=area_under_risk(takes),
        bins=reliability(takes, bins),
        risk_coverage=risk_coverage(takes),
    )


def reliability(takes: Iterable[Judged], bins: int = BINS) -> tuple[ReliabilityBin, ...]:
    """Bins of equal mass, by rising confidence.

    Takes of one confidence stay together, so that the order of the takes changes nothing; there are fewer bins then.
    """
    if bins < 1:
        raise InvalidValue(f"there must be at least 1 bin, not {bins}")
    ordered = sorted(takes, key=lambda take: take.confidence)
    edges = sorted({_end_of_tie(ordered, round(i * len(ordered) / bins)) for i in range(bins + 1)})
    return tuple(_bin(ordered[start:end]) for start, end in pairwise(edges))


def _end_of_tie(ordered: Sequence[Judged], edge: int) -> int:
    """`edge`, moved up as long as it would part takes of one confidence. 0 stays, for it parts nothing."""
    while 0 < edge < len(ordered) and ordered[edge - 1].confidence == ordered[edge].confidence:
        edge += 1
    return edge


def _bin(takes: Sequence[Judged]) -> ReliabilityBin:
    mean = fsum(take.confidence for take in takes) / len(takes)
    return ReliabilityBin(len(takes), takes[0].confidence, takes[-1].confidence, mean, _right_share(takes))


def expected_calibration_error(takes: Sequence[Judged], bins: int = BINS) -> float | None:
    """The mean over takes of |promised - kept| of their bin (Naeini et al. 2015, with equal-mass bins)."""
    if not takes:
        return None
    gaps = (each.takes * abs(each.mean_confidence - each.right_share) for each in reliability(takes, bins))
    return fsum(gaps) / len(takes)


def brier(takes: Sequence[Judged]) -> float | None:
    """The mean squared distance of confidence from what came true (Brier 1950)."""
    return fsum((take.confidence - take.is_right) ** 2 for take in takes) / len(takes) if takes else None


def risk_coverage(takes: Iterable[Judged]) -> tuple[RiskPoint, ...]:
    """A point a confidence, from the highest down: the threshold falls, and more takes are kept."""
    falling = sorted(takes, key=lambda take: -take.confidence)
    points, kept, right = list[RiskPoint](), 0, 0
    for threshold, group in groupby(falling, key=lambda take: take.confidence):
        same = list(group)
        kept, right = kept + len(same), right + sum(take.is_right for take in same)
        points.append(RiskPoint(threshold, kept / len(falling), right / kept))
    return tuple(points)


def area_under_risk(takes: Sequence[Judged]) -> float | None:
    """The area under the curve of risk (1 - precision) over coverage; a step ends at each point of the curve."""
    if not takes:
        return None
    points = risk_coverage(takes)
    widths = (b - a for a, b in pairwise([0.0, *(point.coverage for point in points)]))
    return sum(width * (1 - point.precision) for width, point in zip(widths, points, strict=True))


def _right_share(takes: Sequence[Judged]) -> float:
    return sum(take.is_right for take in takes) / len(takes)
