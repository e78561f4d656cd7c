"""The stage that weighs evidence."""

from dataclasses import fields

import numpy as np

from domain.evidence import Evidence
from models.scorer import ScoreWeights, scores_of
from pipeline.stages.score_products import ScoreProducts

EVIDENCE = Evidence(
    product_ids=("a", "b"),
    starts=np.array([0.0, 10.0]),
    ends=np.array([10.0, 20.0]),
    speech=np.array([[2.0, 0.0], [0.0, 1.0]]),
    events=np.array([[0.5, -0.1], [0.0, 0.0]]),
    opening=np.array([1.0, 0.0]),
    closing=np.array([0.0, 1.0]),
    is_heard=np.array([1.0, 0.0]),
)


def test_the_fields_of_the_stage_are_the_weights() -> None:
    assert {field.name for field in fields(ScoreProducts)} == {field.name for field in fields(ScoreWeights)}


def test_the_stage_scores_with_its_own_settings() -> None:
    weights = ScoreWeights(1.0, 2.0, 3.0, 4.0, 0.5, 0.25)
    scores = ScoreProducts(1.0, 2.0, 3.0, 4.0, 0.5, 0.25)(EVIDENCE)
    np.testing.assert_array_equal(scores.log_odds, scores_of(EVIDENCE, weights).log_odds)
    assert scores.log_odds[0].tolist() == [2.0 + 1.0 - 5.0, -0.2 - 5.0]
    assert scores.opening.tolist() == [3.0, 0.0]


def test_scores_lie_on_the_grid_of_the_evidence() -> None:
    scores = ScoreProducts()(EVIDENCE)
    assert scores.product_ids == EVIDENCE.product_ids
    assert (scores.starts == EVIDENCE.starts).all()
    assert (scores.ends == EVIDENCE.ends).all()
