"""Link numbers and prices."""

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.link_calls import BARE_NATS, SURE_NATS
from models.shelf_numbers import ShelfNumbers

SHELF = Catalog(
    (
        Product(product_id="毛巾", link_no=1, title="毛巾", price=3990, list_price=7900),
        Product(product_id="礼盒", link_no=2, title="礼盒", price=300, list_price=24900),
        Product(product_id="精华", link_no=3, title="精华", price=16990, list_price=24900),
        Product(product_id="牙刷", link_no=4, title="牙刷", price=2990),
        Product(product_id="锅", link_no=10, title="锅", price=2450),
        Product(product_id="床单", link_no=30, title="床单", price=20000),
    )
)


def found(text: str) -> list[Mention]:
    return list(ShelfNumbers(SHELF).find(0, Sentence.evenly(Span(0, 10), text)))


def meant(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(mention.kind, mention.product_ids) for mention in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "三号链接",
        "3号链接",
        "３号链接",
        "三號鏈接",
        "3号",
        "三号宝贝",
        "去拍三好链接",
        "链接3，去拍",
        "坑位三。",
        "link 3",
        "Link number three",
        "item three",
        "No. 3",
        "number 3",
    ],
)
def test_a_link_number_points_at_its_product(text: str) -> None:
    assert meant(text) == [("link", ("精华",))]


def test_a_misheard_four_is_still_link_four() -> None:
    (mention,) = found("字号练结赶紧去拍")
    assert (mention.product_ids, mention.text) == (("牙刷",), "字号练结")


def test_a_number_with_the_word_link_weighs_more_than_a_bare_one() -> None:
    assert [found(text)[0].weight for text in ("三号链接", "三号来了")] == [SURE_NATS, BARE_NATS]


@pytest.mark.parametrize(
    "text",
    [
        "11月3号开播",
        "十一月 三号",
        "三号码的有吗",
        "3号色最好看",
        "链接一共就十单",
        "链接一上就没了",
        "no one else has it",
        "casino 3",
        "三瓶",
    ],
)
def test_a_number_that_counts_something_else_is_no_link(text: str) -> None:
    assert meant(text) == []


def test_a_link_number_beyond_the_shelf_gives_nothing() -> None:
    assert meant("12号链接") == []


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("今天到手一百六十九块九", "精华"),
        ("只要169.9", "精华"),
        ("29块酒", "牙刷"),
        ("三十九块九一条", "毛巾"),
        ("两百块一套", "床单"),
        ("just $24.50", "锅"),
        ("twenty four fifty tonight", "锅"),
        ("礼盒三块钱", "礼盒"),
    ],
)
def test_a_price_points_at_the_product_that_costs_it(text: str, product: str) -> None:
    assert meant(text) == [("price", (product,))]


def test_three_without_a_word_of_money_is_no_price() -> None:
    assert meant("买三送一") == []


def test_a_price_that_two_products_share_belongs_to_both_and_weighs_less() -> None:
    shared, own = found("原价两百四十九")[0], found("到手169.9")[0]
    assert shared.product_ids == ("礼盒", "精华")
    assert shared.weight < own.weight


def test_a_date_is_no_price() -> None:
    dear = Catalog((Product(product_id="1", title="茶", price=3000),))
    assert list(ShelfNumbers(dear).find(0, Sentence.evenly(Span(0, 5), "11月30号开抢"))) == []


def test_a_number_is_a_link_or_a_price_never_both() -> None:
    both = Catalog((SHELF.products[5], Product(product_id="1", title="茶", price=3000)))
    links = list(ShelfNumbers(both).find(0, Sentence.evenly(Span(0, 5), "30号链接")))
    assert [mention.kind for mention in links] == ["link"]


def test_the_words_are_those_heard_and_their_time_that_of_their_characters() -> None:
    (mention,) = found("去拍３号链接啊啊啊啊")
    assert (mention.text, mention.span) == ("３号链接", Span(2.0, 6.0))
    assert mention.sentence == 0
