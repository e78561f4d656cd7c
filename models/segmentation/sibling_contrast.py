"""What differs between sisters, in what was said: evidence for what one has and another has not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from domain.catalog import Product
from domain.evidence import FloatArray
from models.lexicon.near_duplicates import Sisters
from models.lexicon.product_traits import Heard, Trait, WordFinder, figures_in, figures_of, telling_phrases, words
from models.segmentation.utterance_units import Units, around

NATS_OF_FIGURE, NATS_OF_PHRASE, NATS_OF_WORD = 2.0, 1.6, 1.2  # a measure or colour, words together, a word
COMMON_SHARE = 0.5  # of the nats of what is said in more of the units than this:
COMMON_IN_SPEECH = 0.05
UNITS_OF_ANY_SHOW = 50
MOST_OF_TRAIT = 2.0  # nats of one trait in and around a unit: said thrice it is not thrice as sure
MOST_NATS = 4.0


def differs(units: Units, products: Sequence[Product], sisters: Sisters) -> FloatArray:
    """(units, products): nats for the product and against the nearest of its `sisters`, in and around each unit.

    Against each sister counts what is said of what only one of the two has; the sister that fares best is the
    nearest. 0 for products without sisters, all of which are among `products`, and where nothing is said of what
    differs.
    """
    nats = np.zeros((len(units), len(products)))
    akin = [i for i, product in enumerate(products) if product.product_id in sisters]
    heard = _heard(units, [products[i] for i in akin])
    place = {products[i].product_id: row for row, i in enumerate(akin)}
    kinds = [_Kind.of(kind, [_traits(products[i]) for i in akin], heard) for kind in {trait[0] for trait in heard}]
    for row, column in enumerate(akin):
        others = sorted(place[sister] for sister in sisters[products[column].product_id])
        if kinds:
            nats[:, column] = np.sum([kind.over(row, others) for kind in kinds], axis=0).min(axis=1)
    return np.clip(nats, -MOST_NATS, MOST_NATS)


@dataclass(frozen=True, eq=False)
class _Kind:
    """What is heard of one kind of traits. `heard`: (units, traits), nats; `has`: (traits, products), 1 or 0.

    `counts`: (products, products), the share of its nats that counts for what the one has and the other has not.
    """

    heard: FloatArray
    has: FloatArray
    counts: FloatArray

    @staticmethod
    def of(kind: str, products: Sequence[Set[Trait]], heard: Mapping[Trait, FloatArray]) -> "_Kind":
        """`heard`: the nats of each trait by unit."""
        traits = [trait for trait in heard if trait[0] == kind]
        every = sorted({trait for product in products for trait in product if trait[0] == kind})
        shares = _shares(_has(every, products), weighs_lists=kind == "words")
        return _Kind(np.transpose([heard[trait] for trait in traits]), _has(traits, products), shares)

    def over(self, one: int, others: Sequence[int]) -> FloatArray:
        """(units, others): nats for `one` and against each of the others."""
        has, theirs = self.has[:, one], self.has[:, others]
        both: FloatArray = self.heard @ (has[:, np.newaxis] * theirs)
        of_one: FloatArray = (self.heard @ has)[:, np.newaxis]
        of_others: FloatArray = self.heard @ theirs
        told: FloatArray = (of_one - both) * self.counts[one, others] - (of_others - both) * self.counts[others, one]
        return told


def _has(traits: Sequence[Trait], products: Sequence[Set[Trait]]) -> FloatArray:
    return np.array([[trait in product for product in products] for trait in traits], dtype=np.float64)


def _shares(has: FloatArray, *, weighs_lists: bool) -> FloatArray:
    """(products, products). `has`: (traits, products), of one kind.

    It tells only where the other has something of the kind too that is its own: what is not stated may be the same.
    `weighs_lists`: the longer of two lists of words is hit by accident more often, and counts less.
    """
    own = has.sum(axis=0)[:, np.newaxis] - has.T @ has
    tells = (own > 0) & (own.T > 0)
    shares = np.sqrt(own.T / np.maximum(own, 1.0)) if weighs_lists else np.ones_like(own)
    return np.asarray(np.minimum(shares, 1.0) * tells)


def _traits(product: Product) -> frozenset[Trait]:
    return figures_of(product) | {words(phrase) for phrase in telling_phrases(product)}


def _heard(units: Units, products: Sequence[Product]) -> dict[Trait, FloatArray]:
    """The nats in and around each unit of each trait of `products` that was heard and that not all of them have."""
    counts = Counter(trait for product in products for trait in _traits(product))
    telling = {trait for trait, n in counts.items() if n < len(products)}
    phrases = (phrase for product in products for phrase in telling_phrases(product))
    finder = WordFinder(phrase for phrase in phrases if words(phrase) in telling)
    found: dict[Trait, FloatArray] = {}
    for i, text in enumerate(units.texts):
        for each in _of(text, finder) if units.is_heard[i] else ():
            if each.trait in telling:
                there = found.setdefault(each.trait, np.zeros(len(units)))
                there[i] = max(there[i], each.share * _nats(each.trait))
    return {trait: _around(there) for trait, there in found.items()}


def _around(nats: FloatArray) -> FloatArray:
    """`nats` of one trait by unit, with what is said around; less for what is said all the time."""
    is_common = (nats > 0).sum() > COMMON_IN_SPEECH * (len(nats) + UNITS_OF_ANY_SHOW)
    return np.minimum(nats + around(nats), MOST_OF_TRAIT) * (COMMON_SHARE if is_common else 1.0)


def _of(text: str, finder: WordFinder) -> Iterator[Heard]:
    """Measures, colours, and the words outside of them."""
    figures = tuple(figures_in(text))
    yield from figures
    for each in finder.find(text):
        if not any(each.start < figure.end and figure.start < each.end for figure in figures):
            yield each


def _nats(trait: Trait) -> float:
    if trait[0] != "words":
        return NATS_OF_FIGURE
    return NATS_OF_WORD if len(trait) == 2 else NATS_OF_PHRASE
