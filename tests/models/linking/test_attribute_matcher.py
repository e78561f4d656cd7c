"""Attributes of products in what was said."""

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.attribute_matcher import AttributeMatcher

FILLERS = ("一", "二", "三", "四", "五", "六", "七")


def product(product_id: str, title: str, **attributes: str) -> Product:
    return Product(product_id=product_id, title=title, attributes=attributes)


CATALOG = Catalog(
    (
        product("小瓶", "精华水50ml"),
        product("大瓶", "精华水100ml"),
        product("藏青", "行李箱", 颜色="藏青"),
        product("蓝", "背包", 颜色="蓝色"),
        product("草莓", "酸奶", 口味="草莓芒果"),
        *(product(f"其他{i}", f"凳子{i}") for i in FILLERS),
    )
)


def attributes_in(
    *texts: str, known: tuple[Mention, ...] = (), is_reliable: bool = True, catalog: Catalog = CATALOG
) -> list[tuple[tuple[str, ...], str]]:
    return [
        (each.product_ids, each.text)
        for each in mentions(*texts, known=known, is_reliable=is_reliable, catalog=catalog)
    ]


def mentions(
    *texts: str, known: tuple[Mention, ...] = (), is_reliable: bool = True, catalog: Catalog = CATALOG
) -> tuple[Mention, ...]:
    sentences = [
        Sentence.with_even_timing(Span(5.0 * i, 5.0 * i + 4), text, is_reliable=is_reliable)
        for i, text in enumerate(texts)
    ]
    return AttributeMatcher(catalog).find(sentences, known)


def test_a_size_speaks_for_what_has_it() -> None:
    assert attributes_in("是五十毫升的") == [(("小瓶",), "五十毫升")]


def test_a_shade_speaks_for_what_has_it_and_not_for_its_family() -> None:
    assert attributes_in("藏蓝色") == [(("藏青",), "藏蓝色")]


def test_a_colour_without_a_shade_says_nothing() -> None:
    assert attributes_in("蓝色的，blue") == []


def test_another_value_is_met_by_its_sound() -> None:
    assert attributes_in("草梅忙果味") == [(("草莓",), "草梅忙果")]


def test_what_no_product_has_says_nothing() -> None:
    assert attributes_in("七十毫升，红色") == []


def test_what_was_not_heard_reliably_says_nothing() -> None:
    assert attributes_in("五十毫升", is_reliable=False) == []


def test_words_of_a_title_do_not_count_twice_for_the_same_product() -> None:
    title = Mention("title", ("小瓶",), Span(0, 4), 0, "五十毫升", 1.0)
    assert attributes_in("五十毫升", known=(title,)) == []


def test_words_of_another_products_title_take_nothing_away() -> None:
    title = Mention("title", ("大瓶",), Span(0, 4), 0, "五十毫升", 1.0)
    assert attributes_in("五十毫升", known=(title,)) == [(("小瓶",), "五十毫升")]


def test_a_value_of_much_of_the_catalogue_tells_nothing() -> None:
    same = Catalog(tuple(product(each, f"水{each}50ml") for each in FILLERS))
    assert attributes_in("五十毫升", catalog=same) == []


def test_what_is_said_all_the_time_counts_half() -> None:
    (rare,) = mentions("五十毫升")
    often = mentions(*["五十毫升"] * 20)
    assert [each.weight for each in often] == pytest.approx([rare.weight / 2] * 20)
