"""The stage that scores products."""

from pathlib import Path

import numpy as np
import pytest

from domain.errors import WeightsError
from domain.evidence import EVIDENCE_KINDS, UnitFeatures
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.event_features import empty_event_features
from models.segmentation.scorer import score_products
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS, load_weights_bundle
from pipeline.stages.highlights.score_products import ScoreProducts

RANDOM = np.random.default_rng(5)
UNITS, PRODUCTS = 6, 2
UNIT_FEATURES = UnitFeatures(
    product_ids=("a", "b"),
    unit_starts=np.arange(0.0, 60.0, 10.0),
    unit_ends=np.arange(10.0, 70.0, 10.0),
    identity=RANDOM.normal(size=(UNITS, PRODUCTS, len(IDENTITY_FEATURES))),
    explanation=RANDOM.normal(size=(UNITS, len(EXPLANATION_FEATURES))),
    opening=RANDOM.normal(size=(UNITS, len(OPENING_FEATURES))),
    product_opening=RANDOM.normal(size=(UNITS, PRODUCTS, len(PRODUCT_OPENING_FEATURES))),
    closing=RANDOM.normal(size=(UNITS, len(CLOSING_FEATURES))),
    product_closing=RANDOM.normal(size=(UNITS, PRODUCTS, len(PRODUCT_CLOSING_FEATURES))),
)
NO_EVENTS = empty_event_features(UNITS, PRODUCTS)


def test_the_stage_scores_with_the_weights_that_its_setting_names() -> None:
    scores = ScoreProducts()(UNIT_FEATURES, NO_EVENTS)
    np.testing.assert_array_equal(
        scores.identity, score_products(UNIT_FEATURES, NO_EVENTS, load_weights_bundle(DEFAULT_WEIGHTS).scores).identity
    )


def test_scores_lie_on_the_grid_of_the_features() -> None:
    scores = ScoreProducts()(UNIT_FEATURES, NO_EVENTS)
    assert scores.product_ids == UNIT_FEATURES.product_ids
    assert (scores.unit_starts == UNIT_FEATURES.unit_starts).all()
    assert (scores.unit_ends == UNIT_FEATURES.unit_ends).all()
    assert scores.product_opening.shape == scores.product_closing.shape == (UNITS, PRODUCTS)
    assert scores.evidence.shape == (UNITS, PRODUCTS, len(EVIDENCE_KINDS))
    assert scores.has_event_log is False


def test_the_key_of_the_stage_holds_its_weights() -> None:
    assert ScoreProducts(model="other").weights() == ("understanding:other",)


def test_weights_that_are_not_there_are_an_error_that_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="kandian train"):
        ScoreProducts(model=str(tmp_path))(UNIT_FEATURES, NO_EVENTS)
