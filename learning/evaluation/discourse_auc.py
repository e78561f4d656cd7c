"""How well the learned scores of talk tell explanations, and their starts, from the rest of a show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.evidence import FloatArray, ProductScores
from learning.evaluation.ground_truth import GroundTruth


@dataclass(frozen=True, slots=True)
class DiscourseAuc:
    """Areas under the ROC curve, in [0, 1]: 0.5 is chance; None where one of the two kinds of units is missing.

    `talk`: the score of any explanation, in units whose middle lies in an explanation against all others. `opening`:
    the score of any opening, in the unit that begins nearest to each true start against all others.
    """

    talk: float | None
    opening: float | None


@dataclass(frozen=True, slots=True)
class ShowDiscourseAuc:
    """Those of one show."""

    show: str
    auc: DiscourseAuc


@dataclass(frozen=True, slots=True)
class DiscourseScores:
    """By show; the mean over the shows that have each, and the worst of each: scores of two languages don't compare,
    so units are never pooled.
    """

    shows: tuple[ShowDiscourseAuc, ...]
    mean: DiscourseAuc
    worst: DiscourseAuc


def measure_discourse(scores: ProductScores, truth: GroundTruth) -> DiscourseAuc:
    """Both areas of one show, over the units whose middle `truth` does not ignore. Both are on the replay clock."""
    middles = (scores.unit_starts + scores.unit_ends) / 2
    counted = ~_lies_in_any(middles, truth.ignored)
    explained = _lies_in_any(middles, [highlight.span for highlight in truth.highlights])
    opens = _nearest_units(scores.unit_starts, [highlight.start for highlight in truth.highlights])
    return DiscourseAuc(
        talk=area_under_roc(scores.explanation[counted], explained[counted]),
        opening=area_under_roc(scores.opening[counted], opens[counted]),
    )


def summarize_discourse(shows: Iterable[ShowDiscourseAuc]) -> DiscourseScores:
    """Means and worst values over `shows`."""
    all_shows = tuple(shows)
    known = {
        field.name: [area for show in all_shows if (area := getattr(show.auc, field.name)) is not None]
        for field in fields(DiscourseAuc)
    }
    return DiscourseScores(
        all_shows,
        mean=DiscourseAuc(**{name: sum(areas) / len(areas) if areas else None for name, areas in known.items()}),
        worst=DiscourseAuc(**{name: min(areas, default=None) for name, areas in known.items()}),
    )


def area_under_roc(scores: FloatArray, is_positive: NDArray[np.bool_]) -> float | None:
    """The chance that a positive scores above a negative, a tie counting half (Mann and Whitney 1947).

    `scores`, `is_positive`: (units,). None without positives or without negatives.
    """
    positives, negatives = scores[is_positive], np.sort(scores[~is_positive])
    if not len(positives) or not len(negatives):
        return None
    below = np.searchsorted(negatives, positives, side="left")
    not_above = np.searchsorted(negatives, positives, side="right")
    return float((below + not_above).mean() / 2 / len(negatives))


def _lies_in_any(times: FloatArray, spans: Sequence[Span]) -> NDArray[np.bool_]:
    """(times,): which lie in one of `spans`."""
    lies_inside = np.zeros(len(times), dtype=np.bool_)
    for span in spans:
        lies_inside |= (times >= span.start) & (times < span.end)
    return lies_inside


def _nearest_units(unit_starts: FloatArray, times: Sequence[Seconds]) -> NDArray[np.bool_]:
    """(units,): which begin nearest to one of `times`."""
    is_nearest = np.zeros(len(unit_starts), dtype=np.bool_)
    for time in times if len(unit_starts) else ():
        is_nearest[int(np.argmin(np.abs(unit_starts - time)))] = True
    return is_nearest
