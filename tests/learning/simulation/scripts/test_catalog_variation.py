"""Near-duplicates differ in one thing, and link numbers change in text and catalogue alike."""

from dataclasses import replace

import numpy as np
import pytest

from domain.catalog import Catalog, Product
from domain.session import Language
from fixtures.tiny_scripts import CHINESE_PRODUCTS
from learning.simulation.scripts.catalog_variation import (
    add_near_duplicates,
    relink_text,
    shuffle_link_numbers,
    with_titles_alone,
    without_aliases,
)


def test_a_near_duplicate_has_an_id_a_title_and_a_link_of_its_own() -> None:
    for seed in range(30):
        shelf = add_near_duplicates(CHINESE_PRODUCTS, ["a"], "zh", np.random.default_rng(seed))
        duplicate = shelf[-1]
        assert len(shelf) == 5
        assert duplicate.product_id.startswith("a-")
        assert duplicate.link_no == 5
        assert duplicate.title not in {each.title for each in CHINESE_PRODUCTS}
        shared = set(duplicate.title) & set(CHINESE_PRODUCTS[0].title)
        assert len(shared) >= 0.8 * len(set(CHINESE_PRODUCTS[0].title) - set("0123456789"))


def test_two_near_duplicates_of_a_product_are_two() -> None:
    for seed in range(30):
        shelf = add_near_duplicates(CHINESE_PRODUCTS, ["a", "a", "b"], "zh", np.random.default_rng(seed))
        assert len({each.product_id for each in shelf}) == len(shelf)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("zh", "一号链接，十一号不是", "十三号链接，十一号不是"),
        ("zh", "拍一号", "拍十三号"),
        ("zh", "一个一百", "一个一百"),
        ("en", "It's number one, only one left.", "It's number thirteen, only one left."),
        ("en", "Link one right there", "Link thirteen right there"),
        ("en", "sold one large", "sold thirteen large"),
        ("en", "that is item one", "that is item thirteen"),
        ("en", "number twenty two please", "number twenty two please"),
    ],
)
def test_link_numbers_are_said_again(language: Language, text: str, said: str) -> None:
    assert relink_text(text, {1: 13}, language) == said


def test_numbers_that_change_places_do_not_run_into_each_other() -> None:
    assert relink_text("一号和二号", {1: 2, 2: 1}, "zh") == "二号和一号"
    assert (
        relink_text("number twenty two and number three", {22: 3, 3: 22}, "en") == "number three and number twenty two"
    )


def test_numbers_dealt_again_are_all_the_numbers() -> None:
    dealt = tuple(shuffle_link_numbers(CHINESE_PRODUCTS, np.random.default_rng(0)))

    assert sorted(each.link_no or 0 for each in dealt) == [1, 2, 3, 4]
    assert [each.product_id for each in dealt] == ["a", "b", "c", "d"]


FULL_PRODUCT = Product(
    product_id="p",
    link_no=3,
    title="山月集寿眉饼350g",
    short_name="寿眉饼",
    brand="山月集",
    category="茶",
    attributes={"重量": "350g"},
    price=26800,
    aliases=("老茶饼",),
)


def test_titles_alone_leave_nothing_else() -> None:
    (product,) = with_titles_alone(Catalog((FULL_PRODUCT,)))
    assert product == Product(product_id="p", title="山月集寿眉饼350g")


def test_nicknames_can_be_missing_alone() -> None:
    assert without_aliases(Catalog((FULL_PRODUCT,))).products == (replace(FULL_PRODUCT, aliases=()),)
