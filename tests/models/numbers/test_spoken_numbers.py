"""Numbers as people say them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.numbers.spoken_numbers import SpokenNumber, find_numbers

ONES = "零一二三四五六七八九"
ENGLISH_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
ENGLISH_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_chinese(number: int) -> str:
    """The plain school rule, digit by digit: units after digits, one 零 for zeros inside, 万 above 9999."""
    if number >= 10000:
        rest = number % 10000
        gap = "零" if 0 < rest < 1000 else ""
        return in_chinese(number // 10000) + "万" + (gap + in_chinese(rest) if rest else "")
    written, has_gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            written += ("零" if has_gap and written else "") + ONES[digit] + unit
            has_gap = False
        else:
            has_gap = True
    return written or "零"


def in_english(number: int) -> str:
    if number >= 1000:
        return in_english(number // 1000) + " thousand" + (f" {in_english(number % 1000)}" if number % 1000 else "")
    if number >= 100:
        return f"{ENGLISH_ONES[number // 100]} hundred" + (f" {in_english(number % 100)}" if number % 100 else "")
    if number >= 20:
        return ENGLISH_TENS[number // 10] + (f" {ENGLISH_ONES[number % 10]}" if number % 10 else "")
    return ENGLISH_ONES[number]


def only(text: str) -> SpokenNumber:
    (number,) = find_numbers(text)
    return number


def values(text: str) -> list[Decimal]:
    return [number.value for number in find_numbers(text)]


@given(st.integers(0, 99999))
def test_a_chinese_numeral_is_read_back(number: int) -> None:
    assert only(in_chinese(number)).value == number


@given(st.integers(0, 99999))
def test_an_english_number_is_read_back(number: int) -> None:
    assert only(in_english(number)).value == number


@given(st.integers(1, 9999), st.integers(1, 9))
def test_tenths_after_kuai_are_read_back(units: int, tenths: int) -> None:
    spoken = only(f"{in_chinese(units)}块{ONES[tenths]}")
    assert spoken.value == Decimal(f"{units}.{tenths}")


@given(st.integers(1, 99999), st.integers(0, 99))
def test_digits_are_read_back(units: int, hundredths: int) -> None:
    assert only(f"到手{units}.{hundredths:02d}哦").value == Decimal(f"{units}.{hundredths:02d}")


@pytest.mark.parametrize(
    ("spoken", "value"),
    [
        ("一百六十九块九", "169.9"),
        ("九十九块九", "99.9"),
        ("29块酒", "29.9"),
        ("29块9", "29.9"),
        ("两百四十九", "249"),
        ("两百三", "230"),
        ("两百零三", "203"),
        ("一千零八十", "1080"),
        ("三万五", "35000"),
        ("十五", "15"),
        ("$24.50", "24.50"),
        ("twenty four fifty", "24.50"),
        ("twenty-four fifty", "24.50"),
        ("nineteen ninety nine", "19.99"),
        ("a hundred and five", "105"),
        ("two fifty nine", "2.59"),
        ("1,299元", "1299"),
        ("￥２９．９", "29.9"),
        ("一百二", "120"),
        ("一千二", "1200"),
        ("一万五", "15000"),
        ("1千2", "1200"),
        ("三块五", "3.5"),
        ("一六九", "169"),
        ("幺六九", "169"),
        ("两百零九", "209"),
        ("一百六十九九", "169.9"),
        ("39快九", "39.9"),
        ("九块九毛九", "9.99"),
        ("块八毛", "1.8"),
        ("三点二五", "3.25"),
        ("twenty four dollars and fifty cents", "24.50"),
        ("fourteen ninety five", "14.95"),
        ("nine oh five", "9.05"),
        ("a buck fifty", "1.50"),
        ("forty-nine nine", "49.9"),
        ("a grand", "1000"),
        ("a hundred and sixty nine", "169"),
    ],
)
def test_what_hosts_say_is_read_as_the_number_they_mean(spoken: str, value: str) -> None:
    assert only(spoken).value == Decimal(value)


@pytest.mark.parametrize("spoken", ["nine ninety nine", "one ninety nine", "twenty four fifty"])
def test_two_english_numbers_side_by_side_may_be_hundreds_as_well(spoken: str) -> None:
    number = only(spoken)
    assert number.alternative == 100 * number.value


def test_two_digits_before_one_unit_are_from_one_to_the_other() -> None:
    number = only("三四百块")
    assert number.value == 300
    assert number.upper_bound == 400


def test_numerals_that_make_no_number_together_are_two() -> None:
    assert values("十十九号") == [10, 19]


def test_what_is_counted_after_a_price_without_kuai_is_no_part_of_it() -> None:
    assert values("一百九十九一套") == [199, 1]


def test_a_dollar_in_a_shop_s_name_is_no_number() -> None:
    assert find_numbers("the dollar store, a dollar general") == ()


@pytest.mark.parametrize("spoken", ["两百块一瓶", "200块两瓶", "两百块三条", "200元1盒", "两百块十个"])
def test_what_is_counted_after_a_price_is_no_part_of_it(spoken: str) -> None:
    assert find_numbers(spoken)[0].value == 200


@pytest.mark.parametrize("spoken", ["九块九一瓶", "9块9一瓶", "九块九一单", "9.9一瓶"])
def test_a_price_with_tenths_may_be_followed_by_a_count(spoken: str) -> None:
    assert find_numbers(spoken)[0].value == Decimal("9.9")


@pytest.mark.parametrize(
    "spoken", ["三块", "29元", "$24.50", "$ 24", "¥24", "￥24", "九块九", "nine dollars", "9 dollars", "24.50 bucks"]
)
def test_words_of_money_make_a_number_a_price(spoken: str) -> None:
    assert only(spoken).is_price


@pytest.mark.parametrize("spoken", ["三瓶", "30毫升", "twenty minutes", "24 ounces", "十号"])
def test_a_number_without_money_is_no_price(spoken: str) -> None:
    assert not only(spoken).is_price


def test_three_two_one_is_no_price_in_english() -> None:
    assert find_numbers("three two one go") == ()


@pytest.mark.parametrize("spoken", ["千万别走开", "百搭", "a bag", "and so on", "hundred"])
def test_words_that_only_look_like_numbers_are_none(spoken: str) -> None:
    assert find_numbers(spoken) == ()


def test_numbers_come_in_order_with_their_places() -> None:
    text = "原价两百四十九，今天 twenty four fifty，到手一百六十九块九"
    texts = [text[number.start : number.end] for number in find_numbers(text)]
    assert texts == ["两百四十九", "twenty four fifty", "一百六十九块九"]


def test_a_letter_that_grows_in_lower_case_moves_no_place() -> None:
    text = "İİİ costs twenty dollars"
    number = only(text)
    assert text[number.start : number.end] == "twenty"


@given(st.text(alphabet="一二三十百千万零两块元酒９9٣.,$号 abandhuretfily-", max_size=24))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    for number in find_numbers(text):
        assert 0 <= number.start < number.end <= len(text)
        assert number.value >= 0
