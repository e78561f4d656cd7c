"""Operating points."""

from domain.clock import Span
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction, Predictions
from learning.evaluation.operating_points import OperatingPoint, operating_points

TRUTH = GroundTruth("s", 100.0, (TrueHighlight(10.0, 30.0, ("a",)), TrueHighlight(50.0, 70.0, ("b",))), (Span(80, 90),))


def dot(start: float, product: str, confidence: float) -> Prediction:
    return Prediction(Span(start, start + 10), (product,), start, confidence)


def test_a_falling_threshold_publishes_suggestions_too() -> None:
    found = Predictions((dot(10, "a", 0.9), dot(50, "a", 0.5)), (dot(50, "b", 0.1),))
    assert operating_points({"s": TRUTH}, {"s": found}) == (
        OperatingPoint(0.9, 1, 1.0, 0.5),
        OperatingPoint(0.5, 2, 0.5, 0.5),
        OperatingPoint(0.1, 3, 2 / 3, 1.0),
    )


def test_a_truth_found_twice_is_one_truth() -> None:
    found = Predictions((dot(10, "a", 0.9), dot(12, "a", 0.8)))
    assert [point.seek_recall for point in operating_points({"s": TRUTH}, {"s": found})] == [0.5, 0.5]


def test_what_the_truth_ignores_counts_at_no_threshold() -> None:
    assert operating_points({"s": TRUTH}, {"s": Predictions((dot(80, "a", 0.9),))}) == ()


def test_shows_of_equal_truth_are_still_two() -> None:
    found = {"one": Predictions((dot(10, "a", 0.9),)), "two": Predictions()}
    (point,) = operating_points({"one": TRUTH, "two": TRUTH}, found)
    assert point.seek_recall == 0.25
