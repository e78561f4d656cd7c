"""What part a sentence plays in an explanation: the one seam through which words for people learn it.

Today phrases tell (cues.py). Whatever learns roles from data gives a `RoleReader` too, and nothing else changes.
"""

from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

from domain.session import Language
from domain.speech import Sentence
from models.cues import CueKind, cues_in
from models.wording_phrases import PhraseKind, phrases

Role = Literal[
    "intro", "feature", "demo", "price", "link", "coupon", "qa", "recap", "preview", "compare", "chat", "giveaway",
    "transition",
]  # fmt: skip
RoleShares: TypeAlias = Mapping[Role, float]
"""How likely each role is, in [0, 1]; a role that is not in it is not likely at all."""


class RoleReader(Protocol):
    """Says what the `number`-th sentence of the show does."""

    def __call__(self, number: int, sentence: Sentence) -> RoleShares: ...


ROLE_OF_CUE: dict[CueKind, tuple[Role, float]] = {
    "opening": ("intro", 0.5),
    "preview": ("preview", 0.7),
    "recap": ("recap", 0.5),
    "comparison": ("compare", 0.5),
    "closing": ("transition", 0.5),
    "giveaway": ("giveaway", 0.8),
    "price": ("price", 0.7),
    "link": ("link", 0.7),
    "demo": ("demo", 0.6),
    "coupon": ("coupon", 0.7),
    "question": ("qa", 0.6),
}
"""How far each kind of phrase is to be believed. Judgement: phrases stand in for a classifier."""
PLAIN_FEATURE = 0.5  # of a sentence without any cue
BY_PHRASE: tuple[tuple[PhraseKind, Role, float], ...] = (
    ("chat", "chat", 0.7),
    ("shows", "demo", 0.5),
    ("buys", "link", 0.5),
)
"""Phrases that say less than cues do, and that takes are not cut by."""


def roles_by_cues(language: Language) -> RoleReader:
    """Roles from the phrases that hosts use, for one show: each of its sentences is read once."""
    known: dict[int, RoleShares] = {}

    def read(number: int, sentence: Sentence) -> RoleShares:
        if number not in known:
            known[number] = shares_of(sentence)
        return known[number]

    def shares_of(sentence: Sentence) -> RoleShares:
        kinds = sorted(cues_in(sentence.text, language))
        shares: dict[Role, float] = dict(ROLE_OF_CUE[kind] for kind in kinds)
        for phrase, role, share in BY_PHRASE:
            if phrases(language)[phrase].search(sentence.text):
                shares[role] = max(share, shares.get(role, 0.0))
        return shares or {"feature": PLAIN_FEATURE}

    return read
