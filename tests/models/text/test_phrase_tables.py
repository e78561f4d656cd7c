"""Words and templates as data."""

import tomllib
from pathlib import Path

import pytest

from models.text.phrase_tables import phrase_patterns, phrase_table

MODELS = Path(__file__).parents[3] / "models"
TABLES = sorted(MODELS.rglob("*.toml"))


@pytest.mark.parametrize("file", TABLES, ids=lambda file: str(file.stem))
def test_every_table_belongs_to_the_module_of_its_name(file: Path) -> None:
    assert file.with_suffix(".py").is_file()
    module = ".".join(file.relative_to(MODELS.parent).with_suffix("").parts)
    assert phrase_table(module) == tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", TABLES, ids=lambda file: str(file.stem))
def test_a_table_has_the_same_keys_in_every_language(file: Path) -> None:
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    assert table.get("zh", {}).keys() == table.get("en", {}).keys()


def test_a_list_of_phrases_becomes_one_expression_whatever_the_case() -> None:
    patterns = phrase_patterns("models.text.cue_phrases", "en")
    assert patterns["coupon"].search("Use the COUPON")
    assert not patterns["coupon"].search("use the spoon")


@pytest.mark.parametrize(
    ("kind", "inside", "word"),
    [
        ("coupon", "scan the barcode", "use my code"),
        ("link", "in the cartoon", "add it to your cart"),
        ("link", "untapped", "tap it"),
        ("price", "a caretaker's priceless", "the price is"),
    ],
)
def test_english_phrases_match_whole_words_only(kind: str, inside: str, word: str) -> None:
    pattern = phrase_patterns("models.text.cue_phrases", "en")[kind]
    assert pattern.search(word)
    assert not pattern.search(inside)


def test_english_phrases_of_marks_match_after_a_word() -> None:
    assert phrase_patterns("models.text.cue_phrases", "en")["question"].search("warm?")
