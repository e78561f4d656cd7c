"""Finds words of titles, attributes and categories in a transcript: weak evidence, but there where no name is.

Two syllables alone count only where they may be a word: in real rooms most others stand across the borders of words.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.lexicon.aliases import descriptive_phrases
from models.linking.term_weights import TermWeights, term_spans
from models.text.phonetic_tokens import PhoneticToken, TokenCodes, token_codes
from models.text.word_borders import crosses_word_border, makes_sense

NATS_PER_IDF = 0.35  # set by hand, like MAX_NATS_PER_RUN; the scorer's learned weights scale title words
HOMOPHONE_PAIR_SHARE = 0.35  # of a single pair's weight when only its sounds are in a description
MAX_NATS_PER_RUN = 2.5
MAX_CATALOG_SHARE = 0.3  # of products above which a word of the titles is no evidence


class TitleWordMatcher:
    """Matches tokens against the words that describe the products of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog_size = len(catalog)
        self._product_ids_by_term = _products_by_term(catalog)
        self._written_pairs = _adjacent_surfaces(catalog)

    def find(
        self,
        index: int,
        sentence: Sentence,
        tokens: Sequence[PhoneticToken],
        taken_tokens: set[int],
        term_weights: TermWeights,
    ) -> Iterator[Mention]:
        """Runs of words of a product's description, outside `taken_tokens` (indices of tokens)."""
        span_and_text: dict[tuple[int, int], tuple[Span, str]] = {}  # many products share their words
        for product_id, runs in self._runs(tokens, taken_tokens, term_weights).items():
            for start, end, idf in runs:
                if (start, end) not in span_and_text:
                    span_and_text[start, end] = span_and_text_of(sentence, tokens[start:end])
                span, text = span_and_text[start, end]
                weight = min(MAX_NATS_PER_RUN, NATS_PER_IDF * idf) * self._pair_share(tokens[start:end])
                if weight:
                    yield Mention("title", (product_id,), span, index, text, weight)

    def _pair_share(self, run: Sequence[PhoneticToken]) -> float:
        """The share of its weight that a run has: less than 1 for two syllables that may be no word, or another."""
        if len(run) != 2 or run[0].is_latin or run[1].is_latin:
            return 1.0
        first, second = run[0].surface, run[1].surface
        if crosses_word_border(first, second):
            return 0.0
        if (first, second) in self._written_pairs:
            return 1.0
        return 0.0 if makes_sense(first, second) else HOMOPHONE_PAIR_SHARE

    def _runs(
        self, tokens: Sequence[PhoneticToken], taken_tokens: set[int], term_weights: TermWeights
    ) -> dict[str, list[tuple[int, int, float]]]:
        """By product, where runs begin and end, and the sum of their words' rarity."""
        runs: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        for start, end in term_spans(tokens):
            if taken_tokens.isdisjoint(range(start, end)):
                gram = token_codes(tokens[start:end])
                idf = self._idf(gram) * term_weights.weight(gram)
                for product_id in self._product_ids_by_term.get(gram, ()) if idf > 0 else ():
                    _extend(runs[product_id], start, end, idf)
        return runs

    def _idf(self, gram: TokenCodes) -> float:
        product_count = len(self._product_ids_by_term.get(gram, ()))
        if product_count == 0 or (product_count > 2 and product_count > MAX_CATALOG_SHARE * self._catalog_size):
            return 0.0
        return math.log((self._catalog_size + 1) / product_count)


def span_and_text_of(sentence: Sentence, tokens: Sequence[PhoneticToken]) -> tuple[Span, str]:
    """When these tokens of `sentence` were said, and their text as recognised."""
    start, end = tokens[0].start, tokens[-1].end
    return sentence.span_of(start, end), sentence.text[start:end]


def _products_by_term(catalog: Catalog) -> dict[TokenCodes, tuple[str, ...]]:
    owners: dict[TokenCodes, dict[str, None]] = defaultdict(dict)
    for product in catalog:
        for tokens in descriptive_phrases(product):
            for start, end in term_spans(tokens):
                owners[token_codes(tokens[start:end])][product.product_id] = None
    return {gram: tuple(ids) for gram, ids in owners.items()}


def _adjacent_surfaces(catalog: Catalog) -> frozenset[TokenCodes]:
    """The pairs of neighbouring words in descriptions, as they are written."""
    described = (tokens for product in catalog for tokens in descriptive_phrases(product))
    return frozenset((first.surface, second.surface) for tokens in described for first, second in pairwise(tokens))


def _extend(runs: list[tuple[int, int, float]], start: int, end: int, idf: float) -> None:
    if runs and start <= runs[-1][1]:
        first, last, total = runs[-1]
        runs[-1] = (first, max(last, end), total + idf)
    else:
        runs.append((start, end, idf))
