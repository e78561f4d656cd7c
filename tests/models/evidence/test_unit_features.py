"""All evidence of a show as features."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span
from domain.evidence import (
    DISCOURSE_ROLES,
    DiscourseClassification,
    DiscourseRole,
    FloatArray,
    Mention,
    MentionKind,
    UnitFeatures,
    UtteranceUnits,
)
from domain.speech import Sentence
from domain.vision import Sighting, SightingKind
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    MAX_MENTION_NATS,
    MAX_PRODUCTS,
    MAX_SIGHTING_NATS,
    MENTION_FEATURES,
    MIN_PROBABILITY,
    OPENING_FEATURES,
    PASSING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
    UNKNOWN_LOG_PROBABILITY,
    SpeechEvidence,
    build_unit_features,
    specificity,
)
from models.evidence.utterance_units import build_utterance_units

UNITS = 8
CATALOG = Catalog(tuple(Product(product_id=each, title=f"商品{each}") for each in "abc"))


def ten_second_units(*, unheard: Sequence[int] = ()) -> UtteranceUnits:
    """UNITS units of 10 s, in each of which one word is said that says nothing."""
    sentences = [
        Sentence.with_even_timing(Span(10.0 * i, 10.0 * i + 9), "嗯", is_reliable=i not in unheard)
        for i in range(UNITS)
    ]
    return build_utterance_units(sentences, Span(0, 10.0 * UNITS))


def chat(units: UtteranceUnits, **roles: FloatArray) -> DiscourseClassification:
    """Units that chat, but for the given chances of other roles, and neither open nor close."""
    chances = np.zeros((len(units), len(DISCOURSE_ROLES)))
    for role, chance in roles.items():
        chances[:, DISCOURSE_ROLES.index(_role(role))] = chance
    chances[:, DISCOURSE_ROLES.index("chat")] = 1 - chances.sum(axis=1)
    return DiscourseClassification(chances, np.zeros(len(units)), np.zeros(len(units)), units.starts)


def _role(name: str) -> DiscourseRole:
    return next(role for role in DISCOURSE_ROLES if role == name)


def named(unit: int, *products: str, kind: MentionKind = "name", weight: float = 2.0) -> Mention:
    return Mention(kind, products, Span(10.0 * unit, 10.0 * unit + 1), unit, "x", weight)


def sighting(
    start: Seconds, end: Seconds, *products: str, kind: SightingKind = "card", weight: float = 2.0
) -> Sighting:
    return Sighting(kind, products, Span(start, end), "", weight)


def gathered(
    *mentions: Mention,
    sightings: Sequence[Sighting] = (),
    discourse: DiscourseClassification | None = None,
    catalog: Catalog = CATALOG,
) -> UnitFeatures:
    units = ten_second_units()
    return build_unit_features(SpeechEvidence(units, discourse or chat(units), mentions), sightings, catalog)


def identity(evidence: UnitFeatures, feature: str) -> FloatArray:
    """(units, products) of one feature."""
    return evidence.identity[:, :, IDENTITY_FEATURES.index(feature)]


def opening_of(evidence: UnitFeatures, feature: str) -> FloatArray:
    return evidence.product_opening[:, :, PRODUCT_OPENING_FEATURES.index(feature)]


def test_there_is_a_column_for_every_name() -> None:
    features = gathered(named(1, "a"), sightings=[sighting(20, 30, "b")])
    assert features.product_ids == ("a", "b", "c")
    assert features.identity.shape == (UNITS, 3, len(IDENTITY_FEATURES))
    assert features.explanation.shape == (UNITS, len(EXPLANATION_FEATURES))
    assert features.opening.shape == (UNITS, len(OPENING_FEATURES))
    assert features.product_opening.shape == (UNITS, 3, len(PRODUCT_OPENING_FEATURES))
    assert features.closing.shape == (UNITS, len(CLOSING_FEATURES))
    assert features.product_closing.shape == (UNITS, 3, len(PRODUCT_CLOSING_FEATURES))
    np.testing.assert_array_equal(features.unit_starts, 10.0 * np.arange(UNITS))


def test_what_was_not_said_or_seen_is_zero() -> None:
    features = gathered()
    assert not features.identity.any()
    assert not features.product_opening.any()


@pytest.mark.parametrize("kind", MENTION_FEATURES)
def test_a_mention_counts_in_its_unit_for_its_product_under_its_kind(kind: MentionKind) -> None:
    features = gathered(named(3, "b", kind=kind))
    assert identity(features, kind)[3, 1] == pytest.approx(2.0)
    assert np.count_nonzero(identity(features, kind)) == 1
    assert not any(identity(features, other).any() for other in MENTION_FEATURES if other != kind)


def test_no_kind_of_mention_decides_a_show_in_one_unit() -> None:
    assert identity(gathered(*[named(3, "b", weight=50.0)] * 9), "name").max() == MAX_MENTION_NATS


def test_words_that_products_share_lose_weight_and_most_of_it_where_all_share_them() -> None:
    own, shared, everyone = (identity(gathered(named(0, *ids)), "name")[0, 0] for ids in ("a", "ab", "abc"))
    assert 0 < everyone < shared < own == pytest.approx(2.0)


def test_a_share_is_whole_for_one_product_and_falls_with_each_more() -> None:
    assert specificity(1, 50) == 1.0
    assert 0 < specificity(50, 50) < specificity(2, 50) < 1


@pytest.mark.parametrize("role", ["preview", "compare", "recap"])
def test_a_mention_in_passing_is_distinguished(role: str) -> None:
    units = ten_second_units()
    features = gathered(named(3, "b"), discourse=chat(units, **{role: np.full(UNITS, 0.75)}))
    assert identity(features, "name")[3, 1] == pytest.approx(2.0)
    assert identity(features, "passing_name")[3, 1] == pytest.approx(1.0)
    assert not identity(gathered(named(3, "b")), "passing_name").any()


def test_a_role_that_is_no_likelier_than_not_makes_no_mention_one_in_passing() -> None:
    doubtful = chat(ten_second_units(), preview=np.full(UNITS, 0.5))
    assert not identity(gathered(named(3, "b"), discourse=doubtful), "passing_name").any()


@pytest.mark.parametrize(
    ("kind", "passing"), [("alias", "name"), ("brand", "name"), ("title", "title"), ("link", "link")]
)
def test_mentions_in_passing_keep_their_kind(kind: MentionKind, passing: str) -> None:
    features = gathered(named(3, "b", kind=kind), discourse=chat(ten_second_units(), preview=np.ones(UNITS)))
    assert [name for name in PASSING_FEATURES if identity(features, name).any()] == [f"passing_{passing}"]


def test_mentions_two_units_away_count_as_nearby_and_no_farther() -> None:
    nearby = identity(gathered(named(4, "b")), "nearby")[:, 1]
    assert nearby[4] == 0
    assert nearby[3] == nearby[5] > nearby[2] == nearby[6] > 0
    assert not nearby[[0, 1, 7]].any()


def test_a_sighting_counts_in_every_unit_that_it_is_seen_in() -> None:
    features = gathered(sightings=[sighting(25, 45, "c", kind="photo")])
    assert identity(features, "photo")[:, 2].astype(bool).tolist() == [False, False, True, True, True] + [False] * 3
    assert not identity(features, "card").any()


def test_a_sticker_counts_as_a_card() -> None:
    assert identity(gathered(sightings=[sighting(25, 45, "c", kind="sticker")]), "card")[3, 2] == pytest.approx(2.0)


def test_of_several_sightings_the_clearest_counts() -> None:
    features = gathered(
        sightings=[sighting(20, 30, "c", weight=3.0), sighting(20, 30, "c"), sighting(20, 30, "b", weight=99.0)]
    )
    assert identity(features, "card")[2].tolist() == pytest.approx([0.0, MAX_SIGHTING_NATS, 3.0])


def test_a_sighting_that_begins_about_when_a_unit_does_speaks_for_a_start_there() -> None:
    soon = opening_of(gathered(sightings=[sighting(38, 60, "c")]), "shown_soon")[:, 2]
    assert soon.astype(bool).tolist() == [False, False, True, True, True, False, False, False]


def test_a_name_in_the_next_units_speaks_for_a_start_here() -> None:
    soon = opening_of(gathered(named(4, "b")), "named_soon")[:, 1]
    assert soon.astype(bool).tolist() == [False, False, True, True, True, False, False, False]


def test_the_talk_is_the_units_length_what_was_heard_and_log_chances_of_roles() -> None:
    units = ten_second_units(unheard=[2])
    talk = build_unit_features(SpeechEvidence(units, chat(units), ()), (), CATALOG).explanation
    assert talk[:, EXPLANATION_FEATURES.index("unit")].tolist() == [1.0] * UNITS
    assert talk[:, EXPLANATION_FEATURES.index("seconds")].tolist() == [10.0] * UNITS
    assert talk[:, EXPLANATION_FEATURES.index("unheard_seconds")].tolist() == [0, 0, 10, 0, 0, 0, 0, 0]
    assert talk[:, EXPLANATION_FEATURES.index("is_chat")].tolist() == [0.0] * UNITS
    assert talk[:, EXPLANATION_FEATURES.index("is_demo")].tolist() == pytest.approx([np.log(MIN_PROBABILITY)] * UNITS)


def test_an_opening_is_given_by_its_unit_and_the_one_before_it() -> None:
    units = ten_second_units()
    told = replace(
        chat(units, recap=np.eye(UNITS)[2]),
        opening_log_odds=np.arange(UNITS, dtype=float),
        closing_log_odds=-np.ones(UNITS),
    )
    opening = gathered(discourse=told).opening
    assert opening[:, OPENING_FEATURES.index("opens")].tolist() == list(range(UNITS))
    assert opening[:, OPENING_FEATURES.index("last_closed")].tolist() == [0.0] + [-1.0] * (UNITS - 1)
    assert opening[:, OPENING_FEATURES.index("pause")].tolist() == pytest.approx([0.0] + [np.log(2)] * (UNITS - 1))
    assert opening[:, OPENING_FEATURES.index("with_recap")].argmax() == 2
    assert opening[1:, OPENING_FEATURES.index("after_recap")].argmax() == 2
    assert opening[0, OPENING_FEATURES.index("after_recap")] == UNKNOWN_LOG_PROBABILITY


def test_a_closing_is_given_by_its_unit_and_the_one_after_it() -> None:
    units = ten_second_units()
    told = replace(
        chat(units), opening_log_odds=np.arange(UNITS, dtype=float), closing_log_odds=-np.arange(UNITS, dtype=float)
    )
    closing = gathered(discourse=told).closing
    assert closing[:, CLOSING_FEATURES.index("closes")].tolist() == [-i for i in range(UNITS)]
    assert closing[:, CLOSING_FEATURES.index("next_opens")].tolist() == [*range(1, UNITS), 0]


def talk(evidence: UnitFeatures, feature: str) -> FloatArray:
    """(units,) of one feature."""
    return evidence.explanation[:, EXPLANATION_FEATURES.index(feature)]


@pytest.mark.parametrize(
    ("kind", "feature"),
    [("name", "any_named"), ("alias", "any_named"), ("title", "any_titled"), ("link", "any_linked")],
)
def test_what_is_mentioned_is_told_for_any_product_as_much_as_for_the_most_mentioned(
    kind: MentionKind, feature: str
) -> None:
    features = gathered(named(3, "b", kind=kind), named(3, "c", kind=kind, weight=3.0))
    assert talk(features, feature).tolist() == pytest.approx([0, 0, 0, 3.0, 0, 0, 0, 0])


def test_where_nothing_is_mentioned_no_product_is() -> None:
    names = ("any_named", "any_titled", "any_linked", "any_priced")
    assert not any(talk(gathered(), name).any() for name in names)


def test_hurried_words_have_a_pace_above_that_of_the_show_and_silence_has_none() -> None:
    texts = ["这个嗯"] * 5 + ["这个真的是非常非常好用的东西"]
    sentences = [Sentence.with_even_timing(Span(10.0 * i, 10.0 * i + 4), text) for i, text in enumerate(texts)]
    units = build_utterance_units(sentences, Span(0, 90))
    pace = talk(build_unit_features(SpeechEvidence(units, chat(units), ()), (), CATALOG), "pace")
    assert pace[:5] == pytest.approx(np.zeros(5))
    assert pace[5] > 1.0
    assert not pace[6:].any()


def test_a_product_whose_words_set_in_is_told_where_they_do() -> None:
    setting_in = opening_of(gathered(named(4, "b"), named(5, "b"), named(6, "b")), "sets_in")
    assert setting_in[:, 1].argmax() == 4
    assert not setting_in[:, 0].any()


def test_where_words_of_one_fade_and_of_another_set_in_the_first_may_end() -> None:
    features = gathered(*(named(unit, "b") for unit in (1, 2, 3)), *(named(unit, "c") for unit in (4, 5, 6)))
    fades, other = (
        features.product_closing[:, :, PRODUCT_CLOSING_FEATURES.index(name)] for name in ("fades", "other_sets_in")
    )
    assert fades[:, 1].argmax() == 3
    assert other[:, 1].argmax() == 3
    assert other[3, 2] == 0.0


def test_links_and_prices_alone_are_no_words_that_set_in() -> None:
    features = gathered(named(4, "b", kind="link"), named(4, "b", kind="price"))
    assert not opening_of(features, "sets_in").any()


def test_a_catalogue_of_one_product_has_no_other_that_sets_in() -> None:
    alone = Catalog((Product(product_id="b", title="纯棉毛巾"),))
    features = gathered(named(4, "b"), catalog=alone)
    assert not features.product_closing[:, :, PRODUCT_CLOSING_FEATURES.index("other_sets_in")].any()
    assert opening_of(features, "sets_in")[4, 0] > 0


def test_every_feature_is_a_number_however_little_there_is() -> None:
    features = gathered()
    arrays = (features.explanation, features.opening, features.closing, features.product_closing, features.identity)
    assert all(np.isfinite(array).all() for array in arrays)


def test_of_a_vast_catalogue_the_products_with_evidence_are_kept_in_its_order() -> None:
    vast = Catalog(tuple(Product(product_id=f"p{i}", title=f"商品{i}") for i in range(MAX_PRODUCTS + 200)))
    last = f"p{MAX_PRODUCTS + 199}"
    features = gathered(named(1, last), named(2, "p310"), sightings=[sighting(0, 9, "p305")], catalog=vast)
    assert len(features.product_ids) == MAX_PRODUCTS
    assert features.product_ids[-3:] == ("p305", "p310", last)
    assert identity(features, "name")[1, -1] == pytest.approx(2.0)
    assert identity(features, "card")[0, -3] == pytest.approx(2.0)
    assert opening_of(features, "named_soon")[1, -1] > 0


@pytest.mark.parametrize("units", [build_utterance_units((), Span(0, 0)), build_utterance_units((), Span(0, 15))])
def test_a_show_of_one_or_two_units_has_evidence_too(units: UtteranceUnits) -> None:
    features = build_unit_features(SpeechEvidence(units, chat(units), ()), [sighting(0, 9, "c")], CATALOG)
    assert len(features.opening) == len(features.product_opening) == len(features.closing) == len(units)
    assert identity(features, "card")[0, 2] > 0


def test_what_only_one_of_two_near_duplicates_has_speaks_for_it_and_against_the_other() -> None:
    titles = ("云朵空气炸锅4升", "云朵空气炸锅6升", "纯棉毛巾")
    catalog = Catalog(tuple(Product(product_id=i, title=title) for i, title in zip("abc", titles, strict=True)))
    units = build_utterance_units([Sentence.with_even_timing(Span(0, 9), "这个是六升的")], Span(0, 10))
    features = build_unit_features(SpeechEvidence(units, chat(units), ()), (), catalog)
    four, six, towel = identity(features, "differs")[0]
    assert four == -six < 0
    assert towel == 0
