"""Decoys: products of other shows in a catalogue, which nobody explains."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from domain.catalog import Catalog, Product


def add_decoys(catalog: Catalog, others: Sequence[Catalog], decoy_count: int, rng: np.random.Generator) -> Catalog:
    """`catalog` in new order with `decoy_count` products of `others`, or as many as they have.

    Each title comes once. Decoys have ids that start with decoy. and link numbers that are free.
    """
    own_titles = {product.title for product in catalog}
    candidates = {product.title: product for other in others for product in other if product.title not in own_titles}
    titles = sorted(candidates)
    chosen_titles = [titles[i] for i in rng.permutation(len(titles))[:decoy_count].tolist()]
    if not chosen_titles:
        return catalog
    products = (*catalog, *_renumber([candidates[title] for title in chosen_titles], catalog))
    return Catalog(tuple(products[i] for i in rng.permutation(len(products)).tolist()))


def _renumber(decoys: Sequence[Product], catalog: Catalog) -> Iterator[Product]:
    """`decoys` with ids and link numbers that `catalog` does not have."""
    used_link_numbers = {product.link_no for product in catalog}
    free_link_numbers = (number for number in count(1) if number not in used_link_numbers)
    for decoy, link_no in zip(decoys, free_link_numbers, strict=False):
        yield replace(decoy, product_id=f"decoy.{link_no}.{decoy.product_id}", link_no=link_no)
