"""Link numbers and prices."""

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.link_and_price import LinkAndPriceMatcher
from models.linking.link_number_calls import BARE_NATS, CERTAIN_NATS

CATALOG = Catalog(
    (
        Product(product_id="毛巾", link_no=1, title="毛巾", price=3990, list_price=7900),
        Product(product_id="礼盒", link_no=2, title="礼盒", price=300, list_price=24900),
        Product(product_id="精华", link_no=3, title="精华", price=16990, list_price=24900),
        Product(product_id="牙刷", link_no=4, title="牙刷", price=2990),
        Product(product_id="锅", link_no=10, title="锅", price=2450),
        Product(product_id="床单", link_no=30, title="床单", price=20000),
    )
)


def mentions_in(text: str) -> list[Mention]:
    return list(LinkAndPriceMatcher(CATALOG).find(0, Sentence.with_even_timing(Span(0, 10), text)))


def targets_in(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(mention.kind, mention.product_ids) for mention in mentions_in(text)]


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
        "三链接",
        "3后链接",
        "三耗脸接",
        "3号连姐",
        "3好去拍",
        "山号练结",
        "散耗年结",
        "第3号链接",
        "link number tree",
        "item number three",
        "lot 3",
        "pin 3",
        "card number 3",
        "the number's 3",
        "the third link",
    ],
)
def test_a_link_number_points_at_its_product(text: str) -> None:
    assert targets_in(text) == [("link", ("精华",))]


def test_a_misheard_four_is_still_link_four() -> None:
    (mention,) = mentions_in("字号练结赶紧去拍")
    assert (mention.product_ids, mention.text) == (("牙刷",), "字号练结")


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("一号链接", "毛巾"),
        ("医号连接", "毛巾"),
        ("而号链接", "礼盒"),
        ("儿浩练结", "礼盒"),
        ("死号链接", "牙刷"),
        ("时号链接", "锅"),
        ("石号练接", "锅"),
        ("三时号链接", "床单"),
        ("散石号练结", "床单"),
        ("三十号链接", "床单"),
        ("link number for", "牙刷"),
        ("link too.", "礼盒"),
        ("item number won", "毛巾"),
        ("it's link to, go", "礼盒"),
    ],
)
def test_a_number_known_by_its_sound_alone_is_a_link_before_the_word_link(text: str, product: str) -> None:
    kind, ids = targets_in(text)[0]
    assert kind == "link"
    assert product in ids


def test_what_sounds_like_four_and_ten_speaks_for_both() -> None:
    assert targets_in("是号链接") == [("link", ("锅", "牙刷"))]


def test_a_number_that_was_understood_weighs_more_than_one_known_by_its_sound() -> None:
    assert mentions_in("山号链接")[0].weight < mentions_in("三号链接")[0].weight


@pytest.mark.parametrize(
    "text",
    [
        "山上的好东西",
        "是好的",
        "时候时候啊",
        "我就是好奇",
        "事后链家",
        "the link to buy it is below",
        "a link for everyone",
        "number for the store",
        "I ate three",
        "3毫升",
        "60片时三后",
        "三好学生",
        "3好看",
    ],
)
def test_sounds_of_numbers_without_the_words_of_a_link_are_none(text: str) -> None:
    assert targets_in(text) == []


def test_a_number_with_the_word_link_weighs_more_than_a_bare_one() -> None:
    assert [mentions_in(text)[0].weight for text in ("三号链接", "三号来了")] == [CERTAIN_NATS, BARE_NATS]


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
    assert targets_in(text) == []


def test_a_link_number_beyond_the_catalogue_gives_nothing() -> None:
    assert targets_in("12号链接") == []


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
        ("一百七不到", "精华"),
        ("不到一百七", "精华"),
        ("一百六十几块", "精华"),
        ("三十不到", "牙刷"),
        ("两盒三百四", "精华"),
        ("六十块钱两支", "牙刷"),
        ("just under thirty", "牙刷"),
        ("two for forty nine", "锅"),
        ("less than twenty five bucks", "锅"),
        ("two hundred or so", "床单"),
        ("just over 24", "锅"),
    ],
)
def test_a_price_points_at_the_product_that_costs_it(text: str, product: str) -> None:
    assert targets_in(text) == [("price", (product,))]


@pytest.mark.parametrize("text", ["买三送一", "买二送一，第二件半价", "buy one get one", "buy three get one half off"])
def test_what_is_bought_and_given_is_no_price(text: str) -> None:
    assert targets_in(text) == []


def test_a_price_that_two_products_share_belongs_to_both_and_weighs_less() -> None:
    shared, own = mentions_in("原价两百四十九")[0], mentions_in("到手169.9")[0]
    assert shared.product_ids == ("礼盒", "精华")
    assert shared.weight < own.weight


def test_three_sounds_are_tens_and_ones() -> None:
    shelf = Catalog(tuple(Product(product_id=str(i), link_no=i, title="茶") for i in range(1, 30)))
    mentions = LinkAndPriceMatcher(shelf).find(0, Sentence.with_even_timing(Span(0, 5), "二十山号练结"))
    assert [mention.product_ids for mention in mentions] == [("23",)]


@pytest.mark.parametrize(
    "text", ["9" * 9000 + "多", "九" * 9000 + "号", "1号" * 4000, "满" * 9000, "两件只要" * 3000 + "9"]
)
def test_endless_numbers_are_read_without_fuss(text: str) -> None:
    assert len(mentions_in(text)) <= 4000


def test_a_price_said_about_weighs_less_than_an_exact_one() -> None:
    assert mentions_in("一百七不到")[0].weight < mentions_in("到手169.9")[0].weight


def test_a_number_with_words_of_money_weighs_more_than_a_bare_one() -> None:
    assert mentions_in("三十九块九")[0].weight > mentions_in("39.9")[0].weight


