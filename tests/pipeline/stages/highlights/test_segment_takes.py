"""The stage that finds the explanations, alone and at the end of the light half on real shows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span, Timeline, TimelineClip
from domain.errors import InvalidValue
from domain.evidence import EventLog, Mentions, UnitFeatures
from domain.highlight import Takes
from domain.session import Language, Session
from domain.speech import Sentence, Transcript
from domain.vision import Sightings
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
)
from models.segmentation.event_features import empty_event_features
from pipeline.inputs.catalog import read_catalog
from pipeline.stages.highlights.align_events import AlignEvents
from pipeline.stages.highlights.build_features import BuildFeatures
from pipeline.stages.highlights.classify_discourse import ClassifyDiscourse
from pipeline.stages.highlights.score_products import ScoreProducts
from pipeline.stages.highlights.segment_takes import SegmentTakes
from pipeline.stages.highlights.split_utterances import SplitUtterances
from pipeline.stages.speech.link_mentions import LinkMentions

SHOWS = Path(__file__).parents[4] / "fixtures" / "shows"


def truth_of(show: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    return truth


def takes_of(show: str, language: Language) -> Takes:
    """The light half on what the host really said: no recogniser, no log."""
    truth = truth_of(show)
    sentences = [Sentence.with_even_timing(Span(u["start"], u["end"]), u["text"]) for u in truth["utterances"]]
    transcript = Transcript(language, "speech", tuple(sentences))
    catalog = read_catalog(SHOWS / show / "catalog.json", None).catalog
    timeline = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, truth["duration"]),))
    linked, units = LinkMentions()(transcript, catalog), SplitUtterances()(transcript, timeline)
    discourse = ClassifyDiscourse()(transcript, units, linked)
    features = BuildFeatures()(units, Mentions(linked.mentions), discourse, Sightings(()), catalog)
    event_features = AlignEvents()(features, EventLog(), timeline, Session(show))
    return SegmentTakes()(ScoreProducts()(features, event_features), catalog)


CATALOG_OF_ONE = Catalog((Product(product_id="p1", title="棉袜"),))
SMALL_SHOWS: list[tuple[str, Language]] = [("zh-mini", "zh"), ("en-mini", "en")]


@pytest.mark.parametrize(("show", "language"), SMALL_SHOWS)
def test_takes_of_a_show_are_whole_whatever_was_learned(show: str, language: Language) -> None:
    takes = takes_of(show, language)
    known_ids = set(read_catalog(SHOWS / show / "catalog.json", None).catalog.by_id)
    for take in (*takes.takes, *takes.suggestions):
        assert set(take.product_ids) <= known_ids
        assert 0 <= take.span.start <= take.seek < take.span.end <= truth_of(show)["duration"]
    assert list(takes.takes) == sorted(takes.takes, key=lambda take: take.span.start)
    assert all(take.product_confidence >= SegmentTakes().publish_at for take in takes.takes)


@pytest.mark.parametrize(("show", "language"), SMALL_SHOWS)
def test_each_product_has_one_best_take_and_takes_numbered_from_one(show: str, language: Language) -> None:
    takes = takes_of(show, language).takes
    for product_id in {take.product_ids[0] for take in takes}:
        own = [take for take in takes if take.product_ids[0] == product_id]
        assert [take.take_number for take in own] == list(range(1, len(own) + 1))
        assert sum(take.is_best for take in own) == 1


def test_the_key_of_the_stage_holds_its_weights() -> None:
    assert SegmentTakes(model="other").weights() == ("understanding:other",)


@pytest.mark.parametrize(("suggest_at", "publish_at"), [(0.5, 0.2), (-0.1, 0.2), (0.1, 1.1)])
def test_thresholds_out_of_order_are_refused(suggest_at: float, publish_at: float) -> None:
    with pytest.raises(InvalidValue, match="suggest_at"):
        SegmentTakes(suggest_at=suggest_at, publish_at=publish_at)


def test_a_show_without_evidence_has_no_takes() -> None:
    features = UnitFeatures(
        product_ids=(),
        unit_starts=np.arange(0.0, 300.0, 10.0),
        unit_ends=np.arange(10.0, 310.0, 10.0),
        identity=np.zeros((30, 0, len(IDENTITY_FEATURES))),
        explanation=np.zeros((30, len(EXPLANATION_FEATURES))),
        opening=np.zeros((30, len(OPENING_FEATURES))),
        product_opening=np.zeros((30, 0, len(PRODUCT_OPENING_FEATURES))),
        closing=np.zeros((30, len(CLOSING_FEATURES))),
        product_closing=np.zeros((30, 0, len(PRODUCT_CLOSING_FEATURES))),
    )
    takes = SegmentTakes()(ScoreProducts()(features, empty_event_features(30, 0)), CATALOG_OF_ONE)
    assert (takes.takes, takes.suggestions) == ((), ())
