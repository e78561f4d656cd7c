"""Product traits: measures, colours and words of a product, in a form in which speech and catalogue are compared.

A trait is a tuple: ("ml", "50"), ("shade", "藏青"), ("family", "blue"), or ("words", and their sounds).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from domain.catalog import Product
from models.lexicon.alias_mining import BRACKETS
from models.lexicon.aliases import descriptive_phrases
from models.numbers.colours import find_colours
from models.numbers.measures import find_quantities
from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens, token_surfaces

Trait: TypeAlias = tuple[str, ...]

MAX_PHRASE_TOKENS = 6  # nobody says longer ones whole
CHINESE_SEPARATORS = re.compile(r"[\s,，、。/;；|+*]+")
ENGLISH_SEPARATORS = re.compile(r"[,/;|+*]+")
MIN_WORD_LETTERS = 3  # shorter words describe nothing
FAMILY_SHARE = 0.6  # of a plain colour, for its family; the rest is for products with exactly this colour
HOMOPHONE_SHARE = 0.35  # of two syllables that are written otherwise: they match by accident


@dataclass(frozen=True, slots=True)
class TraitMatch:
    """A trait at text[start:end]. `weight_share`, in [0, 1]: of its weight when it is spelt as in the catalogue."""

    trait: Trait
    start: int
    end: int
    weight_share: float


def quantities_and_colours_of(product: Product) -> frozenset[Trait]:
    """Measures and colours in title, names and attributes, outside brackets."""
    texts = (product.title, product.short_name, *product.aliases, *product.attributes.values())
    return frozenset(each.trait for text in texts for each in find_quantities_and_colours(BRACKETS.sub(" ", text)))


def find_quantities_and_colours(text: str) -> Iterator[TraitMatch]:
    """Measures and colours in `text`. A plain colour counts, with a share each, for itself and for its family.

    "Blue" may mean what is listed as navy; "navy" does not mean every blue.
    """
    for measure in find_quantities(text):
        yield TraitMatch((measure.unit, measure.value), measure.start, measure.end, 1.0)
    for colour in find_colours(text):
        is_basic_colour = colour.shade == colour.family
        shade_share = 1 - FAMILY_SHARE if is_basic_colour else 1.0
        yield TraitMatch(("shade", colour.shade), colour.start, colour.end, colour.weight_share * shade_share)
        yield TraitMatch(
            ("family", colour.family), colour.start, colour.end, colour.weight_share * FAMILY_SHARE * is_basic_colour
        )


def attribute_phrases(product: Product) -> Iterator[tuple[PhoneticToken, ...]]:
    """Short values of attributes, each value of a list by itself; without numbers, which find_quantities reads."""
    for value in product.attributes.values():
        for phrase in (ENGLISH_SEPARATORS if value.isascii() else CHINESE_SEPARATORS).split(value):
            tokens = phonetic_tokens(phrase)
            is_number = any(token.surface[0].isdigit() for token in tokens)
            if 0 < len(tokens) <= MAX_PHRASE_TOKENS and not is_number and (len(tokens) > 1 or tokens[0].is_latin):
                yield tokens


def discriminative_phrases(product: Product) -> Iterator[tuple[PhoneticToken, ...]]:
    """English words of everything that describes the product, and short values of its attributes.

    Without pairs of Chinese characters: in simulated shows those of near-duplicates are said as often as one's own.
    """
    for tokens in descriptive_phrases(product):
        yield from ((token,) for token in tokens if token.is_latin and len(token.surface) >= MIN_WORD_LETTERS)
    yield from attribute_phrases(product)


def phrase_trait(phrase: Iterable[PhoneticToken]) -> Trait:
    """`phrase` as a trait."""
    return ("words", *(token.code for token in phrase))


class PhraseMatcher:
    """Finds phrases in a text by their sounds."""

    def __init__(self, phrases: Iterable[tuple[PhoneticToken, ...]]) -> None:
        self._surfaces_by_trait: dict[Trait, set[tuple[str, ...]]] = defaultdict(set)
        for phrase in phrases:
            self._surfaces_by_trait[phrase_trait(phrase)].add(token_surfaces(phrase))
        self._max_tokens = max((len(trait) - 1 for trait in self._surfaces_by_trait), default=0)

    def find(self, text: str) -> Iterator[TraitMatch]:
        """Every phrase in `text`; they may overlap."""
        tokens = phonetic_tokens(text)
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + self._max_tokens, len(tokens)) + 1):
                window = tokens[start:end]
                if phrase_trait(window) in self._surfaces_by_trait:
                    yield TraitMatch(phrase_trait(window), window[0].start, window[-1].end, self._weight_share(window))

    def _weight_share(self, window: tuple[PhoneticToken, ...]) -> float:
        is_exact_spelling = token_surfaces(window) in self._surfaces_by_trait[phrase_trait(window)]
        return 1.0 if is_exact_spelling or window[0].is_latin or len(window) > 2 else HOMOPHONE_SHARE
