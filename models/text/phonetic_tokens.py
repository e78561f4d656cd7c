"""Text as it sounds: one token a Chinese character (its fuzzy toneless syllable) or Latin word (its stem).

Recognisers write 破来雅 for 珀莱雅 and 生 for 双; what they keep is, mostly, the sound. Syllables that Mandarin
speakers and recognisers mix up (zh/z, n/l, ang/an, ...) are one token. Source of what is near: DimSim (K18-1043).
"""

import re
from dataclasses import dataclass
from functools import cache

from models.text.normalization import one_script

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[㐀-鿿]")

FUZZY_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
FUZZY_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))

DIGIT_SYLLABLES = {
    "0": "ling",
    "1": "yi",
    "2": "er",
    "3": "san",
    "4": "si",
    "5": "wu",
    "6": "liu",
    "7": "qi",
    "8": "ba",
    "9": "jiu",
    "10": "shi",
}
STEM_ENDINGS = ("'s", "ing", "es", "ed", "s", "e")
LAST_LETTERS = str.maketrans({"y": "i"})  # body, bodies: one stem
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Token:
    """One sound. `code` compares sounds; text[start:end] is what it was written as; `is_word` for Latin words."""

    code: str
    start: int
    end: int
    written: str
    is_word: bool


def tokens_of(text: str) -> tuple[Token, ...]:
    """The sounds of `text`, left to right; punctuation and signs make none. Indices are into `text` itself."""
    return tuple(_token(match) for match in WORD.finditer(folded(text)))


def folded(text: str) -> str:
    """Lower case, half width and simplified, character by character, so that places in the text stay true."""
    return "".join(map(_folded, text))


@cache
def _folded(character: str) -> str:
    lower = one_script("'" if character == "’" else character, "zh").lower()
    return lower if len(lower) == 1 else character


def _token(match: re.Match[str]) -> Token:
    written = match.group()
    if written[0].isdigit():
        code = fuzzy(DIGIT_SYLLABLES[written]) if written in DIGIT_SYLLABLES else written
        return Token(code, match.start(), match.end(), written, is_word=False)
    is_word = written[0].isascii()
    return Token(stem(written) if is_word else syllable(written), match.start(), match.end(), written, is_word)


@cache
def syllable(character: str) -> str:
    """The fuzzy toneless syllable of one Chinese character, upper case so that no Latin word equals it."""
    return fuzzy(pinyin(character))


def pinyin(character: str) -> str:
    """The toneless syllable of one Chinese character as it is spelt: si and shi are two."""
    from pypinyin import Style, lazy_pinyin

    spelt: str = lazy_pinyin(character, style=Style.NORMAL)[0]
    return spelt


def fuzzy(pinyin: str) -> str:
    """Merge the sounds that are mixed up."""
    for precise, merged in FUZZY_INITIALS:
        if pinyin.startswith(precise):
            pinyin = merged + pinyin[len(precise) :]
            break
    for precise, merged in FUZZY_FINALS:
        if pinyin.endswith(precise):
            pinyin = pinyin[: -len(precise)] + merged
            break
    return pinyin.upper()


@cache
def stem(word: str) -> str:
    """A Latin word without its commonest endings: enough to meet "serums" with "serum", "bottles" with "bottle"."""
    for ending in STEM_ENDINGS:
        is_double_s = ending == "s" and word.endswith("ss")  # glass is no plural; glasses is one of it
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM and not is_double_s:
            word = word[: -len(ending)]
            break
    return word[:-1] + word[-1].translate(LAST_LETTERS)
