"""The metrics, by hand and against slow, plainly right counting."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import Span
from domain.errors import InvalidValue
from domain.highlight import Take, Takes
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import (
    HighlightMetrics,
    OutcomeCounts,
    Prediction,
    Predictions,
    compute_metrics,
    count_outcomes,
    labelled_confidences,
    match_greedily,
    mean_metrics,
    pool_counts,
    predictions_from_takes,
)


def dot(start: float, end: float, *products: str, seek: float | None = None) -> Prediction:
    return Prediction(Span(start, end), products, start if seek is None else seek, 1.0)


def true(start: float, end: float, *products: str) -> TrueHighlight:
    return TrueHighlight(start, end, products)


def show(*highlights: TrueHighlight, ignored: tuple[Span, ...] = ()) -> GroundTruth:
    return GroundTruth("show", 100.0, highlights, ignored)


def test_every_measure_of_a_small_show_is_what_one_counts_by_hand() -> None:
    truth = show(true(10, 30, "a"), true(40, 60, "b"), true(70, 90, "c"))
    found = [dot(12, 30, "a"), dot(48, 60, "b", seek=52), dot(0, 5, "a")]
    assert compute_metrics(count_outcomes(found, truth)) == HighlightMetrics(
        f1_at_50=2 * 2 / (3 + 3),  # a at 18/20 and b at 12/20
        f1_at_70=2 * 1 / (3 + 3),
        seek_precision=1 / 3,  # b lands 12 s late
        seek_recall=1 / 3,
        false_share=1 / 3,
        time_share=(100 - 2 - 8 - 20 - 5) / 100,  # late by 2 and 8, c missed, 5 s of a false a
        start_error_median=5.0,
        start_error_p90=2 + 0.9 * (8 - 2),
        wrong_sister_share=0.0,
    )


def test_one_truth_is_matched_by_one_highlight_only() -> None:
    assert count_outcomes([dot(10, 30, "a"), dot(10, 29, "a")], show(true(10, 30, "a"))).matched_at_50 == 1


def test_the_better_overlap_gets_the_truth() -> None:
    pairs = match_greedily([dot(10, 22, "a"), dot(11, 30, "a")], [true(10, 30, "a")])
    assert [pair.start_error for pair in pairs] == [1.0]


def test_one_highlight_matches_one_truth_only() -> None:
    assert count_outcomes([dot(0, 20, "a")], show(true(0, 10, "a"), true(10, 20, "a"))).matched_at_50 == 1


def test_an_overlap_of_just_one_half_is_a_match() -> None:
    assert count_outcomes([dot(0, 10, "a")], show(true(0, 20, "a"))).matched_at_50 == 1


def test_another_product_at_the_right_time_is_no_match() -> None:
    assert count_outcomes([dot(10, 30, "b")], show(true(10, 30, "a"))).matched_at_50 == 0


def test_one_product_of_a_bundle_agrees_with_the_bundle() -> None:
    assert count_outcomes([dot(10, 30, "a")], show(true(10, 30, "a", "b"))).matched_at_70 == 1


def test_a_bundle_does_not_agree_with_one_of_its_products() -> None:
    counts = count_outcomes([dot(10, 30, "a", "b")], show(true(10, 30, "a")))
    assert (counts.matched_at_50, counts.good_seeks, counts.false_highlights) == (0, 0, 1)


def test_a_highlight_without_a_product_agrees_with_nothing() -> None:
    assert count_outcomes([dot(10, 30)], show(true(10, 30, "a"))).matched_at_50 == 0


@pytest.mark.parametrize(("seek", "is_good"), [(4.9, False), (5, True), (20, True), (20.1, False)])
def test_a_seek_is_good_from_5_s_before_to_10_s_after_the_true_start(seek: float, is_good: bool) -> None:
    assert count_outcomes([dot(10, 30, "a", seek=seek)], show(true(10, 30, "a"))).good_seeks == is_good


NEAR_DUPLICATES = {"a": frozenset({"b"}), "b": frozenset({"a"})}


def test_a_highlight_in_an_explanation_of_its_near_duplicate_is_a_wrong_near_duplicate() -> None:
    counts = count_outcomes([dot(10, 30, "a"), dot(10, 30, "c")], show(true(10, 30, "b")), NEAR_DUPLICATES)
    assert (counts.wrong_sisters, counts.false_highlights) == (1, 2)
    assert compute_metrics(counts).wrong_sister_share == 0.5


def test_a_highlight_that_reaches_its_own_product_is_no_wrong_near_duplicate() -> None:
    truth = show(true(0, 20, "b"), true(20, 40, "a"))
    assert count_outcomes([dot(0, 22.4, "a")], truth, NEAR_DUPLICATES).wrong_sisters == 0
    assert count_outcomes([dot(0, 22, "a")], truth, NEAR_DUPLICATES).wrong_sisters == 1


def test_a_near_duplicate_that_is_hardly_touched_is_no_wrong_near_duplicate() -> None:
    assert count_outcomes([dot(10, 30, "a")], show(true(28.1, 50, "b")), NEAR_DUPLICATES).wrong_sisters == 0


def test_highlights_are_judged_by_product_and_seek_and_ignored_ones_are_not() -> None:
    truth = show(true(10, 30, "a"), ignored=(Span(50, 60),))
    takes = [dot(10, 30, "a"), dot(10, 30, "a", seek=21), dot(10, 30, "b"), dot(50, 60, "a")]
    assert [take.is_correct for take in labelled_confidences(takes, truth)] == [True, False, False]


def test_takes_and_the_file_written_of_them_are_found_alike() -> None:
    take = Take(("a",), Span(1.0, 2.0), 1.5, 0.5, 1.0, 1, is_best=True)
    found = predictions_from_takes(Takes((take,), (replace(take, product_confidence=0.1),)))
    assert found == Predictions(
        (Prediction(Span(1, 2), ("a",), 1.5, 0.5),), (Prediction(Span(1, 2), ("a",), 1.5, 0.1),)
    )


def test_two_good_seeks_find_one_truth_once() -> None:
    counts = count_outcomes([dot(10, 20, "a"), dot(12, 30, "a")], show(true(10, 30, "a"), true(50, 60, "a")))
    assert (counts.good_seeks, counts.truths_with_good_seek) == (2, 1)


def test_a_seek_counts_even_where_the_highlight_is_far_too_long() -> None:
    counts = count_outcomes([dot(10, 100, "a")], show(true(10, 20, "a")))
    assert (counts.matched_at_50, counts.good_seeks) == (0, 1)


@pytest.mark.parametrize(("end", "is_false"), [(10.9, True), (11, False)])
def test_a_highlight_is_false_below_a_tenth_of_itself_in_a_truth_of_its_product(end: float, is_false: bool) -> None:
    assert count_outcomes([dot(10, 20, "a")], show(true(0, end, "a"))).false_highlights == is_false


def test_an_empty_highlight_is_false_outside_and_not_inside_its_truth() -> None:
    truth = show(true(10, 30, "a"))
    assert [count_outcomes([dot(time, time, "a")], truth).false_highlights for time in (9, 10, 30)] == [1, 0, 1]


def test_a_highlight_mostly_in_an_ignored_stretch_counts_nowhere() -> None:
    truth = show(true(10, 30, "a"), ignored=(Span(50, 57),))
    assert count_outcomes([dot(51, 60, "b")], truth) == count_outcomes([], truth)


def test_a_highlight_that_reaches_an_ignored_stretch_with_less_than_half_of_itself_counts() -> None:
    assert count_outcomes([dot(54, 61, "b")], show(ignored=(Span(50, 57),))).false_highlights == 1


def test_seconds_of_ignored_stretches_do_not_count() -> None:
    counts = count_outcomes([], show(true(10, 30, "a"), ignored=(Span(20, 25), Span(90, 100))))
    assert (counts.right_seconds, counts.seconds) == (70.0, 85.0)


def test_a_highlight_beyond_the_end_of_the_show_is_cut_to_it_for_time() -> None:
    counts = count_outcomes([dot(90, 140, "a")], show())
    assert (counts.right_seconds, counts.seconds) == (90.0, 100.0)


def test_two_highlights_at_once_are_right_only_where_both_products_are_explained() -> None:
    truth = show(true(0, 50, "a", "b"), true(50, 100, "a"))
    assert count_outcomes([dot(0, 100, "a"), dot(0, 100, "b")], truth).right_seconds == 50.0


def test_a_show_in_which_nothing_is_found_scores_0_and_has_no_precision() -> None:
    taken = compute_metrics(count_outcomes([], show(true(10, 30, "a"))))
    assert taken == HighlightMetrics(0.0, 0.0, None, 0.0, None, 0.8, None, None)


def test_a_show_without_highlights_true_or_found_has_no_f1() -> None:
    assert compute_metrics(count_outcomes([], show())).f1_at_50 is None


def test_pooled_counts_are_those_of_all_shows_together() -> None:
    one = OutcomeCounts(2, 3, 1, 1, 1, 1, 0, 40.0, 50.0, (1.0,))
    other = OutcomeCounts(4, 1, 1, 0, 2, 1, 3, 10.0, 50.0, (3.0, 5.0))
    assert pool_counts([one, other]) == OutcomeCounts(6, 4, 2, 1, 3, 2, 3, 50.0, 100.0, (1.0, 3.0, 5.0))


def test_wrong_near_duplicates_of_several_shows_are_added_up() -> None:
    assert pool_counts([OutcomeCounts(wrong_sisters=1), OutcomeCounts(wrong_sisters=2)]).wrong_sisters == 3


def test_a_mean_leaves_out_the_shows_without_the_measure() -> None:
    one = HighlightMetrics(0.5, 0.2, None, 0.0, None, 1.0, None, None)
    other = HighlightMetrics(1.0, 0.4, 0.8, 1.0, None, 0.5, 3.0, 4.0)
    averaged = mean_metrics([one, other])
    assert averaged.f1_at_50 == 0.75
    assert averaged.seek_precision == 0.8
    assert averaged.false_share is None


def test_a_confidence_above_1_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"a confidence lies in \[0, 1\], not 1.5"):
        Prediction(Span(0, 1), ("a",), 0.0, 1.5)


# Slow, plainly right counting. Whole seconds, so that looking at every half second sees everything.

WHOLE = st.integers(0, 40)
PRODUCTS = st.sets(st.sampled_from("abc"), min_size=1, max_size=2).map(lambda names: tuple(sorted(names)))
SPANS = st.tuples(WHOLE, WHOLE).filter(lambda ends: ends[0] < ends[1])
DOTS = st.builds(lambda span, products: dot(*span, *products), SPANS, PRODUCTS)
TRUTHS = st.builds(lambda span, products: true(*span, *products), SPANS, PRODUCTS)


APART = st.sets(WHOLE, max_size=8).map(lambda edges: tuple(pairwise(sorted(edges)))).map(lambda spans: spans[::2])
"""Up to four stretches that don't overlap one another."""


