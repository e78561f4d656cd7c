"""The stage that weighs evidence."""

from pathlib import Path

import numpy as np
import pytest

from domain.errors import WeightsError
from domain.evidence import Evidence
from models.segmentation.event_features import nothing_logged
from models.segmentation.features import CLOSING, IDENTITY, OPENING, OPENING_OF, TALK
from models.segmentation.scorer import scores_of
from models.segmentation.weights_bundle import DEFAULT, understanding
from pipeline.stages.highlights.score_products import ScoreProducts

RANDOM = np.random.default_rng(5)
UNITS, PRODUCTS = 6, 2
EVIDENCE = Evidence(
    product_ids=("a", "b"),
    starts=np.arange(0.0, 60.0, 10.0),
    ends=np.arange(10.0, 70.0, 10.0),
    identity=RANDOM.normal(size=(UNITS, PRODUCTS, len(IDENTITY))),
    talk=RANDOM.normal(size=(UNITS, len(TALK))),
    opening=RANDOM.normal(size=(UNITS, len(OPENING))),
    opening_of=RANDOM.normal(size=(UNITS, PRODUCTS, len(OPENING_OF))),
    closing=RANDOM.normal(size=(UNITS, len(CLOSING))),
)
SILENT = nothing_logged(UNITS, PRODUCTS)


def test_the_stage_scores_with_the_weights_that_its_setting_names() -> None:
    scores = ScoreProducts()(EVIDENCE, SILENT)
    np.testing.assert_array_equal(scores.identity, scores_of(EVIDENCE, SILENT, understanding(DEFAULT).scores).identity)


def test_scores_lie_on_the_grid_of_the_evidence() -> None:
    scores = ScoreProducts()(EVIDENCE, SILENT)
    assert scores.product_ids == EVIDENCE.product_ids
    assert (scores.starts == EVIDENCE.starts).all()
    assert (scores.ends == EVIDENCE.ends).all()
    assert scores.identity.shape == scores.opening_of.shape == (UNITS, PRODUCTS)
    assert scores.has_log is False


def test_the_key_of_the_stage_holds_its_weights() -> None:
    assert ScoreProducts(model="other").weights() == ("understanding:other",)


def test_weights_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="kandian train"):
        ScoreProducts(model=str(tmp_path))(EVIDENCE, SILENT)
