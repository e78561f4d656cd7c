"""Phrases that words for people are chosen by."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from domain.session import Language
from models.description.wording_phrases import PhraseKind, has_phrase

LISTS = tomllib.loads(
    (Path(__file__).parents[3] / "models" / "description" / "wording_phrases.toml").read_text(encoding="utf-8")
)
LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_phrases_in_every_language_and_no_other_kind_has(language: Language) -> None:
    assert set(LISTS[language]) == set(get_args(PhraseKind))
    assert all(LISTS[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_compiles_and_none_matches_nothing_at_all(language: Language) -> None:
    for kind in LISTS[language].values():
        assert not any(re.compile(phrase).search("") for phrase in kind)


@pytest.mark.parametrize(
    ("language", "kind", "text", "is_one"),
    [
        ("zh", "asked", "有姐妹问敏感肌能不能用", True),
        ("zh", "asked", "没问题的", False),
        ("zh", "rhetorical", "你们看到没有", True),
        ("zh", "anchor", "旗舰店三百九十九", True),
        ("zh", "call", "三，二，一，上", True),
        ("en", "wonders", "Does it dry your lips out?", True),
        ("en", "asked", "It does dry fast.", False),
        ("en", "rhetorical", "You thought it was a tank top, didn't you?", True),
        ("en", "call", "That's link number one", True),
        ("en", "call", "I link arms with her", False),
        ("en", "chat", "this is it", False),
        ("en", "reveal", "Tonight it's twelve ninety-nine", True),
    ],
)
def test_a_phrase_is_known_by_its_words(language: Language, kind: PhraseKind, text: str, is_one: bool) -> None:
    assert has_phrase(text, kind, language) is is_one
