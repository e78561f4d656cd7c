"""What differs between sisters, in what was said: evidence for what one has and another has not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    """(units, products): nats for the product and against the nearest of its `sisters` (all among
    `products`), in and around each unit.

    Against each sister counts what is said of what only one of the two has; the sister that fares best is the
    nearest. 0 for products without sisters, and where nothing is said of what differs.
    """
    nats = np.zeros((len(units), len(products)))
    column = {product.product_id: i for i, product in enumerate(products)}
    pairs = {column[own]: [column[other] for other in theirs] for own, theirs in sisters.items()}
    traits = {i: _traits(products[i]) for i in pairs}
    telling = sorted(_telling(traits, pairs))
    heard = _heard(units, [products[i] for i in pairs], telling)
    has = {i: np.array([trait in traits[i] for trait in telling], dtype=np.float64) for i in pairs}
    for own, others in pairs.items():
        if others:
            nats[:, own] = np.min([heard @ (has[own] - has[other]) for other in others], axis=0)
    return np.clip(nats, -MOST_NATS, MOST_NATS)


def _traits(product: Product) -> frozenset[Trait]:
    return figures_of(product) | {words(phrase) for phrase in description_words(product)}


def _telling(traits: Mapping[int, frozenset[Trait]], pairs: Mapping[int, Sequence[int]]) -> set[Trait]:
    """What one of two sisters has and the other has not."""
    return {trait for own, others in pairs.items() for other in others for trait in traits[own] ^ traits[other]}


def _heard(units: Units, products: Iterable[Product], telling: Sequence[Trait]) -> FloatArray:
    """(units, traits): nats of each trait in and around each unit."""
    place = {trait: i for i, trait in enumerate(telling)}
    phrases = (phrase for product in products for phrase in description_words(product))
    finder = WordFinder(phrase for phrase in phrases if words(phrase) in place)
    heard = np.zeros((len(units), len(telling)))
    for i, text in enumerate(units.texts):
        for each in _of(text, finder) if units.is_heard[i] else ():
            if each.trait in place:
                heard[i, place[each.trait]] = max(heard[i, place[each.trait]], each.share * _nats(each.trait))
    is_common = (heard > 0).sum(axis=0) > COMMON_IN_SPEECH * (len(units) + UNITS_OF_ANY_SHOW)
    return np.minimum(around(heard) + heard, MOST_OF_TRAIT) * np.where(is_common, COMMON_SHARE, 1.0)


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
