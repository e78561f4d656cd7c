"""Which products of a catalogue are near-duplicates: easily taken for one another."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import TypeAlias

from domain.catalog import Catalog, Product
from models.lexicon.alias_mining import BRACKETS
from models.text.phonetic_tokens import fold_text

NearDuplicates: TypeAlias = Mapping[str, frozenset[str]]
"""The near-duplicates of each product, by its id; products without any are left out."""

NO_NEAR_DUPLICATES: NearDuplicates = MappingProxyType({})
MIN_OVERLAP = 0.5  # of the shorter text's pieces: half of it, a definition
PIECE = re.compile(r"[a-z0-9.]+|[㐀-鿿]+")


def find_near_duplicates(catalog: Catalog) -> NearDuplicates:
    """The near-duplicates of each product; the relation is symmetric.

    Two products are near-duplicates when their titles share at least half of the shorter one's pieces, or when they
    are of the same category and their short names share as much; never when both brands are given and differ. Pieces
    are Latin words, numbers, and pairs of neighbouring Chinese characters. Brackets, which hold campaigns, don't count.
    """
    duplicates: dict[str, set[str]] = defaultdict(set)
    for a, b in combinations([_compared_product(product) for product in catalog], 2):
        if _are_near_duplicates(a, b):
            duplicates[a.product_id].add(b.product_id)
            duplicates[b.product_id].add(a.product_id)
    return {own: frozenset(others) for own, others in duplicates.items()}


def near_duplicates_among(catalog: Catalog, product_ids: Collection[str]) -> NearDuplicates:
    """The near-duplicates among `product_ids`; the rest of a large catalogue is not compared. Ignores unknown ids."""
    selected_ids = frozenset(product_ids)
    products = tuple(product for product in catalog if product.product_id in selected_ids)
    return find_near_duplicates(Catalog(products)) if products else NO_NEAR_DUPLICATES


@dataclass(frozen=True, slots=True)
class _ComparedProduct:
    """What is compared of a product: folded texts, and pieces of title and name."""

    product_id: str
    brand: str
    category: str
    title: frozenset[str]
    name: frozenset[str]


def _compared_product(product: Product) -> _ComparedProduct:
    brand, category = fold_text(product.brand.strip()), fold_text(product.category.strip())
    return _ComparedProduct(
        product.product_id, brand, category, _text_pieces(product.title), _text_pieces(product.name)
    )


def _are_near_duplicates(a: _ComparedProduct, b: _ComparedProduct) -> bool:
    if a.brand and b.brand and a.brand != b.brand:
        return False
    is_same_category = a.category != "" and a.category == b.category
    return _overlap(a.title, b.title) >= MIN_OVERLAP or (is_same_category and _overlap(a.name, b.name) >= MIN_OVERLAP)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set's pieces that the other has too; 0 where one has none."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _text_pieces(text: str) -> frozenset[str]:
    return frozenset(piece for run in PIECE.findall(fold_text(BRACKETS.sub(" ", text))) for piece in _split_run(run))


def _split_run(run: str) -> list[str]:
    """A Latin word or number is one piece; n Chinese characters make n - 1 overlapping pairs."""
    return [run] if run.isascii() or len(run) == 1 else [a + b for a, b in pairwise(run)]
