"""Phrases that tell a product from its near-duplicates."""

from collections.abc import Mapping

from domain.catalog import Catalog, Product
from models.lexicon.distinguishing_phrases import find_distinguishing_phrases
from models.lexicon.product_traits import MAX_PHRASE_TOKENS

NEAR_DUPLICATES = {"豆沙": frozenset({"砖红"}), "砖红": frozenset({"豆沙"})}


def clay(product_id: str, *, name: str = "唇泥", title: str = "雾面唇泥口红", **attributes: str) -> Product:
    return Product(product_id=product_id, title=title, short_name=name, attributes=attributes)


def phrases_of(
    *products: Product, near_duplicates: Mapping[str, frozenset[str]] = NEAR_DUPLICATES
) -> list[tuple[str, str]]:
    """How they are written, and whose they are."""
    return [
        ("".join(phrase.surfaces), *phrase.product_ids)  # type: ignore[misc]
        for phrase in find_distinguishing_phrases(Catalog(products), near_duplicates)
    ]


def test_attributes_that_differ_are_marks_of_their_products() -> None:
    assert phrases_of(clay("豆沙", 色号="奶茶豆沙"), clay("砖红", 色号="枫叶")) == [
        ("奶茶豆沙", "豆沙"),
        ("枫叶", "砖红"),
    ]


def test_each_value_of_a_list_is_a_mark_of_its_own() -> None:
    assert phrases_of(clay("豆沙", 色号="豆沙、奶茶"), clay("砖红")) == [("豆沙", "豆沙"), ("奶茶", "豆沙")]


def test_english_phrases_keep_their_words() -> None:
    products = (clay("豆沙", shade="rosy business, sand"), clay("砖红", shade="terracotta talk"))
    assert phrases_of(*products) == [("rosybusiness", "豆沙"), ("sand", "豆沙"), ("terracottatalk", "砖红")]


def test_what_a_near_duplicate_has_too_is_none_wherever_she_has_it() -> None:
    title = "雾面唇泥油皮用口红"
    assert phrases_of(clay("豆沙", title=title, 质地="雾面"), clay("砖红", title=title, 肤质="油皮")) == []


def test_what_only_sounds_as_a_near_duplicates_does_is_none() -> None:
    assert phrases_of(clay("豆沙", 色号="枫叶"), clay("砖红", 色号="风叶")) == []


def test_a_product_without_near_duplicates_has_none() -> None:
    assert phrases_of(clay("豆沙", 色号="奶茶"), clay("锅", 颜色="酒红"), near_duplicates={}) == []


def test_names_are_none_for_they_are_hallucinations_anyway() -> None:
    assert phrases_of(clay("豆沙", name="奶茶", 色号="奶茶"), clay("砖红")) == []


def test_numbers_single_characters_and_what_nobody_says_whole_are_none() -> None:
    assert (
        phrases_of(clay("豆沙", 规格="4克", 色="红", 特点="一" + "二三四五六七八九"[:MAX_PHRASE_TOKENS]), clay("砖红"))
        == []
    )
