"""Which words of a sentence sound most like a name."""

import pytest

from domain.catalog import Catalog, Product
from models.rescoring.name_similarity import MIN_SIMILARITY, NameMatch, best_match, phonetic_names, phonetic_sentence


def match_in(text: str, name: str) -> NameMatch | None:
    catalog = Catalog((Product(product_id="1", title="no name", short_name=name),))
    (phonetic_name,) = phonetic_names(catalog, {}, "en" if name.isascii() else "zh")
    return best_match(phonetic_name, phonetic_sentence(text))


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("一号力件,吹大火的", "炊大皇", "吹大火"),
        ("吹大火", "炊大皇", "吹大火"),
        ("the snooze curl one", "snoozecurl", "snooze curl"),
    ],
)
def test_the_words_that_sound_like_a_name_are_matched(text: str, name: str, words: str) -> None:
    match = match_in(text, name)
    assert match is not None
    assert text[match.start : match.end] == words
    assert MIN_SIMILARITY <= match.similarity <= 1


@pytest.mark.parametrize(("text", "name"), [("大家晚上好", "炊大皇"), ("", "炊大皇"), ("呃", "炊大皇")])
def test_nothing_is_matched_where_nothing_sounds_like_it(text: str, name: str) -> None:
    assert match_in(text, name) is None


def test_a_name_with_the_right_sounds_is_as_similar_as_can_be() -> None:
    match = match_in("这个催大黄真好", "炊大皇")
    assert match is not None
    assert match.similarity == 1.0
