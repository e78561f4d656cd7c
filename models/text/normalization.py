"""One way of writing: width and script made even, a character for a character, so that times stay; and, for people
alone, the script that they read.
"""

import unicodedata
from functools import cache
from typing import Any

from domain.session import Language, Script


def one_script(text: str, language: Language) -> str:
    """`text` in normal width (NFKC) and, in Chinese, in simplified script. As long as `text`."""
    even = "".join(map(_normal_width, text))
    return "".join(map(_simplified, even)) if language == "zh" else even


def _normal_width(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _simplified(character: str) -> str:
    if not character >= "\u3400":  # no ideograph stands before
        return character
    simple = _converter("t2s").convert(character)
    return str(simple) if len(simple) == 1 else character


CONVERSION: dict[Script, str] = {"Hant": "s2t", "Hant-TW": "s2tw", "Hant-HK": "s2hk"}
"""Of characters by OpenCC, with an eye on the words they stand in; words themselves stay what was said."""


def in_script(text: str, script: Script) -> str:
    """Simplified Chinese `text` in the script that people read. It may change its length."""
    return text if script == "Hans" else str(_converter(CONVERSION[script]).convert(text))


@cache
def _converter(conversion: str) -> Any:
    from opencc import OpenCC

    return OpenCC(conversion)
