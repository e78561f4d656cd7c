"""Calibration metrics over labelled confidences, of shows or of thousands of simulations.

A take is correct if its product is right and its seek lies from 5 s before to 10 s after the true start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum  # exact, so that the order of the takes does not matter

from domain.errors import InvalidValue

DEFAULT_BINS = 5  # equal-mass bins of the expected calibration error, by definition of the target


@dataclass(frozen=True, slots=True)
class LabelledConfidence:
    """The confidence of a take, in [0, 1], and whether the take is correct."""

    confidence: float
    is_correct: bool

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise InvalidValue(f"a confidence lies in [0, 1], not {self.confidence}")


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Takes of similar confidence, from `lowest` to `highest`: mean confidence, and the share of correct ones."""

    takes: int
    lowest: float
    highest: float
    mean_confidence: float
    right_share: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What remains when takes of at least this confidence are kept: `coverage` of all, and the share of correct
    ones.
    """

    threshold: float
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class CalibrationMetrics:
    """None where there are no takes.

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


def compute_calibration(takes: Sequence[LabelledConfidence], bins: int = DEFAULT_BINS) -> CalibrationMetrics:
    """All metrics at once."""
    return CalibrationMetrics(
        takes=len(takes),
        right_share=_correct_share(takes) if takes else None,
        ece=expected_calibration_error(takes, bins),
        brier=brier_score(takes),
        area_under_risk=area_under_risk_curve(takes),
        bins=reliability_bins(takes, bins),
        risk_coverage=risk_coverage_curve(takes),
    )


def reliability_bins(takes: Iterable[LabelledConfidence], bins: int = DEFAULT_BINS) -> tuple[ReliabilityBin, ...]:
    """Bins of equal mass, by rising confidence.

    Takes of equal confidence stay together, so that the order of the takes does not matter; there may be fewer bins
    then.
    """
    if bins < 1:
        raise InvalidValue(f"there must be at least 1 bin, not {bins}")
    ordered = sorted(takes, key=lambda take: take.confidence)
    edges = sorted({_move_past_ties(ordered, round(i * len(ordered) / bins)) for i in range(bins + 1)})
    return tuple(_make_bin(ordered[start:end]) for start, end in pairwise(edges))


def _move_past_ties(ordered: Sequence[LabelledConfidence], edge: int) -> int:
    """`edge`, moved up while it would separate takes of equal confidence; 0 stays."""
    while 0 < edge < len(ordered) and ordered[edge - 1].confidence == ordered[edge].confidence:
        edge += 1
    return edge


def _make_bin(takes: Sequence[LabelledConfidence]) -> ReliabilityBin:
    mean = fsum(take.confidence for take in takes) / len(takes)
    return ReliabilityBin(len(takes), takes[0].confidence, takes[-1].confidence, mean, _correct_share(takes))


def expected_calibration_error(takes: Sequence[LabelledConfidence], bins: int = DEFAULT_BINS) -> float | None:
    """The mean over takes of |mean confidence - share correct| of their bin (Naeini et al. 2015, with
    equal-mass bins).
    """
    if not takes:
        return None
    gaps = (each.takes * abs(each.mean_confidence - each.right_share) for each in reliability_bins(takes, bins))
    return fsum(gaps) / len(takes)


def brier_score(takes: Sequence[LabelledConfidence]) -> float | None:
    """The mean squared difference of confidence and label (Brier 1950)."""
    return fsum((take.confidence - take.is_correct) ** 2 for take in takes) / len(takes) if takes else None


def risk_coverage_curve(takes: Iterable[LabelledConfidence]) -> tuple[RiskPoint, ...]:
    """A point for each confidence, highest first."""
    by_falling_confidence = sorted(takes, key=lambda take: -take.confidence)
    points, kept_count, correct_count = list[RiskPoint](), 0, 0
    for threshold, group in groupby(by_falling_confidence, key=lambda take: take.confidence):
        tied_takes = list(group)
        kept_count, correct_count = (
            kept_count + len(tied_takes),
            correct_count + sum(take.is_correct for take in tied_takes),
        )
        points.append(RiskPoint(threshold, kept_count / len(by_falling_confidence), correct_count / kept_count))
    return tuple(points)


def area_under_risk_curve(takes: Sequence[LabelledConfidence]) -> float | None:
    """The area under risk (1 - precision) over coverage, as a step function."""
    if not takes:
        return None
    points = risk_coverage_curve(takes)
    widths = (b - a for a, b in pairwise([0.0, *(point.coverage for point in points)]))
    return sum(width * (1 - point.precision) for width, point in zip(widths, points, strict=True))


def _correct_share(takes: Sequence[LabelledConfidence]) -> float:
    return sum(take.is_correct for take in takes) / len(takes)
