"""Evidence weighed into scores."""

from dataclasses import replace

import numpy as np
import pytest

from domain.evidence import Evidence
from models.scorer import MOST_NATS_PER_UNIT, ScoreWeights, scores_of

WEIGHTS = ScoreWeights(speech=1.5, events=0.5, opening=2.0, closing=3.0, absence_per_s=0.02, silence_per_s=0.01)


def evidence() -> Evidence:
    """Two units of 10 s and 20 s, two products, nothing known."""
    return Evidence(
        product_ids=("a", "b"),
        starts=np.array([0.0, 10.0]),
        ends=np.array([10.0, 30.0]),
        speech=np.zeros((2, 2)),
        events=np.zeros((2, 2)),
        opening=np.zeros(2),
        closing=np.zeros(2),
        is_heard=np.ones(2),
    )


def test_absence_costs_by_the_second() -> None:
    np.testing.assert_allclose(scores_of(evidence(), WEIGHTS).log_odds, [[-0.2, -0.2], [-0.4, -0.4]])


def test_absence_costs_less_where_nothing_was_heard() -> None:
    deaf = replace(evidence(), is_heard=np.array([1.0, 0.0]))
    np.testing.assert_allclose(scores_of(deaf, WEIGHTS).log_odds[:, 0], [-0.2, -0.2])


def test_speech_and_events_add_up_by_their_weights() -> None:
    told = replace(evidence(), speech=np.array([[2.0, 0.0], [0.0, 0.0]]), events=np.array([[1.0, 0.0], [0.0, -1.0]]))
    np.testing.assert_allclose(scores_of(told, WEIGHTS).log_odds, [[3.3, -0.2], [-0.4, -0.9]])


def test_no_single_sentence_decides_a_show() -> None:
    loud = replace(evidence(), speech=np.full((2, 2), 1000.0))
    assert scores_of(loud, WEIGHTS).log_odds.max() == pytest.approx(WEIGHTS.speech * MOST_NATS_PER_UNIT - 0.2)


def test_openings_and_closings_are_weighed() -> None:
    cued = replace(evidence(), opening=np.array([1.0, -1.0]), closing=np.array([0.0, 2.0]))
    scores = scores_of(cued, WEIGHTS)
    assert (scores.opening.tolist(), scores.closing.tolist()) == ([2.0, -2.0], [0.0, 6.0])


def test_weighing_leaves_the_evidence_as_it_was() -> None:
    told = replace(evidence(), speech=np.full((2, 2), 9.0))
    scores_of(told, WEIGHTS)
    assert (told.speech == 9.0).all()
