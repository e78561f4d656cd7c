"""How sure a take is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.segmentation.calibration import (
    BUNDLE_FEATURE_NAMES,
    FEATURE_NAMES,
    UNTRAINED_MODEL,
    ConfidenceModel,
    TakeFeatures,
    bundle_features,
)

CLEAR = TakeFeatures(
    landing=0.9, inside=0.95, seconds=60.0, identity=20.0, margin=15.0, has_pictures=False, has_log=False
)
MODEL = replace(
    UNTRAINED_MODEL,
    bias=-1.0,
    weights=dict(zip(FEATURE_NAMES, (0.5, 0.3, 0.1, 0.2, 0.4, 0.1, 0.1), strict=True)),
    bundle_bias=-3.0,
    bundle_weights=dict(zip(BUNDLE_FEATURE_NAMES, (1.0, 4.0, 0.5), strict=True)),
)


def test_a_model_that_knows_nothing_gives_one_half() -> None:
    assert UNTRAINED_MODEL.probability(CLEAR) == 0.5


@pytest.mark.parametrize(
    "worse",
    [
        replace(CLEAR, landing=0.2),
        replace(CLEAR, inside=0.4),
        replace(CLEAR, identity=1.0),
        replace(CLEAR, margin=0.5),
    ],
)
def test_a_take_is_less_sure_where_less_speaks_for_it(worse: TakeFeatures) -> None:
    assert MODEL.probability(worse) < MODEL.probability(CLEAR)


def test_what_there_is_beside_speech_may_make_a_take_surer() -> None:
    assert MODEL.probability(CLEAR) < MODEL.probability(replace(CLEAR, has_log=True))
    assert MODEL.probability(CLEAR) < MODEL.probability(replace(CLEAR, has_pictures=True))


def test_weights_belong_to_their_columns() -> None:
    only_landing = replace(UNTRAINED_MODEL, weights={**UNTRAINED_MODEL.weights, "landing": 1.0})
    assert only_landing.probability(replace(CLEAR, landing=0.9)) == pytest.approx(0.9)


@given(
    st.builds(
        TakeFeatures,
        st.floats(0, 1),
        st.floats(0, 1),
        st.floats(0, 1e5),
        st.floats(-1e6, 1e6),
        st.floats(-1e6, 1e6),
        st.booleans(),
        st.booleans(),
    ),
    st.floats(-1e3, 1e3),
)
def test_whatever_a_take_looks_like_its_chance_is_one(features: TakeFeatures, bias: float) -> None:
    assert 0.0 <= replace(MODEL, bias=bias).probability(features) <= 1.0


def test_two_products_named_together_are_a_bundle() -> None:
    both = np.array([2.0, 0.0, 3.0, 2.0])
    assert MODEL.is_bundle(both, both)


@pytest.mark.parametrize("other", [[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
def test_a_product_that_says_little_beside_another_is_no_partner(other: list[float]) -> None:
    assert not MODEL.is_bundle(np.array([2.0, 0.0, 3.0, 2.0]), np.array(other))


def test_a_model_that_knows_nothing_finds_no_bundle() -> None:
    both = np.array([2.0, 0.0, 3.0, 2.0])
    assert not UNTRAINED_MODEL.is_bundle(both, both)


def test_a_bundles_row_is_its_share_what_is_together_and_how_much() -> None:
    row = bundle_features(np.array([4.0, 0.0]), np.array([1.0, 1.0]))
    assert row.tolist() == pytest.approx([0.5, 0.25, np.log(3)])


def test_a_bundle_of_no_evidence_has_a_row_too() -> None:
    assert bundle_features(np.zeros(3), np.zeros(3)).tolist() == [0.0, 0.0, 0.0]


def test_a_model_has_a_weight_for_every_column() -> None:
    assert isinstance(UNTRAINED_MODEL, ConfidenceModel)
    assert (tuple(UNTRAINED_MODEL.weights), tuple(UNTRAINED_MODEL.bundle_weights)) == (
        FEATURE_NAMES,
        BUNDLE_FEATURE_NAMES,
    )
    assert len(CLEAR.vector()) == len(FEATURE_NAMES)
