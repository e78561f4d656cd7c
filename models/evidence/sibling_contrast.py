"""Contrasts near-duplicates: evidence from traits that one product has and its near-duplicate has not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from domain.catalog import Product
from domain.evidence import FloatArray, UtteranceUnits
from models.evidence.utterance_units import neighbour_sum
from models.lexicon.near_duplicates import NearDuplicates
from models.lexicon.product_traits import (
    PhraseMatcher,
    Trait,
    TraitMatch,
    discriminative_phrases,
    find_quantities_and_colours,
    phrase_trait,
    quantities_and_colours_of,
)

FIGURE_NATS, PHRASE_NATS, WORD_NATS = 2.0, 1.6, 1.2  # of a measure or colour, of words together, of a word
COMMON_TRAIT_WEIGHT = 0.5  # of a trait in more than MIN_COMMON_UNIT_SHARE of the units
MIN_COMMON_UNIT_SHARE = 0.05
PRIOR_UNITS = 50  # added to the count of units, as in term_weights.py
MAX_TRAIT_NATS = 2.0  # of one trait in and around a unit: said three times it is not three times as certain
MAX_CONTRAST_NATS = 4.0  # either way: no unit decides a show


def contrast_near_duplicates(
    units: UtteranceUnits, products: Sequence[Product], near_duplicates: NearDuplicates
) -> FloatArray:
    """(units, products): nats for the product against the best of its `near_duplicates`, in and around each unit.

    Two products are compared by the traits that only one of them has; the near-duplicate that fares best counts. 0
    for products without near-duplicates, and where no such trait is said. All near-duplicates are among `products`.
    """
    nats = np.zeros((len(units), len(products)))
    compared_columns = [i for i, product in enumerate(products) if product.product_id in near_duplicates]
    trait_nats = _spoken_trait_nats(units, [products[i] for i in compared_columns])
    row_of_product = {products[i].product_id: row for row, i in enumerate(compared_columns)}
    contrasts = [
        _TraitContrast.build(kind, [_product_traits(products[i]) for i in compared_columns], trait_nats)
        for kind in {trait[0] for trait in trait_nats}
    ]
    for row, column in enumerate(compared_columns):
        others = sorted(row_of_product[other] for other in near_duplicates[products[column].product_id])
        if contrasts:
            nats[:, column] = np.sum([kind.contrast(row, others) for kind in contrasts], axis=0).min(axis=1)
    return np.clip(nats, -MAX_CONTRAST_NATS, MAX_CONTRAST_NATS)


@dataclass(frozen=True, eq=False)
class _TraitContrast:
    """The traits of one kind. `spoken_nats`: (units, traits); `has_trait`: (traits, products), 1 or 0.

    `pair_weights`: (products, products), of the nats for traits that the first has and the second has not.
    """

    spoken_nats: FloatArray
    has_trait: FloatArray
    pair_weights: FloatArray

    @staticmethod
    def build(kind: str, products: Sequence[Set[Trait]], spoken_nats: Mapping[Trait, FloatArray]) -> "_TraitContrast":
        """`spoken_nats`: by trait, (units,)."""
        traits = [trait for trait in spoken_nats if trait[0] == kind]
        all_traits = sorted({trait for product in products for trait in product if trait[0] == kind})
        shares = _pair_weights(_trait_matrix(all_traits, products), weighs_lists=kind == "words")
        return _TraitContrast(
            np.transpose([spoken_nats[trait] for trait in traits]), _trait_matrix(traits, products), shares
        )

    def contrast(self, product: int, others: Sequence[int]) -> FloatArray:
        """(units, others): nats for `product` against each of the others."""
        has, others_have = self.has_trait[:, product], self.has_trait[:, others]
        shared_nats: FloatArray = self.spoken_nats @ (has[:, np.newaxis] * others_have)
        product_nats: FloatArray = (self.spoken_nats @ has)[:, np.newaxis]
        others_nats: FloatArray = self.spoken_nats @ others_have
        contrast_nats: FloatArray = (product_nats - shared_nats) * self.pair_weights[product, others] - (
            others_nats - shared_nats
        ) * self.pair_weights[others, product]
        return contrast_nats


def _trait_matrix(traits: Sequence[Trait], products: Sequence[Set[Trait]]) -> FloatArray:
    return np.array([[trait in product for product in products] for trait in traits], dtype=np.float64)


def _pair_weights(has_trait: FloatArray, *, weighs_lists: bool) -> FloatArray:
    """(products, products). `has_trait`: (traits, products), of one kind.

    A trait counts only where the other product has one of its kind too: what is not stated may be the same.
    `weighs_lists`: the longer of two lists of words matches by accident more often, and counts less.
    """
    own_counts = has_trait.sum(axis=0)[:, np.newaxis] - has_trait.T @ has_trait
    is_comparable = (own_counts > 0) & (own_counts.T > 0)
    shares = np.sqrt(own_counts.T / np.maximum(own_counts, 1.0)) if weighs_lists else np.ones_like(own_counts)
    return np.asarray(np.minimum(shares, 1.0) * is_comparable)


def _product_traits(product: Product) -> frozenset[Trait]:
    return quantities_and_colours_of(product) | {phrase_trait(phrase) for phrase in discriminative_phrases(product)}


def _spoken_trait_nats(units: UtteranceUnits, products: Sequence[Product]) -> dict[Trait, FloatArray]:
    """By trait that is said and that not all `products` have: (units,), nats in and around each unit."""
    counts = Counter(trait for product in products for trait in _product_traits(product))
    distinguishing = {trait for trait, n in counts.items() if n < len(products)}
    phrases = (phrase for product in products for phrase in discriminative_phrases(product))
    finder = PhraseMatcher(phrase for phrase in phrases if phrase_trait(phrase) in distinguishing)
    nats_by_trait: dict[Trait, FloatArray] = {}
    for i, text in enumerate(units.texts):
        for each in _traits_in(text, finder) if units.is_reliable[i] else ():
            if each.trait in distinguishing:
                unit_nats = nats_by_trait.setdefault(each.trait, np.zeros(len(units)))
                unit_nats[i] = max(unit_nats[i], each.weight_share * _trait_weight(each.trait))
    return {trait: _add_neighbours(nats) for trait, nats in nats_by_trait.items()}


def _add_neighbours(nats: FloatArray) -> FloatArray:
    """`nats` of one trait, (units,), plus those of neighbouring units; less for a trait that is common in the show."""
    is_common = (nats > 0).sum() > MIN_COMMON_UNIT_SHARE * (len(nats) + PRIOR_UNITS)
    return np.minimum(nats + neighbour_sum(nats), MAX_TRAIT_NATS) * (COMMON_TRAIT_WEIGHT if is_common else 1.0)


def _traits_in(text: str, finder: PhraseMatcher) -> Iterator[TraitMatch]:
    """Measures, colours, and phrases outside of them."""
    figures = tuple(find_quantities_and_colours(text))
    yield from figures
    for each in finder.find(text):
        if not any(each.start < figure.end and figure.start < each.end for figure in figures):
            yield each


def _trait_weight(trait: Trait) -> float:
    if trait[0] != "words":
        return FIGURE_NATS
    return WORD_NATS if len(trait) == 2 else PHRASE_NATS
