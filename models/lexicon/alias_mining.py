"""Names that the catalogue does not give, mined from titles that are stuffed with words to be searched for.

A host says 自在卸妆油 for "逐本自在卸妆油150ml油皮混油清爽型植物卸妆…". Titles are cut at brackets, at their brand, at
numbers and units, and at words that promise or praise (title_vocabulary.toml). In what is left, names end in a word
for a thing: one of the general list, or a piece of the product's category. Before it stands what sets the product
apart, so runs with up to MOST_BEFORE tokens before it are names too; and so are the words behind the brand (a series
or a nickname), and short pieces that stand alone, behind a dash for instance. What more than a third of the catalogue
shares is none.

Chinese is not segmented: a run that ends in a thing and is no word of anybody's is never said, and costs nothing.
"""

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TypeAlias

from domain.catalog import Catalog, Product
from models.text.phonetic_tokens import Token, tokens_of

BRACKETS = re.compile(r"【[^】]*】|\[[^\]]*\]|（[^）]*）|\([^)]*\)")
BREAKS = re.compile(r"\s+[-–—|]\s+|[,，、。/;；:：|*+]+")
MOST_ALIASES = 10
SHORTEST, LONGEST = 2, 6  # tokens of a mined name
MOST_BEFORE = {True: 2, False: 4}  # tokens before a thing: English words, Chinese characters
SERIES = (2, 3)  # characters behind the brand
WIDEST = 1 / 3  # share of the catalogue above which a phrase names nothing
WHOLE_PIECE, BEHIND_BRAND = 0.8, 0.9  # of likelihood, where ending in a thing is 1
PER_PIECE, LATEST = 0.2, 4  # that likelihood falls from piece to piece, and how far
FIRST_WORDS, MOST_FIRST = 0.5, 4  # of pairs of the first English words
UNEVEN = 0.4
PER_RARITY = 0.1  # likelihood a nat of rarity in the catalogue

