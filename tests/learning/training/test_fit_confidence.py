"""The fits of confidence and of the bundle classifier."""

from dataclasses import replace

import numpy as np
import pytest

from learning.evaluation.reliability import LabelledConfidence, compute_calibration
from learning.training.fit_confidence import LabelledCandidate, fit_confidence
from models.segmentation.calibration import BUNDLE_FEATURE_NAMES, UNTRAINED_MODEL, TakeFeatures

pytestmark = pytest.mark.heavy

NO_BUNDLES = (0.0, np.zeros(len(BUNDLE_FEATURE_NAMES)))
CLEAR = TakeFeatures(
    landing=0.9, inside=0.9, seconds=60.0, identity=20.0, margin=15.0, has_pictures=False, has_log=False
)


def takes(count: int, seed: int, *, boast: float = 1.0) -> list[LabelledCandidate]:
    """Takes that are right as often as the chance of their landing says, which is overstated by `boast`."""
    random = np.random.default_rng(seed)
    found = []
    for chance in random.uniform(0.05, 0.95, count).tolist():
        odds = (chance / (1 - chance)) ** boast
        found.append(LabelledCandidate(replace(CLEAR, landing=odds / (1 + odds)), bool(random.random() < chance)))
    return found


def test_of_a_hundred_takes_of_eighty_percent_eighty_are_right() -> None:
    model = fit_confidence(takes(2000, 1, boast=3.0), NO_BUNDLES)
    labelled = [
        LabelledConfidence(model.probability(take.features), take.is_correct) for take in takes(2000, 2, boast=3.0)
    ]
    ece = compute_calibration(labelled).ece
    assert ece is not None
    assert ece < 0.04


def test_a_likelier_landing_makes_a_take_surer() -> None:
    model = fit_confidence(takes(500, 3), NO_BUNDLES)
    assert model.probability(replace(CLEAR, landing=0.9)) > model.probability(replace(CLEAR, landing=0.2)) + 0.3


def test_takes_that_weigh_nothing_teach_nothing() -> None:
    known = takes(300, 4)
    liars = [LabelledCandidate(take.features, not take.is_correct, 0.0) for take in takes(300, 5)]
    alone, beside = (fit_confidence(some, NO_BUNDLES).probability(CLEAR) for some in (known, [*known, *liars]))
    assert beside == pytest.approx(alone, abs=1e-3)


@pytest.mark.parametrize("found", [[], [LabelledCandidate(CLEAR, True)], [LabelledCandidate(CLEAR, False)] * 3])
def test_where_all_takes_are_alike_nothing_is_learned(found: list[LabelledCandidate]) -> None:
    assert fit_confidence(found, NO_BUNDLES) == UNTRAINED_MODEL


def test_bundles_are_taken_over() -> None:
    model = fit_confidence([], (-2.0, np.array([1.0, 2.0, 3.0])))
    assert model.bundle_bias == -2.0
    assert list(model.bundle_weights.values()) == [1.0, 2.0, 3.0]
