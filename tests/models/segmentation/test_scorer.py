"""Evidence weighed into scores."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import WeightsError
from domain.evidence import EVIDENCE_KINDS, EventFeatures, EventKind, FloatArray, UnitFeatures
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.event_features import (
    EVENT_CLOSING_FEATURES,
    EVENT_IDENTITY_FEATURES,
    EVENT_OPENING_FEATURES,
    empty_event_features,
)
from models.segmentation.scorer import (
    ENTRY_FEATURES,
    FEATURE_GROUPS,
    KIND_OF_FEATURE,
    MIN_SPOKEN_NATS,
    PRESENCE_FEATURES,
    ScoreWeights,
    combine_features,
    presence_of,
    score_products,
)

UNITS, PRODUCTS = 2, 3


def weights(**named: float) -> ScoreWeights:
    """All 0 but those of the features `named`, each in the first group that has it."""
    score_weights = ScoreWeights(np.zeros(ScoreWeights.size()))
    for name, value in named.items():
        group = next(group for group, names in FEATURE_GROUPS.items() if name in names)
        score_weights[group][FEATURE_GROUPS[group].index(name)] = value
    return score_weights


def evidence() -> UnitFeatures:
    """Two units of 10 s and 20 s, three products, nothing known."""
    return UnitFeatures(
        product_ids=("a", "b", "c"),
        unit_starts=np.array([0.0, 10.0]),
        unit_ends=np.array([10.0, 30.0]),
        identity=np.zeros((UNITS, PRODUCTS, len(IDENTITY_FEATURES))),
        explanation=np.zeros((UNITS, len(EXPLANATION_FEATURES))),
        opening=np.zeros((UNITS, len(OPENING_FEATURES))),
        product_opening=np.zeros((UNITS, PRODUCTS, len(PRODUCT_OPENING_FEATURES))),
        closing=np.zeros((UNITS, len(CLOSING_FEATURES))),
        product_closing=np.zeros((UNITS, PRODUCTS, len(PRODUCT_CLOSING_FEATURES))),
        warnings=("heard little",),
    )


def no_events() -> EventFeatures:
    return empty_event_features(UNITS, PRODUCTS)


def random_evidence() -> UnitFeatures:
    random = np.random.default_rng(5)
    unit_features = evidence()
    names = ("identity", "explanation", "opening", "product_opening", "closing", "product_closing")
    arrays = {name: random.normal(size=getattr(unit_features, name).shape) for name in names}
    return replace(unit_features, **arrays)


def random_weights() -> ScoreWeights:
    return ScoreWeights(np.random.default_rng(1).normal(size=ScoreWeights.size()))


def test_no_evidence_scores_nothing_but_entries() -> None:
    scores = score_products(evidence(), no_events(), weights(explanation=-4.0))
    assert not any(each.any() for each in (scores.explanation, scores.opening, scores.closing, scores.evidence))
    assert not any(each.any() for each in (scores.product_opening, scores.product_closing))
    assert scores.entry_score == -4.0


def test_a_mention_adds_its_weight_for_its_product_in_its_unit() -> None:
    unit_features = evidence()
    unit_features.identity[1, 2, IDENTITY_FEATURES.index("title")] = 3.0
    scores = score_products(unit_features, no_events(), weights(title=0.5))
    assert scores.identity.tolist() == [[0, 0, 0], [0, 0, 1.5]]


def test_a_logged_click_adds_up_with_what_was_said() -> None:
    unit_features, event_features = evidence(), no_events()
    unit_features.identity[0, 1, IDENTITY_FEATURES.index("name")] = 2.0
    event_features.identity[0, 1, EVENT_IDENTITY_FEATURES.index("click")] = 1.0
    scores = score_products(unit_features, event_features, weights(name=1.0, click=0.25))
    assert scores.identity[0].tolist() == [0, 2.25, 0]


def test_a_push_speaks_for_a_start() -> None:
    event_features = no_events()
    event_features.product_opening[0, 1, EVENT_OPENING_FEATURES.index("push")] = 1.0
    assert score_products(evidence(), event_features, weights(push=2.0)).product_opening.tolist() == [
        [0, 2.0, 0],
        [0, 0, 0],
    ]


def test_a_logged_end_speaks_for_an_end_of_its_product() -> None:
    event_features = no_events()
    event_features.product_closing[1, 2, EVENT_CLOSING_FEATURES.index("explain_end")] = 1.5
    scores = score_products(evidence(), event_features, weights(explain_end=2.0))
    assert scores.product_closing.tolist() == [[0, 0, 0], [0, 0, 3.0]]


def test_where_the_words_of_a_product_fade_an_end_is_likelier() -> None:
    unit_features = evidence()
    unit_features.product_closing[0, 2, PRODUCT_CLOSING_FEATURES.index("fades")] = 2.0
    scores = score_products(unit_features, no_events(), weights(fades=0.5))
    assert scores.product_closing.tolist() == [[0, 0, 1.0], [0, 0, 0]]


def test_talk_openings_and_closings_are_weighed_for_all_products() -> None:
    unit_features = evidence()
    unit_features.explanation[0, EXPLANATION_FEATURES.index("seconds")] = 10.0
    unit_features.opening[1, OPENING_FEATURES.index("opens")] = 2.0
    unit_features.closing[1, CLOSING_FEATURES.index("closes")] = -1.0
    scores = score_products(unit_features, no_events(), weights(seconds=-0.02, opens=1.5, closes=3.0))
    assert scores.explanation.tolist() == pytest.approx([-0.2, 0])
    assert (scores.opening.tolist(), scores.closing.tolist()) == ([0, 3.0], [0, -3.0])


def test_a_bundle_and_the_unlisted_are_entered_at_a_price_of_their_own() -> None:
    scores = score_products(
        evidence(), no_events(), weights(**dict(zip(ENTRY_FEATURES, (-4.0, -1.0, -2.0, 0.25), strict=True)))
    )
    assert (scores.entry_score, scores.bundle_entry_score, scores.unlisted_entry_score, scores.unlisted_unit_score) == (
        -4.0,
        -5.0,
        -6.0,
        0.25,
    )


def test_scores_are_the_dot_product_of_all_features_and_weights() -> None:
    random = np.random.default_rng(1)
    all_weights, unit_features, event_features = random_weights(), random_evidence(), no_events()
    for block in (event_features.identity, event_features.product_opening, event_features.product_closing):
        block[:] = random.normal(size=block.shape)
    combined = combine_features(unit_features, event_features)
    scores = score_products(unit_features, event_features, all_weights)

    def expected(features: FloatArray, group: str) -> FloatArray:
        return np.asarray((features * all_weights[group]).sum(axis=-1))

    np.testing.assert_allclose(scores.identity, expected(combined.identity, "identity"), rtol=1e-4)
    np.testing.assert_allclose(scores.product_opening, expected(combined.product_opening, "opening_of"), rtol=1e-4)
    np.testing.assert_allclose(scores.product_closing, expected(combined.product_closing, "closing_of"), rtol=1e-4)
    presence = presence_of(unit_features, event_features)
    talk, opening = (presence @ all_weights[group] for group in ("talk_with", "opening_with"))
    np.testing.assert_allclose(scores.explanation, expected(combined.explanation, "talk") + talk)
    np.testing.assert_allclose(scores.opening, expected(combined.opening, "opening") + opening)
    np.testing.assert_allclose(scores.closing, expected(combined.closing, "closing"))


def test_weighing_leaves_the_evidence_as_it_was() -> None:
    unit_features = random_evidence()
    before = {field.name: np.copy(getattr(unit_features, field.name)) for field in fields(unit_features)}
    score_products(unit_features, no_events(), weights(name=2.0, closes=1.0))
    assert all((getattr(unit_features, name) == value).all() for name, value in before.items())


def test_warnings_of_evidence_and_room_are_passed_on() -> None:
    warned = replace(no_events(), warnings=("the clock is late",))
    assert score_products(evidence(), warned, weights()).warnings == ("heard little", "the clock is late")


# --- kinds of evidence


def test_evidence_is_kept_by_its_kind() -> None:
    unit_features, event_features = evidence(), no_events()
    for name in ("alias", "brand", "card", "nearby"):
        unit_features.identity[0, 1, IDENTITY_FEATURES.index(name)] = 1.0
    event_features.identity[0, 1, EVENT_IDENTITY_FEATURES.index("order")] = 1.0
    scores = score_products(unit_features, event_features, weights(alias=1, brand=2, card=3, nearby=-4, order=5))
    by_kind = dict(zip(EVIDENCE_KINDS, scores.evidence[0, 1].tolist(), strict=True))
    found = {kind: nats for kind, nats in by_kind.items() if nats}
    assert found == {"name": 1, "title": 2, "picture": 3, "log": 5, "context": -4}


def test_evidence_of_all_kinds_adds_up_to_identity() -> None:
    scores = score_products(random_evidence(), no_events(), random_weights())
    np.testing.assert_allclose(scores.identity, scores.evidence.sum(axis=2), rtol=1e-5)


def test_identity_of_an_edited_copy_is_that_of_its_own_evidence() -> None:
    scores = score_products(random_evidence(), no_events(), random_weights())
    assert scores.identity.any()
    assert not replace(scores, evidence=np.zeros_like(scores.evidence)).identity.any()


@pytest.mark.parametrize("name", KIND_OF_FEATURE)
def test_a_feature_that_has_a_kind_is_one_of_identity(name: str) -> None:
    assert name in FEATURE_GROUPS["identity"]
    assert KIND_OF_FEATURE[name] in EVIDENCE_KINDS


# --- presence


@pytest.mark.parametrize(
    ("kinds", "present"),
    [
        pytest.param((), [0, 0, 0], id="no log"),
        pytest.param(("pushes",), [0, 1, 0], id="pushes"),
        pytest.param(("clicks",), [0, 0, 1], id="clicks"),
        pytest.param(("orders",), [0, 0, 1], id="orders count as clicks"),
        pytest.param(("pushes", "clicks", "orders"), [0, 1, 1], id="all"),
    ],
)
def test_kinds_of_events_are_present_where_the_log_has_them(kinds: tuple[EventKind, ...], present: list[int]) -> None:
    names = [PRESENCE_FEATURES.index(name) for name in ("pictures", "pushes", "clicks")]
    assert presence_of(evidence(), replace(no_events(), kinds=kinds))[names].tolist() == present


@pytest.mark.parametrize("name", ["card", "photo"])
def test_pictures_are_present_where_a_product_was_seen(name: str) -> None:
    unit_features = evidence()
    unit_features.identity[0, 1, IDENTITY_FEATURES.index(name)] = 1.0
    assert [n for n, p in zip(PRESENCE_FEATURES, presence_of(unit_features, no_events()), strict=True) if p] == [
        "pictures"
    ]


@pytest.mark.parametrize(("kind", "talk"), [("names", "any_named"), ("links", "any_linked"), ("prices", "any_priced")])
def test_what_a_host_says_is_present_the_more_often_it_is_said(kind: str, talk: str) -> None:
    rare, often = evidence(), evidence()
    rare.explanation[:1, EXPLANATION_FEATURES.index(talk)] = 1.0
    often.explanation[:2, EXPLANATION_FEATURES.index(talk)] = 1.0
    presences = [presence_of(each, no_events())[PRESENCE_FEATURES.index(kind)] for each in (evidence(), rare, often)]
    assert presences == pytest.approx([0.0, 1 - np.exp(-1), 1 - np.exp(-2)])


def test_a_faint_hint_of_a_name_is_no_name() -> None:
    unit_features = evidence()
    unit_features.explanation[0, EXPLANATION_FEATURES.index("any_named")] = MIN_SPOKEN_NATS - 0.1
    assert not presence_of(unit_features, no_events()).any()


def test_a_show_without_units_has_no_presence() -> None:
    nothing = replace(
        evidence(),
        unit_starts=np.zeros(0),
        unit_ends=np.zeros(0),
        identity=np.zeros((0, PRODUCTS, len(IDENTITY_FEATURES))),
        explanation=np.zeros((0, len(EXPLANATION_FEATURES))),
    )
    assert not presence_of(nothing, empty_event_features(0, PRODUCTS)).any()


def test_words_are_no_pictures() -> None:
    unit_features = evidence()
    unit_features.identity[0, 1, IDENTITY_FEATURES.index("name")] = 1.0
    assert not presence_of(unit_features, no_events()).any()


def test_a_show_without_products_has_no_presence() -> None:
    nobody = replace(evidence(), product_ids=(), identity=np.zeros((UNITS, 0, len(IDENTITY_FEATURES))))
    assert not presence_of(nobody, empty_event_features(UNITS, 0)).any()


def test_what_is_present_is_weighed_in_every_unit_and_at_every_opening() -> None:
    present = replace(no_events(), kinds=("pushes",))
    score_weights = weights()
    score_weights["talk_with"][PRESENCE_FEATURES.index("pushes")] = -0.5
    score_weights["opening_with"][PRESENCE_FEATURES.index("pushes")] = -2.0
    scores = score_products(evidence(), present, score_weights)
    assert (scores.explanation.tolist(), scores.opening.tolist()) == ([-0.5, -0.5], [-2.0, -2.0])


@pytest.mark.parametrize(("has_sighting", "has_log"), [(False, False), (True, False), (False, True), (True, True)])
def test_scores_say_what_there_was_beside_speech(has_sighting: bool, has_log: bool) -> None:
    unit_features, event_features = evidence(), replace(no_events(), kinds=("orders",) if has_log else ())
    unit_features.identity[0, 1, IDENTITY_FEATURES.index("photo")] = float(has_sighting)
    scores = score_products(unit_features, event_features, weights())
    assert (scores.has_video, scores.has_event_log) == (has_sighting, has_log)


# --- the weights


def test_weights_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(WeightsError, match=r"scores\.json.*no numbers.*kandian train"):
        ScoreWeights.from_dict(weights(name=float("nan")).to_dict(), Path("scores.json"))


def test_every_feature_has_one_weight() -> None:
    features = combine_features(evidence(), no_events())
    fields_of = {"talk": "explanation", "opening_of": "product_opening", "closing_of": "product_closing"}
    for group in ("identity", "talk", "opening", "opening_of", "closing", "closing_of"):
        assert getattr(features, fields_of.get(group, group)).shape[-1] == len(FEATURE_GROUPS[group])
    assert ScoreWeights.size() == sum(len(set(names)) for names in FEATURE_GROUPS.values())


def test_weights_by_name_make_the_same_weights() -> None:
    some = ScoreWeights(np.random.default_rng(2).normal(size=ScoreWeights.size()))
    np.testing.assert_array_equal(ScoreWeights.from_dict(some.to_dict(), Path("scores.json")).vector, some.vector)


def test_weights_of_other_features_are_refused_by_name_of_the_file() -> None:
    named = weights().to_dict()
    del named["talk"]["seconds"]
    with pytest.raises(WeightsError, match=r"scores\.json.*other features.*kandian train"):
        ScoreWeights.from_dict(named, Path("scores.json"))
