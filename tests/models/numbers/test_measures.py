"""Measures, said and written."""

import pytest

from models.numbers.measures import find_quantities


def quantities_in(text: str) -> list[tuple[str, str]]:
    return sorted((measure.unit, measure.value) for measure in find_quantities(text))


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("五十毫升", "ml", "50"),
        ("50ml", "ml", "50"),
        ("一点五升", "ml", "1500"),
        ("两斤", "g", "1000"),
        ("一公斤", "g", "1000"),
        ("1kg", "g", "1000"),
        ("半斤", "g", "250"),
        ("一斤半", "g", "750"),
        ("twelve ounces", "oz", "12"),
        ("8oz", "oz", "8"),
        ("一米八", "cm", "180"),
        ("28公分", "cm", "28"),
        ("38码", "size", "38"),
        ("size 8", "size", "8"),
        ("L码", "size", "l"),
        ("a size XL", "size", "xl"),
        ("spf50", "spf", "50"),
        ("六片装", "pieces", "6"),
        ("a 6 pack", "pieces", "6"),
        ("十二本", "packs", "12"),
    ],
)
def test_a_measure_is_the_same_however_it_is_said(text: str, unit: str, value: str) -> None:
    assert quantities_in(text) == [(unit, value)]


@pytest.mark.parametrize("text", ["拍两瓶", "给你六片", "三号链接", "一件事", "I'm late", "五十块", "$8"])
def test_what_is_ordered_paid_or_no_number_is_no_measure(text: str) -> None:
    assert quantities_in(text) == []


def test_the_place_of_a_measure_is_that_of_its_words() -> None:
    (measure,) = find_quantities("这个五十毫升的")
    assert (measure.start, measure.end) == (2, 6)


@pytest.mark.parametrize(
    "text", ["45*50", "45乘50", "四十五乘以五十", "45成50", "45厘米程50", "45 x 50", "forty five by fifty"]
)
def test_two_sides_are_a_size_however_their_sign_is_heard(text: str) -> None:
    assert quantities_in(text)[-1] == ("sides", "45x50")


@pytest.mark.parametrize("text", ["七成五", "八成新", "stop by ten", "25g*30包"])
def test_other_numbers_beside_such_words_are_no_size(text: str) -> None:
    assert all(unit != "sides" for unit, _ in quantities_in(text))
