"""How far syllables lie apart by ear."""

import pytest

from models.text.phonetic_tokens import fuzzy_syllable
from models.text.pinyin_distance import syllable_distance

COMMON = [bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA)]


def apart(one: str, other: str) -> float:
    return syllable_distance(fuzzy_syllable(one), fuzzy_syllable(other))


def test_a_syllable_is_no_distance_from_itself() -> None:
    assert apart("花", "画") == 0


@pytest.mark.parametrize(("near", "far"), [("抗汤", "抗美"), ("面免", "面鞋"), ("霜伤", "霜鱼"), ("飞灰", "飞摸")])
def test_what_is_mixed_up_is_nearer_than_what_is_not(near: str, far: str) -> None:
    assert apart(*near) < apart(*far)


def test_distance_is_the_same_both_ways() -> None:
    assert apart("双", "生") == apart("生", "双")


def test_words_and_numbers_are_as_far_from_a_syllable_as_can_be() -> None:
    assert syllable_distance("SAN", "san") == syllable_distance("ER", "2.5") == 1


def test_every_common_character_has_a_place() -> None:
    assert all(apart(character, "爸") <= 1 for character in COMMON)
    assert {character for character in COMMON if apart(character, "爸") < 1}


def test_most_syllables_have_little_in_common() -> None:
    some = COMMON[::50]
    distances = sorted(
        apart(one, other) for one in some for other in some if fuzzy_syllable(one) != fuzzy_syllable(other)
    )
    assert distances[len(distances) // 10] > 0.5
