"""Names out of titles."""

import pytest

from domain.catalog import Catalog, Product
from models.lexicon.alias_mining import MAX_ALIASES, mine_aliases

OTHERS = tuple(
    Product(product_id=f"other-{number}", title=title)
    for number, title in enumerate(
        (
            "海蓝家锅具炒锅不粘锅32cm",
            "深山牌蜂蜜土蜂蜜500g",
            "听得见蓝牙耳机入耳式降噪",
            "走得远跑步鞋男透气网面",
            "Loudly Portable Speaker Black",
        )
    )
)


def mined(title: str, brand: str = "", category: str = "", others: tuple[Product, ...] = OTHERS) -> list[str]:
    stuffed = Product(product_id="1", title=title, brand=brand, category=category)
    aliases = mine_aliases(Catalog((stuffed, *others)))["1"]
    return [(" " if tokens[0].is_latin else "").join(token.surface for token in tokens) for tokens in aliases]


@pytest.mark.parametrize(
    ("title", "brand", "name"),
    [
        ("【买2送1】青果自在卸妆油150ml油皮混油清爽型深层清洁官方正品", "青果", "自在卸妆油"),
        ("青果月光宝盒精华液30ml抗皱紧致", "青果", "月光"),
        ("小厨神可视空气炸锅6.5L大容量家用触屏", "小厨神", "空气炸锅"),
        ("Halden Cordless Hair Dryer Ionic 1800W - Foggy Rose", "Halden", "hair dryer"),
        ("Halden Cordless Hair Dryer Ionic 1800W - Foggy Rose", "Halden", "foggy rose"),
    ],
)
def test_what_a_host_would_say_is_mined(title: str, brand: str, name: str) -> None:
    assert name in mined(title, brand)


def test_promises_and_packaging_are_no_names() -> None:
    names = mined("【直播专享】官方正品旗舰店蜂蜜柚子茶包邮买一送一礼盒装", category="食品/茶饮")
    assert names
    assert not [
        name for name in names if any(word in name for word in ("正品", "旗舰", "包邮", "买一", "礼盒", "直播"))
    ]


def test_the_category_says_what_a_thing_is() -> None:
    assert "折叠花洒" in mined("净水人家折叠花洒增压过滤", "净水人家", "卫浴/花洒")


def test_what_a_third_of_the_catalogue_shares_names_nothing() -> None:
    alike = tuple(Product(product_id=f"alike-{i}", title=f"{colour}色真丝枕套") for i, colour in enumerate("红黄蓝绿"))
    assert "真丝枕套" not in mined("白色真丝枕套枕头", others=alike)


def test_a_name_belongs_to_every_title_that_holds_it() -> None:
    twin = Product(product_id="twin", title="夜用防晒喷雾清爽自在卸妆油囤货")
    catalog = Catalog((Product(product_id="1", title="青果自在卸妆油150ml", brand="青果"), twin, *OTHERS))
    names = {"".join(token.surface for token in tokens) for tokens in mine_aliases(catalog)["twin"]}
    assert "自在卸妆油" in names


def test_the_likeliest_are_kept_and_they_are_short() -> None:
    title = "，".join(f"{a}{b}精华面霜口红" for a in "春夏秋冬东西南北" for b in "日月山水")
    alone = mine_aliases(Catalog((Product(product_id="1", title=title), *OTHERS)))["1"]
    assert len(alone) == MAX_ALIASES
    assert all(2 <= len(tokens) <= 6 for tokens in alone)


def test_a_title_of_signs_alone_has_no_names() -> None:
    assert mined("★★★ 【】()") == []
