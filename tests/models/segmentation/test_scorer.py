"""Evidence weighed into scores."""

from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from domain.errors import WeightsError
from domain.evidence import EventFeatures, ProductScores, UnitFeatures
from models.segmentation import scorer
from models.segmentation.event_features import EVENT_IDENTITY_FEATURES, empty_event_features
from models.segmentation.features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.scorer import (
    ENTRY_FEATURES,
    FEATURE_GROUPS,
    Modalities,
    ScoreWeights,
    combine_features,
    modalities_of,
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
        warnings=("heard little",),
    )


def no_events() -> EventFeatures:
    return empty_event_features(UNITS, PRODUCTS)


def scores_of(unit_features: UnitFeatures, event_features: EventFeatures, always: ScoreWeights) -> ProductScores:
    """The scores by the same weights whatever is at hand."""
    return scorer.score_products(unit_features, event_features, dict.fromkeys(get_args(Modalities), always))


def random_evidence() -> UnitFeatures:
    random = np.random.default_rng(5)
    unit_features = evidence()
    arrays = {
        name: random.normal(size=getattr(unit_features, name).shape) for name in ("identity", "explanation", "opening")
    }
    more = {name: random.normal(size=getattr(unit_features, name).shape) for name in ("product_opening", "closing")}
    return replace(unit_features, **arrays, **more)


def test_no_evidence_scores_nothing_but_entries() -> None:
    scores = scores_of(evidence(), no_events(), weights(explanation=-4.0))
    assert not any(each.any() for each in (scores.explanation, scores.opening, scores.closing, scores.identity))
    assert scores.entry_score == -4.0


def test_a_mention_adds_its_weight_for_its_product_in_its_unit() -> None:
    unit_features = evidence()
    unit_features.identity[1, 2, IDENTITY_FEATURES.index("title")] = 3.0
    scores = scores_of(unit_features, no_events(), weights(title=0.5))
    assert scores.identity.tolist() == [[0, 0, 0], [0, 0, 1.5]]


def test_a_logged_click_adds_up_with_what_was_said() -> None:
    unit_features, event_features = evidence(), no_events()
    unit_features.identity[0, 1, IDENTITY_FEATURES.index("name")] = 2.0
    event_features.identity[0, 1, EVENT_IDENTITY_FEATURES.index("click")] = 1.0
    assert scores_of(unit_features, event_features, weights(name=1.0, click=0.25)).identity[0].tolist() == [0, 2.25, 0]


def test_a_push_speaks_for_a_start() -> None:
    event_features = no_events()
    event_features.product_opening[0, 1, 0] = 1.0
    assert scores_of(evidence(), event_features, weights(push=2.0)).product_opening.tolist() == [
        [0, 2.0, 0],
        [0, 0, 0],
    ]


def test_talk_openings_and_closings_are_weighed_for_all_products() -> None:
    unit_features = evidence()
    unit_features.explanation[0, EXPLANATION_FEATURES.index("seconds")] = 10.0
    unit_features.opening[1, OPENING_FEATURES.index("opens")] = 2.0
    unit_features.closing[1, CLOSING_FEATURES.index("closes")] = -1.0
    scores = scores_of(unit_features, no_events(), weights(seconds=-0.02, opens=1.5, closes=3.0))
    assert scores.explanation.tolist() == pytest.approx([-0.2, 0])
    assert (scores.opening.tolist(), scores.closing.tolist()) == ([0, 3.0], [0, -3.0])


def test_a_bundle_and_the_unlisted_are_entered_at_a_price_of_their_own() -> None:
    scores = scores_of(
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
    all_weights = ScoreWeights(random.normal(size=ScoreWeights.size()))
    unit_features, event_features = random_evidence(), no_events()
    event_features.identity[:] = random.normal(size=event_features.identity.shape)
    slow = [
        [
            sum(
                w * x
                for w, x in zip(
                    all_weights["identity"],
                    (*unit_features.identity[u, p], *event_features.identity[u, p]),
                    strict=True,
                )
            )
            for p in range(PRODUCTS)
        ]
        for u in range(UNITS)
    ]
    np.testing.assert_allclose(scores_of(unit_features, event_features, all_weights).identity, slow, rtol=1e-5)


def test_weighing_leaves_the_evidence_as_it_was() -> None:
    unit_features = random_evidence()
    before = {field.name: np.copy(getattr(unit_features, field.name)) for field in fields(unit_features)}
    scores_of(unit_features, no_events(), weights(name=2.0, closes=1.0))
    assert all((getattr(unit_features, name) == value).all() for name, value in before.items())


def test_warnings_of_evidence_and_room_are_passed_on() -> None:
    warned = replace(no_events(), warnings=("the clock is late",))
    assert scores_of(evidence(), warned, weights()).warnings == ("heard little", "the clock is late")


@pytest.mark.parametrize(
    ("has_sighting", "has_log", "kind"),
    [(False, False, "speech"), (True, False, "pictures"), (False, True, "room"), (True, True, "all")],
)
def test_a_show_is_weighed_by_what_is_at_hand(has_sighting: bool, has_log: bool, kind: Modalities) -> None:
    unit_features, event_features = evidence(), replace(no_events(), kinds=("pushes",) if has_log else ())
    unit_features.identity[0, 1, IDENTITY_FEATURES.index("photo")] = float(has_sighting)
    assert modalities_of(unit_features, event_features) == kind
    learned = {each: weights(explanation=-float(i)) for i, each in enumerate(get_args(Modalities))}
    scores = scorer.score_products(unit_features, event_features, learned)
    assert scores.entry_score == -float(get_args(Modalities).index(kind))
    assert (scores.has_video, scores.has_event_log) == (has_sighting, has_log)


def test_weights_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(WeightsError, match=r"scores\.json.*no numbers.*kandian train"):
        ScoreWeights.from_dict(weights(name=float("nan")).to_dict(), Path("scores.json"))


def test_every_feature_has_one_weight() -> None:
    features = combine_features(evidence(), no_events())
    names = {"talk": "explanation", "opening_of": "product_opening"}
    for group in ("identity", "talk", "opening", "opening_of", "closing"):
        assert getattr(features, names.get(group, group)).shape[-1] == len(FEATURE_GROUPS[group])
    assert ScoreWeights.size() == sum(len(set(names)) for names in FEATURE_GROUPS.values())


def test_weights_by_name_make_the_same_weights() -> None:
    some = ScoreWeights(np.random.default_rng(2).normal(size=ScoreWeights.size()))
    np.testing.assert_array_equal(ScoreWeights.from_dict(some.to_dict(), Path("scores.json")).vector, some.vector)


def test_weights_of_other_features_are_refused_by_name_of_the_file() -> None:
    named = weights().to_dict()
    del named["talk"]["seconds"]
    with pytest.raises(WeightsError, match=r"scores\.json.*other features.*kandian train"):
        ScoreWeights.from_dict(named, Path("scores.json"))