def slowly_matched(dots: Sequence[Prediction], truths: Sequence[TrueHighlight]) -> list[float]:
    """The overlaps of the pairs: again and again the best of those whose halves are free, the earlier on a tie."""
    free = [
        (dots[i].span.iou(truths[j].span), i, j)
        for i in range(len(dots))
        for j in range(len(truths))
        if dots[i].has_matching_products(truths[j]) and dots[i].span.iou(truths[j].span) >= 0.3
    ]
    taken = []
    while free:
        iou, i, j = max(free, key=lambda pair: pair[0])
        taken.append(iou)
        free = [pair for pair in free if pair[1] != i and pair[2] != j]
    return taken


def most_pairs(dots: Sequence[Prediction], truths: Sequence[TrueHighlight], iou: float) -> int:
    """The most pairs that any way of matching reaches: all ways are tried."""
    choices: list[TrueHighlight | None] = [*truths, *[None] * len(dots)]
    return max(
        sum(
            t is not None and d.has_matching_products(t) and d.span.iou(t.span) >= iou
            for d, t in zip(dots, way, strict=True)
        )
        for way in permutations(choices, len(dots))
    )


def slowly_right(dots: Sequence[Prediction], truth: GroundTruth) -> float:
    """Right seconds, by looking at the middle of every second."""
    right = 0
    for second in range(int(truth.duration)):
        time = second + 0.5
        said = {product for d in dots if d.span.contains(time) for product in d.product_ids}
        explained = [set(t.product_ids) for t in truth.highlights if t.span.contains(time)]
        right += (not said and not explained) or (bool(said) and any(said <= products for products in explained))
    return right


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(DOTS, max_size=6), st.lists(TRUTHS, max_size=6))
def test_pairs_are_those_of_picking_the_best_again_and_again(
    dots: list[Prediction], truths: list[TrueHighlight]
) -> None:
    assert [pair.iou for pair in match_greedily(dots, truths)] == slowly_matched(dots, truths)


@settings(deadline=None)  # a busy machine is no failure
@given(APART, APART, st.sampled_from([0.5, 0.7]))
def test_where_nothing_overlaps_itself_no_way_of_matching_finds_more_pairs(
    found: Sequence[tuple[int, int]], explained: Sequence[tuple[int, int]], iou: float
) -> None:
    dots, truths = [dot(*span, "a") for span in found], [true(*span, "a") for span in explained]
    assert sum(pair.iou >= iou for pair in match_greedily(dots, truths)) == most_pairs(dots, truths, iou)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(DOTS, max_size=5), st.lists(TRUTHS, max_size=5))
def test_right_seconds_are_those_of_looking_at_every_second(
    dots: list[Prediction], truths: list[TrueHighlight]
) -> None:
    truth = show(*truths)
    assert count_outcomes(dots, truth).right_seconds == slowly_right(dots, truth)
