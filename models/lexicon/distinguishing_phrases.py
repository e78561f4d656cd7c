"""Marks: attributes that tell a product from its sisters, as hosts say them in passing: a shade, a fit, a filling."""

from collections.abc import Iterator, Mapping, Sequence, Set

from domain.catalog import Catalog, Product
from models.lexicon.aliases import Alias, aliases_of
from models.lexicon.product_traits import attribute_phrases
from models.text.phonetic_tokens import Token, tokens_of


def marks_of(catalog: Catalog, sisters: Mapping[str, Set[str]]) -> tuple[Alias, ...]:
    """The phrases in attributes of a product that none of its `sisters` has, each with its one product.

    Numbers are none, for they are read apart; names in the catalogue are none either, for they are doubted anyway.
    """
    names = {alias.codes for alias in aliases_of(catalog)}
    marks = dict.fromkeys(
        Alias(_codes(phrase), tuple(token.written for token in phrase), "title", (product.product_id,))
        for product in catalog
        for phrase in _own_phrases(product, [catalog.by_id[i] for i in sorted(sisters.get(product.product_id, ()))])
    )
    return tuple(mark for mark in marks if mark.codes not in names)


def _own_phrases(product: Product, others: Sequence[Product]) -> Iterator[tuple[Token, ...]]:
    theirs = [_codes(tokens_of(text)) for other in others for text in _texts_of(other)]
    for phrase in attribute_phrases(product) if others else ():
        if not any(_holds(text, _codes(phrase)) for text in theirs):
            yield phrase


def _texts_of(product: Product) -> tuple[str, ...]:
    return product.title, product.short_name, *product.aliases, *product.attributes.values()


def _holds(text: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(text[start : start + len(part)] == part for start in range(len(text) - len(part) + 1))


def _codes(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.code for token in tokens)
