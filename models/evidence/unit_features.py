"""The features of speech and frames: their names, and the arrays of a show."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.catalog import Catalog
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, FloatArray, Mention, UnitFeatures, UtteranceUnits
from domain.vision import Sighting
from models.evidence.cohesion import Cohesion, lexical_cohesion
from models.evidence.description_similarity import description_similarity
from models.evidence.sibling_contrast import contrast_near_duplicates
from models.evidence.topic_turns import best_of_others, next_unit, sets_in
from models.evidence.utterance_units import neighbour_sum
from models.lexicon.near_duplicates import near_duplicates_among

MENTION_FEATURES = ("name", "alias", "brand", "title", "link", "price", "attribute")
PASSING_KIND: Mapping[str, str] = {"title": "title", "attribute": "title", "link": "link", "price": "price"}
PASSING_FEATURES = ("passing_name", "passing_title", "passing_link", "passing_price")
SPEECH_FEATURES = (*MENTION_FEATURES, *PASSING_FEATURES, "nearby", "description", "differs", "echo")
SIGHTING_FEATURES = ("card", "photo")
IDENTITY_FEATURES = (*SPEECH_FEATURES, *SIGHTING_FEATURES)
"""Columns of `UnitFeatures.identity`. Mentions: nats as linked; passing: the same, times the chance that the unit only
previews, compares or recaps, as far as that is above one half; nearby: mentions in the two units before and after;
description: similarity to the product's description above the average; differs: nats, of either sign, for traits that
near-duplicates do not share; echo: log-ratio of mentions where the same words are said to those in the show; card,
photo: nats of a sighting during the unit."""
EXPLANATION_FEATURES = (
    "unit",
    "seconds",
    "unheard_seconds",
    "repetition",
    "pace",
    "any_named",
    "any_titled",
    "any_linked",
    "any_priced",
    *(f"is_{role}" for role in DISCOURSE_ROLES),
)
"""Columns of `UnitFeatures.explanation`: 1; the unit's length; that where unreliable; likeness to what is said at other
times; log of letters a second over the show's; the most nats for any product by names, words of titles, links and
prices, which are also said of what is not explained; log-probabilities of roles."""
OPENING_FEATURES = (
    "start",
    "opens",
    "last_closed",
    "pause",
    "shift",
    "is_valley",
    *(f"after_{role}" for role in DISCOURSE_ROLES),
    *(f"with_{role}" for role in DISCOURSE_ROLES),
)
"""Columns of `UnitFeatures.opening`: 1; log-odds that it opens, and that the one before closes; log(1 + s) of the pause
before; how much words change there, and whether most; log-probabilities of roles of the
unit before and of the unit."""
PRODUCT_OPENING_FEATURES = ("shown_soon", "named_soon", "sets_in")
"""Columns of `UnitFeatures.product_opening`: nats of a sighting that begins then, of mentions soon after; log-ratio of
the product's words after to those before."""
CLOSING_FEATURES = ("closes", "next_opens", "pause_after", "next_shift")
PRODUCT_CLOSING_FEATURES = ("fades", "other_sets_in")
"""Columns of `UnitFeatures.product_closing`: log-ratio of the product's words before the unit's end to those after;
that of the other product whose words set in most, after to before."""

MAX_MENTION_NATS = 6.0  # of one kind in one unit: no sentence decides a show
MAX_NEARBY_NATS, MAX_DESCRIPTION_SIMILARITY, MAX_SIGHTING_NATS, MAX_NAMED_SOON_NATS = 5.0, 4.0, 5.0, 4.0
NAMED_SOON_UNITS = 3  # about 12 s
TOPIC_WEIGHTS: Mapping[str, float] = {
    "name": 1.0,
    "alias": 1.0,
    "brand": 0.6,
    "title": 0.7,
    "attribute": 1.0,
    "description": 0.3,
}
"""Of the features that say how much of a unit is about a product. Prices and links come at the end of explanations."""
MIN_PACE, MAX_PACE = -1.5, 1.5
MAX_SHOWN_BEFORE_S, MAX_SHOWN_AFTER_S = 5.0, 25.0  # around a start in which its sighting begins
MIN_PROBABILITY, UNKNOWN_LOG_PROBABILITY = 1e-3, -2.0
MAX_PRODUCTS = 300  # that are scored; others have hardly any evidence (memory grows with products)


@dataclass(frozen=True, eq=False)
class SpeechEvidence:
    """The evidence of speech: the units of the show, their discourse roles, and the mentions in its sentences."""

    units: UtteranceUnits
    discourse: DiscourseClassification
    mentions: Sequence[Mention]


