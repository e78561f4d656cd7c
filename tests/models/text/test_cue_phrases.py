"""What sentences do in a show."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from domain.session import Language
from models.text.cue_phrases import CueKind, find_cues

PHRASES = tomllib.loads(
    (Path(__file__).parents[3] / "models" / "text" / "cue_phrases.toml").read_text(encoding="utf-8")
)
LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_cue_has_phrases_in_every_language(language: Language) -> None:
    assert set(PHRASES[language]) == set(get_args(CueKind))
    assert all(PHRASES[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_compiles_and_none_matches_nothing_at_all(language: Language) -> None:
    for phrases in PHRASES[language].values():
        assert not any(re.compile(phrase).search("") for phrase in phrases)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("来，下一款给大家看这个", "zh", "opening"),
        ("今天到手九块九", "zh", "price"),
        ("三二一上链接", "zh", "link"),
        ("我给你们推开看", "zh", "demo"),
        ("先领券", "zh", "coupon"),
        ("有宝宝问能不能敏感肌用", "zh", "question"),
        ("All right, so next up", "en", "opening"),
        ("Let me show you how", "en", "demo"),
        ("Does it fit a small kitchen?", "en", "question"),
    ],
)
def test_a_sentence_is_known_by_its_words(text: str, language: Language, kind: CueKind) -> None:
    assert kind in find_cues(text, language)


def test_a_sentence_that_only_names_things_has_no_cues() -> None:
    assert find_cues("麦角硫因加虾青素", "zh") == frozenset()
