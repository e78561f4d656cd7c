"""Judgements in words: both languages know every kind, and the reason against publishing is exact."""

from dataclasses import replace
from typing import get_args

import pytest

from domain.evidence import EVIDENCE_KINDS
from domain.highlight import MachineTake, PublishingThresholds, TakeEvidence, TakeJudgement, TakesFile
from domain.session import Language
from pipeline.review.judgement_words import (
    EVIDENCE_WORDS,
    chances_text,
    evidence_against,
    evidence_for,
    evidence_text,
    withheld_text,
)

TAKE = MachineTake(
    *("h1", ("锅", "盖"), 10.0, 60.0, 10.0, 0.37, "铁锅", "", (), (), None, 1, True, "auto"),
    product_confidence=0.92,
    start_confidence=0.4,
)
EVIDENCE = (
    TakeEvidence("rival", -2.0),
    TakeEvidence("price", 1.1),
    TakeEvidence("name", 3.2),
    TakeEvidence("start", -0.8),
    TakeEvidence("link", 0.01),
)


def withheld(take: MachineTake, language: Language = "en", **changes: object) -> str:
    takes = TakesFile("1.0", "s", 0, 200.0, "zh", "r", (), (), (take,), (), PublishingThresholds(0.5, 0.05, 0.1))
    changed = replace(takes, **changes)  # type: ignore[arg-type]  # of its own fields
    return withheld_text(take, take, changed, language, lambda product_id: f"the {product_id}")


def test_both_languages_have_words_for_every_kind_of_evidence() -> None:
    kinds = {*EVIDENCE_KINDS, "talk", "start", "end", "rival"}
    assert [set(words) for words in EVIDENCE_WORDS.values()] == [kinds, kinds]
    assert tuple(EVIDENCE_WORDS) == get_args(Language)


def test_what_speaks_for_and_against_is_told_apart_the_strongest_first() -> None:
    assert evidence_text(evidence_for(EVIDENCE), "zh") == "说了商品名 +3.2 · 价格 +1.1"
    assert evidence_text(evidence_against(EVIDENCE), "zh") == "另一商品 -2.0 · 没换话题 -0.8"
    assert evidence_text(evidence_against(EVIDENCE), "en") == "next product -2.0 · no new topic -0.8"


def test_a_person_sees_which_of_the_two_is_unsure() -> None:
    assert chances_text(TAKE, "zh") == "商品把握 0.92 · 起点把握 0.40"
    assert chances_text(TAKE, "en") == "product 0.92 · start 0.40"


def test_the_chances_of_the_machine_say_nothing_of_what_people_approved() -> None:
    assert chances_text(replace(TAKE, status="approved"), "zh") == "已由人确认"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"product_confidence": 0.31}, "product 0.31 < 0.50"),
        ({"start_confidence": 0.03}, "start 0.03 < 0.05"),
        ({"product_confidence": 0.31, "start_confidence": 0.03}, "product 0.31 < 0.50 · start 0.03 < 0.05"),
        ({"judgement": TakeJudgement(is_tie=True)}, "tie with the 盖"),
        ({}, "another reading of the show is likelier"),
    ],
)
def test_why_a_suggestion_is_not_published(change: dict[str, object], reason: str) -> None:
    assert withheld(replace(TAKE, **change)) == reason  # type: ignore[arg-type]  # of its own fields


def test_a_chance_just_below_its_threshold_does_not_look_equal_to_it() -> None:
    assert withheld(replace(TAKE, product_confidence=0.498)) == "product 0.498 < 0.500"


def test_a_take_that_the_machine_would_publish_is_held_back_by_people_alone() -> None:
    text = withheld(TAKE, highlights=(TAKE,), suggestions=())
    assert text == "an editor's highlight covers it, or its product is delisted"


def test_without_thresholds_nothing_exact_is_said() -> None:
    assert withheld(TAKE, thresholds=None) == "not sure enough"
