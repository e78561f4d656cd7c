"""What speech and pictures alone make of a show."""

import numpy as np
import pytest

from domain.evidence import Evidence
from models.segmentation.features import CLOSING, IDENTITY, OPENING, OPENING_OF, TALK
from models.segmentation.prior_posteriors import belief_of
from models.segmentation.scorer import GROUPS, AtHand, ScoreWeights

UNITS, PRODUCTS = 40, 3


def learned() -> dict[AtHand, ScoreWeights]:
    found = ScoreWeights(np.zeros(ScoreWeights.size()))
    given = {"name": 1.0, "unit": -1.0, "opens": 2.0, "explanation": -2.0, "unlisted": -3.0, "click": 99.0}
    for group, names in GROUPS.items():
        for place, name in enumerate(names):
            found[group][place] = given.get(name, 0.0)
    return {"speech": found}


def evidence() -> Evidence:
    """Units of 5 s; product 1 is explained in units 10 to 19, and nothing else."""
    starts = 5.0 * np.arange(UNITS, dtype=np.float64)
    identity = np.zeros((UNITS, PRODUCTS, len(IDENTITY)))
    identity[10:20, 1, IDENTITY.index("name")] = 3.0
    talk = np.zeros((UNITS, len(TALK)))
    talk[:, TALK.index("unit")] = 1.0
    opening = np.zeros((UNITS, len(OPENING)))
    opening[10, OPENING.index("opens")] = 1.0
    nothing_of = np.zeros((UNITS, PRODUCTS, len(OPENING_OF)))
    closing = np.zeros((UNITS, len(CLOSING)))
    return Evidence(("a", "b", "c"), starts, starts + 5, identity, talk, opening, nothing_of, closing)


def test_a_product_is_believed_where_it_is_named() -> None:
    belief = belief_of(evidence(), learned())
    assert belief.chances.shape == (UNITS, PRODUCTS)
    assert belief.chances[10:20, 1].min() > 0.8
    assert belief.chances[:8].max() < 0.2
    assert belief.chances[:, [0, 2]].max() < 0.2


def test_chances_of_a_unit_add_up_to_one_at_most() -> None:
    shown = evidence()
    shown.identity[:, :, 0] = np.random.default_rng(0).uniform(0, 6, (UNITS, PRODUCTS))
    chances = belief_of(shown, learned()).chances
    assert chances.min() >= 0
    assert chances.sum(axis=1).max() <= 1 + 1e-9


def test_the_belief_at_a_time_is_that_of_its_unit() -> None:
    belief = belief_of(evidence(), learned())
    at = belief.at(np.array([74.9, 75.0, 5.0 * UNITS - 0.1]), np.array([1, 0, 2]))
    np.testing.assert_array_equal(at, belief.chances[[14, 15, UNITS - 1], [1, 0, 2]])


@pytest.mark.parametrize("time", [-1e6, -0.1, 5.0 * UNITS, 1e9])
def test_nothing_is_believed_outside_the_show(time: float) -> None:
    assert not belief_of(evidence(), learned()).at(np.array([time]), np.array([1])).any()