def build_unit_features(speech: SpeechEvidence, sightings: Sequence[Sighting], catalog: Catalog) -> UnitFeatures:
    """The features of a show for the MAX_PRODUCTS products of `catalog` with most evidence."""
    similarity = np.minimum(description_similarity(speech.units, catalog), MAX_DESCRIPTION_SIMILARITY)
    kept_columns = _top_products(speech, sightings, catalog, similarity.sum(axis=0))
    ids = tuple(catalog.products[i].product_id for i in kept_columns)
    columns = _ProductColumns({product_id: i for i, product_id in enumerate(ids)}, len(catalog))
    mention_features = _mention_features(speech, columns)
    mention_nats = mention_features[:, :, : len(MENTION_FEATURES)].sum(axis=2)
    mention_features[:, :, SPEECH_FEATURES.index("description")] = similarity[:, kept_columns]
    products = [catalog.products[i] for i in kept_columns]
    mention_features[:, :, SPEECH_FEATURES.index("differs")] = contrast_near_duplicates(
        speech.units, products, near_duplicates_among(catalog, ids)
    )
    sighting_features = _sighting_features(sightings, speech.units, columns)
    shown_soon = _shown_soon(sightings, speech.units, columns)
    topic_nats = _topic_nats(mention_features)
    cohesion = lexical_cohesion(speech.units, topic_nats)
    mention_features[:, :, SPEECH_FEATURES.index("echo")] = cohesion.echo
    topic_sets_in = sets_in(topic_nats, speech.units.starts)
    return UnitFeatures(
        product_ids=ids,
        unit_starts=speech.units.starts,
        unit_ends=speech.units.ends,
        identity=np.concatenate([mention_features, sighting_features], axis=2, dtype=np.float32),
        explanation=_explanation_features(speech, cohesion, mention_features),
        opening=_opening_features(speech, cohesion),
        product_opening=np.stack([shown_soon, _named_soon(mention_nats), topic_sets_in], axis=2),
        closing=_closing_features(speech, cohesion),
        product_closing=np.stack([-next_unit(topic_sets_in), next_unit(best_of_others(topic_sets_in))], axis=2),
    )


@dataclass(frozen=True, slots=True)
class _ProductColumns:
    """The column of each product that is scored, and the size of the catalogue."""

    by_product_id: Mapping[str, int]
    catalog_size: int

    def __len__(self) -> int:
        return len(self.by_product_id)

    def specific_nats(self, evidence: Mention | Sighting) -> float:
        """The nats left of evidence that several products share."""
        return evidence.weight * specificity(len(evidence.product_ids), self.catalog_size)

    def columns_of(self, evidence: Mention | Sighting) -> Iterator[int]:
        """The columns of the products that it is evidence for."""
        return (
            self.by_product_id[product_id] for product_id in evidence.product_ids if product_id in self.by_product_id
        )


def _top_products(
    speech: SpeechEvidence, sightings: Sequence[Sighting], catalog: Catalog, similarity: FloatArray
) -> NDArray[np.int64]:
    """Indexes of the products with most evidence, in catalogue order. `similarity`: (products,), of descriptions."""
    columns = _ProductColumns({product.product_id: i for i, product in enumerate(catalog)}, len(catalog))
    total = similarity.copy()
    all_evidence: list[Mention | Sighting] = [*speech.mentions, *sightings]
    for evidence in all_evidence:
        total[list(columns.columns_of(evidence))] += columns.specific_nats(evidence)
    return np.sort(np.argsort(-total, kind="stable")[:MAX_PRODUCTS])


def _mention_features(speech: SpeechEvidence, columns: _ProductColumns) -> FloatArray:
    """(units, products, SPEECH_FEATURES); the columns of descriptions and differences are 0."""
    units, roles = speech.units, speech.discourse.role_probabilities
    passing_roles = [DISCOURSE_ROLES.index(role) for role in ("preview", "compare", "recap")]
    is_passing = np.clip(2 * roles[:, passing_roles].sum(axis=1) - 1, 0.0, 1.0)  # below one half it says nothing
    feature_index = {name: i for i, name in enumerate(SPEECH_FEATURES)}
    features = np.zeros((len(units), len(columns), len(SPEECH_FEATURES)))
    for mention in speech.mentions:
        unit, nats = units.unit_of_sentence[mention.sentence_index], columns.specific_nats(mention)
        kind = PASSING_KIND.get(mention.kind, "name")
        for column in columns.columns_of(mention):
            features[unit, column, feature_index[mention.kind]] += nats
            features[unit, column, feature_index[f"passing_{kind}"]] += nats * is_passing[unit]
    np.minimum(features, MAX_MENTION_NATS, out=features)
    naming_nats = features[
        :, :, [feature_index["name"], feature_index["alias"], feature_index["title"], feature_index["link"]]
    ].sum(axis=2)
    features[:, :, feature_index["nearby"]] = np.minimum(neighbour_sum(naming_nats), MAX_NEARBY_NATS)
    return features


def _topic_nats(features: FloatArray) -> FloatArray:
    """(units, products): how much of each unit is about each product. `features`: as of `_mention_features`."""
    weights = np.array([TOPIC_WEIGHTS.get(name, 0.0) for name in SPEECH_FEATURES])
    return np.asarray(features @ weights)


