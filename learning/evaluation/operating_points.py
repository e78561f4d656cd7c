"""What publishing more or less would give: seek precision and recall at every threshold of confidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from learning.evaluation.ground_truth import Truth
from learning.evaluation.metrics import Found, counted


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What the shows would have if every take of at least this confidence were published, and no other."""

    threshold: float
    highlights: int
    seek_precision: float
    seek_recall: float


def operating_points(truths: Mapping[str, Truth], found: Mapping[str, Found]) -> tuple[OperatingPoint, ...]:
    """A point a confidence, from the highest down. `seek_recall` is 0 where the shows have no truths.

    The best confidence of a take that shows a truth's beginning decides from which threshold on that truth is found.
    """
    takes = [(p, truth) for show, truth in truths.items() for p in counted(found[show].all, truth)]
    goods = [p.confidence for p, truth in takes if any(p.seeks_well(t) for t in truth.highlights)]
    best_of_truth = [best for show, truth in truths.items() for best in _best_of_each(truth, found[show])]
    points = []
    for threshold in sorted({p.confidence for p, _ in takes}, reverse=True):
        kept = sum(p.confidence >= threshold for p, _ in takes)
        precision = sum(confidence >= threshold for confidence in goods) / kept
        recall = sum(best >= threshold for best in best_of_truth) / max(1, len(best_of_truth))
        points.append(OperatingPoint(threshold, kept, precision, recall))
    return tuple(points)


def _best_of_each(truth: Truth, found: Found) -> Iterator[float]:
    """For each true explanation the best confidence of a take that shows its beginning; below 0 without one."""
    takes = counted(found.all, truth)
    for one in truth.highlights:
        yield max((take.confidence for take in takes if take.seeks_well(one)), default=-1.0)
