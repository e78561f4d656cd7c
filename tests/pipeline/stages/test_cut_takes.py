"""The stage that finds the explanations, alone and at the end of the light half on real shows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.clock import Piece, Span, Timeline
from domain.errors import InvalidValue
from domain.evidence import EventLog, Evidence
from domain.highlight import Takes
from domain.pictures import Sightings
from domain.second_look import SecondLook
from domain.session import Language, Session
from domain.speech import Sentence, Transcript
from models.features import CLOSING, IDENTITY, OPENING, OPENING_OF, TALK
from models.room_log import nothing_logged
from pipeline.inputs.catalog import read_catalog
from pipeline.stages.align_room import AlignRoom
from pipeline.stages.cut_takes import CutTakes
from pipeline.stages.find_mentions import FindMentions
from pipeline.stages.gather_evidence import GatherEvidence
from pipeline.stages.read_discourse import ReadDiscourse
from pipeline.stages.score_products import ScoreProducts

SHOWS = Path(__file__).parents[3] / "fixtures" / "shows"


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
    return CutTakes()(ScoreProducts()(evidence, room))


SMALL_SHOWS: list[tuple[str, Language]] = [("zh-mini", "zh"), ("en-mini", "en")]


@pytest.mark.parametrize(("show", "language"), SMALL_SHOWS)
def test_the_takes_of_a_show_are_its_explanations(show: str, language: Language) -> None:
    takes = takes_of(show, language).takes
    explained = truth_of(show)["highlights"]
    assert [take.product_ids for take in takes] == [tuple(entry["product_ids"]) for entry in explained]
    for take, entry in zip(takes, explained, strict=True):
        assert take.span.iou(Span(entry["start"], entry["end"])) >= 0.5


def test_viewers_land_where_all_but_one_of_the_explanations_begin() -> None:
    offsets = [
        take.seek - entry["start"]
        for show, language in SMALL_SHOWS
        for take, entry in zip(takes_of(show, language).takes, truth_of(show)["highlights"], strict=True)
    ]
    assert len(offsets) == 6
    assert sum(-5 <= offset <= 10 for offset in offsets) >= 5


def test_the_product_that_returns_in_a_show_has_two_takes_and_one_best() -> None:
    own = [take for take in takes_of("zh-mini", "zh").takes if take.product_ids == ("730013",)]
    assert [take.number for take in own] == [1, 2]
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
    assert CutTakes()(ScoreProducts()(evidence, nothing_logged(30, 0))) == Takes((), ())
