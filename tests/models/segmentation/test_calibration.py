"""How sure a take is: of its product, and of its start."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.evidence import EVIDENCE_KINDS, FloatArray
from models.segmentation.calibration import (
    BEST_TAKES,
    BUNDLE_FEATURE_NAMES,
    FULL_KIND_NATS,
    NUMBER_KINDS,
    PRODUCT_FEATURE_NAMES,
    START_FEATURE_NAMES,
    WORD_KINDS,
    ConfidenceModel,
    LogisticModel,
    ProductFeatures,
    StartFeatures,
    bundle_features,
    count_kinds,
    mean_of_best,
    untrained_model,
)

CLEAR = ProductFeatures(words=2.0, numbers=1.0, margin=15.0, inside=0.95, show_words=2.5)
CLEAR_START = StartFeatures(landing=0.9, peak=0.6, sets_in=1.0)
BUNDLE = LogisticModel(-3.0, dict(zip(BUNDLE_FEATURE_NAMES, (1.0, 4.0, 0.5), strict=True)))
MODEL = ConfidenceModel(
    LogisticModel(-1.0, dict(zip(PRODUCT_FEATURE_NAMES, (0.5, 0.4, 0.3, 0.1, 0.2), strict=True))),
    LogisticModel(-0.5, dict(zip(START_FEATURE_NAMES, (0.6, 0.2, 0.3), strict=True))),
    BUNDLE,
)


ROUNDING = 1e-12


def random_models() -> st.SearchStrategy[ConfidenceModel]:
    """Models as they may be learned: of any bias, with no weight below 0."""

    def of(names: tuple[str, ...]) -> st.SearchStrategy[LogisticModel]:
        weights = st.tuples(*[st.floats(0, 3)] * len(names)).map(lambda values: dict(zip(names, values, strict=True)))
        return st.builds(LogisticModel, st.floats(-5, 5), weights)

    return st.builds(ConfidenceModel, of(PRODUCT_FEATURE_NAMES), of(START_FEATURE_NAMES), st.just(BUNDLE))


PRODUCT_EVIDENCE = st.builds(
    ProductFeatures, st.floats(0, 6), st.floats(0, 2), st.floats(-50, 200), st.floats(0, 1), st.floats(0, 6)
)
START_EVIDENCE = st.builds(StartFeatures, st.floats(0, 1), st.floats(0, 1), st.floats(-4, 4))


def test_a_model_that_knows_nothing_gives_one_half() -> None:
    assert untrained_model().product_chance(CLEAR) == untrained_model().start_chance(CLEAR_START) == 0.5


# --- chances rise with the evidence


@pytest.mark.parametrize(
    "worse",
    [
        replace(CLEAR, words=1.0),
        replace(CLEAR, numbers=0.0),
        replace(CLEAR, margin=0.5),
        replace(CLEAR, inside=0.4),
        replace(CLEAR, show_words=0.5),
    ],
)
def test_a_product_is_less_sure_where_less_speaks_for_it(worse: ProductFeatures) -> None:
    assert MODEL.product_chance(worse) < MODEL.product_chance(CLEAR)


@pytest.mark.parametrize(
    "worse",
    [replace(CLEAR_START, landing=0.2), replace(CLEAR_START, peak=0.1), replace(CLEAR_START, sets_in=-1.0)],
)
def test_a_start_is_less_sure_where_less_speaks_for_it(worse: StartFeatures) -> None:
    assert MODEL.start_chance(worse) < MODEL.start_chance(CLEAR_START)


@settings(deadline=None)  # a busy machine is no failure
@given(random_models(), PRODUCT_EVIDENCE, st.sampled_from(PRODUCT_FEATURE_NAMES), st.floats(0, 50))
def test_no_chance_of_a_product_falls_when_any_of_its_evidence_grows(
    model: ConfidenceModel, evidence: ProductFeatures, name: str, added: float
) -> None:
    values = {field.name: getattr(evidence, field.name) for field in fields(evidence)}
    grown = ProductFeatures(**(values | {name: values[name] + added}))
    assert model.product_chance(grown) >= model.product_chance(evidence) - ROUNDING


@settings(deadline=None)  # a busy machine is no failure
@given(random_models(), START_EVIDENCE, st.sampled_from(START_FEATURE_NAMES), st.floats(0, 5))
def test_no_chance_of_a_start_falls_when_any_of_its_evidence_grows(
    model: ConfidenceModel, evidence: StartFeatures, name: str, added: float
) -> None:
    values = {field.name: getattr(evidence, field.name) for field in fields(evidence)}
    grown = StartFeatures(**(values | {name: values[name] + added}))
    assert model.start_chance(grown) >= model.start_chance(evidence) - ROUNDING


@settings(deadline=None)  # a busy machine is no failure
@given(st.sampled_from(["product", "start"]), st.data(), st.floats(max_value=-1e-9, allow_infinity=False))
def test_a_weight_below_0_is_refused(chance: str, data: st.DataObject, weight: float) -> None:
    model: LogisticModel = getattr(MODEL, chance)
    name = data.draw(st.sampled_from(list(model.weights)))
    with pytest.raises(InvalidValue, match="must not be below 0"):
        replace(MODEL, **{chance: replace(model, weights={**model.weights, name: weight})})


@pytest.mark.parametrize("chance", ["product", "start", "bundle"])
@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_weight_that_is_no_number_is_refused(chance: str, number: float) -> None:
    model: LogisticModel = getattr(MODEL, chance)
    last = list(model.weights)[-1]
    with pytest.raises(InvalidValue, match="number"):
        replace(model, weights={**model.weights, last: number})


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.builds(
        ProductFeatures, st.floats(0, 6), st.floats(0, 2), st.floats(-1e6, 1e6), st.floats(0, 1), st.floats(0, 6)
    ),
    st.floats(-1e3, 1e3),
)
def test_whatever_a_take_looks_like_its_chance_is_one(features: ProductFeatures, bias: float) -> None:
    biased = replace(MODEL, product=replace(MODEL.product, bias=bias))
    assert 0.0 <= biased.product_chance(features) <= 1.0


@settings(deadline=None)  # a busy machine is no failure
@given(st.floats(-1e3, 1e3), st.floats(0, 1e3))
def test_probabilities_rise_with_log_odds_however_great(log_odds: float, added: float) -> None:
    less, more = (LogisticModel(bias, {}).probability(np.zeros(0)) for bias in (log_odds, log_odds + added))
    assert 0.0 <= less <= more <= 1.0


def test_weights_belong_to_their_columns() -> None:
    nothing_known = untrained_model()
    only_inside = replace(nothing_known.product, weights={**nothing_known.product.weights, "inside": 1.0})
    assert replace(nothing_known, product=only_inside).product_chance(replace(CLEAR, inside=0.9)) == pytest.approx(0.9)


@pytest.mark.parametrize("chance", ["product", "start", "bundle"])
def test_weights_of_other_features_are_refused_by_name(chance: str) -> None:
    with pytest.raises(InvalidValue, match="not of loudness"):
        replace(MODEL, **{chance: LogisticModel(0.0, {"loudness": 1.0})})


def test_a_model_has_a_weight_for_every_column() -> None:
    assert len(CLEAR.vector()) == len(PRODUCT_FEATURE_NAMES)
    assert len(CLEAR_START.vector()) == len(START_FEATURE_NAMES)
    assert len(bundle_features(np.ones(2), np.ones(2))) == len(BUNDLE_FEATURE_NAMES)


# --- kinds of evidence


def evidence(**nats: float) -> FloatArray:
    """(EVIDENCE_KINDS,)"""
    return np.array([nats.get(kind, 0.0) for kind in EVIDENCE_KINDS])


def test_a_kind_of_evidence_counts_once_however_much_there_is_of_it() -> None:
    barely, much = evidence(name=FULL_KIND_NATS), evidence(name=90.0)
    assert count_kinds(barely, WORD_KINDS) == count_kinds(much, WORD_KINDS) == 1.0


def test_each_kind_of_evidence_adds_its_share() -> None:
    nats = evidence(name=9.0, title=FULL_KIND_NATS / 2, log=9.0, price=9.0)
    assert count_kinds(nats, WORD_KINDS) == pytest.approx(2.5)
    assert count_kinds(nats, NUMBER_KINDS) == 1.0


def test_what_is_said_nearby_is_no_kind_of_its_own() -> None:
    assert count_kinds(evidence(context=90.0), (*WORD_KINDS, *NUMBER_KINDS)) == 0.0


def test_evidence_against_a_product_takes_none_of_the_other_kinds_away() -> None:
    assert count_kinds(evidence(name=9.0, log=-9.0), WORD_KINDS) == 1.0


def test_the_best_takes_say_how_well_a_catalogue_fits() -> None:
    assert mean_of_best([0.0, 1.0, 3.0, 2.0, 0.0]) == 2.0
    assert mean_of_best([3.0] * (BEST_TAKES - 1)) == pytest.approx(3.0 * (BEST_TAKES - 1) / BEST_TAKES)
    assert mean_of_best([]) == 0.0


# --- bundles


def test_two_products_named_together_are_a_bundle() -> None:
    both = np.array([2.0, 0.0, 3.0, 2.0])
    assert MODEL.is_bundle(both, both)


@pytest.mark.parametrize("other", [[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
def test_a_product_that_says_little_beside_another_is_no_partner(other: list[float]) -> None:
    assert not MODEL.is_bundle(np.array([2.0, 0.0, 3.0, 2.0]), np.array(other))


def test_a_model_that_knows_nothing_finds_no_bundle() -> None:
    both = np.array([2.0, 0.0, 3.0, 2.0])
    assert not untrained_model().is_bundle(both, both)


def test_a_model_that_knows_no_chances_may_know_bundles() -> None:
    both = np.array([2.0, 0.0, 3.0, 2.0])
    assert untrained_model(BUNDLE).is_bundle(both, both)


def test_a_bundles_row_is_its_share_what_is_together_and_how_much() -> None:
    row = bundle_features(np.array([4.0, 0.0]), np.array([1.0, 1.0]))
    assert row.tolist() == pytest.approx([0.5, 0.25, np.log(3)])


def test_a_bundle_of_no_evidence_has_a_row_too() -> None:
    assert bundle_features(np.zeros(3), np.zeros(3)).tolist() == [0.0, 0.0, 0.0]
