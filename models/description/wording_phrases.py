"""Phrases by which sentences are chosen for texts that people read (wording_phrases.toml)."""

from functools import cache
from typing import Literal

from domain.session import Language
from models.text.phrase_tables import phrase_patterns, phrase_table

PhraseKind = Literal[
    "reveal", "anchor", "call", "asked", "wonders", "rhetorical", "answers", "chat", "shows", "buys", "nearly",
]  # fmt: skip


def has_phrase(text: str, kind: PhraseKind, language: Language) -> bool:
    return bool(phrase_patterns(__name__, language)[kind].search(text))


@cache
def function_words() -> frozenset[str]:
    """English words that name nothing: a, the, of, with."""
    words: str = phrase_table(__name__)["function_words"]["en"]
    return frozenset(words.split())
