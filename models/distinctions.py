"""What differs between sisters, in what was said: evidence for what one has and another has not."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np

from domain.catalog import Product
from domain.evidence import FloatArray
from models.sisters import Sisters
from models.traits import Heard, Trait, WordFinder, description_words, figures_in, figures_of, words
from models.units import Units, around

NATS_OF_FIGURE, NATS_OF_WORD, NATS_OF_PAIR = 2.0, 1.2, 0.8  # a measure or colour, an English word, two syllables
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
    column = {product.product_id: i for i, product in enumerate(products)}
    pairs = {column[own]: sorted(column[other] for other in theirs) for own, theirs in sisters.items()}
    traits = {i: _traits(products[i]) for i in pairs}
    heard, telling = _heard(units, [products[i] for i in pairs], _telling(traits, pairs))
    if telling:
        for own, others in pairs.items():
            against = [_set_apart(traits[own], traits[other], telling) for other in others]
            nats[:, own] = (heard @ np.transpose(against)).min(axis=1)
    return np.clip(nats, -MOST_NATS, MOST_NATS)


def _traits(product: Product) -> frozenset[Trait]:
    return figures_of(product) | {words(phrase) for phrase in description_words(product)}


def _telling(traits: Mapping[int, frozenset[Trait]], pairs: Mapping[int, Sequence[int]]) -> set[Trait]:
    """What one of two sisters has and the other has not."""
    return {trait for own, others in pairs.items() for other in others for trait in traits[own] ^ traits[other]}


def _set_apart(own: frozenset[Trait], other: frozenset[Trait], telling: Sequence[Trait]) -> FloatArray:
    """(traits,): 1 for what only `own` has, -1 for what only `other` has, 0 for what both have or tells nothing.

    A measure, colour or word tells only where the other has one of its kind too that is its own: what is not stated
    may be the same. Of words, the longer list is hit by accident more often, and counts less.
    """
    mine, theirs = own - other, other - own
    kinds = {trait[0] for trait in mine} & {trait[0] for trait in theirs}
    of_mine, of_theirs = _share_of_words(mine, theirs), _share_of_words(theirs, mine)
    found = np.zeros(len(telling))
    for i, trait in enumerate(telling):
        if trait[0] in kinds and (trait in mine or trait in theirs):
            sign, share = (1, of_mine) if trait in mine else (-1, of_theirs)
            found[i] = sign * (share if trait[0] == "words" else 1.0)
    return found


def _share_of_words(own: Set[Trait], other: Set[Trait]) -> float:
    mine, theirs = (sum(trait[0] == "words" for trait in each) for each in (own, other))
    return min(1.0, math.sqrt(theirs / mine)) if mine else 1.0


def _heard(units: Units, products: Sequence[Product], telling: Set[Trait]) -> tuple[FloatArray, tuple[Trait, ...]]:
    """(units, traits): nats in and around each unit, of those of `telling` that were heard; and these."""
    phrases = (phrase for product in products for phrase in description_words(product))
    finder = WordFinder(phrase for phrase in phrases if words(phrase) in telling)
    found: dict[Trait, dict[int, float]] = defaultdict(dict)
    for i, text in enumerate(units.texts):
        for each in _of(text, finder) if units.is_heard[i] else ():
            if each.trait in telling:
                found[each.trait][i] = max(found[each.trait].get(i, 0.0), each.share * _nats(each.trait))
    heard = np.zeros((len(units), len(found)))
    for place, there in enumerate(found.values()):
        heard[list(there), place] = list(there.values())
    is_common = (heard > 0).sum(axis=0) > COMMON_IN_SPEECH * (len(units) + UNITS_OF_ANY_SHOW)
    heard = np.minimum(around(heard) + heard, MOST_OF_TRAIT) * np.where(is_common, COMMON_SHARE, 1.0)
    return heard, tuple(found)


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
    return NATS_OF_WORD if len(trait) == 2 else NATS_OF_PAIR
