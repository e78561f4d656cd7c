"""The outcome of each take and each truth, in a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from domain.clock import Seconds
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.ground_truth import TrueHighlight
from learning.evaluation.metrics import (
    Prediction,
    Predictions,
    is_false_positive,
    is_near_duplicate_error,
    without_ignored,
)

TakeOutcome: TypeAlias = Literal["right", "early", "late", "near-duplicate", "wrong product", "false", "not counted"]
"""`early`, `late`: the right product, but a viewer lands outside the window. `false`: nothing is explained there."""

TruthOutcome: TypeAlias = Literal["found", "early", "late", "suggested", "near-duplicate", "wrong product", "missed"]
"""`suggested`: only a suggestion is about it, so viewers see nothing. `near-duplicate`, `wrong product`:
highlights name another product."""


@dataclass(frozen=True, slots=True)
class EvaluatedTake:
    """A take and its outcome. `start_error`: seek minus true start; None where it is about no truth."""

    take: Prediction
    is_published: bool
    outcome: TakeOutcome
    start_error: Seconds | None


@dataclass(frozen=True, slots=True)
class EvaluatedTruth:
    """A truth and its outcome. `start_error`: seek of the nearest highlight about it minus its start."""

    truth: TrueHighlight
    outcome: TruthOutcome
    start_error: Seconds | None


def evaluate_takes(show: GoldShow, predictions: Predictions) -> tuple[EvaluatedTake, ...]:
    """Every highlight and suggestion, by time."""
    takes = [(take, True) for take in predictions.highlights] + [(take, False) for take in predictions.suggestions]
    evaluated = (EvaluatedTake(take, is_published, *_take_outcome(take, show)) for take, is_published in takes)
    return tuple(sorted(evaluated, key=lambda each: each.take.span))


def evaluate_truths(show: GoldShow, predictions: Predictions) -> tuple[EvaluatedTruth, ...]:
    """Every truth, by time."""
    highlights, suggestions = (
        without_ignored(predictions.highlights, show.truth),
        without_ignored(predictions.suggestions, show.truth),
    )
    evaluated = (
        EvaluatedTruth(truth, *_truth_outcome(truth, show, highlights, suggestions)) for truth in show.truth.highlights
    )
    return tuple(sorted(evaluated, key=lambda each: each.truth.span))


def _take_outcome(take: Prediction, show: GoldShow) -> tuple[TakeOutcome, Seconds | None]:
    truths = show.truth.highlights
    if not without_ignored([take], show.truth):
        return "not counted", None
    good_seek_error = _smallest_error(take.seek - truth.start for truth in truths if take.has_good_seek(truth))
    if good_seek_error is not None:
        return "right", good_seek_error
    seek_error = _smallest_error(take.seek - truth.start for truth in truths if _overlaps_same_product(take, truth))
    if seek_error is not None:
        return ("early" if seek_error < 0 else "late"), seek_error
    if is_near_duplicate_error(take, truths, show.near_duplicates):
        return "near-duplicate", None
    return ("wrong product" if any(take.overlaps(truth) for truth in truths) else "false"), None


def _truth_outcome(
    truth: TrueHighlight, show: GoldShow, highlights: Sequence[Prediction], suggestions: Sequence[Prediction]
) -> tuple[TruthOutcome, Seconds | None]:
    good_seek_error = _smallest_error(take.seek - truth.start for take in highlights if take.has_good_seek(truth))
    if good_seek_error is not None:
        return "found", good_seek_error
    seek_error = _smallest_error(take.seek - truth.start for take in highlights if _overlaps_same_product(take, truth))
    if seek_error is not None:
        return ("early" if seek_error < 0 else "late"), seek_error
    if any(take.has_good_seek(truth) or _overlaps_same_product(take, truth) for take in suggestions):
        return "suggested", None
    false_takes = [
        take for take in highlights if take.overlaps(truth) and is_false_positive(take, show.truth.highlights)
    ]
    if any(is_near_duplicate_error(take, [truth], show.near_duplicates) for take in false_takes):
        return "near-duplicate", None
    return ("wrong product" if false_takes else "missed"), None


def _overlaps_same_product(take: Prediction, truth: TrueHighlight) -> bool:
    return take.has_matching_products(truth) and take.overlaps(truth)


def _smallest_error(errors: Iterable[Seconds]) -> Seconds | None:
    return min(errors, key=abs, default=None)
