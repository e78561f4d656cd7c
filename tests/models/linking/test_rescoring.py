from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from domain.clock import Span
from domain.rescoring import Hypothesis, HypothesisTarget, RescoredWindow, RescoringCandidate, RescoringWindow
from models.linking.rescoring import (
    MIN_DECOY_LEAD_NATS,
    MIN_GAIN_NATS,
    accepted_mentions,
    apply_hypothesis,
    rescore,
    weight_from_gain,
)
from models.linking.title_words import MAX_NATS_PER_RUN
from models.speech.recognizer import TextLikelihoodScorer

TEXT = "一号力件,吹大火的"
WINDOW = RescoringWindow(
    Span(75, 79), "zh", TEXT, (Hypothesis("炊大皇", 5, 8), Hypothesis("大皇", 6, 8)), ("炊大皇", "大皇")
)
DOUBT = RescoringCandidate(
    WINDOW,
    (HypothesisTarget("brand", ("锅",), Span(76, 77), 3), HypothesisTarget("alias", ("锅", "铲"), Span(76.4, 77), 3)),
)


def listening(nats: dict[str, float]) -> Callable[[Sequence[str]], TextLikelihoodScorer]:
    """A recogniser for which each text is as likely as `nats` says, whatever it listens for."""
    return lambda _names: lambda texts: tuple(nats[text] for text in texts)


def test_a_reading_takes_the_place_of_what_was_heard() -> None:
    assert apply_hypothesis(TEXT, WINDOW.hypotheses[0]) == "一号力件,炊大皇的"


def test_every_reading_is_weighed_against_what_was_heard_first() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5, "一号力件,电风扇的": -70.0}
    assert rescore(WINDOW, listening(nats)) == RescoredWindow(WINDOW, (5.0, -2.5))


def test_a_name_that_gains_no_more_than_a_decoy_does_is_an_echo() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5, "一号力件,电风扇的": -46.0}
    reheard = rescore(WINDOW, listening(nats))
    assert list(reheard.gains) == pytest.approx([1.0 - MIN_DECOY_LEAD_NATS, -2.5])
    assert list(accepted_mentions(DOUBT, reheard)) == []


def test_the_decoy_is_listened_for_like_the_names() -> None:
    asked: list[Sequence[str]] = []

    def listen(names: Sequence[str]) -> TextLikelihoodScorer:
        asked.append(names)
        return lambda texts: tuple(0.0 for _ in texts)

    rescore(WINDOW, listen)
    assert asked == [("炊大皇", "大皇", "电风扇", "雨伞")]


def test_a_name_that_explains_the_sound_better_becomes_a_mention_at_first_pass_times() -> None:
    (found,) = accepted_mentions(DOUBT, RescoredWindow(WINDOW, (5.0, -2.5)))
    assert (found.kind, found.product_ids, found.span, found.sentence_index) == ("brand", ("锅",), Span(76, 77), 3)
    assert found.text == "炊大皇"


def test_what_tells_sisters_apart_weighs_no_more_than_words_of_a_title_do() -> None:
    as_title = replace(DOUBT, targets=(replace(DOUBT.targets[0], kind="title"), DOUBT.targets[1]))
    (name,), (mark,) = (accepted_mentions(doubt, RescoredWindow(WINDOW, (50.0, -2.5))) for doubt in (DOUBT, as_title))
    assert name.weight > mark.weight == MAX_NATS_PER_RUN


def test_a_name_that_explains_the_sound_no_better_is_an_echo_and_none() -> None:
    assert list(accepted_mentions(DOUBT, RescoredWindow(WINDOW, (MIN_GAIN_NATS - 0.1, -30.0)))) == []


def test_of_two_names_for_the_same_words_the_likelier_counts() -> None:
    assert [m.text for m in accepted_mentions(DOUBT, RescoredWindow(WINDOW, (3.0, 4.0)))] == ["大皇"]


def test_two_names_at_different_words_both_count() -> None:
    window = RescoringWindow(
        Span(0, 4), "zh", "平体锅和马布", (Hypothesis("平底锅", 0, 3), Hypothesis("抹布", 4, 6)), ("平底锅", "抹布")
    )
    places = (HypothesisTarget("name", ("1",), Span(0, 1), 0), HypothesisTarget("name", ("2",), Span(2, 3), 0))
    assert [
        m.product_ids for m in accepted_mentions(RescoringCandidate(window, places), RescoredWindow(window, (3.0, 4.0)))
    ] == [("2",), ("1",)]


def test_words_that_earned_something_already_earn_only_the_rest() -> None:
    weak = RescoringCandidate(WINDOW, tuple(replace(place, known_nats=1.0) for place in DOUBT.targets))
    (alone,), (rest,) = (accepted_mentions(each, RescoredWindow(WINDOW, (5.0, -2.5))) for each in (DOUBT, weak))
    assert rest.weight == pytest.approx(alone.weight - 1.0)


@pytest.mark.parametrize(("less", "more"), [(1.0, 3.0), (3.0, 9.0)])
def test_the_surer_the_sound_the_heavier_the_mention(less: float, more: float) -> None:
    assert (
        0
        < weight_from_gain("炊大皇", less)
        < weight_from_gain("炊大皇", more)
        < weight_from_gain("章丘铁锅", 99.0)
        < 4.6
    )
