"""The search for a constant quality, on curves drawn by hand."""

from dataclasses import replace
from math import log2

import pytest

from domain.replay import VmafScore
from media.encode.crf_search import (
    MAX_SCORED,
    CrfChoice,
    CrfRange,
    QualityTarget,
    VmafSearch,
    find_fitting_crf,
    search_crf,
)

CRFS = CrfRange(start_crf=24, min_crf=16, max_crf=32, encoder_max_crf=51, crf_per_halved_rate=6.0, vmaf_per_crf=0.8)
TARGET = VmafScore(93.0, 85.0)
PLENTY = 1e6


class Curve:
    """An encoder whose rate halves every `halving` CRFs, and whose VMAF falls by `slope` with each."""

    def __init__(self, vmaf_at_24: float, slope: float = 0.8, halving: float = 6.0, low_gap: float = 3.0) -> None:
        self.vmaf_at_24, self.slope, self.halving, self.low_gap = vmaf_at_24, slope, halving, low_gap
        self.encoded: set[int] = set()
        self.scored: list[int] = []

    def rate(self, crf: int) -> float:
        self.encoded.add(crf)
        return float(1000 * 2 ** ((24 - crf) / self.halving))

    def score(self, crf: int) -> VmafScore:
        self.scored.append(crf)
        mean = self.vmaf_at_24 - self.slope * (crf - 24)
        return VmafScore(mean, mean - self.low_gap)

    def search(self, max_kbps: float = PLENTY, crfs: CrfRange = CRFS) -> CrfChoice | None:
        return search_crf(self.rate, self.score, crfs, QualityTarget(max_kbps, TARGET))


@pytest.mark.parametrize(("vmaf_at_24", "expected"), [(95.6, 27), (93.1, 24), (90.9, 21)])
def test_the_highest_crf_that_reaches_the_target_is_found(vmaf_at_24: float, expected: int) -> None:
    curve = Curve(vmaf_at_24)
    assert curve.search() == CrfChoice(expected, is_rate_limited=False)
    assert len(curve.scored) <= MAX_SCORED


@pytest.mark.parametrize("slope", [0.3, 0.5, 1.2, 2.0])
def test_a_slope_other_than_expected_is_learned(slope: float) -> None:
    curve = Curve(94.5, slope)
    choice = curve.search()
    assert choice is not None
    reached = curve.vmaf_at_24 - slope * (choice.crf - 24)
    assert 93.0 <= reached < 93.0 + 3 * slope
    assert len(curve.scored) <= MAX_SCORED


def test_the_lowest_frames_count_too() -> None:
    curve = Curve(96.0, low_gap=12.0)
    choice = curve.search()
    assert choice is not None
    assert curve.score(choice.crf).worst_5_percent >= 85.0 > curve.score(choice.crf + 1).worst_5_percent


def test_a_rate_above_the_limit_raises_the_crf_before_anything_is_scored() -> None:
    curve = Curve(93.0)
    choice = curve.search(max_kbps=400)
    assert choice == CrfChoice(24 + 9, is_rate_limited=True)
    assert curve.scored == [33]


def test_another_halving_than_expected_is_learned() -> None:
    curve = Curve(93.0, halving=3.0)
    fitting = find_fitting_crf(curve.rate, CRFS, QualityTarget(100, TARGET))
    assert fitting is not None
    assert 0 <= fitting - (24 + 3 * log2(10)) < 2
    assert len(curve.encoded) <= 4


def test_trials_begin_where_the_limit_is_expected_and_go_down_where_that_was_too_far() -> None:
    for guess in (38, 46):
        curve = Curve(93.0)
        choice = curve.search(max_kbps=200, crfs=replace(CRFS, guessed_crf=guess))
        assert choice in (CrfChoice(38, is_rate_limited=True), CrfChoice(39, is_rate_limited=True))
        assert len(curve.encoded) <= 3
        assert 24 not in curve.encoded


def test_without_time_only_what_must_be_is_tried() -> None:
    curve = Curve(93.0)
    choice = search_crf(curve.rate, curve.score, CRFS, QualityTarget(950, TARGET), lambda: False)
    assert choice == CrfChoice(25, is_rate_limited=True)
    assert curve.encoded == {24, 25, 51}
    assert curve.scored == [25]


def test_over_budget_a_recording_that_can_be_passed_through_is_not_tried_further() -> None:
    curve = Curve(93.0)
    assert (
        search_crf(curve.rate, curve.score, CRFS, QualityTarget(950, TARGET, can_passthrough=True), lambda: False)
        is None
    )
    assert curve.encoded == {24}


def test_the_limit_goes_before_the_highest_crf_of_the_search() -> None:
    choice = Curve(99.0).search(max_kbps=100)
    assert choice is not None
    assert choice.crf > CRFS.max_crf


def test_nothing_is_found_where_nothing_fits() -> None:
    assert Curve(93.0).search(max_kbps=1) is None


def test_the_search_stops_at_its_ends() -> None:
    assert Curve(99.9, slope=0.1).search() == CrfChoice(CRFS.max_crf, is_rate_limited=False)
    assert Curve(80.0, slope=0.1).search() == CrfChoice(CRFS.min_crf, is_rate_limited=False)


def test_a_better_quality_that_would_not_fit_is_not_taken() -> None:
    curve = Curve(91.0)
    choice = curve.search(max_kbps=1100)
    assert choice == CrfChoice(24, is_rate_limited=True)
    assert curve.rate(choice.crf) <= 1100


def test_a_search_that_meets_the_target_with_room_goes_on_above() -> None:
    search = VmafSearch(CRFS, fitting_crf=24)
    search.record_margin(24, 2.0)
    assert search.next_crf == 26


def test_a_search_below_the_target_goes_on_above_a_crf_that_is_oversized() -> None:
    search = VmafSearch(CRFS, fitting_crf=24)
    search.record_margin(24, -6.4)
    assert search.next_crf == 16
    search.record_oversized(16, size_ratio=2.0)
    assert search.next_crf == 22


def test_a_search_ends_where_the_target_lies_between_neighbours() -> None:
    search = VmafSearch(CRFS, fitting_crf=24)
    search.record_margin(24, -0.5)
    search.record_margin(23, 0.3)
    assert (search.next_crf, search.stop_reason) == (None, "the highest that reaches the target is known")
    assert search.choice == CrfChoice(23, is_rate_limited=False)


def test_a_search_ends_where_every_lower_crf_is_oversized() -> None:
    search = VmafSearch(CRFS, fitting_crf=26)
    search.record_margin(26, -3.0)
    assert (search.next_crf, search.stop_reason) == (None, "nothing else is left to try")
    assert search.choice == CrfChoice(26, is_rate_limited=True)


def test_a_search_ends_after_as_many_scores_as_are_allowed() -> None:
    search = VmafSearch(CRFS, fitting_crf=24)
    for crf, margin in ((24, 8.0), (32, 1.0), (30, 2.0)):
        search.record_margin(crf, margin)
    assert (search.next_crf, search.stop_reason) == (None, "as many are scored as may be")
