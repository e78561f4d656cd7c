"""How well the scores of talk tell explanations from the rest."""

from dataclasses import replace

import numpy as np
import pytest

from domain.clock import Span
from domain.evidence import EVIDENCE_KINDS, ProductScores
from learning.evaluation.discourse_auc import (
    DiscourseAuc,
    ShowDiscourseAuc,
    area_under_roc,
    measure_discourse,
    summarize_discourse,
)
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight

TRUTH = GroundTruth("s", 60.0, (TrueHighlight(9.0, 31.0, ("a",)),))
"""Inside: units 1 and 2 of those of `scores`; its start is nearest to unit 1."""


def scores(explanation: list[float], opening: list[float]) -> ProductScores:
    """Units of ten seconds."""
    starts, nothing = np.arange(0.0, 10.0 * len(explanation), 10.0), np.zeros((len(explanation), 1))
    return ProductScores(
        product_ids=("a",),
        unit_starts=starts,
        unit_ends=starts + 10.0,
        explanation=np.array(explanation),
        opening=np.array(opening),
        closing=nothing[:, 0],
        evidence=np.zeros((len(starts), 1, len(EVIDENCE_KINDS))),
        product_opening=nothing,
        product_closing=nothing,
        duration_weights=np.zeros(3),
        entry_score=0.0,
        bundle_entry_score=0.0,
        unlisted_entry_score=0.0,
        unlisted_unit_score=0.0,
        has_video=False,
        has_event_log=False,
    )


def test_talk_that_is_higher_inside_than_anywhere_outside_has_an_area_of_1() -> None:
    assert measure_discourse(scores([0, 5, 4, 3], [0, 0, 0, 0]), TRUTH).talk == 1.0


def test_each_unit_outside_that_scores_as_high_as_one_inside_takes_its_share() -> None:
    assert measure_discourse(scores([4, 5, 4, 6], [0, 0, 0, 0]), TRUTH).talk == (1 + 0 + 0.5 + 0) / 4


def test_starts_are_the_units_that_begin_nearest() -> None:
    assert measure_discourse(scores([0, 0, 0, 0], [1, 2, 3, 0]), TRUTH).opening == 2 / 3


def test_what_the_truth_ignores_counts_neither_way() -> None:
    truth = replace(TRUTH, ignored=(Span(30.0, 40.0),))
    assert measure_discourse(scores([0, 5, 4, 9], [0, 3, 0, 9]), truth) == DiscourseAuc(1.0, 1.0)


def test_a_show_without_explanations_has_no_area() -> None:
    assert measure_discourse(scores([1, 2], [1, 2]), GroundTruth("s", 60.0, ())) == DiscourseAuc(None, None)
    assert measure_discourse(scores([], []), TRUTH) == DiscourseAuc(None, None)


@pytest.mark.parametrize("seed", range(20))
def test_the_area_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, labels = rng.integers(0, 6, 40).astype(float), rng.random(40) < 0.4
    pairs = [(p > n) + 0.5 * (p == n) for p in values[labels] for n in values[~labels]]
    assert area_under_roc(values, labels) == pytest.approx(sum(pairs) / len(pairs))


def test_means_and_worst_leave_out_what_a_show_lacks() -> None:
    shows = (ShowDiscourseAuc("s", DiscourseAuc(0.5, None)), ShowDiscourseAuc("t", DiscourseAuc(0.75, 0.25)))
    summary = summarize_discourse(shows)
    assert summary.mean == DiscourseAuc(0.625, 0.25)
    assert summary.worst == DiscourseAuc(0.5, 0.25)
    assert summarize_discourse(()).mean == DiscourseAuc(None, None)
