"""Numbers as recognisers write them."""

import pytest

from domain.session import Language
from learning.simulation.scripts.number_rendering import find_chinese_numbers, find_english_numbers, number_to_words


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("一百二十九", ["129"]),
        ("三一六不锈钢", ["316"]),
        ("九十九块九", ["99"]),
        ("两百三", ["230"]),
        ("一千二", ["1200"]),
        ("一千零二", ["1002"]),
        ("一万五", ["15000"]),
        ("十五年", ["15"]),
        ("四号链接", ["4"]),
        ("一会儿看一看", []),
        ("我手上这一块", []),
        ("两百六十八一块", ["268"]),
        ("二十九块九一盒", ["29"]),
        ("十万火急，千万别走", []),
    ],
)
def test_chinese_numbers_are_written_in_digits(text: str, digits: list[str]) -> None:
    assert [number.digits for number in find_chinese_numbers(text)] == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("twenty four fifty", ["24.50"]),
        ("one hundred five", ["105"]),
        ("eleven ninety nine", ["11.99"]),
        ("two thousand likes", ["2000"]),
        ("nine eight", ["98"]),
        ("get ten or twelve", ["10", "12"]),
        ("hundred watt", []),
    ],
)
def test_english_numbers_are_written_in_digits(text: str, digits: list[str]) -> None:
    assert [number.digits for number in find_english_numbers(text.split())] == digits


@pytest.mark.parametrize(
    ("number", "language", "said"),
    [(3, "zh", "三"), (10, "zh", "十"), (12, "zh", "十二"), (20, "zh", "二十"), (99, "zh", "九十九"),
     (100, "zh", "100"), (3, "en", "three"), (19, "en", "nineteen"), (20, "en", "twenty"), (42, "en", "forty two")],
)  # fmt: skip
def test_link_numbers_are_said_as_hosts_say_them(number: int, language: Language, said: str) -> None:
    assert number_to_words(number, language) == said
