"""Which products are near-duplicates."""

from domain.catalog import Catalog, Product
from models.lexicon.near_duplicates import find_near_duplicates, near_duplicates_among


def product(number: int, title: str, *, short: str = "", brand: str = "", category: str = "") -> Product:
    return Product(product_id=f"p{number}", title=title, short_name=short, brand=brand, category=category)


def are_sisters(a: Product, b: Product) -> bool:
    duplicates = find_near_duplicates(Catalog((a, b)))
    assert duplicates in ({}, {"p1": frozenset({"p2"}), "p2": frozenset({"p1"})})
    return bool(duplicates)


def test_titles_that_share_most_make_near_duplicates() -> None:
    a = product(1, "云朵保湿面霜轻盈版50g油皮", brand="云朵")
    assert are_sisters(a, product(2, "云朵保湿面霜滋润版50g干皮", brand="云朵"))


def test_english_titles_are_compared_by_words() -> None:
    a = product(1, "Nimbo Body Mist Coconut Vanilla 8oz", brand="Nimbo")
    assert are_sisters(a, product(2, "Nimbo Body Mist Salted Pistachio 8oz", brand="nimbo"))
    assert not are_sisters(a, product(2, "Nimbo Quilted Tote Bag for Women", brand="Nimbo"))


def test_other_brands_are_no_near_duplicates_however_alike_the_titles_are() -> None:
    a = product(1, "保湿面霜50g补水", brand="云朵")
    assert not are_sisters(a, product(2, "保湿面霜50g补水", brand="山泉"))


def test_a_brand_that_is_not_given_rules_nothing_out() -> None:
    assert are_sisters(product(1, "保湿面霜50g补水", brand="云朵"), product(2, "保湿面霜50g滋润补水"))


def test_names_that_share_half_make_near_duplicates_in_one_category_only() -> None:
    a = product(1, "山风大容量机械款家用5升", short="旋钮空气炸锅", brand="山风", category="小家电/空气炸锅")
    b = product(2, "山风触屏智能免翻面蒸烤", short="可视空气炸锅", brand="山风", category="小家电/空气炸锅")
    other = product(2, "山风触屏智能免翻面蒸烤", short="可视空气炸锅", brand="山风", category="配件")
    assert are_sisters(a, b)
    assert not are_sisters(a, other)


def test_what_stands_in_brackets_makes_no_near_duplicates() -> None:
    campaign = "【双十一官方正品限时抢购】"
    assert not are_sisters(product(1, campaign + "纯棉毛巾"), product(2, campaign + "声波牙刷"))


def test_traditional_and_simplified_titles_are_the_same() -> None:
    assert are_sisters(product(1, "純棉毛巾四條裝"), product(2, "纯棉毛巾两条装"))


def test_titles_without_a_letter_make_no_near_duplicates() -> None:
    assert not are_sisters(product(1, "★★★"), product(2, "★★★"))


def test_only_products_that_are_asked_for_are_compared() -> None:
    shelf = Catalog(tuple(product(i, f"纯棉毛巾{i}") for i in range(4)))
    assert near_duplicates_among(shelf, ["p1", "p3", "unknown"]) == {"p1": {"p3"}, "p3": {"p1"}}
    assert near_duplicates_among(shelf, []) == {}
