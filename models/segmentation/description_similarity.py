"""How much what is said shares words with each product's description: for hosts who never say the name."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from domain.catalog import Catalog
from domain.evidence import FloatArray
from models.lexicon.aliases import descriptive_tokens
from models.segmentation.utterance_units import Units
from models.text.phonetic_tokens import Token, tokens_of

NEIGHBOUR_SHARE = 0.5  # what the units beside a unit say counts half


def likeness(units: Units, catalog: Catalog) -> FloatArray:
    """(units, products): square root of how much rarer words a unit shares with the product than with the average.

    Words are pairs of sounds, or Latin stems; rare in the catalogue counts, common in the show does not.
    """
    described = [{word for tokens in descriptive_tokens(product) for word in _words(tokens)} for product in catalog]
    said = [set(_words(tokens_of(text))) for text in units.texts]
    rarity = _rarity(described, said)
    owners: dict[str, list[int]] = defaultdict(list)
    for product, words in enumerate(described):
        for word in words:
            owners[word].append(product)
    shared = np.zeros((len(units), len(described)))
    for unit, words in enumerate(said):
        for word in sorted(words & owners.keys()):
            shared[unit, owners[word]] += rarity[word]
    around = shared.copy()
    around[1:] += NEIGHBOUR_SHARE * shared[:-1]
    around[:-1] += NEIGHBOUR_SHARE * shared[1:]
    return np.asarray(np.sqrt(np.maximum(around - around.mean(axis=1, keepdims=True), 0.0)))


def _words(tokens: Sequence[Token]) -> Iterable[str]:
    """Pairs of neighbouring Chinese sounds, and single Latin words."""
    for token in tokens:
        if token.is_word:
            yield token.code
    for one, following in pairwise(tokens):
        if not (one.is_word and following.is_word):
            yield f"{one.code} {following.code}"


def _rarity(described: Sequence[set[str]], said: Sequence[set[str]]) -> dict[str, float]:
    """The weight of every word of the catalogue: its inverse document frequency, less the more often it is said."""
    spread, heard = Counter[str](), Counter[str]()
    for words in described:
        spread.update(words)
    for words in said:
        heard.update(words & spread.keys())
    full = math.log1p(len(said))
    return {
        word: math.log((len(described) + 1) / count) * max(0.0, 1 - math.log1p(heard[word]) / full)
        for word, count in spread.items()
    }
