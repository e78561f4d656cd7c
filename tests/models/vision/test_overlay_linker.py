"""Which products a burned-in text names."""

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.vision import BoundingBox, OverlayText, OverlayTexts, Sighting
from models.vision.overlay_linker import OverlayLinker

SHOES = Catalog(
    (
        Product(product_id="m3", link_no=1, title="鸿星尔克奇弹3.0跑鞋男夏季新款透气网面减震回弹运动鞋", price=19900),
        Product(product_id="w3", link_no=2, title="鸿星尔克奇弹3.0跑鞋女夏季新款软底减震跑步鞋轻便运动鞋", price=19900),
        Product(
            product_id="slip",
            link_no=4,
            title="匹克态极拖鞋男女情侣款踩屎感厚底防滑",
            short_name="态极拖鞋",
            price=7900,
        ),
        Product(product_id="coat", link_no=14, title="骆驼防晒衣夏季薄款冰丝透气皮肤衣连帽外套", price=9900),
    )
)
MISTS = Catalog(
    (
        Product(product_id="p", link_no=13, title="Sol & Sand Body Mist Salted Pistachio Perfume Spray", price=1800),
        Product(product_id="c", link_no=14, title="Sol & Sand Body Mist Coconut Beach Vanilla Spray", price=1800),
        Product(product_id="clips", link_no=19, title="6 Pack Large Matte Claw Clips for Thick Hair", price=899),
    )
)


def sightings(catalog: Catalog, *lines: str) -> tuple[Sighting, ...]:
    text = OverlayText(Span(30.0, 60.0), BoundingBox(0, 0.7, 0.6, 0.8), lines, 1.0)
    return OverlayLinker(catalog).link_texts(OverlayTexts((text,)))


def linked(catalog: Catalog, *lines: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(sighting.kind, sighting.product_ids) for sighting in sightings(catalog, *lines)]


def test_a_card_is_known_by_the_beginning_of_its_title() -> None:
    assert linked(SHOES, "4 匹克态极拖鞋男女情侣", "款踩屎感厚底防滑", "¥79") == [("card", ("slip",))]


def test_near_duplicates_are_distinguished_by_what_differs() -> None:
    assert linked(SHOES, "鸿星尔克奇弹3.0跑鞋女夏", "季新款软底减震") == [("card", ("w3",))]
    assert linked(MISTS, "Sol & Sand Body Mist", "Coconut Beach Van", "$18") == [("card", ("c",))]


def test_near_duplicates_that_the_text_does_not_tell_apart_share_the_sighting() -> None:
    assert linked(SHOES, "鸿星尔克奇弹3.0跑鞋", "¥199") == [("card", ("m3", "w3"))]
    assert linked(MISTS, "Sol & Sand Body Mist", "$18") == [("card", ("p", "c"))]


def test_a_link_number_or_a_price_distinguishes_near_duplicates() -> None:
    catalog = Catalog(
        (
            Product(product_id="a", link_no=1, title="自在卸妆油150ml清爽型", price=9900),
            Product(product_id="b", link_no=2, title="自在卸妆油150ml清爽型", price=12900),
        )
    )

    assert linked(catalog, "2 自在卸妆油150ml清爽型") == [("card", ("b",))]
    assert linked(catalog, "自在卸妆油150ml清爽型", "¥129") == [("card", ("b",))]
    assert linked(catalog, "自在卸妆油150ml清爽型") == [("card", ("a", "b"))]


def test_letters_read_wrongly_do_no_harm() -> None:
    assert linked(SHOES, "4 匹克态板拖鞋男女情侣", "款踩屎惑厚底防滑") == [("card", ("slip",))]


def test_words_run_together_do_no_harm() -> None:
    assert linked(MISTS, "6PackLargeMatteClaw Clips", "forThickH", "$8.99") == [("card", ("clips",))]


def test_a_sticker_names_a_product_among_other_words() -> None:
    assert linked(SHOES, "今晚福利 态极拖鞋 买一送一 限时两百单 手慢无") == [("sticker", ("slip",))]


@pytest.mark.parametrize("words", ["甜甜 态极拖鞋多少钱", "有态极拖鞋吗 老板", "什么时候讲态极拖鞋 老板"])
def test_what_asks_for_a_product_is_no_sticker(words: str) -> None:
    assert linked(SHOES, words) == []


def test_a_list_of_products_is_no_sticker() -> None:
    catalog = Catalog(
        (
            Product(product_id="a", title="洁丽雅纯棉毛巾三条装", short_name="纯棉毛巾"),
            Product(product_id="b", title="植护本色竹浆抽纸整箱", short_name="本色抽纸"),
        )
    )

    assert linked(catalog, "今晚有 纯棉毛巾 大家等一等") == [("sticker", ("a",))]
    assert linked(catalog, "今晚有 纯棉毛巾 大家等一等", "还有本色抽纸 不要走开") == []


def test_a_link_number_alone_is_a_sticker() -> None:
    assert linked(SHOES, "14号链接") == [("sticker", ("coat",))]


@pytest.mark.parametrize(
    "slogan",
    ["全场包邮 关注主播不迷路 粉丝价限时", "Follow for live deals", "下单备注有礼 点赞领红包", "夏季新款", "¥199"],
)
def test_slogans_name_no_product(slogan: str) -> None:
    assert linked(SHOES, slogan) == []
    assert linked(MISTS, slogan) == []


def test_a_sighting_says_when_and_what_and_weighs_less_when_it_was_hard_to_read() -> None:
    lines = ("匹克态极拖鞋男女情侣", "款踩屎感厚底防滑")
    clear, blurred = (
        OverlayLinker(SHOES).link_texts(
            OverlayTexts((OverlayText(Span(30, 60), BoundingBox(0, 0, 1, 1), lines, confidence),))
        )[0]
        for confidence in (1.0, 0.6)
    )

    assert (clear.span, clear.text) == (Span(30, 60), "匹克态极拖鞋男女情侣 款踩屎感厚底防滑")
    assert blurred.weight < clear.weight


def test_a_very_long_text_is_shown_cut() -> None:
    (sighting,) = sightings(SHOES, "态极拖鞋" + "好" * 300)

    assert len(sighting.text) <= 120
