"""Colours as hosts say them (colours.toml): shades have a family, so that "blue" fits what is listed as navy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens, token_codes, token_surfaces
from models.text.phrase_tables import phrase_table

MAX_COLOUR_TOKENS = 4  # of the longest word in colours.toml
SHORT_HOMOPHONE_SHARE = 0.5  # share of a colour's weight, for two syllables that are right by sound only
HOMOPHONE_SHARE = 0.85  # of longer ones


@dataclass(frozen=True, slots=True)
class ColourMatch:
    """A colour at text[start:end]. `shade`: the first of its words, or the family's name for a plain colour.

    `weight_share`, in (0, 1]: less than 1 where only the sound is right.
    """

    family: str
    shade: str
    start: int
    end: int
    weight_share: float


def find_colours(text: str) -> Iterator[ColourMatch]:
    """The colours in `text`, from left to right, the longest word at each position."""
    tokens = phonetic_tokens(text)
    codes = token_codes(tokens)
    vocabulary = _colour_vocabulary()
    index = 0
    while index < len(tokens):
        length = next((n for n in range(MAX_COLOUR_TOKENS, 0, -1) if codes[index : index + n] in vocabulary), 0)
        if length:
            yield _colour_match(tokens[index : index + length], codes[index : index + length])
        index += max(1, length)


def _colour_match(tokens: Sequence[PhoneticToken], codes: tuple[str, ...]) -> ColourMatch:
    family, shade, surfaces = _colour_vocabulary()[codes]
    is_exact_spelling = tokens[0].is_latin or token_surfaces(tokens) == surfaces
    share = 1.0 if is_exact_spelling else SHORT_HOMOPHONE_SHARE if len(codes) <= 2 else HOMOPHONE_SHARE
    return ColourMatch(family, shade, tokens[0].start, tokens[-1].end, share)


def is_basic_colour(shade: str) -> bool:
    """Whether it is the name of a family: a colour without a shade."""
    return shade in phrase_table(__name__)["plain"]


def _colour_words() -> Iterator[tuple[str, str, str]]:
    """Family, shade and word; the shade of a family's plain words is the family."""
    plain: Mapping[str, list[str]] = phrase_table(__name__)["plain"]
    shades: Mapping[str, list[list[str]]] = phrase_table(__name__)["shades"]
    for family, words in plain.items():
        yield from ((family, family, word) for word in words)
        yield from ((family, shade[0], word) for shade in shades[family] for word in shade)


@cache
def _colour_vocabulary() -> dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]]:
    """Family, shade and spelling of every word, by its sounds."""
    vocabulary: dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]] = {}
    for family, shade, word in _colour_words():
        tokens = phonetic_tokens(word)
        codes = token_codes(tokens)
        vocabulary.setdefault(codes, (family, shade, token_surfaces(tokens)))
    return vocabulary
