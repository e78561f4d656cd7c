"""Fits how sure takes are, and what a bundle is, from takes that were found in shows with truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from domain.clock import Span
from domain.evidence import FloatArray, Scores
from learning.evaluation.ground_truth import Truth
from learning.evaluation.metrics import Prediction
from learning.training.training_shows import Lesson
from models.segmentation.calibration import BUNDLE_COLUMNS, COLUMNS, ConfidenceModel, Features, bundle_row
from models.segmentation.segmenter import Candidate

FREEDOM = 1.0  # inverse of the ridge penalty (scikit-learn's C)
RIVALS = 2  # products with most evidence in a segment that are tried as partners of its main one

Bundles: TypeAlias = tuple[float, FloatArray]
"""Bias and weights, of `BUNDLE_COLUMNS`, of the regression that tells bundles."""


def fit_bundles(scores: Iterable[tuple[Lesson, Scores]]) -> Bundles:
    """Bias and weights of the regression that tells bundles, from the true segments of the lessons."""
    rows: list[FloatArray] = []
    labels: list[float] = []
    for lesson, scored in scores:
        for row, is_bundle in _pairs(lesson, scored):
            rows.append(row)
            labels.append(is_bundle)
    return _regression(rows, labels, len(BUNDLE_COLUMNS))


def _pairs(lesson: Lesson, scores: Scores) -> Iterable[tuple[FloatArray, float]]:
    """What a true segment's main product looks like beside its partner, or beside those that it has not."""
    column = {product_id: i for i, product_id in enumerate(scores.product_ids)}
    for segment in lesson.segments:
        own = [column[each] for each in segment.product_ids if each in column]
        if own:
            clear = np.maximum(scores.identity[segment.start : segment.end], 0.0)
            totals = clear.sum(axis=0)
            first = max(own, key=lambda place: totals[place])
            rivals = [int(i) for i in np.argsort(-totals, kind="stable") if i not in own][:RIVALS]
            for other in (*own, *rivals):
                if other != first:
                    yield bundle_row(clear[:, first], clear[:, other]), float(other in own)


@dataclass(frozen=True, slots=True)
class Found:
    """A take that was found: how it looks, whether it was right, and how much it counts."""

    features: Features
    is_right: bool
    weight: float = 1.0


def fit_confidence(found: Sequence[Found], bundles: Bundles) -> ConfidenceModel:
    """The model from takes of shows that what found them was not learned from: others would be right too often."""
    rows = [take.features.row() for take in found]
    labels = [float(take.is_right) for take in found]
    bias, weights = _regression(rows, labels, len(COLUMNS), [take.weight for take in found])
    bundle_bias, bundle_weights = bundles
    return ConfidenceModel(
        bias,
        dict(zip(COLUMNS, weights.tolist(), strict=True)),
        bundle_bias,
        dict(zip(BUNDLE_COLUMNS, bundle_weights.tolist(), strict=True)),
    )


def is_right(candidate: Candidate, scores: Scores, truth: Truth) -> bool:
    """Whether its products are right and a viewer lands where an explanation of them begins."""
    boundaries = np.append(scores.starts, scores.ends[-1])
    ids = tuple(scores.product_ids[column] for column in candidate.products)
    span = Span(candidate.seek, float(boundaries[candidate.end]))
    prediction = Prediction(span, ids, candidate.seek, 0.5)
    return any(prediction.seeks_well(highlight) for highlight in truth.highlights)


def _regression(
    rows: Sequence[FloatArray], labels: Sequence[float], width: int, weights: Sequence[float] | None = None
) -> tuple[float, FloatArray]:
    """Bias and weights; nothing learned where all labels are alike."""
    from sklearn.linear_model import LogisticRegression

    if len(set(labels)) < 2:
        return 0.0, np.zeros(width)
    model: Any = LogisticRegression(C=FREEDOM, max_iter=500).fit(np.stack(rows), np.array(labels), weights)
    return float(model.intercept_[0]), np.asarray(model.coef_[0])
