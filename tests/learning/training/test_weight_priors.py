"""What is believed of weights before shows are seen."""

import numpy as np
import pytest

from learning.training.weight_priors import prior_deviations, prior_of, prior_weights, weight_bounds
from models.evidence.unit_features import IDENTITY_FEATURES, PRODUCT_CLOSING_FEATURES, PRODUCT_OPENING_FEATURES
from models.segmentation.event_features import (
    EVENT_CLOSING_FEATURES,
    EVENT_IDENTITY_FEATURES,
    EVENT_OPENING_FEATURES,
)
from models.segmentation.scorer import ScoreWeights

FEATURES_OF_PRODUCTS = (
    *(("identity", name) for name in (*IDENTITY_FEATURES, *EVENT_IDENTITY_FEATURES)),
    *(("opening_of", name) for name in (*PRODUCT_OPENING_FEATURES, *EVENT_OPENING_FEATURES)),
    *(("closing_of", name) for name in (*PRODUCT_CLOSING_FEATURES, *EVENT_CLOSING_FEATURES)),
)


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, name in FEATURES_OF_PRODUCTS if not name.startswith("passing_")]
)
def test_what_speaks_for_a_product_never_weighs_less_than_nothing(group: str, name: str) -> None:
    assert prior_of(group, name).bounds[0] == 0.0


@pytest.mark.parametrize("name", [name for name in IDENTITY_FEATURES if name.startswith("passing_")])
def test_what_is_said_in_passing_never_counts_more_than_otherwise(name: str) -> None:
    assert prior_of("identity", name).bounds[1] == 0.0


def test_every_mean_lies_within_its_bounds() -> None:
    lowest, highest = weight_bounds().T
    assert ((lowest <= prior_weights().vector) & (prior_weights().vector <= highest)).all()


def test_every_weight_has_a_prior() -> None:
    assert prior_weights().vector.shape == prior_deviations().shape == (ScoreWeights.size(),)
    assert weight_bounds().shape == (ScoreWeights.size(), 2)
    assert (prior_deviations() > 0).all()
    assert np.isfinite(prior_weights().vector).all()


@pytest.mark.parametrize("name", ["pictures", "pushes", "clicks"])
def test_what_a_show_has_beside_speech_may_count_either_way(name: str) -> None:
    assert prior_of("talk_with", name).mean == prior_of("opening_with", name).mean == 0.0
    assert prior_of("talk_with", name).bounds == (-np.inf, np.inf)
