"""Text as it sounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.phonetic_tokens import fold_text, phonetic_tokens, stem


def codes(text: str) -> tuple[str, ...]:
    return tuple(token.code for token in phonetic_tokens(text))


@pytest.mark.parametrize(
    ("written", "heard"),
    [("珀莱雅", "破来雅"), ("双抗精华", "霜康京花"), ("知", "资"), ("吃", "次"), ("牛奶", "流来"), ("两", "凉")],
)
def test_characters_that_sound_alike_are_one_token(written: str, heard: str) -> None:
    assert codes(written) == codes(heard)


@pytest.mark.parametrize(("one", "other"), [("双抗", "生汤"), ("毛巾", "面巾"), ("洗", "吸水"), ("茶", "酒")])
def test_characters_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert codes(one) != codes(other)


def test_traditional_characters_are_the_tokens_of_their_simplified_forms() -> None:
    traditional = phonetic_tokens("珀萊雅雙抗精華鏈接")
    assert [token.surface for token in traditional] == list("珀莱雅双抗精华链接")


def test_full_width_letters_and_digits_are_those_of_half_width() -> None:
    full = [(token.code, token.surface) for token in phonetic_tokens("ＳＫ－ＩＩ神仙水３０ｍｌ")]
    assert full == [(token.code, token.surface) for token in phonetic_tokens("SK-II神仙水30ml")]


def test_a_digit_sounds_like_its_character() -> None:
    assert codes("3号") == codes("三号")


def test_a_latin_word_is_never_a_syllable() -> None:
    assert set(codes("san shan")).isdisjoint(codes("三山"))


def test_a_curly_apostrophe_is_a_straight_one() -> None:
    assert codes("women’s dress") == codes("women's dress")


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("serum", "serums"),
        ("bottle", "bottles"),
        ("glass", "glasses"),
        ("dress", "dresses"),
        ("body", "bodies"),
        ("case", "cases"),
        ("brush", "brushes"),
    ],
)
def test_one_and_many_of_a_thing_have_one_stem(one: str, many: str) -> None:
    assert stem(one) == stem(many)


def test_short_words_keep_their_endings() -> None:
    assert len({stem(word) for word in ("red", "res", "ring", "rye")}) == 4


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_folding_never_moves_a_character(text: str) -> None:
    assert len(fold_text(text)) == len(text)


@given(st.text(alphabet="珀莱雅，。 ＡＢＣİﬁ３3双抗SERUM'", max_size=30))
def test_every_token_stands_where_it_says(text: str) -> None:
    even = fold_text(text)
    assert all(even[token.start : token.end] == token.surface for token in phonetic_tokens(text))


def test_punctuation_and_signs_make_no_token() -> None:
    assert phonetic_tokens("，。！？-->…  🎉") == ()
