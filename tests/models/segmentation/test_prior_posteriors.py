"""Posteriors from speech and frames alone."""

import numpy as np

from domain.evidence import UnitFeatures
from models.segmentation.features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.prior_posteriors import posteriors_without_log
from models.segmentation.scorer import FEATURE_GROUPS, Modalities, ScoreWeights

UNITS, PRODUCTS = 40, 3


def learned() -> dict[Modalities, ScoreWeights]:
    score_weights = ScoreWeights(np.zeros(ScoreWeights.size()))
    values = {"name": 1.0, "unit": -1.0, "opens": 2.0, "explanation": -2.0, "unlisted": -3.0, "click": 99.0}
    for group, names in FEATURE_GROUPS.items():
        for place, name in enumerate(names):
            score_weights[group][place] = values.get(name, 0.0)
    return {"speech": score_weights}


def evidence() -> UnitFeatures:
    """Units of 5 s; product 1 is explained in units 10 to 19, and nothing else."""
    starts = 5.0 * np.arange(UNITS, dtype=np.float64)
    identity = np.zeros((UNITS, PRODUCTS, len(IDENTITY_FEATURES)))
    identity[10:20, 1, IDENTITY_FEATURES.index("name")] = 3.0
    talk = np.zeros((UNITS, len(EXPLANATION_FEATURES)))
    talk[:, EXPLANATION_FEATURES.index("unit")] = 1.0
    opening = np.zeros((UNITS, len(OPENING_FEATURES)))
    opening[10, OPENING_FEATURES.index("opens")] = 1.0
    nothing_of = np.zeros((UNITS, PRODUCTS, len(PRODUCT_OPENING_FEATURES)))
    closing = np.zeros((UNITS, len(CLOSING_FEATURES)))
    return UnitFeatures(("a", "b", "c"), starts, starts + 5, identity, talk, opening, nothing_of, closing)


def test_a_product_is_probable_where_it_is_named() -> None:
    estimate = posteriors_without_log(evidence(), learned())
    assert estimate.probabilities.shape == (UNITS, PRODUCTS)
    assert estimate.probabilities[10:20, 1].min() > 0.8
    assert estimate.probabilities[:8].max() < 0.2
    assert estimate.probabilities[:, [0, 2]].max() < 0.2


def test_chances_of_a_unit_add_up_to_one_at_most() -> None:
    features = evidence()
    features.identity[:, :, 0] = np.random.default_rng(0).uniform(0, 6, (UNITS, PRODUCTS))
    chances = posteriors_without_log(features, learned()).probabilities
    assert chances.min() >= 0
    assert chances.sum(axis=1).max() <= 1 + 1e-9
