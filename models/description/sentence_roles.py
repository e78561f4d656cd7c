"""What part a sentence plays in an explanation, for words for people.

What is learned tells of whole units, some 8 s long; phrases tell which of their sentences it is, and what a coupon is.
"""

import math
from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

import numpy as np

from domain.evidence import ROLES, Discourse, TalkRole
from domain.session import Language
from domain.speech import Sentence
from models.description.wording_phrases import PhraseKind, phrases
from models.text.cue_phrases import CueKind, cues_in

Role: TypeAlias = TalkRole | Literal["coupon"]
RoleShares: TypeAlias = Mapping[Role, float]
"""How likely each role is, in [0, 1]; a role that is not in it is not likely at all."""


class RoleReader(Protocol):
    """Says what the `number`-th sentence of the show does."""

    def __call__(self, number: int, sentence: Sentence) -> RoleShares: ...


ROLE_OF_CUE: dict[CueKind, TalkRole] = {"price": "price", "link": "link", "demo": "demo", "question": "qa"}
ROLE_OF_PHRASE: dict[PhraseKind, TalkRole] = {"chat": "chat", "shows": "demo", "buys": "link"}
CUE_NATS = (
    1.5  # that a phrase adds to its role: where chances are .1 to .3, sentences with one have it every second time
)
CHAT_NATS = 3.0  # chat inside takes is too rare for learned chances to find; its phrases are right three times of four
COUPON_SHARE = 0.7  # of a sentence with a phrase for it: scripts are not labelled with coupons


def roles_by_talk(discourse: Discourse, language: Language) -> RoleReader:
    """Roles from what a show's units do and the phrases of its sentences, each of which is read once."""
    known: dict[int, RoleShares] = {}

    def read(number: int, sentence: Sentence) -> RoleShares:
        if number not in known:
            unit = max(0, int(np.searchsorted(discourse.starts, sentence.start, side="right")) - 1)
            chances = dict(zip(ROLES, discourse.roles[unit].tolist(), strict=True))
            known[number] = _shares(chances, sentence.text, language)
        return known[number]

    return read


def _shares(chances: Mapping[TalkRole, float], text: str, language: Language) -> RoleShares:
    """The chances of a unit, those raised that a sentence of it has phrases for."""
    cues = cues_in(text, language)
    phrased = {role for cue, role in ROLE_OF_CUE.items() if cue in cues}
    phrased |= {role for kind, role in ROLE_OF_PHRASE.items() if phrases(language)[kind].search(text)}
    nats = {role: CHAT_NATS if role == "chat" else CUE_NATS for role in phrased}
    raised = {role: chance * math.exp(nats.get(role, 0.0)) for role, chance in chances.items()}
    whole = sum(raised.values())
    shares: dict[Role, float] = {role: chance / whole for role, chance in raised.items()}
    return shares | ({"coupon": COUPON_SHARE} if "coupon" in cues else {})
