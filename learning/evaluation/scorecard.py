"""The score card: all metrics of every method on every show, as values and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import InvalidValue
from learning.evaluation.bootstrap import MetricIntervals, bootstrap_intervals
from learning.evaluation.discourse_auc import DiscourseScores
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import (
    HighlightMetrics,
    OutcomeCounts,
    Predictions,
    compute_metrics,
    count_outcomes,
    labelled_confidences,
    mean_metrics,
    pool_counts,
)
from learning.evaluation.operating_points import OperatingPoint, operating_points
from learning.evaluation.reliability import CalibrationMetrics, compute_calibration
from learning.evaluation.slices import SliceScore, score_slices
from learning.evaluation.wrong_catalog import WrongCatalogScores
from pipeline.engine.serialization import type_adapter

MethodPredictions = Mapping[str, Mapping[str, Predictions]]
"""Predictions by method, then by show."""


@dataclass(frozen=True, slots=True)
class Score:
    """The metrics, and the counts that they were computed from."""

    measures: HighlightMetrics
    counts: OutcomeCounts


@dataclass(frozen=True, slots=True)
class ShowScore:
    """One show's score."""

    show: str
    score: Score


@dataclass(frozen=True, slots=True)
class MethodScores:
    """The scores of one method: by show, over all shows (pooled counts), and the mean of each metric over the shows.

    `worst`: the show of the lowest F1@0.7; ties are broken by F1@0.5, then by the share of correct time. `intervals`:
    of the pooled metrics; None for a single show.
    """

    method: str
    shows: tuple[ShowScore, ...]
    over_all: Score
    mean: HighlightMetrics
    worst: str
    intervals: MetricIntervals | None = None


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """Methods compared on the same shows, in the order given.

    `ablations`: the first method with fewer inputs, or with a shifted log. The other fields are about the first method,
    too: calibration over highlights and suggestions, operating points, slices of the truth, how well its talk is known,
    and what it finds with a wrong catalogue; None where that was not measured.
    """

    methods: tuple[MethodScores, ...]
    ablations: tuple[MethodScores, ...]
    calibration: CalibrationMetrics
    operating_points: tuple[OperatingPoint, ...]
    slices: tuple[SliceScore, ...]
    discourse: DiscourseScores | None = None
    wrong_catalog: WrongCatalogScores | None = None


def build_score_card(
    shows: Mapping[str, GoldShow], methods: MethodPredictions, ablations: MethodPredictions | None = None
) -> ScoreCard:
    """Score the predictions of each method, all on the replay clock.

    Raises InvalidValue unless there is a method and every method has predictions for exactly the shows given: means
    over different shows do not compare.
    """
    ablation_predictions = ablations or {}
    if not shows or not methods:
        raise InvalidValue("a score card needs at least one show with truth and one method")
    for method, predictions in (*methods.items(), *ablation_predictions.items()):
        if predictions.keys() != shows.keys():
            differing_shows = ", ".join(sorted(predictions.keys() ^ shows.keys()))
            raise InvalidValue(f"{method} and the truth are not of the same shows; they differ in: {differing_shows}")
    first_predictions = next(iter(methods.values()))
    truths = {name: show.truth for name, show in shows.items()}
    return ScoreCard(
        methods=tuple(_method_scores(name, predictions, shows) for name, predictions in methods.items()),
        ablations=tuple(_method_scores(name, predictions, shows) for name, predictions in ablation_predictions.items()),
        calibration=compute_calibration(
            [
                take
                for name, truth in truths.items()
                for take in labelled_confidences(first_predictions[name].all, truth)
            ]
        ),
        operating_points=operating_points(truths, first_predictions),
        slices=score_slices(shows, first_predictions),
    )


def _method_scores(method: str, predictions: Mapping[str, Predictions], shows: Mapping[str, GoldShow]) -> MethodScores:
    counts = {
        name: count_outcomes(predictions[name].highlights, show.truth, show.near_duplicates)
        for name, show in shows.items()
    }
    scores = tuple(ShowScore(name, _score_from_counts(counted)) for name, counted in counts.items())
    return MethodScores(
        method,
        scores,
        over_all=_score_from_counts(pool_counts(counts.values())),
        mean=mean_metrics(show.score.measures for show in scores),
        worst=min(scores, key=_worst_show_key).show,
        intervals=bootstrap_intervals(tuple(counts.values())),
    )


def _score_from_counts(counts: OutcomeCounts) -> Score:
    return Score(compute_metrics(counts), counts)


def _worst_show_key(show: ShowScore) -> tuple[float, ...]:
    """Low is bad. What could not be measured counts as perfect."""
    metrics = show.score.measures
    values = (metrics.f1_at_70, metrics.f1_at_50, metrics.time_share)
    return tuple(1.0 if value is None else value for value in values)


def to_json(card: ScoreCard) -> str:
    """The card as JSON with the field names above; null for what could not be measured."""
    return type_adapter(ScoreCard).dump_json(card, indent=2).decode()
