"""What a dot is called."""

import pytest

from domain.catalog import Product
from models.description.titles import MAX_TITLE_COLUMNS, TIE_JOINER, build_title
from models.text.typography import display_width

count = iter(range(10**6))


def product(name: str = "", brand: str = "", title: str = "好物", **attributes: str) -> Product:
    return Product(product_id=str(next(count)), title=title, short_name=name, brand=brand, attributes=attributes)


def title(*products: Product, beside: tuple[Product, ...] = ()) -> str:
    return build_title(products, [*products, *beside])


@pytest.mark.parametrize(
    ("brand", "name", "expected"),
    [
        ("珀莱雅", "双抗精华", "珀莱雅双抗精华"),
        ("珀莱雅", "珀莱雅双抗精华", "珀莱雅双抗精华"),
        ("Lumina", "LUMINA air fryer", "LUMINA air fryer"),
        ("认养一头牛", "一头牛纯牛奶", "认养一头牛纯牛奶"),
        ("Sol & Sand", "pistachio body mist", "Sol & Sand pistachio body mist"),
        ("", "jumbo claw clips", "Jumbo claw clips"),
        ("", "iPhone case", "iPhone case"),
        ("珀莱雅", "【官方】双抗精华", "珀莱雅双抗精华"),
        ("珀\u2028莱雅", "双抗\n\n精华\r", "珀莱雅双抗精华"),
    ],
)
def test_a_title_is_brand_and_name_once_in_the_typography_of_its_script(brand: str, name: str, expected: str) -> None:
    assert title(product(name, brand)) == expected


@pytest.mark.parametrize(
    ("stuffed", "brand", "category", "expected"),
    [
        ("【官方】珀莱雅双抗精华液3.0抗氧抗糖提亮熬夜暗沉精华30ml女", "珀莱雅", "美妆/精华", "珀莱雅双抗精华"),
        ("蓝月亮深层洁净护理洗衣液薰衣草香3kg*2瓶家庭装", "蓝月亮", "家清/洗衣液", "蓝月亮深层洁净护理洗衣液"),
        ("禾屿滚筒洗烘一体机10公斤全自动家用变频洗衣机", "禾屿", "", "禾屿滚筒洗烘一体机10公斤全自"),
        ("Sunnie Clear Sunscreen Stick, SPF 50 Broad Spectrum", "Sunnie", "", "Sunnie Clear Sunscreen Stick"),
        ("纯棉毛巾", "", "", "纯棉毛巾"),
        ("【秒杀】", "", "", "【秒杀】"),
    ],
)
def test_a_title_stuffed_with_key_words_gives_its_head(stuffed: str, brand: str, category: str, expected: str) -> None:
    only = Product(product_id="1", title=stuffed, brand=brand, category=category)
    assert title(only) == expected
    assert display_width(title(only)) <= MAX_TITLE_COLUMNS


def test_a_title_fits_on_one_line_of_a_phone() -> None:
    long = title(product("加厚" * 60, "洁丽雅"))
    assert display_width(long) <= MAX_TITLE_COLUMNS
    assert long.endswith("…")


def test_namesakes_differ_by_the_attribute_that_differs() -> None:
    brick, mauve = (product("唇泥", "心慕与你", 规格="2g", 色号=shade) for shade in ("砖红", "豆沙"))
    assert title(brick, beside=(mauve,)) == "心慕与你唇泥（砖红）"


def test_a_name_inside_a_near_duplicates_name_is_distinguished_too() -> None:
    small, large = product("claw clips", "Hairloom", count="6"), product("jumbo claw clips", "Hairloom", count="4")
    assert title(small, beside=(large,)) == "Hairloom claw clips (count 6)"
    assert title(large, beside=(small,)) == "Hairloom jumbo claw clips"


def test_a_name_that_differs_by_itself_needs_no_mark() -> None:
    pictures, bridge = (product(f"神奇校车{kind}书版", "童书", 版本=kind) for kind in ("图画", "桥梁"))
    assert title(pictures, beside=(bridge,)) == "童书神奇校车图画书版"


def test_namesakes_without_any_difference_have_their_link_numbers() -> None:
    first, second = (Product(product_id=str(n), title="棉袜", link_no=n) for n in (3, 4))
    assert title(first, beside=(second,)) == "棉袜（3 号）"


def test_a_distinction_outlives_its_brand_where_there_is_little_room() -> None:
    long = "peel-off lip liner stain transfer proof"
    mauve, brick = product(long, "Peachy Pout", shade="Mauve"), product(long, "Peachy Pout", shade="Brick")
    assert title(mauve, beside=(brick,)) == "Peel-off lip liner stain transfer proof (Mauve)"


def test_a_book_has_its_author_and_not_its_publisher() -> None:
    assert title(product("皮囊", "天津人民出版社", 作者="蔡崇达")) == "皮囊（蔡崇达）"


def test_a_bundle_names_both_and_their_brand_once() -> None:
    assert title(product("双抗精华", "珀莱雅"), product("红宝石精华", "珀莱雅")) == "珀莱雅双抗精华 + 红宝石精华"
    assert title(product("切片刀", "十八子作"), product("砧板", "双枪")) == "十八子作切片刀 + 双枪砧板"


def test_a_tie_between_near_duplicates_is_no_bundle() -> None:
    products = [product(f"{kind}奇弹三代", "鸿星尔克") for kind in ("男款", "女款")]
    assert build_title(products, products, joiner=TIE_JOINER) == "鸿星尔克男款奇弹三代 / 女款奇弹三代"


def test_a_long_bundle_names_what_differs() -> None:
    shades = [product(f"peel-off lip stain in {shade}", "Peachy Pout") for shade in ("Mauve Over It", "Brick House")]
    assert title(*shades) == "Peel-off lip stain in Mauve Over It + Brick House"


def test_a_bundle_of_many_is_counted() -> None:
    many = [product(f"{kind}味加厚大包装坚果礼盒") for kind in "甲乙丙"]
    assert title(*many) == "甲味加厚大包装坚果礼盒等 3 件"
    assert (
        title(*[product(f"{n} watt very long charger name") for n in "abc"])
        == "A watt very long charger name and 2 more"
    )
