"""Where the words of a show change, and where they come back."""

from collections.abc import Sequence

import numpy as np
import pytest

from domain.clock import Seconds, Span
from domain.evidence import FloatArray, UtteranceUnits
from domain.speech import Sentence
from models.evidence.cohesion import MAX_DEVIATIONS, Cohesion, lexical_cohesion
from models.evidence.utterance_units import build_utterance_units

UNIT_S: Seconds = 5.0
TOWEL = ("纯棉毛巾不掉毛", "毛巾特别柔软", "宝宝能用的毛巾", "柔软又不掉毛")
PAN = ("不粘的炒锅", "炒锅煎蛋香", "不粘好清洗", "煎蛋好清洗")
CUP = ("保温杯装热水", "热水十二小时", "杯盖防漏水", "保温十二小时")
RICE = ("东北大米真甜", "今年新米上市", "真甜的米饭", "新米煮的米饭")
LAMP = ("台灯护眼光", "三档亮度", "亮度能护眼", "台灯有三档")
CHAT = (
    "晚上好",
    "来啦朋友",
    "谢谢点赞",
    "今天下雨",
    "天气冷吧",
    "吃过饭吗",
    "哪里来的",
    "听得清么",
    "加油啊",
    "我们走着",
)


def talk_of(topic: Sequence[str], units: int = 16) -> list[str]:
    """The sentences of a topic again and again."""
    return [topic[i % len(topic)] for i in range(units)]


def units_of(texts: Sequence[str]) -> UtteranceUnits:
    """A unit a sentence."""
    sentences = [
        Sentence.with_even_timing(Span(UNIT_S * i, UNIT_S * i + UNIT_S - 1), text) for i, text in enumerate(texts)
    ]
    return build_utterance_units(sentences, Span(0, UNIT_S * len(texts)))


def cohesion_of(texts: Sequence[str], topic_nats: FloatArray | None = None) -> Cohesion:
    return lexical_cohesion(units_of(texts), np.zeros((len(texts), 1)) if topic_nats is None else topic_nats)


SHOW = [text for topic in (TOWEL, PAN, CUP, RICE, LAMP) for text in talk_of(topic)]
TURNS = [16, 32, 48, 64]
"""The units with which another topic begins."""


# --- turns


def test_a_turn_of_words_is_a_valley() -> None:
    valleys = np.flatnonzero(cohesion_of(SHOW).is_valley)
    assert set(TURNS) <= set(valleys.tolist())


def test_amid_a_topic_there_is_no_valley() -> None:
    assert set(np.flatnonzero(cohesion_of(SHOW).is_valley).tolist()) <= set(TURNS)


def test_the_ends_of_a_show_are_no_turns() -> None:
    shift = cohesion_of(SHOW).shift
    assert not shift[[0, 1, -2, -1]].any()


def test_words_shift_more_at_a_turn_than_within_the_topics_around() -> None:
    shift = cohesion_of(SHOW).shift
    for turn in TURNS:
        assert shift[turn] > max(shift[turn - 6], shift[turn + 6])
        assert shift[turn] > 0


def test_english_words_turn_too() -> None:
    cream = ("this cream is gentle", "gentle on dry skin", "the cream for your skin", "dry hands love it")
    knife = ("a sharp kitchen knife", "steel stays sharp", "the steel blade", "kitchen blade and knife")
    other = [talk_of(topic) for topic in (TOWEL, PAN, CUP)]
    texts = [*talk_of(cream), *talk_of(knife), *(text for topic in other for text in topic)]
    assert cohesion_of(texts).is_valley[16] == 1


def test_what_is_said_the_same_throughout_turns_nowhere() -> None:
    assert not cohesion_of(["大家晚上好"] * 60).is_valley.any()


# --- repetition


def test_what_is_pitched_again_later_is_repeated_and_chat_between_is_not() -> None:
    chat = [f"{first}{second}" for first, second in zip(CHAT, CHAT[3:] + CHAT[:3], strict=True)]
    texts = [*talk_of(TOWEL, 12), *chat, *talk_of(PAN, 12), *talk_of(TOWEL, 12)]
    repetition = cohesion_of(texts).repetition
    assert repetition[:10].min() > 0 > repetition[14:20].max()
    assert repetition[36:].min() > repetition[14:30].max()


