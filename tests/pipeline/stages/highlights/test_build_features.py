"""Speech and frames on one grid."""

import numpy as np

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, Mention, Mentions, UnitFeatures
from domain.speech import Sentence
from domain.vision import Sighting, Sightings
from models.evidence.unit_features import SPEECH_FEATURES
from models.evidence.utterance_units import build_utterance_units
from pipeline.stages.highlights.build_features import BuildFeatures

CATALOG = Catalog(tuple(Product(product_id=each, title=each) for each in ("毛巾", "精华", "牙刷")))
SENTENCES = tuple(Sentence.with_even_timing(Span(start, start + 10), "嗯") for start in range(0, 200, 10))
UNITS = build_utterance_units(SENTENCES, Span(0, 200))
DISCOURSE = DiscourseClassification(
    np.full((len(UNITS), len(DISCOURSE_ROLES)), 1 / len(DISCOURSE_ROLES)),
    np.zeros(len(UNITS)),
    np.zeros(len(UNITS)),
    UNITS.starts,
)


def named(product_id: str, start: Seconds) -> Mention:
    return Mention("name", (product_id,), Span(start, start + 1), int(start // 10), product_id, 2.0)


def features_of(mentions: tuple[Mention, ...] = (), sightings: tuple[Sighting, ...] = ()) -> UnitFeatures:
    return BuildFeatures()(UNITS, Mentions(mentions), DISCOURSE, Sightings(sightings), CATALOG)


def test_products_stand_in_the_order_of_the_catalogue() -> None:
    features = features_of((named("精华", 30), named("毛巾", 80)))
    assert features.product_ids == ("毛巾", "精华", "牙刷")
    assert features.identity.shape[:2] == (len(UNITS), 3)


def test_a_mention_speaks_for_its_product_alone() -> None:
    silent, features = features_of(), features_of((named("精华", 30),))
    assert (features.identity[:, 1] != silent.identity[:, 1]).any()
    np.testing.assert_array_equal(features.identity[:, 0], features.identity[:, 2])


def test_what_is_seen_speaks_for_its_product_too() -> None:
    features = features_of(sightings=(Sighting("card", ("牙刷",), Span(40, 60), "牙刷", 3.0),))
    sighting_features = features.identity[:, :, len(SPEECH_FEATURES) :]
    assert sighting_features[:, 2].any()
    assert not sighting_features[:, :2].any()


def test_where_nothing_speaks_for_anything_there_is_no_evidence_of_products() -> None:
    features = features_of()
    assert not features.identity.any()
    assert features.warnings == ()


def test_units_tile_the_replay() -> None:
    features = features_of((named("精华", 30),))
    assert features.unit_starts[0] == 0.0
    assert features.unit_ends[-1] == 200.0
    np.testing.assert_array_equal(features.unit_starts[1:], features.unit_ends[:-1])
