"""Traits: what is said of a product beside its name, in a form in which speech and catalogue can be compared.

A trait is a tuple: ("ml", "50"), ("shade", "藏青"), ("family", "blue"), or ("words", and their sounds).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from domain.catalog import Product
from models.lexicon.alias_mining import BRACKETS
from models.lexicon.aliases import descriptive_tokens
from models.numbers.colours import colours_in
from models.numbers.measures import measures_in
from models.text.phonetic_tokens import Token, tokens_of

Trait: TypeAlias = tuple[str, ...]
Place: TypeAlias = tuple[int, int]

MOST_TOKENS = 6  # of a phrase: nobody says longer ones whole
CHINESE_ENDS = re.compile(r"[\s,，、。/;；|+*]+")
ENGLISH_ENDS = re.compile(r"[,/;|+*]+")
SHORTEST_WORD = 3  # letters
FAMILY_SHARE = 0.6  # of a colour that is said by its family; the rest is for what the catalogue calls just so
SOUND_ALONE = 0.35  # share of two sounds that are written otherwise: they meet by accident


@dataclass(frozen=True, slots=True)
class Heard:
    """A trait at text[start:end]. `share`, in (0, 1], of what it says when it is said as the catalogue writes it."""

    trait: Trait
    start: int
    end: int
    share: float


def figures_of(product: Product) -> frozenset[Trait]:
    """Measures and colours of title, names and attributes, without what stands in brackets there."""
    texts = (product.title, product.short_name, *product.aliases, *product.attributes.values())
    return frozenset(heard.trait for text in texts for heard in figures_in(BRACKETS.sub(" ", text)))


def figures_in(text: str) -> Iterator[Heard]:
    """Measures and colours in `text`. A colour without a shade speaks, with a share each, for itself and its family.

    What is called navy is also blue; but who says navy does not speak of every blue.
    """
    for measure in measures_in(text):
        yield Heard((measure.unit, measure.value), measure.start, measure.end, 1.0)
    for colour in colours_in(text):
        is_plain = colour.shade == colour.family
        own = 1 - FAMILY_SHARE if is_plain else 1.0
        yield Heard(("shade", colour.shade), colour.start, colour.end, colour.share * own)
        yield Heard(("family", colour.family), colour.start, colour.end, colour.share * FAMILY_SHARE * is_plain)


def attribute_phrases(product: Product) -> Iterator[tuple[Token, ...]]:
    """Short values of attributes, each value of a list for itself. Numbers are none, for they are read apart."""
    for value in product.attributes.values():
        for phrase in (ENGLISH_ENDS if value.isascii() else CHINESE_ENDS).split(value):
            tokens = tokens_of(phrase)
            is_number = any(token.written[0].isdigit() for token in tokens)
            if 0 < len(tokens) <= MOST_TOKENS and not is_number and (len(tokens) > 1 or tokens[0].is_word):
                yield tokens


def telling_phrases(product: Product) -> Iterator[tuple[Token, ...]]:
    """English words of all that describes the product, and short values of its attributes as a whole.

    Pairs of Chinese characters of titles are none: in simulated shows sisters' pairs were said as often as one's own.
    """
    for tokens in descriptive_tokens(product):
        yield from ((token,) for token in tokens if token.is_word and len(token.written) >= SHORTEST_WORD)
    yield from attribute_phrases(product)


def words(phrase: Iterable[Token]) -> Trait:
    """`phrase` as a trait."""
    return ("words", *(token.code for token in phrase))


class WordFinder:
    """Finds phrases in what was said, by their sounds."""

    def __init__(self, phrases: Iterable[tuple[Token, ...]]) -> None:
        self._written: dict[Trait, set[tuple[str, ...]]] = defaultdict(set)
        for phrase in phrases:
            self._written[words(phrase)].add(tuple(token.written for token in phrase))
        self._longest = max((len(trait) - 1 for trait in self._written), default=0)

    def find(self, text: str) -> Iterator[Heard]:
        """Every phrase in `text`; they may overlap."""
        tokens = tokens_of(text)
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + self._longest, len(tokens)) + 1):
                said = tokens[start:end]
                if words(said) in self._written:
                    yield Heard(words(said), said[0].start, said[-1].end, self._share(said))

    def _share(self, said: tuple[Token, ...]) -> float:
        is_written = tuple(token.written for token in said) in self._written[words(said)]
        return 1.0 if is_written or said[0].is_word or len(said) > 2 else SOUND_ALONE
