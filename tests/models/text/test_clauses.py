"""Clauses put together again to sentences."""

import pytest

from domain.clock import Seconds, Span
from domain.session import Language
from domain.speech import Sentence
from models.text.clauses import MAX_SENTENCE_COLUMNS, join_clauses, joined_text, strip_fillers
from models.text.typography import display_width


def clauses(*timed: tuple[Seconds, Seconds, str]) -> dict[int, Sentence]:
    return {n: Sentence.with_even_timing(Span(start, end), text) for n, (start, end, text) in enumerate(timed)}


def texts(sentences: dict[int, Sentence], language: Language = "zh") -> list[str]:
    return [sentence.text for sentence in join_clauses(sentences, language)]


def test_clauses_cut_at_breaths_become_one_sentence() -> None:
    sentences = clauses((0, 2, "这个没涂层,"), (2.5, 4, "就是一块钢"), (4.4, 6, "压出来的"))
    assert texts(sentences) == ["这个没涂层，就是一块钢，压出来的。"]


def test_a_clause_cut_for_its_length_is_joined_without_a_comma() -> None:
    assert texts(clauses((0, 6, "这一瓶里面是麦角硫因加"), (6, 8, "虾青素抗糖抗氧"))) == [
        "这一瓶里面是麦角硫因加虾青素抗糖抗氧。"
    ]


def test_captions_that_touch_are_clauses_of_their_own() -> None:
    assert texts(clauses((0, 3, "双抗精华抗糖抗氧"), (3, 6, "早晚都能用"))) == ["双抗精华抗糖抗氧，早晚都能用。"]


def test_a_long_silence_ends_a_sentence() -> None:
    sentences = clauses((0, 2, "这个没有涂层就是一块钢"), (4, 6, "你们看里面一格一格的"))
    assert texts(sentences) == ["这个没有涂层就是一块钢。", "你们看里面一格一格的。"]


def test_a_strong_mark_ends_a_sentence() -> None:
    sentences = clauses((0, 3, "It's a cream but it kinda sets."), (3.2, 5, "I've got combo skin."))
    assert texts(sentences, "en") == ["It's a cream but it kinda sets.", "I've got combo skin."]


def test_very_short_sentences_go_with_the_next() -> None:
    sentences = clauses((0, 1, "It's a stain."), (1.3, 2, "It's not a lipstick."), (2.2, 4, "It's in your lips."))
    assert texts(sentences, "en") == ["It's a stain. It's not a lipstick.", "It's in your lips."]


def test_what_was_not_heard_reliably_is_left_out_and_joins_nothing() -> None:
    sentences = clauses((0, 2, "这个没涂层就是一块钢"), (2.3, 4, "啦啦啦"), (4.3, 6, "压出来的没有皮可以掉"))
    sentences[1] = Sentence.with_even_timing(Span(2.3, 4), "啦啦啦", is_reliable=False)
    assert texts(sentences) == ["这个没涂层就是一块钢。", "压出来的没有皮可以掉。"]


def test_a_speaker_who_never_stops_is_cut() -> None:
    sentences = clauses(*((n, n + 1.0, "一直说一直说一直说") for n in range(60)))
    assert max(display_width(text) for text in texts(sentences)) <= MAX_SENTENCE_COLUMNS + 10
    assert [n for s in join_clauses(sentences, "zh") for n in s.clause_indices] == list(range(60))


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("zh", "这个多少钱", "这个多少钱？"),
        ("zh", "敏感肌能用吗", "敏感肌能用吗？"),
        ("zh", "好,好,好,看这个", "好，看这个。"),
        ("en", "does it wrinkle", "Does it wrinkle?"),
        ("en", "it does not wrinkle,", "It does not wrinkle."),
    ],
)
def test_a_sentence_ends_in_the_mark_it_asks_for(language: Language, text: str, written: str) -> None:
    assert joined_text([Sentence.with_even_timing(Span(0, 2), text)], language) == written


@pytest.mark.parametrize(
    ("language", "text", "without"),
    [
        ("zh", "好，来，你们看这一瓶。", "你们看这一瓶。"),
        ("zh", "好用的一瓶。", "好用的一瓶。"),
        ("en", "Okay, so, it's matte.", "It's matte."),
        ("en", "So soft.", "So soft."),
        ("zh", "好，", "好，"),
    ],
)
def test_words_of_a_thinking_speaker_are_left_out(language: Language, text: str, without: str) -> None:
    assert strip_fillers(text, language) == without
