"""Prices as hosts say them."""

from decimal import Decimal

import pytest

from models.numbers.price_quotes import PriceQuote, parse_prices


def only(text: str) -> PriceQuote:
    (quote,) = parse_prices(text)
    return quote


def covers(quote: PriceQuote, price: str) -> bool:
    return any(prices.contains(Decimal(price)) for prices in quote.ranges)


@pytest.mark.parametrize(
    ("said", "inside", "outside"),
    [
        ("一百七不到", "169.9", "171"),
        ("不到一百七", "165", "120"),
        ("一百以内", "99", "101"),
        ("一百出头", "109", "99"),
        ("一百多块", "169", "200"),
        ("一百二十多", "129", "130"),
        ("三百来块", "329", "399"),
        ("两百左右", "199", "230"),
        ("大概两百", "199", "230"),
        ("九十几", "99", "100"),
        ("三四百块", "369", "401"),
        ("under thirty", "29.99", "30.5"),
        ("less than 30 bucks", "28", "31"),
        ("just over fifty", "52", "49"),
        ("twenty something", "29.95", "30"),
        ("around 40", "39.99", "45"),
        ("forty or so", "42", "47"),
        ("a hundred and something", "169", "200"),
    ],
)
def test_what_is_said_about_a_price_holds_the_prices_that_people_say_it_of(
    said: str, inside: str, outside: str
) -> None:
    quote = only(said)
    assert not quote.is_exact
    assert covers(quote, inside)
    assert not covers(quote, outside)


@pytest.mark.parametrize(
    ("said", "total", "share"),
    [
        ("两瓶三百三", "330", "165"),
        ("两件九十九", "99", "49.5"),
        ("三盒一百二", "120", "39.9"),
        ("一百块钱三双", "100", "33.3"),
        ("129两盒", "129", "64.5"),
        ("俩九十九", "99", "49.5"),
        ("twenty-two dollars for two", "22", "11"),
        ("99 for three", "99", "33"),
    ],
)
def test_what_several_cost_is_the_total_or_the_price_of_each(said: str, total: str, share: str) -> None:
    quote = only(said)
    assert covers(quote, total)
    assert covers(quote, share)


def test_two_of_which_the_second_is_half_price_cost_one_and_a_half() -> None:
    quote = only("第二件半价，两件一百五")
    assert covers(quote, "100")
    assert not covers(only("两件一百五"), "100")


def test_thirty_days_is_no_total_of_thirty() -> None:
    assert parse_prices("free for 30 days") == ()


@pytest.mark.parametrize(
    ("said", "use"),
    [("九十九块", "money"), ("$99", "money"), ("到手九十九", "cued"), ("it's 99", "cued"), ("九十九", "bare")],
)
def test_the_words_around_a_price_say_how_sure_it_is_one(said: str, use: str) -> None:
    assert only(said).role == use


def test_a_quote_has_the_place_of_all_its_words() -> None:
    text = "今天两瓶三百三，快拍"
    quote = only(text)
    assert text[quote.start : quote.end] == "两瓶三百三"


@pytest.mark.parametrize("text", ["45成50", "45乘50厘米", "四十五乘五十", "45x50", "50 by sixty", "eight by ten"])
def test_the_sides_of_a_size_are_no_prices(text: str) -> None:
    assert parse_prices(text) == ()
