"""What a sentence does in the show, by the words that hosts use: it opens, prices, links, demonstrates, ...

These phrases (cue_phrases.toml) classify sentences within a unit, for texts that people read, and find openings for
rescoring. What whole units do, and where explanations begin and end, is learned (discourse_classifier.py).
"""

from typing import Literal, get_args

from domain.session import Language
from models.text.phrase_tables import phrase_patterns

CueKind = Literal["opening", "price", "link", "demo", "coupon", "question"]


def find_cues(text: str, language: Language) -> frozenset[CueKind]:
    """The kinds of cues in one sentence."""
    patterns = phrase_patterns(__name__, language)
    return frozenset(kind for kind in get_args(CueKind) if patterns[kind].search(text))
