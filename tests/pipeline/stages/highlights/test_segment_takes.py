"""The stage that finds the explanations, alone and at the end of the light half on real shows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.clock import Piece, Span, Timeline
from domain.errors import InvalidValue
from domain.evidence import EventLog, Evidence
from domain.highlight import Takes
from domain.rescoring import SecondLook
from domain.session import Language, Session
from domain.speech import Sentence, Transcript
from domain.vision import Sightings
from models.segmentation.event_features import nothing_logged
from models.segmentation.features import CLOSING, IDENTITY, OPENING, OPENING_OF, TALK
from pipeline.inputs.catalog import read_catalog
from pipeline.stages.highlights.align_events import AlignRoom
from pipeline.stages.highlights.build_features import GatherEvidence
from pipeline.stages.highlights.classify_discourse import ReadDiscourse
from pipeline.stages.highlights.score_products import ScoreProducts
from pipeline.stages.highlights.segment_takes import CutTakes
from pipeline.stages.speech.link_mentions import FindMentions

SHOWS = Path(__file__).parents[4] / "fixtures" / "shows"


def truth_of(show: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    return truth


def takes_of(show: str, language: Language) -> Takes:
    """The light half on what the host really said: no recogniser, no log."""
    truth = truth_of(show)
    said = [Sentence.evenly(Span(u["start"], u["end"]), u["text"]) for u in truth["utterances"]]
    transcript = Transcript(language, "speech", tuple(said))
    catalog = read_catalog(SHOWS / show / "catalog.json", None).catalog
    timeline = Timeline((Piece(0, 0.0, 0.0, 0.0, truth["duration"]),))
    mentions = FindMentions()(transcript, catalog)
    discourse = ReadDiscourse()(transcript, mentions, timeline)
    evidence = GatherEvidence()(transcript, mentions, SecondLook(), discourse, Sightings(()), catalog, timeline)
    room = AlignRoom()(evidence, EventLog(), timeline, Session(show))
    return CutTakes()(ScoreProducts()(evidence, room), catalog)


CATALOG_OF_ONE = Catalog((Product(product_id="p1", title="棉袜"),))
SMALL_SHOWS: list[tuple[str, Language]] = [("zh-mini", "zh"), ("en-mini", "en")]


@pytest.mark.parametrize(("show", "language"), SMALL_SHOWS)
def test_takes_of_a_show_are_whole_whatever_was_learned(show: str, language: Language) -> None:
    found = takes_of(show, language)
    known = set(read_catalog(SHOWS / show / "catalog.json", None).catalog.by_id)
    for take in (*found.takes, *found.suggestions):
        assert set(take.product_ids) <= known
        assert 0 <= take.span.start <= take.seek < take.span.end <= truth_of(show)["duration"]
    assert list(found.takes) == sorted(found.takes, key=lambda take: take.span.start)
    assert all(take.confidence >= CutTakes().publish_at for take in found.takes)


@pytest.mark.parametrize(("show", "language"), SMALL_SHOWS)
def test_each_product_has_one_best_take_and_takes_numbered_from_one(show: str, language: Language) -> None:
    takes = takes_of(show, language).takes
    for product_id in {take.product_ids[0] for take in takes}:
        own = [take for take in takes if take.product_ids[0] == product_id]
        assert [take.number for take in own] == list(range(1, len(own) + 1))
        assert sum(take.is_best for take in own) == 1


def test_the_key_of_the_stage_holds_its_weights() -> None:
    assert CutTakes(model="other").weights() == ("understanding:other",)


@pytest.mark.parametrize(("suggest_at", "publish_at"), [(0.5, 0.2), (-0.1, 0.2), (0.1, 1.1)])
def test_thresholds_out_of_order_are_refused(suggest_at: float, publish_at: float) -> None:
    with pytest.raises(InvalidValue, match="suggest_at"):
        CutTakes(suggest_at=suggest_at, publish_at=publish_at)


def test_a_show_without_evidence_has_no_takes() -> None:
    evidence = Evidence(
        product_ids=(),
        starts=np.arange(0.0, 300.0, 10.0),
        ends=np.arange(10.0, 310.0, 10.0),
        identity=np.zeros((30, 0, len(IDENTITY))),
        talk=np.zeros((30, len(TALK))),
        opening=np.zeros((30, len(OPENING))),
        opening_of=np.zeros((30, 0, len(OPENING_OF))),
        closing=np.zeros((30, len(CLOSING))),
    )
    assert CutTakes()(ScoreProducts()(evidence, nothing_logged(30, 0)), CATALOG_OF_ONE) == Takes((), ())
