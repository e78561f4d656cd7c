"""Posteriors from speech and frames alone."""

from dataclasses import replace

import numpy as np

from domain.evidence import UnitFeatures
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.prior_posteriors import posteriors_without_log
from models.segmentation.scorer import FEATURE_GROUPS, ScoreWeights

UNITS, PRODUCTS = 40, 3


def learned() -> ScoreWeights:
    score_weights = ScoreWeights(np.zeros(ScoreWeights.size()))
    values = {"name": 1.0, "unit": -1.0, "opens": 2.0, "explanation": -2.0, "unlisted": -3.0, "click": 99.0}
    for group, names in FEATURE_GROUPS.items():
        for place, name in enumerate(names):
            score_weights[group][place] = values.get(name, 0.0)
    return score_weights


def evidence() -> UnitFeatures:
    """Units of 5 s; product 1 is explained in units 10 to 19, and nothing else."""
    starts = 5.0 * np.arange(UNITS, dtype=np.float64)
    identity = np.zeros((UNITS, PRODUCTS, len(IDENTITY_FEATURES)))
    identity[10:20, 1, IDENTITY_FEATURES.index("name")] = 3.0
    talk = np.zeros((UNITS, len(EXPLANATION_FEATURES)))
    talk[:, EXPLANATION_FEATURES.index("unit")] = 1.0
    opening = np.zeros((UNITS, len(OPENING_FEATURES)))
    opening[10, OPENING_FEATURES.index("opens")] = 1.0
    return UnitFeatures(
        product_ids=("a", "b", "c"),
        unit_starts=starts,
        unit_ends=starts + 5,
        identity=identity,
        explanation=talk,
        opening=opening,
        product_opening=np.zeros((UNITS, PRODUCTS, len(PRODUCT_OPENING_FEATURES))),
        closing=np.zeros((UNITS, len(CLOSING_FEATURES))),
        product_closing=np.zeros((UNITS, PRODUCTS, len(PRODUCT_CLOSING_FEATURES))),
    )


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


def test_an_explanation_opens_where_its_product_becomes_probable_and_closes_where_it_fades() -> None:
    estimate = posteriors_without_log(evidence(), learned())
    openings, closings = estimate.openings, estimate.closings
    assert openings.times[openings.probabilities[:, 1].argmax()] == 50.0
    assert closings.times[closings.probabilities[:, 1].argmax()] == 100.0


def test_without_products_nothing_is_probable() -> None:
    nobody = replace(
        evidence(),
        product_ids=(),
        identity=np.zeros((UNITS, 0, len(IDENTITY_FEATURES))),
        product_opening=np.zeros((UNITS, 0, len(PRODUCT_OPENING_FEATURES))),
        product_closing=np.zeros((UNITS, 0, len(PRODUCT_CLOSING_FEATURES))),
    )
    assert posteriors_without_log(nobody, learned()).probabilities.shape == (UNITS, 0)