def test_words_that_come_back_within_a_minute_are_one_topic_and_no_repetition() -> None:
    repetition = cohesion_of(SHOW).repetition
    assert np.abs(repetition).max() <= MAX_DEVIATIONS
    towel_again = cohesion_of([*SHOW, *talk_of(TOWEL)]).repetition
    assert towel_again[4:12].min() > towel_again[20:28].max()


# --- echo


def about(first: int, after: int, units: int) -> FloatArray:
    """(units, 2): the first product is named in some units; the second never."""
    nats = np.zeros((units, 2))
    nats[first:after, 0] = 3.0
    return nats


def test_words_that_were_said_while_a_product_was_named_echo_it_where_nobody_names_it() -> None:
    texts = [*SHOW, *talk_of(TOWEL)]
    echo = cohesion_of(texts, about(0, 16, len(texts))).echo[:, 0]
    assert echo[82:94].min() > 0.5
    assert echo[20:76].max() < 0.1


def test_a_product_that_is_never_named_has_no_echo() -> None:
    assert not cohesion_of(SHOW, about(0, 16, len(SHOW))).echo[:, 1].any()


def test_a_unit_does_not_echo_itself() -> None:
    texts = [*SHOW, "独一无二的话语"]
    assert cohesion_of(texts, about(len(SHOW), len(SHOW) + 1, len(texts))).echo[-1, 0] == 0.0


def test_an_echo_is_never_below_nothing() -> None:
    random = np.random.default_rng(2)
    assert cohesion_of(SHOW, random.uniform(0, 4, (len(SHOW), 3))).echo.min() >= 0


# --- the smallest shows


NOBODY = UtteranceUnits(np.zeros(0), np.zeros(0), np.zeros(0), (), np.zeros(0), ())


@pytest.mark.parametrize("products", [0, 2])
@pytest.mark.parametrize(
    "units",
    [
        pytest.param(NOBODY, id="no unit"),
        pytest.param(build_utterance_units((), Span(0, 5)), id="one silent unit"),
        pytest.param(build_utterance_units((), Span(0, 300)), id="silence"),
        pytest.param(units_of(["纯棉毛巾"]), id="one unit"),
        pytest.param(units_of(["纯棉毛巾"] * 2), id="the same twice"),
        pytest.param(units_of(["7 9 9", "9 9 7"] * 3), id="figures alone"),
        pytest.param(units_of(SHOW[:3]), id="three units"),
    ],
)
def test_a_show_without_topics_has_features_too(units: UtteranceUnits, products: int) -> None:
    cohesion = lexical_cohesion(units, np.ones((len(units), products)))
    for feature in (cohesion.shift, cohesion.is_valley, cohesion.repetition):
        assert feature.shape == (len(units),)
        assert np.isfinite(feature).all()
    assert cohesion.echo.shape == (len(units), products)
    assert not cohesion.echo.any()


def test_units_that_begin_together_do_no_harm() -> None:
    starts = np.array([0.0, 0.0, 5.0, 5.0, 5.0, 100.0])
    units = UtteranceUnits(starts, np.append(starts[1:], 105.0), starts, tuple(talk_of(TOWEL, 6)), np.ones(6), ())
    cohesion = lexical_cohesion(units, np.ones((6, 1)))
    assert all(np.isfinite(each).all() for each in (cohesion.shift, cohesion.repetition, cohesion.echo))


def test_features_are_within_few_deviations_of_the_show() -> None:
    cohesion = cohesion_of(SHOW)
    assert 0 <= cohesion.shift.min() <= cohesion.shift.max() <= MAX_DEVIATIONS
    assert np.abs(cohesion.repetition).max() <= MAX_DEVIATIONS


def test_when_a_show_begins_makes_no_difference() -> None:
    units = units_of(SHOW)
    later = UtteranceUnits(
        units.starts + 3600, units.ends + 3600, units.speech_ends + 3600, units.texts, units.is_reliable, ()
    )
    nothing = np.zeros((len(units), 1))
    np.testing.assert_allclose(lexical_cohesion(units, nothing).shift, lexical_cohesion(later, nothing).shift)
