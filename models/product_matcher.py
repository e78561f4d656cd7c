"""Finds words that point at products: names, aliases and brands by sound, words of titles, link numbers, prices."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import Mention
from domain.speech import Sentence
from models.aliases import Alias, aliases_of, descriptive_tokens
from models.attributes import AttributeMatcher
from models.link_trust import with_trusted_links
from models.shelf_numbers import ShelfNumbers
from models.tokens import Token, tokens_of

Gram = tuple[str, ...]

NATS_PER_NAME = 1.2
NATS_PER_TOKEN = 0.7
MOST_NATS_PER_NAME = 4.5
SOUNDS_ALIKE = 0.85  # share of a name's weight when only its sound is right
SHORT_SOUNDS_ALIKE = 0.35  # two syllables meet by accident: 460 times an hour for 3,000 names (measured)
ONE_SOUND_WRONG = 0.6
BRAND_SHARE = 0.6
SHORTEST_FUZZY_NAME = 4  # tokens
NATS_PER_IDF = 0.35
PAIR_SOUNDS_ALIKE = 0.35  # share of a single pair's weight when only its sounds are a description's
MOST_NATS_PER_RUN = 2.5
SENTENCES_OF_ANY_SHOW = 50  # without them, every word of a show of a minute would be common
COMMON_IN_SPEECH = 0.05  # share of sentences above which a word loses weight
WIDEST_GRAM = 0.3  # share of the catalogue above which a word of the titles tells nothing


@dataclass(frozen=True, slots=True)
class _Hit:
    alias: Alias
    start: int  # of tokens
    end: int
    weight: float
    is_whole: bool  # every sound of the name was heard

    @property
    def length(self) -> int:
        return self.end - self.start

    def holds(self, other: "_Hit") -> bool:
        """Whether `other` is but a part of this one."""
        return self.start <= other.start and other.end <= self.end and other.length < self.length


class ProductMatcher:
    """Matches the sentences of one show against its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._size = len(catalog)
        self._by_head: dict[Gram, list[Alias]] = defaultdict(list)
        self._by_pair: dict[Gram, list[tuple[Alias, int]]] = defaultdict(list)
        for alias in aliases_of(catalog):
            self._index(alias)
        self._describes = _grams_of(catalog)
        self._written = _written_in(catalog)
        self._shelf = ShelfNumbers(catalog)
        self._attributes = AttributeMatcher(catalog)

    def find(self, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Every mention in the sentences that were heard reliably, by time."""
        heard = [(i, s, tokens_of(s.text)) for i, s in enumerate(sentences) if s.is_reliable]
        rarity = _Rarity(tokens for _, _, tokens in heard)
        found: list[Mention] = []
        for index, sentence, tokens in heard:
            hits = self._names(tokens, rarity)
            found += [_mention(hit, index, sentence, tokens) for hit in hits]
            taken = {place for hit in hits for place in range(hit.start, hit.end)}
            found += self._descriptions(index, sentence, tokens, taken, rarity)
            found += self._shelf.find(index, sentence)
        found += self._attributes.find(sentences, found)
        found = with_trusted_links(found)
        return tuple(sorted(found, key=lambda mention: (mention.span.start, mention.span.end)))

    def _index(self, alias: Alias) -> None:
        self._by_head[alias.codes[:2]].append(alias)
        if len(alias.codes) >= SHORTEST_FUZZY_NAME:
            for offset in range(len(alias.codes) - 1):
                self._by_pair[alias.codes[offset : offset + 2]].append((alias, offset))

    def _names(self, tokens: Sequence[Token], rarity: "_Rarity") -> list[_Hit]:
        """The heaviest hits that do not overlap: one utterance is one piece of evidence.

        Names that were heard whole outdo those inside them, even where a shorter one is spelt better.
        """
        hits = sorted(_shared(self._candidates(tokens, rarity)), key=lambda hit: (-hit.weight, -hit.length, hit.start))
        whole = [hit for hit in hits if hit.is_whole]
        kept: list[_Hit] = []
        for hit in hits:
            if not any(longer.holds(hit) for longer in whole) and all(
                hit.end <= other.start or other.end <= hit.start for other in kept
            ):
                kept.append(hit)
        return kept

    def _candidates(self, tokens: Sequence[Token], rarity: "_Rarity") -> Iterator[_Hit]:
        codes = tuple(token.code for token in tokens)
        for start in range(len(codes)):
            for head in (codes[start : start + 1], codes[start : start + 2]):
                for alias in self._by_head.get(head, ()):
                    if len(alias.codes) >= len(head) and codes[start : start + len(alias.codes)] == alias.codes:
                        yield self._hit(alias, start, tokens, rarity, wrong=0)
            for alias, offset in self._by_pair.get(codes[start : start + 2], ()):
                window = codes[max(0, start - offset) : start - offset + len(alias.codes)]
                if len(window) == len(alias.codes):
                    wrong = sum(ours != theirs for ours, theirs in zip(window, alias.codes, strict=True))
                    if 0 < wrong <= len(alias.codes) // SHORTEST_FUZZY_NAME:
                        yield self._hit(alias, start - offset, tokens, rarity, wrong)

    def _hit(self, alias: Alias, start: int, tokens: Sequence[Token], rarity: "_Rarity", wrong: int) -> _Hit:
        end = start + len(alias.codes)
        is_as_written = tuple(token.written for token in tokens[start:end]) == alias.written
        weight = min(MOST_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(alias.codes))
        weight *= _quality(alias, is_as_written, wrong) * rarity.of(alias.codes)
        weight *= BRAND_SHARE if alias.kind == "brand" else 1.0
        return _Hit(alias, start, end, weight, is_whole=wrong == 0)

    def _descriptions(
        self, index: int, sentence: Sentence, tokens: Sequence[Token], taken: set[int], rarity: "_Rarity"
    ) -> Iterator[Mention]:
        """Runs of words that a product's description holds, outside the names that were found."""
        runs: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        for start, end in _gram_places(tokens):
            if taken.isdisjoint(range(start, end)):
                gram = tuple(token.code for token in tokens[start:end])
                idf = self._idf(gram) * rarity.of(gram)
                for product_id in self._describes.get(gram, ()) if idf > 0 else ():
                    _extend(runs[product_id], start, end, idf)
        said: dict[tuple[int, int], tuple[Span, str]] = {}  # many products share their words
        for product_id, found in runs.items():
            for start, end, idf in found:
                if (start, end) not in said:
                    said[start, end] = _said(sentence, tokens[start:end])
                span, text = said[start, end]
                weight = min(MOST_NATS_PER_RUN, NATS_PER_IDF * idf)
                if end - start == 2 and tuple(token.written for token in tokens[start:end]) not in self._written:
                    weight *= PAIR_SOUNDS_ALIKE
                yield Mention("title", (product_id,), span, index, text, weight)

    def _idf(self, gram: Gram) -> float:
        spread = len(self._describes.get(gram, ()))
        if spread == 0 or (spread > 2 and spread > WIDEST_GRAM * self._size):
            return 0.0
        return math.log((self._size + 1) / spread)


class _Rarity:
    """How telling words are in this show: 1 for rare ones, towards 0 for those in every other sentence."""

    def __init__(self, sentences: Iterator[Sequence[Token]]) -> None:
        self._counts: Counter[str] = Counter()
        self._total = 0
        for tokens in sentences:
            self._counts.update({gram for start, end in _gram_places(tokens) for gram in [_joined(tokens, start, end)]})
            self._total += 1

    def of(self, codes: Gram) -> float:
        pairs = [" ".join(codes[i : i + 2]) for i in range(max(1, len(codes) - 1))]
        rarest = min(self._counts.get(pair, 0) for pair in pairs)
        share = max(rarest / (self._total + SENTENCES_OF_ANY_SHOW), 1e-9)
        return 1.0 if share <= COMMON_IN_SPEECH else max(0.0, math.log(share) / math.log(COMMON_IN_SPEECH))


def _joined(tokens: Sequence[Token], start: int, end: int) -> str:
    return " ".join(token.code for token in tokens[start:end])


def _gram_places(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where a word of meaning may be: a pair of sounds, or one Latin word of three letters and more."""
    for place, token in enumerate(tokens):
        if token.is_word and len(token.written) > 2:
            yield place, place + 1
        if place + 1 < len(tokens):
            yield place, place + 2


def _grams_of(catalog: Catalog) -> dict[Gram, tuple[str, ...]]:
    owners: dict[Gram, dict[str, None]] = defaultdict(dict)
    for product in catalog:
        for tokens in descriptive_tokens(product):
            for start, end in _gram_places(tokens):
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


def _quality(alias: Alias, is_as_written: bool, wrong: int) -> float:
    if wrong:
        return ONE_SOUND_WRONG
    if is_as_written:
        return 1.0
    return SHORT_SOUNDS_ALIKE if len(alias.codes) <= 2 else SOUNDS_ALIKE


def _shared(hits: Iterable[_Hit]) -> list[_Hit]:
    """Each hit once; names that fit the same sounds equally well share one. In order: a set's would vary by process."""
    alike: dict[tuple[int, int, float], list[_Hit]] = defaultdict(list)
    for hit in dict.fromkeys(hits):
        alike[hit.start, hit.end, hit.weight].append(hit)
    return [_joint(group) if len(group) > 1 else group[0] for group in alike.values()]


def _joint(hits: Sequence[_Hit]) -> _Hit:
    ids = dict.fromkeys(product_id for hit in hits for product_id in hit.alias.product_ids)
    return replace(hits[0], alias=replace(hits[0].alias, product_ids=tuple(ids)))


def _mention(hit: _Hit, index: int, sentence: Sentence, tokens: Sequence[Token]) -> Mention:
    span, text = _said(sentence, tokens[hit.start : hit.end])
    return Mention(hit.alias.kind, hit.alias.product_ids, span, index, text, hit.weight)


def _said(sentence: Sentence, tokens: Sequence[Token]) -> tuple[Span, str]:
    """When these tokens of `sentence` were said, and as what they were heard."""
    start, end = tokens[0].start, tokens[-1].end
    return sentence.time_of(start, end), sentence.text[start:end]