@pytest.mark.parametrize(
    "text",
    [
        "200毫升", "200克", "200斤", "200岁", "200分钟", "200厘米", "200件", "满200减30", "立减200", "领200块的券",
        "还剩200", "200个人", "200度", "200瓦", "第200", "200码", "200%",
        "200 ounces", "200 percent", "200 minutes", "200 people", "200 watts", "200 dollars off", "orders over 200",
        "only 200 left", "size 200", "spf 200",
    ],
)  # fmt: skip
def test_what_counts_measures_or_saves_is_no_price(text: str) -> None:
    assert targets_in(text) == []


def test_an_interval_that_half_of_the_catalogue_lies_in_tells_nothing() -> None:
    shelf = Catalog(tuple(Product(product_id=str(i), title="茶", price=10000 + 100 * i) for i in range(1, 9)))
    assert list(LinkAndPriceMatcher(shelf).find(0, Sentence.with_even_timing(Span(0, 5), "一百多块"))) == []


def test_both_values_of_an_english_price_are_looked_for() -> None:
    shelf = Catalog(
        (
            Product(product_id="cheap", title="tea", price=999),
            Product(product_id="dear", title="pot", price=99900),
            *(Product(product_id=str(i), title="cup", price=100 * i) for i in range(1, 5)),
        )
    )
    (mention,) = LinkAndPriceMatcher(shelf).find(0, Sentence.with_even_timing(Span(0, 5), "nine ninety nine"))
    assert mention.product_ids == ("cheap", "dear")


def test_a_date_is_no_price() -> None:
    dear = Catalog((Product(product_id="1", title="茶", price=3000),))
    assert list(LinkAndPriceMatcher(dear).find(0, Sentence.with_even_timing(Span(0, 5), "11月30号开抢"))) == []


def test_a_number_is_a_link_or_a_price_never_both() -> None:
    both = Catalog((CATALOG.products[5], Product(product_id="1", title="茶", price=3000)))
    links = list(LinkAndPriceMatcher(both).find(0, Sentence.with_even_timing(Span(0, 5), "30号链接")))
    assert [mention.kind for mention in links] == ["link"]


def test_the_words_are_those_heard_and_their_time_that_of_their_characters() -> None:
    (mention,) = mentions_in("去拍３号链接啊啊啊啊")
    assert (mention.text, mention.span) == ("３号链接", Span(2.0, 6.0))
    assert mention.sentence_index == 0


SHELF = Catalog(
    (
        Product(product_id="cream", link_no=1, title="面霜", price=6900, list_price=29900),
        Product(product_id="quilt", link_no=2, title="被子", price=29900, list_price=59900),
        Product(product_id="soap", link_no=3, title="肥皂", price=5000),
        Product(product_id="tea", link_no=4, title="茶", price=9900),
        Product(product_id="cup", link_no=5, title="杯子", price=8900),
    )
)


def prices_on_the_shelf(text: str) -> list[tuple[str, ...]]:
    mentions = LinkAndPriceMatcher(SHELF).find(0, Sentence.with_even_timing(Span(0, 10), text))
    return [mention.product_ids for mention in mentions if mention.kind == "price"]


@pytest.mark.parametrize(
    "text",
    [
        "原价299", "专柜价两百九十九", "日常卖299", "吊牌299块", "299的标价", "平时都要二百九十九", "不要299",
        "was 299", "list price 299", "usually $299", "299 dollars retail", "down from 299", "it retails for 299",
    ],
)  # fmt: skip
def test_a_list_price_speaks_for_the_product_that_lists_it_and_for_no_other(text: str) -> None:
    assert prices_on_the_shelf(text) == [("cream",)]


@pytest.mark.parametrize("text", ["二百九十九的今天六十九", "299，我们这里只要69", "299 dollars, tonight just 69"])
def test_a_price_before_a_lower_one_that_is_todays_is_a_list_price(text: str) -> None:
    assert prices_on_the_shelf(text) == [("cream",), ("cream",)]


def test_words_for_todays_price_end_those_for_the_list_price() -> None:
    assert prices_on_the_shelf("原价不说了今天就299块") == [("quilt",)]


def test_a_number_that_is_marked_as_money_is_no_list_price_of_another_product() -> None:
    assert prices_on_the_shelf("只要299块钱") == [("quilt",)]


def test_a_number_without_such_words_may_be_the_price_of_one_and_the_list_price_of_another() -> None:
    assert prices_on_the_shelf("299") == [("quilt", "cream")]


@pytest.mark.parametrize(
    "text",
    [
        "省50", "立减50块", "便宜了50", "扣五十块", "砍掉50", "抹去50块", "50块的优惠",
        "50 off", "save you $50", "saves up to 50",
    ],
)  # fmt: skip
def test_what_is_saved_is_no_price(text: str) -> None:
    assert prices_on_the_shelf(text) == []


@pytest.mark.parametrize(
    "text", ["不到一百", "一百以内", "一百块都不到", "under a hundred", "less than 100", "not even a hundred"]
)
def test_a_bound_speaks_for_the_product_whose_price_is_the_next_below(text: str) -> None:
    assert prices_on_the_shelf(text) == [("tea",)]


def test_a_bound_weighs_less_than_a_price_that_is_said_about() -> None:
    matcher = LinkAndPriceMatcher(SHELF)
    (bound,) = matcher.find(0, Sentence.with_even_timing(Span(0, 5), "一百块不到"))
    (about,) = matcher.find(0, Sentence.with_even_timing(Span(0, 5), "七十块左右"))
    assert bound.weight < about.weight


def test_a_bound_on_what_it_costs_elsewhere_speaks_for_nothing() -> None:
    assert prices_on_the_shelf("专柜不到一百") == []
