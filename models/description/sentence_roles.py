"""What role a sentence has in an explanation, for texts that people read.

Roles are learned for whole units of some 8 s; phrases say which of their sentences has the role, and what a coupon is.
"""

import math
from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

import numpy as np

from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, DiscourseRole
from domain.session import Language
from domain.speech import Sentence
from models.description.wording_phrases import PhraseKind, has_phrase
from models.text.cue_phrases import CueKind, find_cues

SentenceRole: TypeAlias = DiscourseRole | Literal["coupon"]
RoleProbabilities: TypeAlias = Mapping[SentenceRole, float]
"""The probability of each role; of one that is missing, 0."""


class RoleClassifier(Protocol):
    """Gives the roles of the `number`-th sentence of the show."""

    def __call__(self, number: int, sentence: Sentence) -> RoleProbabilities: ...


ROLE_BY_CUE: dict[CueKind, DiscourseRole] = {"price": "price", "link": "link", "demo": "demo", "question": "qa"}
ROLE_BY_PHRASE: dict[PhraseKind, DiscourseRole] = {"chat": "chat", "shows": "demo", "buys": "link"}
CUE_NATS = (
    1.5  # that a phrase adds to its role; scripts: of probability .1 to .3, half of the sentences with one have it
)
CHAT_NATS = 3.0  # chat inside takes is too rare to be learned well; its phrases are right three times of four
COUPON_PROBABILITY = 0.7  # of a sentence with a phrase for it; a judgement, for scripts have no labels for coupons


def role_classifier(discourse: DiscourseClassification, language: Language) -> RoleClassifier:
    """A classifier for one show, from its units' roles and its sentences' phrases. It caches its results."""
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
    """The probabilities of a unit, raised for roles that a sentence of it has phrases for."""
    cues = find_cues(text, language)
    phrased = {role for cue, role in ROLE_BY_CUE.items() if cue in cues}
    phrased |= {role for kind, role in ROLE_BY_PHRASE.items() if has_phrase(text, kind, language)}
    nats = {role: CHAT_NATS if role == "chat" else CUE_NATS for role in phrased}
    raised = {role: probability * math.exp(nats.get(role, 0.0)) for role, probability in unit_probabilities.items()}
    total = sum(raised.values())
    probabilities: dict[SentenceRole, float] = {role: odds / total for role, odds in raised.items()}
    return probabilities | ({"coupon": COUPON_PROBABILITY} if "coupon" in cues else {})
