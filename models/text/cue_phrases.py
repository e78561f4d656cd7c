"""What a sentence does in the show, from the words hosts use: opens, prices, links, demonstrates, ...

They tell sentences of one unit apart for words for people, and openings for the second look. What hosts do, and where
explanations begin and end, is learned (discourse.py).
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from domain.session import Language

CueKind = Literal["opening", "price", "link", "demo", "coupon", "question"]


@cache
def cue_patterns(language: Language) -> dict[CueKind, re.Pattern[str]]:
    """The expression of every kind of cue, read from cue_phrases.toml."""
    phrases = tomllib.loads(files("models.text").joinpath("cue_phrases.toml").read_text(encoding="utf-8"))[language]
    return {kind: re.compile("|".join(phrases[kind]), re.IGNORECASE) for kind in get_args(CueKind)}


def find_cues(text: str, language: Language) -> frozenset[CueKind]:
    """The kinds of cues in one sentence."""
    return frozenset(kind for kind, pattern in cue_patterns(language).items() if pattern.search(text))