Words = tuple[str, ...]
_Mined: TypeAlias = tuple[Words, tuple[Token, ...]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words, each as its tokens are written."""

    filler: frozenset[Words]
    things: frozenset[Words]

    @property
    def longest(self) -> int:
        return max(map(len, self.filler | self.things))


def mined_aliases(catalog: Catalog) -> Mapping[str, tuple[tuple[Token, ...], ...]]:
    """Names of each product by its id, likeliest first. None fits more than a third of the catalogue.

    A name that other titles hold too is theirs as well.
    """
    candidates = {product.product_id: list(_candidates(product)) for product in catalog}
    wanted = {_written(tokens) for found in candidates.values() for _, tokens in found}
    holders = _holders(catalog, wanted)
    widest = max(1.0, WIDEST * len(catalog))
    telling = {words: len(ids) for words, ids in holders.items() if 1 <= len(ids) <= widest}
    mined = {id_: dict(_kept(found, telling, len(catalog))) for id_, found in candidates.items()}
    for words, tokens in [each for own in mined.values() for each in own.items()]:
        for id_ in holders[words]:
            mined[id_].setdefault(words, tokens)
    return {id_: tuple(own.values()) for id_, own in mined.items()}


def _kept(found: Sequence[tuple[float, tuple[Token, ...]]], spread: Mapping[Words, int], size: int) -> list[_Mined]:
    scores: dict[Words, tuple[float, tuple[Token, ...]]] = {}
    for likelihood, tokens in found:
        words = _written(tokens)
        if SHORTEST <= len(words) <= LONGEST and words in spread:
            score = likelihood + PER_RARITY * math.log((size + 1) / spread[words])
            if words not in scores or score > scores[words][0]:
                scores[words] = (score, tokens)
    ranked = sorted(scores, key=lambda words: (-scores[words][0], words))
    return [(words, scores[words][1]) for words in ranked[:MOST_ALIASES]]


def _holders(catalog: Catalog, wanted: Set[Words]) -> Mapping[Words, list[str]]:
    """The products in whose titles each of the `wanted` runs of tokens stands."""
    holders: dict[Words, list[str]] = defaultdict(list)
    for product in catalog:
        words = _written(tokens_of(product.title))
        runs = {words[i : i + n] for n in range(SHORTEST, LONGEST + 1) for i in range(len(words) - n + 1)}
        for run in runs & wanted:
            holders[run].append(product.product_id)
    return holders


def _candidates(product: Product) -> Iterator[tuple[float, tuple[Token, ...]]]:
    """What may be names, each with how likely it is one: 1 for the first thing of the title, less for what follows."""
    vocabulary = vocabulary_of(product)
    order = 0  # titles begin with what a thing is, and go on with what else may be searched for
    for text in BREAKS.split(BRACKETS.sub(" , ", product.title)):
        for piece, is_behind_brand in _pieces(text, product.brand, vocabulary):
            late = PER_PIECE * min(order, LATEST)
            if len(piece) <= LONGEST:
                yield WHOLE_PIECE - late, piece
            if (is_behind_brand or order == 0) and not piece[0].is_word:
                yield from ((BEHIND_BRAND - late, piece[:length]) for length in SERIES if length < len(piece))
            if order == 0 and piece[0].is_word:
                yield from ((FIRST_WORDS, pair) for pair in pairwise(piece[:MOST_FIRST]))
            for likelihood, tokens in _ending_in_things(piece, vocabulary):
                yield likelihood - late, tokens
            order += 1


def _ending_in_things(piece: tuple[Token, ...], vocabulary: Vocabulary) -> Iterator[tuple[float, tuple[Token, ...]]]:
    words = _written(piece)
    for number, (start, end) in enumerate(_things(words, vocabulary)):
        is_chinese = not piece[start].is_word
        for before in range(min(MOST_BEFORE[not is_chinese], start) + 1):
            is_odd = is_chinese and before % 2 == 1 and end - start > 1  # most Chinese words have two characters
            yield 1.0 - PER_PIECE * number - (UNEVEN if is_odd else 0.0), piece[start - before : end]


def _things(words: Words, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where things are named, each as long as it can be."""
    place = 0
    while place < len(words):
        lengths = range(min(vocabulary.longest, len(words) - place), 0, -1)
        length = next((n for n in lengths if words[place : place + n] in vocabulary.things), 0)
        if length:
            yield place, place + length
        place += max(1, length)


def _pieces(text: str, brand: str, vocabulary: Vocabulary) -> Iterator[tuple[tuple[Token, ...], bool]]:
    """Runs of tokens without brand, numbers and filler; and whether the brand stands just before."""
    tokens = tokens_of(text)
    words, name = _written(tokens), _written(tokens_of(brand))
    start = place = 0
    is_behind = False
    while place < len(tokens):
        length = _cut(words, place, name, vocabulary)
        if not length:
            place += 1
            continue
        if place > start:
            yield tokens[start:place], is_behind
        is_behind = bool(name) and words[place : place + length] == name
        start = place = place + length
    if start < len(tokens):
        yield tokens[start:], is_behind


def _cut(words: Words, place: int, brand: Words, vocabulary: Vocabulary) -> int:
    """How many tokens from `place` on are no part of a name."""
    if brand and words[place : place + len(brand)] == brand:
        return len(brand)
    if words[place][0].isdigit():
        is_unit = place + 1 < len(words) and words[place + 1].isascii() and len(words[place + 1]) <= 2
        return 2 if is_unit else 1
    for length in range(min(vocabulary.longest, len(words) - place), 0, -1):
        if words[place : place + length] in vocabulary.things:
            return 0
        if words[place : place + length] in vocabulary.filler:
            return length
    return 0


def vocabulary_of(product: Product) -> Vocabulary:
    """The general words, and what the product's category calls it."""
    general = _general()
    kinds = {_written(tokens_of(kind)) for kind in product.category.split("/")}
    return Vocabulary(general.filler, general.things | {kind for kind in kinds if kind})


@cache
def _general() -> Vocabulary:
    lists = tomllib.loads(files("models.lexicon").joinpath("title_vocabulary.toml").read_text(encoding="utf-8"))
    filler, things = (
        frozenset(_written(tokens_of(word)) for language in lists.values() for word in language[name].split())
        for name in ("filler", "things")
    )
    return Vocabulary(filler - things, things)


def _written(tokens: tuple[Token, ...]) -> Words:
    return tuple(token.written for token in tokens)
