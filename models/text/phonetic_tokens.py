"""Phonetic tokens: one for each Chinese character (its fuzzy toneless syllable) or Latin word (its stem).

Recognisers write 破来雅 for 珀莱雅 and 生 for 双; mostly the sound is right. Syllables that Mandarin
speakers and recognisers mix up (zh/z, n/l, ang/an, ...) are one token. Source of these confusions: DimSim (K18-1043).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from models.text.normalization import normalize_text

TOKEN_PATTERN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[㐀-鿿]")

CONFUSABLE_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
CONFUSABLE_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))

DIGIT_SYLLABLES = dict(
    zip("0 1 2 3 4 5 6 7 8 9 10".split(), "ling yi er san si wu liu qi ba jiu shi".split(), strict=True)  # noqa: SIM905
)
STEM_ENDINGS = ("'s", "ing", "es", "ed", "s", "e")
LAST_LETTERS = str.maketrans({"y": "i"})  # body, bodies: one stem
MIN_STEM_LETTERS = 3  # that are left of a word


@dataclass(frozen=True, slots=True)
class PhoneticToken:
    """One sound at text[start:end]. Tokens of one `code` sound alike; `surface`: as it is written, folded."""

    code: str
    start: int
    end: int
    surface: str
    is_latin: bool


TokenCodes: TypeAlias = tuple[str, ...]
"""Tokens as they sound."""
TokenSurfaces: TypeAlias = tuple[str, ...]
"""Tokens as they are written."""


def token_codes(tokens: Iterable[PhoneticToken]) -> TokenCodes:
    return tuple(token.code for token in tokens)


def token_surfaces(tokens: Iterable[PhoneticToken]) -> TokenSurfaces:
    return tuple(token.surface for token in tokens)


def phonetic_tokens(text: str) -> tuple[PhoneticToken, ...]:
    """The tokens of `text`, from left to right; punctuation makes none. Indices are into `text` itself."""
    return tuple(_phonetic_token(match) for match in TOKEN_PATTERN.finditer(fold_text(text)))


def fold_text(text: str) -> str:
    """Lower case, half width and simplified, character by character, so that indices stay valid."""
    return "".join(map(_fold_character, text))


@cache
def _fold_character(character: str) -> str:
    lower = normalize_text("'" if character == "’" else character, "zh").lower()
    return lower if len(lower) == 1 else character


def _phonetic_token(match: re.Match[str]) -> PhoneticToken:
    surface = match.group()
    if surface[0].isdigit():
        code = merge_confusable_sounds(DIGIT_SYLLABLES[surface]) if surface in DIGIT_SYLLABLES else surface
        return PhoneticToken(code, match.start(), match.end(), surface, is_latin=False)
    is_latin = surface[0].isascii()
    return PhoneticToken(
        stem(surface) if is_latin else fuzzy_syllable(surface), match.start(), match.end(), surface, is_latin
    )


@cache
def fuzzy_syllable(character: str) -> str:
    """The fuzzy toneless syllable of one Chinese character, upper case so that no Latin word equals it."""
    return merge_confusable_sounds(toneless_pinyin(character))


def toneless_pinyin(character: str) -> str:
    """The toneless syllable of one Chinese character as it is spelt: si and shi differ."""
    from pypinyin import Style, lazy_pinyin

    spelling: str = lazy_pinyin(character, style=Style.NORMAL)[0]
    return spelling


def merge_confusable_sounds(pinyin: str) -> str:
    """The code of a syllable, in which sounds that are mixed up are one."""
    for precise, merged in CONFUSABLE_INITIALS:
        if pinyin.startswith(precise):
            pinyin = merged + pinyin[len(precise) :]
            break
    for precise, merged in CONFUSABLE_FINALS:
        if pinyin.endswith(precise):
            pinyin = pinyin[: -len(precise)] + merged
            break
    return pinyin.upper()


@cache
def stem(word: str) -> str:
    """A Latin word without its commonest endings: "serums" and "serum", "bottles" and "bottle" become one."""
    for ending in STEM_ENDINGS:
        is_double_s = ending == "s" and word.endswith("ss")  # glass is no plural, glasses is
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM_LETTERS and not is_double_s:
            word = word[: -len(ending)]
            break
    return word[:-1] + word[-1].translate(LAST_LETTERS)
