"""Operating points: seek precision and recall at every threshold of confidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from learning.evaluation.ground_truth import GroundTruth
from learning.evaluation.metrics import Predictions, without_ignored


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The result of publishing every take of at least this confidence, and no other."""

    threshold: float
    highlights: int
    seek_precision: float
    seek_recall: float


def operating_points(
    truths: Mapping[str, GroundTruth], predictions: Mapping[str, Predictions]
) -> tuple[OperatingPoint, ...]:
    """A point for each confidence, highest first. `seek_recall` is 0 where the shows have no truths.

    A truth is found from the best confidence of a take that shows its beginning downwards.
    """
    takes = [(p, truth) for show, truth in truths.items() for p in without_ignored(predictions[show].all, truth)]
    good_seek_confidences = [p.confidence for p, truth in takes if any(p.has_good_seek(t) for t in truth.highlights)]
    best_confidence_by_truth = [
        best for show, truth in truths.items() for best in _best_confidences(truth, predictions[show])
    ]
    points = []
    for threshold in sorted({p.confidence for p, _ in takes}, reverse=True):
        kept_count = sum(p.confidence >= threshold for p, _ in takes)
        precision = sum(confidence >= threshold for confidence in good_seek_confidences) / kept_count
        recall = sum(best >= threshold for best in best_confidence_by_truth) / max(1, len(best_confidence_by_truth))
        points.append(OperatingPoint(threshold, kept_count, precision, recall))
    return tuple(points)


def _best_confidences(truth: GroundTruth, predictions: Predictions) -> Iterator[float]:
    """For each truth, the best confidence of a take that shows its beginning; below 0 without one."""
    takes = without_ignored(predictions.all, truth)
    for highlight in truth.highlights:
        yield max((take.confidence for take in takes if take.has_good_seek(highlight)), default=-1.0)
