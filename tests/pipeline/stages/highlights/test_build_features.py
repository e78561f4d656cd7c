"""What was said and seen, lined up."""

import numpy as np

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span, Timeline, TimelineClip
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, Mention, Mentions, UnitFeatures
from domain.rescoring import RescoringResult
from domain.speech import Sentence, Transcript
from domain.vision import Sighting, Sightings
from models.segmentation.features import SPEECH_FEATURES
from models.segmentation.utterance_units import build_utterance_units
from pipeline.stages.highlights.build_features import BuildFeatures

CATALOG = Catalog(tuple(Product(product_id=each, title=each) for each in ("毛巾", "精华", "牙刷")))
WHOLE = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 200.0),))
SAID = tuple(Sentence.with_even_timing(Span(start, start + 10), "嗯") for start in range(0, 200, 10))
UNITS = build_utterance_units(SAID, WHOLE.replay_span)
DISCOURSE = DiscourseClassification(
    np.full((len(UNITS), len(DISCOURSE_ROLES)), 1 / len(DISCOURSE_ROLES)),
    np.zeros(len(UNITS)),
    np.zeros(len(UNITS)),
    UNITS.starts,
)


def named(product_id: str, start: Seconds) -> Mention:
    return Mention("name", (product_id,), Span(start, start + 1), int(start // 10), product_id, 2.0)


def gathered(
    mentions: tuple[Mention, ...] = (), heard_again: tuple[Mention, ...] = (), seen: tuple[Sighting, ...] = ()
) -> UnitFeatures:
    transcript = Transcript("zh", "speech", SAID)
    second_look = RescoringResult((), heard_again)
    return BuildFeatures()(transcript, Mentions(mentions), second_look, DISCOURSE, Sightings(seen), CATALOG, WHOLE)


def test_products_stand_in_the_order_of_the_catalogue() -> None:
    evidence = gathered((named("精华", 30), named("毛巾", 80)))
    assert evidence.product_ids == ("毛巾", "精华", "牙刷")
    assert evidence.identity.shape[:2] == (len(UNITS), 3)


def test_a_mention_speaks_for_its_product_alone() -> None:
    silent, evidence = gathered(), gathered((named("精华", 30),))
    assert (evidence.identity[:, 1] != silent.identity[:, 1]).any()
    np.testing.assert_array_equal(evidence.identity[:, 0], evidence.identity[:, 2])


def test_what_was_heard_again_counts_as_what_was_heard_first() -> None:
    first, again = gathered((named("精华", 30),)), gathered(heard_again=(named("精华", 30),))
    np.testing.assert_array_equal(again.identity, first.identity)


def test_what_is_seen_speaks_for_its_product_too() -> None:
    evidence = gathered(seen=(Sighting("card", ("牙刷",), Span(40, 60), "牙刷", 3.0),))
    seen = evidence.identity[:, :, len(SPEECH_FEATURES) :]
    assert seen[:, 2].any()
    assert not seen[:, :2].any()


def test_where_nothing_speaks_for_anything_there_is_no_evidence_of_products() -> None:
    evidence = gathered()
    assert not evidence.identity.any()
    assert evidence.warnings == ()


def test_units_tile_the_replay() -> None:
    evidence = gathered((named("精华", 30),))
    assert evidence.unit_starts[0] == 0.0
    assert evidence.unit_ends[-1] == 200.0
    np.testing.assert_array_equal(evidence.unit_starts[1:], evidence.unit_ends[:-1])
