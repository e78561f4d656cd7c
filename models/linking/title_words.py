"""Words of titles, attributes and categories in what is said: weak evidence, but there where no name is."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.lexicon.aliases import descriptive_tokens
from models.linking.term_weights import Rarity, gram_places
from models.text.phonetic_tokens import Token

Gram = tuple[str, ...]

NATS_PER_IDF = 0.35
PAIR_SOUNDS_ALIKE = 0.35  # share of a single pair's weight when only its sounds are a description's
MOST_NATS_PER_RUN = 2.5
WIDEST_GRAM = 0.3  # share of the catalogue above which a word of the titles tells nothing


class TitleWords:
    """The words that describe the products of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._size = len(catalog)
        self._describes = _grams_of(catalog)
        self._written = _written_in(catalog)

    def find(
        self, index: int, sentence: Sentence, tokens: Sequence[Token], taken: set[int], rarity: Rarity
    ) -> Iterator[Mention]:
        """Runs of words that a product's description holds, outside the tokens that are `taken`."""
        said: dict[tuple[int, int], tuple[Span, str]] = {}  # many products share their words
        for product_id, found in self._runs(tokens, taken, rarity).items():
            for start, end, idf in found:
                if (start, end) not in said:
                    said[start, end] = said_at(sentence, tokens[start:end])
                span, text = said[start, end]
                weight = min(MOST_NATS_PER_RUN, NATS_PER_IDF * idf)
                if end - start == 2 and tuple(token.written for token in tokens[start:end]) not in self._written:
                    weight *= PAIR_SOUNDS_ALIKE
                yield Mention("title", (product_id,), span, index, text, weight)

    def _runs(
        self, tokens: Sequence[Token], taken: set[int], rarity: Rarity
    ) -> dict[str, list[tuple[int, int, float]]]:
        """By product, where runs begin and end, and how rare their words are together."""
        runs: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        for start, end in gram_places(tokens):
            if taken.isdisjoint(range(start, end)):
                gram = tuple(token.code for token in tokens[start:end])
                idf = self._idf(gram) * rarity.of(gram)
                for product_id in self._describes.get(gram, ()) if idf > 0 else ():
                    _extend(runs[product_id], start, end, idf)
        return runs

    def _idf(self, gram: Gram) -> float:
        spread = len(self._describes.get(gram, ()))
        if spread == 0 or (spread > 2 and spread > WIDEST_GRAM * self._size):
            return 0.0
        return math.log((self._size + 1) / spread)


def said_at(sentence: Sentence, tokens: Sequence[Token]) -> tuple[Span, str]:
    """When these tokens of `sentence` were said, and as what they were heard."""
    start, end = tokens[0].start, tokens[-1].end
    return sentence.time_of(start, end), sentence.text[start:end]


def _grams_of(catalog: Catalog) -> dict[Gram, tuple[str, ...]]:
    owners: dict[Gram, dict[str, None]] = defaultdict(dict)
    for product in catalog:
        for tokens in descriptive_tokens(product):
            for start, end in gram_places(tokens):
                owners[tuple(token.code for token in tokens[start:end])][product.product_id] = None
    return {gram: tuple(ids) for gram, ids in owners.items()}


def _written_in(catalog: Catalog) -> frozenset[Gram]:
    """The pairs of words that the descriptions hold, as they are written."""
    described = (tokens for product in catalog for tokens in descriptive_tokens(product))
    return frozenset((one.written, next_.written) for tokens in described for one, next_ in pairwise(tokens))


def _extend(runs: list[tuple[int, int, float]], start: int, end: int, idf: float) -> None:
    if runs and start <= runs[-1][1]:
        first, last, total = runs[-1]
        runs[-1] = (first, max(last, end), total + idf)
    else:
        runs.append((start, end, idf))
