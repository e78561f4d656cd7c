"""Normal width and script for matching, character by character so that times stay; and the script for readers."""

import unicodedata
from functools import cache
from typing import Any

from domain.session import Language, WritingSystem


def normalize_text(text: str, language: Language) -> str:
    """`text` in normal width (NFKC) and, in Chinese, in simplified script. As long as `text`."""
    half_width = "".join(map(_normalize_width, text))
    return "".join(map(_to_simplified, half_width)) if language == "zh" else half_width


def _normalize_width(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _to_simplified(character: str) -> str:
    if not character >= "\u3400":  # ideographs begin there
        return character
    simplified = _opencc_converter("t2s").convert(character)
    return str(simplified) if len(simplified) == 1 else character


OPENCC_CONVERSIONS: dict[WritingSystem, str] = {"Hant": "s2t", "Hant-TW": "s2tw", "Hant-HK": "s2hk"}
"""OpenCC's conversions of characters in the context of words; the words themselves are not replaced."""


def convert_script(text: str, writing_system: WritingSystem) -> str:
    """Simplified Chinese `text` in the script that people read. Its length may change."""
    return (
        text if writing_system == "Hans" else str(_opencc_converter(OPENCC_CONVERSIONS[writing_system]).convert(text))
    )


@cache
def _opencc_converter(conversion: str) -> Any:
    from opencc import OpenCC

    return OpenCC(conversion)
