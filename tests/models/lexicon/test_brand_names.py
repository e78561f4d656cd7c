"""Brands in the other language."""

import tomllib
from importlib.resources import files

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.speech import Sentence
from models.lexicon.brand_names import brand_synonyms
from models.linking.entity_linker import EntityLinker


@pytest.mark.parametrize(
    ("brand", "other"),
    [
        ("Lancôme", "兰蔻"),
        ("LANCOME", "兰蔻"),
        ("兰蔻", "Lancôme"),
        ("estee lauder", "雅诗兰黛"),
        ("Philips/飞利浦", "Philips"),
        ("戴森", "Dyson"),
    ],
)
def test_a_brand_is_known_by_its_name_in_the_other_language(brand: str, other: str) -> None:
    assert other in (*brand_synonyms(brand), *brand.split("/"))


@pytest.mark.parametrize("brand", ["", "没听过的牌子", "Nobody Inc", "(", "·"])
def test_a_brand_that_is_not_listed_has_no_other_name(brand: str) -> None:
    assert brand_synonyms(brand) == ()


def test_a_brand_given_in_both_languages_gets_neither_again() -> None:
    assert brand_synonyms("Philips/飞利浦") == ()


def test_every_line_of_the_list_has_both_languages() -> None:
    lists = tomllib.loads(files("models.lexicon").joinpath("brand_names.toml").read_text(encoding="utf-8"))["brands"]
    for text in lists.values():
        for row in text.strip().splitlines():
            latin, chinese = row.split(" = ")
            assert latin.strip(), row
            assert chinese.strip(), row
            assert all(name.strip() for name in (*latin.split(","), *chinese.split(","))), row


@pytest.mark.parametrize(
    ("brand", "spoken"), [("Lancôme", "这瓶兰蔻的"), ("飞利浦", "就是philips家的"), ("Dyson", "戴森来了")]
)
def test_a_brand_is_found_whichever_language_it_is_said_in(brand: str, spoken: str) -> None:
    matcher = EntityLinker(
        Catalog((Product(product_id="1", title="好物", brand=brand), Product(product_id="2", title="别的")))
    )
    found = [each for each in matcher.link([Sentence.with_even_timing(Span(0, 4), spoken)]) if each.kind == "brand"]
    assert [each.product_ids for each in found] == [("1",)]
