import pytest

from domain.clock import Span
from domain.second_look import Doubt, Place, Reading, Reheard, Window
from models.second_look import LEAST_GAIN, hear_again, mentions_of, read_as, weight_of

TEXT = "一号力件,吹大火的"
WINDOW = Window(Span(75, 79), "zh", TEXT, (Reading("炊大皇", 5, 8), Reading("大皇", 6, 8)), ("炊大皇", "大皇"))
DOUBT = Doubt(
    WINDOW,
    (Place("brand", ("锅",), Span(76, 77), 3), Place("alias", ("锅", "铲"), Span(76.4, 77), 3)),
)


def test_a_reading_takes_the_place_of_what_was_heard() -> None:
    assert read_as(TEXT, WINDOW.readings[0]) == "一号力件,炊大皇的"


def test_every_reading_is_weighed_against_what_was_heard_first() -> None:
    nats = {TEXT: -50.0, "一号力件,炊大皇的": -45.0, "一号力件,吹大皇的": -52.5}
    assert hear_again(WINDOW, lambda texts: tuple(nats[text] for text in texts)) == Reheard(WINDOW, (5.0, -2.5))


def test_a_name_that_explains_the_sound_better_becomes_a_mention_at_first_pass_times() -> None:
    (found,) = mentions_of(DOUBT, Reheard(WINDOW, (5.0, -2.5)))
    assert (found.kind, found.product_ids, found.span, found.sentence) == ("brand", ("锅",), Span(76, 77), 3)
    assert found.text == "炊大皇"


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


@pytest.mark.parametrize(("less", "more"), [(1.0, 3.0), (3.0, 9.0)])
def test_the_surer_the_sound_the_heavier_the_mention(less: float, more: float) -> None:
    assert 0 < weight_of("炊大皇", less) < weight_of("炊大皇", more) < weight_of("章丘铁锅", 99.0) < 4.6
