"""What a sentence does in the show, from the words hosts use: opens, previews, compares, closes, prices, links, ...

Weights, not rules: each cue says how many nats it adds where an explanation may begin or end, and how much the
mentions in its sentence count.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from domain.session import Language

CueKind = Literal[
    "opening", "preview", "recap", "comparison", "closing", "giveaway", "price", "link", "demo", "coupon", "question"
]


@cache
def patterns(language: Language) -> dict[CueKind, re.Pattern[str]]:
    """The expression of every kind of cue, read from cue_phrases.toml."""
    lists = tomllib.loads(files("models").joinpath("cue_phrases.toml").read_text(encoding="utf-8"))[language]
    return {kind: re.compile("|".join(lists[kind]), re.IGNORECASE) for kind in get_args(CueKind)}


# How much likelier a cue is in the first (last) sentence of an explanation than elsewhere, as log ratios counted over
# the twelve labelled scripts (159 explanations).
OPENING_NATS: dict[CueKind, float] = {
    "opening": 0.8,
    "recap": 0.7,
    "demo": 0.4,
    "price": -0.6,
    "preview": -0.8,
    "coupon": -0.3,
    "link": -0.2,
}
CLOSING_NATS: dict[CueKind, float] = {
    "link": 1.3,
    "coupon": 0.8,
    "closing": 0.8,
    "recap": 0.5,
    "price": 0.4,
    "demo": -0.4,
    "question": -0.6,
    "opening": -0.4,
}
MENTION_SHARE = {"preview": 0.25, "comparison": 0.5, "recap": 0.6}


@dataclass(frozen=True, slots=True)
class Cues:
    """What one sentence does. `opening`, `closing`: nats for a cut before and after it; `mention_share` in (0, 1]."""

    kinds: frozenset[CueKind]
    opening: float
    closing: float
    mention_share: float


def cues_in(text: str, language: Language) -> Cues:
    """The cues of one sentence."""
    kinds = frozenset(kind for kind, pattern in patterns(language).items() if pattern.search(text))
    return Cues(
        kinds,
        sum(OPENING_NATS.get(kind, 0.0) for kind in kinds),
        sum(CLOSING_NATS.get(kind, 0.0) for kind in kinds),
        min((MENTION_SHARE[kind] for kind in kinds if kind in MENTION_SHARE), default=1.0),
    )
