"""The times of utterances, and the truth that follows from what they are about."""

from itertools import pairwise

import numpy as np
import pytest

from domain.clock import Span
from fixtures.tiny_scripts import chinese_script, english_script
from learning.evaluation.ground_truth import TrueHighlight
from learning.simulation.scripts.script import Utterance
from learning.simulation.scripts.speech_timing import (
    SPEECH_RATES,
    TimedUtterance,
    assign_speech_times,
    derive_ground_truth,
    speech_length,
)


def about(start: float, end: float, *product_ids: str) -> TimedUtterance:
    return TimedUtterance(Utterance(text="这个", about=product_ids), Span(start, end))


def highlights(*spoken: TimedUtterance) -> list[tuple[float, float, tuple[str, ...]]]:
    return [(h.start, h.end, h.product_ids) for h in derive_ground_truth("s", spoken, 500.0, {"a", "b"}).highlights]


def test_chat_of_twenty_seconds_does_not_end_an_explanation() -> None:
    assert highlights(about(0, 10, "a"), about(10, 30), about(30, 40, "a")) == [(0, 40, ("a",))]


def test_longer_chat_ends_it() -> None:
    spoken = (about(0, 10, "a"), about(10, 30.5), about(30.5, 40, "a"))

    assert highlights(*spoken) == [(0, 10, ("a",)), (30.5, 40, ("a",))]


def test_another_product_ends_it_at_once() -> None:
    spoken = (about(0, 10, "a"), about(10, 20, "b"), about(20, 30, "a"))

    assert [ids for _, _, ids in highlights(*spoken)] == [("a",), ("b",), ("a",)]


def test_a_bundle_is_an_explanation_of_its_own_whatever_the_order_of_its_products() -> None:
    spoken = (about(0, 10, "a"), about(10, 20, "a", "b"), about(20, 30, "b", "a"))

    assert highlights(*spoken) == [(0, 10, ("a",)), (10, 30, ("a", "b"))]


def test_explanations_below_eight_seconds_are_ignored() -> None:
    truth = derive_ground_truth("s", [about(0, 7.9, "a"), about(50, 58, "b")], 100.0, {"a", "b"})

    assert truth.ignored == (Span(0, 7.9),)
    assert truth.highlights == (TrueHighlight(50, 58, ("b",)),)


def test_what_the_catalogue_does_not_hold_is_not_explained() -> None:
    assert highlights(about(0, 10, "z"), about(20, 30, "a", "z")) == [(20, 30, ("a",))]


@pytest.mark.parametrize("script", [chinese_script(), english_script()], ids=["zh", "en"])
def test_hosts_speak_as_fast_as_hosts_do(script: object) -> None:
    show = chinese_script() if script == chinese_script() else english_script()
    spoken = [each for seed in range(20) for each in assign_speech_times(show, np.random.default_rng(seed))]

    rates = [speech_length(each.utterance.text, show.language) / each.span.duration for each in spoken]
    slowest, fastest = SPEECH_RATES[show.language]
    assert slowest < np.mean(rates) < fastest


def test_utterances_do_not_overlap_and_pauses_are_kept() -> None:
    spoken = assign_speech_times(chinese_script(), np.random.default_rng(1))

    for now, after in pairwise(spoken):
        assert after.span.start - now.span.end >= (now.utterance.pause_after or 0.0) + 0.2
