"""Which truths lie inside quick turns, and which of them are found."""

from domain.clock import Span
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction
from learning.evaluation.quick_turns import QuickTurnCounts, count_quick_turns, find_quick_turns, pool_quick_turns


def truths(*explanations: tuple[float, float, str]) -> tuple[TrueHighlight, ...]:
    return tuple(TrueHighlight(start, end, tuple(products.split("+"))) for start, end, products in explanations)


def test_a_product_that_returns_within_three_minutes_makes_a_quick_turn_of_all_three() -> None:
    assert find_quick_turns(truths((0, 40, "a"), (40, 80, "b"), (80, 180, "a"))) == {0, 1, 2}
    assert find_quick_turns(truths((0, 40, "a"), (40, 80, "b"), (80, 181, "a"))) == set()


def test_a_return_without_another_product_between_is_none() -> None:
    assert find_quick_turns(truths((0, 20, "a"), (60, 80, "a"), (100, 120, "b"))) == set()
    assert find_quick_turns(truths((0, 20, "a"), (60, 80, "a+b"), (100, 120, "a"))) == set()


def test_a_product_may_return_in_a_bundle() -> None:
    assert find_quick_turns(truths((0, 20, "a"), (20, 40, "b"), (40, 60, "a+b"))) == {0, 1, 2}


def test_three_products_by_turns_are_all_inside_and_what_comes_later_is_not() -> None:
    explanations = ((0, 20, "a"), (20, 40, "b"), (40, 60, "c"), (60, 80, "a"), (80, 100, "d"))
    assert find_quick_turns(truths(*explanations)) == {0, 1, 2, 3}


def test_the_order_of_the_truths_does_not_matter() -> None:
    assert find_quick_turns(truths((80, 120, "a"), (0, 40, "a"), (300, 320, "c"), (40, 80, "b"))) == {0, 1, 3}


def test_truths_inside_count_as_found_at_half_an_overlap() -> None:
    truth = GroundTruth("show", 300.0, truths((0, 40, "a"), (40, 80, "b"), (80, 120, "a"), (200, 240, "c")))
    predictions = [
        Prediction(Span(start, end), (product,), start, 0.9)
        for start, end, product in ((0, 36, "a"), (40, 55, "b"), (200, 240, "c"))
    ]
    counts = count_quick_turns(predictions, truth)
    assert counts == QuickTurnCounts(truths=3, found=1)
    assert pool_quick_turns([counts, QuickTurnCounts(1, 1)]).found_share == 0.5
    assert QuickTurnCounts().found_share is None
