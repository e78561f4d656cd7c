"""What products may be called."""

from domain.catalog import Catalog, Product
from models.lexicon.aliases import Alias, all_aliases, catalog_aliases, descriptive_phrases


def named(name: str, catalog: Catalog) -> Alias:
    (alias,) = [alias for alias in catalog_aliases(catalog) if "".join(alias.surfaces) == name]
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
    assert catalog_aliases(Catalog((product("1", "茶", "酒"),))) == ()


def test_one_latin_word_of_three_letters_is_a_name() -> None:
    assert [alias.surfaces for alias in catalog_aliases(Catalog((product("1", "pan", "XL"),)))] == [("pan",)]


def test_a_title_in_the_place_of_a_short_name_is_too_long_to_be_said() -> None:
    assert catalog_aliases(Catalog((product("1", "飞利浦电动牙刷成人声波震动充电式"),))) == ()


def test_promises_in_brackets_describe_nothing() -> None:
    stuffed = product("1", title="【直播专享】（买2送1）纯棉毛巾 [gift]")
    assert ["".join(t.surface for t in phrase) for phrase in descriptive_phrases(stuffed)] == ["纯棉毛巾"]


def test_attributes_brand_and_category_describe_the_product() -> None:
    described = Product(
        product_id="1", title="精华", brand="珀莱雅", category="美妆/精华", attributes={"主要成分": "麦角硫因 虾青素"}
    )
    phrases = {"".join(token.surface for token in phrase) for phrase in descriptive_phrases(described)}
    assert phrases == {"精华", "珀莱雅", "美妆", "麦角硫因", "虾青素"}


def spoken(catalog: Catalog) -> dict[str, Alias]:
    return {"".join(alias.surfaces): alias for alias in all_aliases(catalog)}


def test_titles_give_names_of_less_weight() -> None:
    names = spoken(Catalog((product("1", title="青果自在卸妆油150ml", brand="青果"), product("2", "梳子"))))
    assert names["自在卸妆油"].kind == "alias"
    assert names["自在卸妆油"].weight_share < names["梳子"].weight_share == 1


def test_two_syllables_of_a_title_are_a_name_only_of_a_product_without_one() -> None:
    other = product("2", title="充气泵")
    assert "台灯" in spoken(Catalog((product("1", title="护眼台灯"), other)))
    assert "台灯" not in spoken(Catalog((product("1", "护眼灯", title="护眼台灯"), other)))


def test_the_shorter_a_mined_name_the_better_it_must_be_heard() -> None:
    names = spoken(Catalog((product("1", title="护眼阅读台灯"), product("2", title="充气泵"))))
    assert [names[name].loosest_match for name in ("台灯", "充气泵", "护眼阅读台灯")] == ["written", "sound", "near"]


def test_a_name_that_is_given_is_not_mined_again() -> None:
    names = spoken(Catalog((product("1", "自在卸妆油", title="青果自在卸妆油150ml"), product("2", title="充气泵"))))
    assert (names["自在卸妆油"].kind, names["自在卸妆油"].weight_share) == ("name", 1)


def test_what_the_catalogue_gives_is_distinguished_from_what_is_derived() -> None:
    catalog = Catalog((product("1", title="青果自在卸妆油150ml", brand="飞利浦"), product("2", title="充气泵")))
    assert ["".join(alias.surfaces) for alias in catalog_aliases(catalog)] == ["飞利浦"]
    assert "philips" in spoken(catalog)
