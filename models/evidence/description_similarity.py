"""Similarity of units to each product's description by common words: for hosts who never say the name."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from domain.catalog import Catalog
from domain.evidence import FloatArray, UtteranceUnits
from models.lexicon.aliases import descriptive_phrases
from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens

NEIGHBOUR_WEIGHT = 0.5  # of the units beside a unit


def description_similarity(units: UtteranceUnits, catalog: Catalog) -> FloatArray:
    """(units, products): square root of the weight of words that a unit shares with the product, above the average over
    the products if there are several.

    Words are pairs of sounds, or Latin stems; those that are rare in the catalogue and in the show weigh most.
    """
    product_terms = [
        {word for tokens in descriptive_phrases(product) for word in _terms(tokens)} for product in catalog
    ]
    spoken_terms = [set(_terms(phonetic_tokens(text))) for text in units.texts]
    weights = _term_weights(product_terms, spoken_terms)
    products_by_term: dict[str, list[int]] = defaultdict(list)
    for product, words in enumerate(product_terms):
        for word in words:
            products_by_term[word].append(product)
    shared = np.zeros((len(units), len(product_terms)))
    for unit, words in enumerate(spoken_terms):
        for word in sorted(words & products_by_term.keys()):
            shared[unit, products_by_term[word]] += weights[word]
    smoothed = shared.copy()
    smoothed[1:] += NEIGHBOUR_WEIGHT * shared[:-1]
    smoothed[:-1] += NEIGHBOUR_WEIGHT * shared[1:]
    average = smoothed.mean(axis=1, keepdims=True) if len(product_terms) > 1 else 0.0
    return np.asarray(np.sqrt(np.maximum(smoothed - average, 0.0)))


def _terms(tokens: Sequence[PhoneticToken]) -> Iterable[str]:
    """Pairs of neighbouring Chinese sounds, and single Latin words."""
    for token in tokens:
        if token.is_latin:
            yield token.code
    for first, following in pairwise(tokens):
        if not (first.is_latin and following.is_latin):
            yield f"{first.code} {following.code}"


def _term_weights(product_terms: Sequence[set[str]], spoken_terms: Sequence[set[str]]) -> dict[str, float]:
    """The weight of every word of the catalogue: inverse document frequency, reduced the more often it is said."""
    product_counts, spoken_counts = Counter[str](), Counter[str]()
    for words in product_terms:
        product_counts.update(words)
    for words in spoken_terms:
        spoken_counts.update(words & product_counts.keys())
    max_log_count = math.log1p(len(spoken_terms))
    return {
        word: math.log((len(product_terms) + 1) / count) * max(0.0, 1 - math.log1p(spoken_counts[word]) / max_log_count)
        for word, count in product_counts.items()
    }