def specificity(sharing_products: int, products: int) -> float:
    """The share of evidence left when `sharing_products` of `products` products share it: 1 - log n / log(K + 1)."""
    return 1 - math.log(sharing_products) / math.log(products + 1)


def _sighting_features(sightings: Sequence[Sighting], units: UtteranceUnits, columns: _ProductColumns) -> FloatArray:
    """(units, products, SIGHTING_FEATURES); a sticker counts as a card."""
    features = np.zeros((len(units), len(columns), len(SIGHTING_FEATURES)))
    for sighting in sightings:
        is_visible = units.overlaps(sighting.span)
        feature_index = SIGHTING_FEATURES.index("photo" if sighting.kind == "photo" else "card")
        for column in columns.columns_of(sighting):
            nats = min(MAX_SIGHTING_NATS, columns.specific_nats(sighting))
            features[is_visible, column, feature_index] = np.maximum(features[is_visible, column, feature_index], nats)
    return features


def _shown_soon(sightings: Sequence[Sighting], units: UtteranceUnits, columns: _ProductColumns) -> FloatArray:
    """(units, products): nats of a sighting that begins about when the unit does."""
    features = np.zeros((len(units), len(columns)))
    for sighting in sightings:
        lag = sighting.span.start - units.starts
        near = (lag >= -MAX_SHOWN_BEFORE_S) & (lag < MAX_SHOWN_AFTER_S)
        for column in columns.columns_of(sighting):
            nats = min(MAX_SIGHTING_NATS, columns.specific_nats(sighting))
            features[near, column] = np.maximum(features[near, column], nats)
    return features


def _named_soon(mention_nats: FloatArray) -> FloatArray:
    """(units, products): the largest nats of mentions in one of the next few units."""
    features = mention_nats.copy()
    for distance in range(1, NAMED_SOON_UNITS):
        features[:-distance] = np.maximum(features[:-distance], mention_nats[distance:])
    return np.minimum(features, MAX_NAMED_SOON_NATS)


def _log_role_probabilities(discourse: DiscourseClassification) -> FloatArray:
    return np.log(np.clip(discourse.role_probabilities, MIN_PROBABILITY, 1.0))


def _explanation_features(speech: SpeechEvidence, cohesion: Cohesion, mention_features: FloatArray) -> FloatArray:
    seconds = speech.units.ends - speech.units.starts
    unreliable_seconds = seconds * (1 - speech.units.is_reliable)
    return np.column_stack(
        [
            np.ones(len(speech.units)),
            seconds,
            unreliable_seconds,
            cohesion.repetition,
            _pace(speech.units),
            *(
                _nats_for_any(mention_features, names)
                for names in (("name", "alias"), ("title",), ("link",), ("price",))
            ),
            _log_role_probabilities(speech.discourse),
        ]
    )


def _nats_for_any(mention_features: FloatArray, names: Sequence[str]) -> FloatArray:
    """(units,): the most nats for any product by the features `names`."""
    columns = [SPEECH_FEATURES.index(name) for name in names]
    return np.asarray(mention_features[:, :, columns].sum(axis=2).max(axis=1, initial=0.0))


def _pace(units: UtteranceUnits) -> FloatArray:
    """(units,): log of letters a second of speech, over the show's median; 0 in silence."""
    letters = np.array([len(text) for text in units.texts], dtype=np.float64)
    rate = letters / np.maximum(units.speech_ends - units.starts, 0.5)
    is_spoken = letters > 0
    typical = float(np.median(rate[is_spoken])) if is_spoken.any() else 1.0
    return np.where(is_spoken, np.clip(np.log(np.maximum(rate, 1e-3) / typical), MIN_PACE, MAX_PACE), 0.0)


def _opening_features(speech: SpeechEvidence, cohesion: Cohesion) -> FloatArray:
    count, discourse = len(speech.units), speech.discourse
    log_probabilities = _log_role_probabilities(discourse)
    before = np.vstack([np.full((1, len(DISCOURSE_ROLES)), UNKNOWN_LOG_PROBABILITY), log_probabilities[:-1]])
    last_closed = np.concatenate([[0.0], discourse.closing_log_odds[:-1]])
    pause = np.log1p(speech.units.pauses)
    return np.column_stack(
        [
            np.ones(count),
            discourse.opening_log_odds,
            last_closed,
            pause,
            cohesion.shift,
            cohesion.is_valley,
            before,
            log_probabilities,
        ]
    )


def _closing_features(speech: SpeechEvidence, cohesion: Cohesion) -> FloatArray:
    discourse = speech.discourse
    next_opens = next_unit(discourse.opening_log_odds)
    pause_after = np.concatenate([np.log1p(speech.units.pauses)[1:], [1.0]])
    return np.column_stack([discourse.closing_log_odds, next_opens, pause_after, next_unit(cohesion.shift)])
