"""Attributes that tell a product from its near-duplicates: a shade, a fit, a filling."""

from collections.abc import Iterator, Mapping, Sequence, Set

from domain.catalog import Catalog, Product
from models.lexicon.aliases import Alias, catalog_aliases
from models.lexicon.product_traits import attribute_phrases
from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens, token_codes, token_surfaces


def find_distinguishing_phrases(catalog: Catalog, near_duplicates: Mapping[str, Set[str]]) -> tuple[Alias, ...]:
    """The phrases in attributes of a product that none of its `near_duplicates` has, each with its one product.

    Without numbers, which find_quantities reads, and without names, which are aliases already.
    """
    name_codes = {alias.codes for alias in catalog_aliases(catalog)}
    phrases = dict.fromkeys(
        Alias(token_codes(phrase), token_surfaces(phrase), "title", (product.product_id,))
        for product in catalog
        for phrase in _unshared_phrases(
            product, [catalog.by_id[i] for i in sorted(near_duplicates.get(product.product_id, ()))]
        )
    )
    return tuple(phrase for phrase in phrases if phrase.codes not in name_codes)


def _unshared_phrases(product: Product, others: Sequence[Product]) -> Iterator[tuple[PhoneticToken, ...]]:
    other_codes = [token_codes(phonetic_tokens(text)) for other in others for text in _product_texts(other)]
    for phrase in attribute_phrases(product) if others else ():
        if not any(_contains(text, token_codes(phrase)) for text in other_codes):
            yield phrase


def _product_texts(product: Product) -> tuple[str, ...]:
    return product.title, product.short_name, *product.aliases, *product.attributes.values()


def _contains(text: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(text[start : start + len(part)] == part for start in range(len(text) - len(part) + 1))
