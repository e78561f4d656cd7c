from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from domain.clock import Span
from domain.rescoring import Hypothesis, HypothesisTarget, RescoredWindow, RescoringCandidate, RescoringWindow
from models.linking.title_words import MAX_NATS_PER_RUN
from models.rescoring.rescoring import (
    MIN_DECOY_LEAD_NATS,
    MIN_GAIN_NATS,
    accepted_mentions,
    apply_hypothesis,
    rescore,
    weight_from_gain,
)
from models.speech.recognizer import TextLikelihoodScorer

TEXT = "一号力件,吹大火的"
WINDOW = RescoringWindow(
    Span(75, 79), "zh", TEXT, (Hypothesis("炊大皇", 5, 8), Hypothesis("大皇", 6, 8)), ("炊大皇", "大皇")
)
CANDIDATE = RescoringCandidate(
    WINDOW,
    (HypothesisTarget("brand", ("锅",), Span(76, 77), 3), HypothesisTarget("alias", ("锅", "铲"), Span(76.4, 77), 3)),
)


def scorer_of(nats: dict[str, float]) -> Callable[[Sequence[str]], TextLikelihoodScorer]:
    """A scorer by which each text is as likely as `nats` says, whatever the hotwords."""
    return lambda _names: lambda texts: tuple(nats[text] for text in texts)


def test_a_hypothesis_replaces_what_was_recognised() -> None:
    assert apply_hypothesis(TEXT, WINDOW.hypotheses[0]) == "一号力件,炊大皇的"


def test_every_hypothesis_is_compared_with_the_recognised_text() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5, "一号力件,电风扇的": -70.0}
    assert rescore(WINDOW, scorer_of(nats)) == RescoredWindow(WINDOW, (5.0, -2.5))


def test_a_name_that_gains_no_more_than_a_decoy_does_is_an_echo() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5, "一号力件,电风扇的": -46.0}
    rescored = rescore(WINDOW, scorer_of(nats))
    assert list(rescored.gains) == pytest.approx([1.0 - MIN_DECOY_LEAD_NATS, -2.5])
    assert list(accepted_mentions(CANDIDATE, rescored)) == []


def test_the_decoy_is_a_hotword_like_the_names() -> None:
    hotwords: list[Sequence[str]] = []

    def likelihoods_for(names: Sequence[str]) -> TextLikelihoodScorer:
        hotwords.append(names)
        return lambda texts: tuple(0.0 for _ in texts)

    rescore(WINDOW, likelihoods_for)
    assert hotwords == [("炊大皇", "大皇", "电风扇", "雨伞")]


def test_a_name_that_explains_the_sound_better_becomes_a_mention_at_first_pass_times() -> None:
    (mention,) = accepted_mentions(CANDIDATE, RescoredWindow(WINDOW, (5.0, -2.5)))
    assert (mention.kind, mention.product_ids, mention.span, mention.sentence_index) == (
        "brand",
        ("锅",),
        Span(76, 77),
        3,
    )
    assert mention.text == "炊大皇"


def test_a_distinguishing_phrase_weighs_no_more_than_words_of_a_title_do() -> None:
    as_title = replace(CANDIDATE, targets=(replace(CANDIDATE.targets[0], kind="title"), CANDIDATE.targets[1]))
    (name,), (phrase,) = (
        accepted_mentions(candidate, RescoredWindow(WINDOW, (50.0, -2.5))) for candidate in (CANDIDATE, as_title)
    )
    assert name.weight > phrase.weight == MAX_NATS_PER_RUN


def test_a_name_that_explains_the_sound_no_better_is_an_echo_and_none() -> None:
    assert list(accepted_mentions(CANDIDATE, RescoredWindow(WINDOW, (MIN_GAIN_NATS - 0.1, -30.0)))) == []


def test_of_two_names_for_the_same_words_the_likelier_counts() -> None:
    assert [m.text for m in accepted_mentions(CANDIDATE, RescoredWindow(WINDOW, (3.0, 4.0)))] == ["大皇"]


def test_two_names_at_different_words_both_count() -> None:
    window = RescoringWindow(
        Span(0, 4), "zh", "平体锅和马布", (Hypothesis("平底锅", 0, 3), Hypothesis("抹布", 4, 6)), ("平底锅", "抹布")
    )
    targets = (HypothesisTarget("name", ("1",), Span(0, 1), 0), HypothesisTarget("name", ("2",), Span(2, 3), 0))
    assert [
        m.product_ids
        for m in accepted_mentions(RescoringCandidate(window, targets), RescoredWindow(window, (3.0, 4.0)))
    ] == [("2",), ("1",)]


def test_words_that_earned_something_already_earn_only_the_rest() -> None:
    weak = RescoringCandidate(WINDOW, tuple(replace(target, known_nats=1.0) for target in CANDIDATE.targets))
    (alone,), (rest,) = (accepted_mentions(each, RescoredWindow(WINDOW, (5.0, -2.5))) for each in (CANDIDATE, weak))
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
