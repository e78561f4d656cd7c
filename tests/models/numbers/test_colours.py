"""Colours, said and written."""

import pytest

from models.numbers.colours import find_colours


def shades(text: str) -> list[tuple[str, str]]:
    return [(colour.family, colour.shade) for colour in find_colours(text)]


@pytest.mark.parametrize("text", ["藏青", "藏蓝色", "navy", "Navy Blue"])
def test_the_words_for_a_shade_are_one(text: str) -> None:
    assert shades(text) == [("blue", "藏青")]


def test_the_longest_word_counts() -> None:
    assert shades("sky blue and blue") == [("blue", "天蓝"), ("blue", "blue")]


def test_a_shade_is_known_by_its_sound_and_counts_less_then() -> None:
    (written,), (misheard,) = find_colours("雾霾蓝"), find_colours("五埋蓝")
    assert misheard.shade == written.shade
    assert misheard.weight_share < written.weight_share == 1.0


def test_a_syllable_alone_is_no_colour() -> None:
    assert shades("一百白的黑") == []
