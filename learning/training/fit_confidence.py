"""Fits the confidence of takes, and the bundle classifier, from takes decoded in shows with truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from domain.clock import Span
from domain.evidence import FloatArray, ProductScores
from learning.evaluation.ground_truth import GroundTruth
from learning.evaluation.metrics import Prediction
from learning.training.modality_subsets import ScoredShow
from models.segmentation.calibration import (
    BUNDLE_FEATURE_NAMES,
    FEATURE_NAMES,
    ConfidenceModel,
    TakeFeatures,
    bundle_features,
)
from models.segmentation.segmenter import CandidateTake

INVERSE_REGULARIZATION = 1.0  # inverse of the ridge penalty (scikit-learn's C)
NEGATIVES_PER_SEGMENT = 2  # the products with most evidence in a segment that are not its partners

BundleWeights: TypeAlias = tuple[float, FloatArray]
"""Bias and weights, of `BUNDLE_FEATURE_NAMES`, of the regression that classifies bundles."""


def fit_bundle_weights(scored_shows: Iterable[ScoredShow]) -> BundleWeights:
    """Bias and weights of the regression that classifies bundles, from the true segments of the shows."""
    rows: list[FloatArray] = []
    labels: list[float] = []
    for scored in scored_shows:
        for row, is_bundle in _bundle_pairs(scored):
            rows.append(row)
            labels.append(is_bundle)
    return _fit_logistic_regression(rows, labels, len(BUNDLE_FEATURE_NAMES))


def _bundle_pairs(scored: ScoredShow) -> Iterable[tuple[FloatArray, float]]:
    """The features of a true segment's main product with each partner, and with products that are not its partners; and
    the label, 1 for a partner.
    """
    scores = scored.scores
    column_of = {product_id: i for i, product_id in enumerate(scores.product_ids)}
    for segment in scored.show.segments:
        own_columns = [column_of[each] for each in segment.product_ids if each in column_of]
        if own_columns:
            positive_evidence = np.maximum(scores.identity[segment.start : segment.end], 0.0)
            totals = positive_evidence.sum(axis=0)
            main_column = max(own_columns, key=lambda column: totals[column])
            negative_columns = [int(i) for i in np.argsort(-totals, kind="stable") if i not in own_columns][
                :NEGATIVES_PER_SEGMENT
            ]
            for other_column in (*own_columns, *negative_columns):
                if other_column != main_column:
                    yield (
                        bundle_features(positive_evidence[:, main_column], positive_evidence[:, other_column]),
                        float(other_column in own_columns),
                    )


@dataclass(frozen=True, slots=True)
class LabelledCandidate:
    """A decoded take with its label: its features, whether it is correct, and its weight in the fit."""

    features: TakeFeatures
    is_correct: bool
    weight: float = 1.0


def fit_confidence(candidates: Sequence[LabelledCandidate], bundle_model: BundleWeights) -> ConfidenceModel:
    """The confidence model. The candidates must come from models that have not seen their shows: others would be
    correct too often.
    """
    rows = [take.features.vector() for take in candidates]
    labels = [float(take.is_correct) for take in candidates]
    bias, weights = _fit_logistic_regression(rows, labels, len(FEATURE_NAMES), [take.weight for take in candidates])
    bundle_bias, bundle_weights = bundle_model
    return ConfidenceModel(
        bias,
        dict(zip(FEATURE_NAMES, weights.tolist(), strict=True)),
        bundle_bias,
        dict(zip(BUNDLE_FEATURE_NAMES, bundle_weights.tolist(), strict=True)),
    )


def is_correct(candidate: CandidateTake, scores: ProductScores, truth: GroundTruth) -> bool:
    """Whether its products are right and a viewer lands where an explanation of them begins."""
    boundaries = np.append(scores.unit_starts, scores.unit_ends[-1])
    ids = tuple(scores.product_ids[column] for column in candidate.products)
    span = Span(candidate.seek, float(boundaries[candidate.end]))
    prediction = Prediction(span, ids, candidate.seek, 0.5)
    return any(prediction.has_good_seek(highlight) for highlight in truth.highlights)


def _fit_logistic_regression(
    rows: Sequence[FloatArray], labels: Sequence[float], feature_count: int, weights: Sequence[float] | None = None
) -> tuple[float, FloatArray]:
    """Bias and weights; zeros where all labels are equal."""
    from sklearn.linear_model import LogisticRegression

    if len(set(labels)) < 2:
        return 0.0, np.zeros(feature_count)
    model: Any = LogisticRegression(C=INVERSE_REGULARIZATION, max_iter=500).fit(
        np.stack(rows), np.array(labels), weights
    )
    return float(model.intercept_[0]), np.asarray(model.coef_[0])
