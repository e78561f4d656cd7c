"""What products may be called."""

from domain.catalog import Catalog, Product
from models.aliases import Alias, aliases_of, descriptive_tokens


def named(name: str, catalog: Catalog) -> Alias:
    (alias,) = [alias for alias in aliases_of(catalog) if "".join(alias.written) == name]
    return alias


def product(product_id: str, name: str = "", *aliases: str, brand: str = "", title: str = "好物") -> Product:
    return Product(product_id=product_id, title=title, short_name=name, brand=brand, aliases=aliases)


def test_a_name_inside_another_products_name_belongs_to_both() -> None:
    catalog = Catalog((product("成人", "电动牙刷"), product("儿童", "儿童电动牙刷")))
    assert named("电动牙刷", catalog).product_ids == ("成人", "儿童")
    assert named("儿童电动牙刷", catalog).product_ids == ("儿童",)


def test_a_brand_that_two_products_share_belongs_to_both_in_the_order_of_the_list() -> None:
    catalog = Catalog((product("9", brand="飞利浦"), product("1", brand="飞利浦")))
    assert named("飞利浦", catalog).product_ids == ("9", "1")


def test_a_word_that_is_name_and_brand_is_a_name() -> None:
    catalog = Catalog((product("1", brand="神仙水"), product("2", "神仙水")))
    assert named("神仙水", catalog).kind == "name"


def test_one_syllable_is_too_short_for_a_name() -> None:
    assert aliases_of(Catalog((product("1", "茶", "酒"),))) == ()


def test_one_latin_word_of_three_letters_is_a_name() -> None:
    assert [alias.written for alias in aliases_of(Catalog((product("1", "pan", "XL"),)))] == [("pan",)]


def test_a_title_in_the_place_of_a_short_name_is_too_long_to_be_said() -> None:
    assert aliases_of(Catalog((product("1", "飞利浦电动牙刷成人声波震动充电式"),))) == ()


def test_promises_in_brackets_describe_nothing() -> None:
    stuffed = product("1", title="【直播专享】（买2送1）纯棉毛巾 [gift]")
    assert ["".join(t.written for t in phrase) for phrase in descriptive_tokens(stuffed)] == ["纯棉毛巾"]


def test_attributes_brand_and_category_describe_the_product() -> None:
    described = Product(
        product_id="1", title="精华", brand="珀莱雅", category="美妆/精华", attributes={"主要成分": "麦角硫因 虾青素"}
    )
    phrases = {"".join(token.written for token in phrase) for phrase in descriptive_tokens(described)}
    assert phrases == {"精华", "珀莱雅", "美妆", "麦角硫因", "虾青素"}
