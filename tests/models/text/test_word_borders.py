"""Borders of Chinese words."""

import pytest

from models.text.word_borders import crosses_word_border, makes_sense


@pytest.mark.parametrize("pair", ["就不", "久不", "式即", "摸不", "的线", "子你", "那个", "百九", "第一", "加2"])
def test_a_word_ends_between_such_syllables(pair: str) -> None:
    assert crosses_word_border(*pair)


@pytest.mark.parametrize("pair", ["抹布", "不粘", "持久", "即食", "面霜", "五斤", "跑鞋", "晚上", "有机", "可可"])
def test_no_word_ends_inside_one(pair: str) -> None:
    assert not crosses_word_border(*pair)


@pytest.mark.parametrize("pair", ["自己", "师傅", "不讲", "你喝", "是大", "数字", "旁边"])
def test_words_that_people_say_make_sense(pair: str) -> None:
    assert makes_sense(*pair)


@pytest.mark.parametrize("pair", ["纯泥", "讲油", "难款", "试敷", "马顶"])
def test_what_a_recogniser_writes_for_words_it_does_not_know_makes_none(pair: str) -> None:
    assert not makes_sense(*pair)
