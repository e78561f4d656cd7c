"""Phrases that words for people are chosen by, read from wording_phrases.toml."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from domain.session import Language

PhraseKind = Literal["reveal", "anchor", "call", "asked", "rhetorical", "chat", "shows", "buys", "nearly"]

FUNCTION_WORDS = frozenset(
    "a an and as at by for from in into it its of off on or over the this to up with".split()  # noqa: SIM905 - readable
)


@cache
def phrase_patterns(language: Language) -> dict[PhraseKind, re.Pattern[str]]:
    """The expression of every kind of phrase."""
    lists = tomllib.loads(files("models.description").joinpath("wording_phrases.toml").read_text(encoding="utf-8"))[
        language
    ]
    return {kind: re.compile("|".join(lists[kind]), re.IGNORECASE) for kind in get_args(PhraseKind)}
