"""Sisters: products of one catalogue that are nearly the same, so that taking one for the other is a mistake apart."""

import re
from collections.abc import Mapping
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import TypeAlias

from domain.catalog import Catalog, Product
from models.alias_mining import BRACKETS
from models.tokens import folded

Sisters: TypeAlias = Mapping[str, frozenset[str]]
"""A product's sisters, by its id; products without any are left out."""

NO_SISTERS: Sisters = MappingProxyType({})
LEAST_SHARED = 0.5  # of the shorter text's pieces: "most of it" begins there
PIECE = re.compile(r"[a-z0-9.]+|[㐀-鿿]+")


def sisters_of(catalog: Catalog) -> Sisters:
    """Who is whose sister; it goes both ways.

    Two products are sisters unless their brands are given and differ, when their titles (without what stands in
    brackets: campaigns, not products) share at least half of the shorter one's pieces, or when they are of the same
    category and the names that hosts use share as much. Pieces are Latin words, numbers, and pairs of neighbouring
    Chinese characters.
    """
    alike = [(a, b) for a, b in combinations(catalog, 2) if _are_sisters(a, b)]
    both_ways = [(a.product_id, b.product_id) for a, b in (*alike, *((b, a) for a, b in alike))]
    ids = dict.fromkeys(own for own, _ in both_ways)
    return {own: frozenset(other for one, other in both_ways if one == own) for own in ids}


def _are_sisters(a: Product, b: Product) -> bool:
    brands = {folded(product.brand.strip()) for product in (a, b)} - {""}
    if len(brands) > 1:
        return False
    is_same_kind = a.category.strip() != "" and folded(a.category.strip()) == folded(b.category.strip())
    return _shared(a.title, b.title) >= LEAST_SHARED or (is_same_kind and _shared(a.name, b.name) >= LEAST_SHARED)


def _shared(a: str, b: str) -> float:
    """The share of the shorter text's pieces that the other has too; 0 where one has none."""
    one, other = _pieces(a), _pieces(b)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _pieces(text: str) -> frozenset[str]:
    return frozenset(piece for run in PIECE.findall(folded(BRACKETS.sub(" ", text))) for piece in _pieces_of_run(run))


def _pieces_of_run(run: str) -> list[str]:
    """A Latin word or number is one piece; n Chinese characters make n - 1 overlapping pairs."""
    return [run] if run.isascii() or len(run) == 1 else [a + b for a, b in pairwise(run)]
