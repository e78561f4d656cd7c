"""How far the pooled measures would swing if other shows like these had been looked at: the bootstrap over shows.

Shows are drawn, not highlights: those of one show share their host, their room and their sound, and fail together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from learning.evaluation.metrics import HighlightMetrics, OutcomeCounts, compute_metrics, pool_counts

RESAMPLES = 1000
SEED = 20261111
CONFIDENCE_LEVEL = 0.95  # of all draws lie in an interval
MIN_SHOWS = 2  # one show drawn again and again always says the same


@dataclass(frozen=True, slots=True)
class MetricIntervals:
    """For each measure, the ends between which 95 % of the draws lie; None where it could not be taken."""

    low: HighlightMetrics
    high: HighlightMetrics


def bootstrap_intervals(shows: Sequence[OutcomeCounts]) -> MetricIntervals | None:
    """The percentile bootstrap (Efron 1979) of the pooled measures; the same every time. None for a single show."""
    if len(shows) < MIN_SHOWS:
        return None
    resampled_metrics = [compute_metrics(pool_counts(draw)) for draw in _resamples(shows)]
    tail = (1 - CONFIDENCE_LEVEL) / 2
    return MetricIntervals(_metric_quantile(resampled_metrics, tail), _metric_quantile(resampled_metrics, 1 - tail))


def _resamples(shows: Sequence[OutcomeCounts]) -> Iterator[list[OutcomeCounts]]:
    """As many shows as there are, with replacement, again and again."""
    for show_indices in np.random.default_rng(SEED).integers(len(shows), size=(RESAMPLES, len(shows))):
        yield [shows[place] for place in show_indices]


def _metric_quantile(resampled_metrics: Sequence[HighlightMetrics], q: float) -> HighlightMetrics:
    """Each measure's quantile over the draws that have it."""
    values_by_metric = {
        f.name: [v for each in resampled_metrics if (v := getattr(each, f.name)) is not None]
        for f in fields(HighlightMetrics)
    }
    return HighlightMetrics(
        **{name: float(np.quantile(values, q)) if values else None for name, values in values_by_metric.items()}
    )
