"""What part a sentence plays in an explanation, for words for people.

What is learned tells of whole units, some 8 s long; phrases tell which of their sentences it is, and what a coupon is.
"""

import math
from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

import numpy as np

from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, DiscourseRole
from domain.session import Language
from domain.speech import Sentence
from models.description.wording_phrases import PhraseKind, phrase_patterns
from models.text.cue_phrases import CueKind, find_cues

SentenceRole: TypeAlias = DiscourseRole | Literal["coupon"]
RoleProbabilities: TypeAlias = Mapping[SentenceRole, float]
"""How likely each role is, in [0, 1]; a role that is not in it is not likely at all."""


class RoleClassifier(Protocol):
    """Says what the `number`-th sentence of the show does."""

    def __call__(self, number: int, sentence: Sentence) -> RoleProbabilities: ...


ROLE_BY_CUE: dict[CueKind, DiscourseRole] = {"price": "price", "link": "link", "demo": "demo", "question": "qa"}
ROLE_BY_PHRASE: dict[PhraseKind, DiscourseRole] = {"chat": "chat", "shows": "demo", "buys": "link"}
CUE_NATS = (
    1.5  # that a phrase adds to its role: where chances are .1 to .3, sentences with one have it every second time
)
CHAT_NATS = 3.0  # chat inside takes is too rare for learned chances to find; its phrases are right three times of four
COUPON_PROBABILITY = 0.7  # of a sentence with a phrase for it: scripts are not labelled with coupons


def role_classifier(discourse: DiscourseClassification, language: Language) -> RoleClassifier:
    """Roles from what a show's units do and the phrases of its sentences, each of which is read once."""
    cache: dict[int, RoleProbabilities] = {}

    def classify(number: int, sentence: Sentence) -> RoleProbabilities:
        if number not in cache:
            unit = max(0, int(np.searchsorted(discourse.unit_starts, sentence.start, side="right")) - 1)
            unit_probabilities = dict(zip(DISCOURSE_ROLES, discourse.role_probabilities[unit].tolist(), strict=True))
            cache[number] = _role_probabilities(unit_probabilities, sentence.text, language)
        return cache[number]

    return classify


def _role_probabilities(
    unit_probabilities: Mapping[DiscourseRole, float], text: str, language: Language
) -> RoleProbabilities:
    """The chances of a unit, those raised that a sentence of it has phrases for."""
    cues = find_cues(text, language)
    phrased = {role for cue, role in ROLE_BY_CUE.items() if cue in cues}
    phrased |= {role for kind, role in ROLE_BY_PHRASE.items() if phrase_patterns(language)[kind].search(text)}
    nats = {role: CHAT_NATS if role == "chat" else CUE_NATS for role in phrased}
    raised = {role: chance * math.exp(nats.get(role, 0.0)) for role, chance in unit_probabilities.items()}
    total = sum(raised.values())
    probabilities: dict[SentenceRole, float] = {role: chance / total for role, chance in raised.items()}
    return probabilities | ({"coupon": COUPON_PROBABILITY} if "coupon" in cues else {})
