"""Confidence intervals of the pooled metrics: the bootstrap over shows.

Shows are drawn, not highlights: the highlights of one show share host, room and audio, so their errors go together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from learning.evaluation.metrics import HighlightMetrics, OutcomeCounts, compute_metrics, pool_counts

RESAMPLES = 1000
SEED = 20261111
CONFIDENCE_LEVEL = 0.95  # share of the draws in an interval
MIN_SHOWS = 2  # draws from a single show are all equal


@dataclass(frozen=True, slots=True)
class MetricIntervals:
    """For each metric, the ends of the interval that holds 95 % of the draws; None where it could not be computed."""

    low: HighlightMetrics
    high: HighlightMetrics


def bootstrap_intervals(shows: Sequence[OutcomeCounts]) -> MetricIntervals | None:
    """The percentile bootstrap (Efron 1979) of the pooled metrics, with a fixed seed. None for a single show."""
    if len(shows) < MIN_SHOWS:
        return None
    resampled_metrics = [compute_metrics(pool_counts(draw)) for draw in _resamples(shows)]
    tail = (1 - CONFIDENCE_LEVEL) / 2
    return MetricIntervals(_metric_quantile(resampled_metrics, tail), _metric_quantile(resampled_metrics, 1 - tail))


def _resamples(shows: Sequence[OutcomeCounts]) -> Iterator[list[OutcomeCounts]]:
    """As many shows as there are, drawn with replacement, `RESAMPLES` times."""
    for show_indices in np.random.default_rng(SEED).integers(len(shows), size=(RESAMPLES, len(shows))):
        yield [shows[i] for i in show_indices]


def _metric_quantile(resampled_metrics: Sequence[HighlightMetrics], q: float) -> HighlightMetrics:
    """The quantile of each metric over the draws that have it."""
    values_by_metric = {
        f.name: [v for each in resampled_metrics if (v := getattr(each, f.name)) is not None]
        for f in fields(HighlightMetrics)
    }
    return HighlightMetrics(
        **{name: float(np.quantile(values, q)) if values else None for name, values in values_by_metric.items()}
    )
