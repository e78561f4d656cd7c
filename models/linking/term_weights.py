"""Weights of words by their frequency in a show: words that are said all the time say little about a product."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from models.text.phonetic_tokens import PhoneticToken

PRIOR_SENTENCES = 50  # added to the count, so that words of a one-minute show are not all common
MIN_COMMON_SHARE = 0.05  # of sentences above which a word loses weight


class TermWeights:
    """Weights in this show: 1 for rare words, towards 0 for those in every other sentence."""

    def __init__(self, sentences: Iterator[Sequence[PhoneticToken]]) -> None:
        self._counts: Counter[str] = Counter()
        self._total = 0
        for tokens in sentences:
            self._counts.update({" ".join(t.code for t in tokens[start:end]) for start, end in term_spans(tokens)})
            self._total += 1

    def weight(self, codes: Sequence[str]) -> float:
        pairs = [" ".join(codes[i : i + 2]) for i in range(max(1, len(codes) - 1))]
        rarest = min(self._counts.get(pair, 0) for pair in pairs)
        share = max(rarest / (self._total + PRIOR_SENTENCES), 1e-9)
        return 1.0 if share <= MIN_COMMON_SHARE else max(0.0, math.log(share) / math.log(MIN_COMMON_SHARE))


def term_spans(tokens: Sequence[PhoneticToken]) -> Iterator[tuple[int, int]]:
    """Where a content word may stand: a pair of tokens, or one Latin word of three letters and more."""
    for index, token in enumerate(tokens):
        if token.is_latin and len(token.surface) > 2:
            yield index, index + 1
        if index + 1 < len(tokens):
            yield index, index + 2
