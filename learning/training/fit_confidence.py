"""Fits the chances of takes, and the bundle classifier, from takes decoded in shows with truth."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.clock import Span
from domain.evidence import FloatArray
from learning.evaluation.ground_truth import GroundTruth
from learning.evaluation.metrics import Prediction, is_ignored
from learning.training.show_evidence import ScoredShow
from models.segmentation.calibration import (
    BUNDLE_FEATURE_NAMES,
    PRODUCT_FEATURE_NAMES,
    START_FEATURE_NAMES,
    ConfidenceModel,
    LogisticModel,
    ProductFeatures,
    StartFeatures,
    bundle_features,
)
from models.segmentation.candidate_takes import CandidateTake

INVERSE_REGULARIZATION = 1.0  # inverse of the ridge penalty (scikit-learn's C)
NEGATIVES_PER_SEGMENT = 2  # the products with most evidence in a segment that are not its partners
MIN_RIGHT_SHARE = 0.5  # of a take that is about its product where the product is right
MIN_RIGHT_IOU = 0.3  # or so much of an explanation of it


def fit_bundle_model(scored_shows: Iterable[ScoredShow]) -> LogisticModel:
    """The regression that classifies bundles, from the true segments of the shows."""
    pairs = [pair for scored in scored_shows for pair in _bundle_pairs(scored)]
    if len({label for _, label in pairs}) < 2:
        return LogisticModel(0.0, dict.fromkeys(BUNDLE_FEATURE_NAMES, 0.0))
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=INVERSE_REGULARIZATION, max_iter=500)
    model.fit(np.stack([row for row, _ in pairs]), np.array([label for _, label in pairs]))
    return LogisticModel(
        float(model.intercept_[0]), dict(zip(BUNDLE_FEATURE_NAMES, model.coef_[0].tolist(), strict=True))
    )


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
    """A decoded take with its labels: its features, whether its product is right, whether its start is, and its weight
    in the fit.
    """

    product_features: ProductFeatures
    start_features: StartFeatures
    is_product_right: bool
    is_start_right: bool
    weight: float = 1.0


def label_candidates(candidates: Iterable[CandidateTake], scored: ScoredShow) -> Iterator[LabelledCandidate]:
    """The candidates of a show, by its truth, without those in stretches that it ignores. The weights that it was
    scored by must not have seen the show: others would be right too often.
    """
    scores, truth = scored.scores, scored.show.truth
    boundaries = np.append(scores.unit_starts, scores.unit_ends[-1])
    for candidate in candidates:
        product_id = scores.product_ids[candidate.products[0]]
        span = Span(float(boundaries[candidate.start]), float(boundaries[candidate.end]))
        if is_ignored(span, truth.ignored):
            continue
        yield LabelledCandidate(
            candidate.product_features,
            candidate.start_features,
            is_product_right(product_id, span, truth),
            is_start_right(product_id, candidate.seek, truth),
            scored.weight,
        )


def is_product_right(product_id: str, span: Span, truth: GroundTruth) -> bool:
    """Whether the product is explained in half of `span`, or in much of the same time."""
    explained = [each.span for each in truth.highlights if product_id in each.product_ids]
    overlaps = [max(0.0, min(span.end, other.end) - max(span.start, other.start)) for other in explained]
    ious = [
        overlap / (span.duration + other.duration - overlap) for overlap, other in zip(overlaps, explained, strict=True)
    ]
    return sum(overlaps) >= MIN_RIGHT_SHARE * span.duration or max(ious, default=0.0) >= MIN_RIGHT_IOU


def is_start_right(product_id: str, seek: float, truth: GroundTruth) -> bool:
    """Whether an explanation of the product begins where a viewer lands."""
    return any(
        Prediction(highlight.span, highlight.product_ids, seek, 0.5).has_good_seek(highlight)
        for highlight in truth.highlights
        if product_id in highlight.product_ids
    )


def fit_confidence(candidates: Sequence[LabelledCandidate], bundle_model: LogisticModel) -> ConfidenceModel:
    """The chances: of the product from all candidates, of the start from those whose product is right."""
    right = [each for each in candidates if each.is_product_right]
    return ConfidenceModel(
        product=_fit_chance(
            [each.product_features.vector() for each in candidates],
            [each.is_product_right for each in candidates],
            [each.weight for each in candidates],
            PRODUCT_FEATURE_NAMES,
        ),
        start=_fit_chance(
            [each.start_features.vector() for each in right],
            [each.is_start_right for each in right],
            [each.weight for each in right],
            START_FEATURE_NAMES,
        ),
        bundle=bundle_model,
    )


def _fit_chance(
    rows: Sequence[FloatArray], labels: Sequence[bool], weights: Sequence[float], names: Sequence[str]
) -> LogisticModel:
    """The most likely logistic regression with a ridge penalty and without a weight below 0; zeros where all labels
    are equal.
    """
    from scipy.optimize import minimize

    if len(set(labels)) < 2:
        return LogisticModel(0.0, dict.fromkeys(names, 0.0))
    features = np.column_stack([np.ones(len(rows)), np.stack(rows)])
    signs, row_weights = np.where(labels, 1.0, -1.0), np.array(weights)

    def loss(vector: FloatArray) -> tuple[float, FloatArray]:
        margins = signs * (features @ vector)
        slopes = -row_weights * signs * np.exp(-np.logaddexp(0.0, margins))
        penalty = np.append(0.0, vector[1:]) / INVERSE_REGULARIZATION
        value = float(row_weights @ np.logaddexp(0.0, -margins)) + float(penalty @ vector) / 2
        return value, features.T @ slopes + penalty

    bounds = [(None, None), *([(0.0, None)] * len(names))]
    bias, *fitted = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x.tolist()
    return LogisticModel(bias, dict(zip(names, fitted, strict=True)))
