"""Calibration metrics against examples computed by hand."""

from itertools import pairwise
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from learning.evaluation.reliability import (
    LabelledConfidence,
    ReliabilityBin,
    RiskPoint,
    area_under_risk_curve,
    brier_score,
    compute_calibration,
    expected_calibration_error,
    reliability_bins,
    risk_coverage_curve,
)


def takes(*pairs: tuple[float, int]) -> list[LabelledConfidence]:
    return [LabelledConfidence(confidence, bool(is_right)) for confidence, is_right in pairs]


TEN = takes((0.1, 0), (0.2, 0), (0.3, 1), (0.4, 0), (0.5, 1), (0.6, 0), (0.7, 1), (0.8, 1), (0.9, 1), (1.0, 1))
JUDGED = st.lists(st.builds(LabelledConfidence, st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1)


def test_bins_hold_as_many_takes_each_by_rising_confidence() -> None:
    assert reliability_bins(reversed(TEN), bins=2) == (
        ReliabilityBin(5, 0.1, 0.5, fsum([0.1, 0.2, 0.3, 0.4, 0.5]) / 5, 0.4),
        ReliabilityBin(5, 0.6, 1.0, fsum([0.6, 0.7, 0.8, 0.9, 1.0]) / 5, 0.8),
    )


def test_takes_of_one_confidence_stay_in_one_bin() -> None:
    assert [each.takes for each in reliability_bins(takes((0.2, 0), (0.5, 1), (0.5, 0), (0.5, 1)), bins=2)] == [4]


def test_fewer_takes_than_bins_make_a_bin_each() -> None:
    assert [each.takes for each in reliability_bins(takes((0.2, 0), (0.5, 1)), bins=5)] == [1, 1]


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    assert expected_calibration_error(TEN, bins=2) == pytest.approx((5 * 0.1 + 5 * 0.0) / 10)


def test_confidences_that_come_true_have_no_calibration_error() -> None:
    assert expected_calibration_error(takes((0.5, 1), (0.5, 0), (1.0, 1), (0.0, 0))) == 0.0


def test_certain_and_wrong_is_the_worst_that_can_be() -> None:
    assert expected_calibration_error(takes((1.0, 0), (1.0, 0))) == 1.0
    assert brier_score(takes((1.0, 0), (1.0, 0))) == 1.0


def test_the_brier_score_is_the_mean_square_of_what_was_missing() -> None:
    assert brier_score(takes((0.8, 1), (0.4, 0))) == pytest.approx((0.04 + 0.16) / 2)


def test_a_falling_threshold_keeps_more_takes_and_ties_fall_together() -> None:
    curve = risk_coverage_curve(takes((0.5, 0), (0.9, 1), (0.5, 1), (0.2, 0)))
    assert curve == (RiskPoint(0.9, 0.25, 1.0), RiskPoint(0.5, 0.75, 2 / 3), RiskPoint(0.2, 1.0, 0.5))


def test_the_area_under_risk_adds_up_the_steps() -> None:
    area = area_under_risk_curve(takes((0.5, 0), (0.9, 1), (0.5, 1), (0.2, 0)))
    assert area == pytest.approx(0.25 * 0 + 0.5 * (1 / 3) + 0.25 * 0.5)


@given(JUDGED)
def test_the_order_of_takes_changes_nothing(judged: list[LabelledConfidence]) -> None:
    assert compute_calibration(judged) == compute_calibration(sorted(judged, key=lambda take: take.is_correct))


@given(JUDGED)
def test_every_take_is_in_one_bin(judged: list[LabelledConfidence]) -> None:
    bins = reliability_bins(judged)
    assert sum(each.takes for each in bins) == len(judged)
    assert all(a.highest < b.lowest for a, b in pairwise(bins))


def test_without_takes_nothing_is_measured() -> None:
    nothing = compute_calibration([])
    assert (nothing.ece, nothing.brier, nothing.area_under_risk, nothing.right_share) == (None, None, None, None)
    assert (nothing.bins, nothing.risk_coverage) == ((), ())


def test_no_bins_at_all_are_refused() -> None:
    with pytest.raises(InvalidValue, match="at least 1 bin, not 0"):
        reliability_bins(TEN, bins=0)


def test_a_confidence_of_2_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"a confidence lies in \[0, 1\], not 2"):
        LabelledConfidence(2.0, True)
