from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from domain.clock import Span
from domain.rescoring import Doubt, Place, Reading, Reheard, Window
from models.linking.rescoring import LEAST_GAIN, LEAST_LEAD, hear_again, mentions_of, read_as, weight_of
from models.linking.title_words import MOST_NATS_PER_RUN
from models.speech.recognizer import Likelihoods

TEXT = "一号力件,吹大火的"
WINDOW = Window(Span(75, 79), "zh", TEXT, (Reading("炊大皇", 5, 8), Reading("大皇", 6, 8)), ("炊大皇", "大皇"))
DOUBT = Doubt(
    WINDOW,
    (Place("brand", ("锅",), Span(76, 77), 3), Place("alias", ("锅", "铲"), Span(76.4, 77), 3)),
)


def listening(nats: dict[str, float]) -> Callable[[Sequence[str]], Likelihoods]:
    """A recogniser for which each text is as likely as `nats` says, whatever it listens for."""
    return lambda _names: lambda texts: tuple(nats[text] for text in texts)


def test_a_reading_takes_the_place_of_what_was_heard() -> None:
    assert read_as(TEXT, WINDOW.readings[0]) == "一号力件,炊大皇的"


def test_every_reading_is_weighed_against_what_was_heard_first() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5, "一号力件,电风扇的": -70.0}
    assert hear_again(WINDOW, listening(nats)) == Reheard(WINDOW, (5.0, -2.5))


def test_a_name_that_gains_no_more_than_a_decoy_does_is_an_echo() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5, "一号力件,电风扇的": -46.0}
    reheard = hear_again(WINDOW, listening(nats))
    assert list(reheard.gains) == pytest.approx([1.0 - LEAST_LEAD, -2.5])
    assert list(mentions_of(DOUBT, reheard)) == []


def test_the_decoy_is_listened_for_like_the_names() -> None:
    asked: list[Sequence[str]] = []

    def listen(names: Sequence[str]) -> Likelihoods:
        asked.append(names)
        return lambda texts: tuple(0.0 for _ in texts)

    hear_again(WINDOW, listen)
    assert asked == [("炊大皇", "大皇", "电风扇", "雨伞")]


def test_a_name_that_explains_the_sound_better_becomes_a_mention_at_first_pass_times() -> None:
    (found,) = mentions_of(DOUBT, Reheard(WINDOW, (5.0, -2.5)))
    assert (found.kind, found.product_ids, found.span, found.sentence) == ("brand", ("锅",), Span(76, 77), 3)
    assert found.text == "炊大皇"


def test_what_tells_sisters_apart_weighs_no_more_than_words_of_a_title_do() -> None:
    as_title = replace(DOUBT, places=(replace(DOUBT.places[0], kind="title"), DOUBT.places[1]))
    (name,), (mark,) = (mentions_of(doubt, Reheard(WINDOW, (50.0, -2.5))) for doubt in (DOUBT, as_title))
    assert name.weight > mark.weight == MOST_NATS_PER_RUN


def test_a_name_that_explains_the_sound_no_better_is_an_echo_and_none() -> None:
    assert list(mentions_of(DOUBT, Reheard(WINDOW, (LEAST_GAIN - 0.1, -30.0)))) == []


def test_of_two_names_for_the_same_words_the_likelier_counts() -> None:
    assert [m.text for m in mentions_of(DOUBT, Reheard(WINDOW, (3.0, 4.0)))] == ["大皇"]


def test_two_names_at_different_words_both_count() -> None:
    window = Window(
        Span(0, 4), "zh", "平体锅和马布", (Reading("平底锅", 0, 3), Reading("抹布", 4, 6)), ("平底锅", "抹布")
    )
    places = (Place("name", ("1",), Span(0, 1), 0), Place("name", ("2",), Span(2, 3), 0))
    assert [m.product_ids for m in mentions_of(Doubt(window, places), Reheard(window, (3.0, 4.0)))] == [("2",), ("1",)]


def test_words_that_earned_something_already_earn_only_the_rest() -> None:
    weak = Doubt(WINDOW, tuple(replace(place, known=1.0) for place in DOUBT.places))
    (alone,), (rest,) = (mentions_of(each, Reheard(WINDOW, (5.0, -2.5))) for each in (DOUBT, weak))
    assert rest.weight == pytest.approx(alone.weight - 1.0)


@pytest.mark.parametrize(("less", "more"), [(1.0, 3.0), (3.0, 9.0)])
def test_the_surer_the_sound_the_heavier_the_mention(less: float, more: float) -> None:
    assert 0 < weight_of("炊大皇", less) < weight_of("炊大皇", more) < weight_of("章丘铁锅", 99.0) < 4.6
