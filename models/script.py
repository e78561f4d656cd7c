"""One way of writing: width and script made even, a character for a character, so that times stay."""

import unicodedata
from functools import cache
from typing import Any

from domain.session import Language


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
    simple = _converter().convert(character)
    return str(simple) if len(simple) == 1 else character


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
