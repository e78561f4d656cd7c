"""The outcome of each take and each truth."""

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.speech import Transcript
from learning.evaluation.error_types import evaluate_takes, evaluate_truths
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction, Predictions

CATALOG = Catalog(
    (
        Product(product_id="a", title="云朵面霜轻盈版"),
        Product(product_id="variant", title="云朵面霜滋润版"),
        Product(product_id="other", title="声波电动牙刷"),
    )
)


def show(*truths: tuple[float, float, str]) -> GoldShow:
    highlights = tuple(TrueHighlight(start, end, (product,)) for start, end, product in truths)
    return GoldShow(GroundTruth("s", 300.0, highlights, (Span(280, 290),)), CATALOG, Transcript("zh", "speech", ()))


ONE = show((100, 160, "a"))


def dot(start: float, end: float, product: str) -> Prediction:
    return Prediction(Span(start, end), (product,), start, 0.5)


@pytest.mark.parametrize(
    ("take", "verdict", "error"),
    [
        (dot(103, 160, "a"), "right", 3.0),
        (dot(80, 160, "a"), "early", -20.0),
        (dot(130, 160, "a"), "late", 30.0),
        (dot(100, 160, "variant"), "near-duplicate", None),
        (dot(100, 160, "other"), "wrong product", None),
        (dot(200, 220, "a"), "false", None),
        (dot(280, 290, "a"), "not counted", None),
    ],
)
def test_a_take_gets_its_word(take: Prediction, verdict: str, error: float | None) -> None:
    (judged,) = evaluate_takes(ONE, Predictions((take,)))
    assert (judged.outcome, judged.start_error) == (verdict, error)


@pytest.mark.parametrize(
    ("found", "verdict", "error"),
    [
        (Predictions((dot(98, 160, "a"),)), "found", -2.0),
        (Predictions((dot(80, 160, "a"),)), "early", -20.0),
        (Predictions((dot(140, 160, "a"), dot(120, 130, "a"))), "late", 20.0),
        (Predictions((), (dot(140, 160, "a"),)), "suggested", None),
        (Predictions((dot(100, 160, "variant"), dot(100, 160, "other"))), "near-duplicate", None),
        (Predictions((dot(100, 160, "other"),)), "wrong product", None),
        (Predictions((dot(200, 220, "a"),)), "missed", None),
        (Predictions(), "missed", None),
    ],
)
def test_a_truth_gets_its_word(found: Predictions, verdict: str, error: float | None) -> None:
    (judged,) = evaluate_truths(ONE, found)
    assert (judged.outcome, judged.start_error) == (verdict, error)


def test_a_neighbour_that_reaches_over_a_little_does_not_make_a_truth_wrong() -> None:
    two = show((100, 160, "a"), (160, 220, "other"))
    judged = evaluate_truths(two, Predictions((dot(160, 220, "other"), dot(155, 160, "a"))))
    assert [each.outcome for each in judged] == ["late", "found"]


def test_takes_are_listed_by_time_with_what_they_were() -> None:
    judged = evaluate_takes(ONE, Predictions((dot(200, 220, "a"),), (dot(100, 160, "a"),)))
    assert [(each.is_published, each.outcome) for each in judged] == [(False, "right"), (True, "false")]
