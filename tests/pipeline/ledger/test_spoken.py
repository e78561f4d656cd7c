"""Searching what was said: the same questions find the same sentences in both databases."""

import pytest

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.spoken import MOST_WORDS, Spoken, find_spoken, replace_spoken

SAID = (
    Spoken("双十一", 0.0, 5.0, "珀莱雅的双抗精华，到手169块9。"),
    Spoken("双十一", 5.0, 9.0, "这支牙刷是飞利浦HX3216，双十一才有。"),
    Spoken("en", 0.0, 4.0, "The air fryer's basket is 5.5 litres; café colour."),
)


def search(ledger: Ledger, question: str, session_id: str | None = None) -> list[str]:
    for identity in ("双十一", "en"):
        with ledger.writing(identity) as connection:
            replace_spoken(connection, identity, [one for one in SAID if one.session_id == identity])
    with ledger.reading() as connection:
        return [found.text for found in find_spoken(connection, question, 10, session_id)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("双抗精华", [0]),
        ("雙抗精華", [0]),
        ("双", [0, 1]),
        ("双十一 牙刷", [1]),
        ("精华双抗", []),
        ("hx3216", [1]),
        ("ＨＸ３２１６", [1]),
        ("169", [0]),
        ("air fryer", [2]),
        ("fry", []),
        ("CAFÉ", [2]),
        ("", []),
        ("。，", []),
        ('" OR 1=1 --', []),
        ("NEAR( * ^", []),
        ("%", []),
    ],
)
def test_a_question_finds_the_sentences_in_which_it_was_said(ledger: Ledger, question: str, found: list[int]) -> None:
    assert sorted(search(ledger, question)) == sorted(SAID[place].text for place in found)


def test_a_question_can_be_asked_of_one_session(ledger: Ledger) -> None:
    assert search(ledger, "双", "en") == []
    assert len(search(ledger, "双", "双十一")) == 2


def test_what_is_said_no_more_is_found_no_more(ledger: Ledger) -> None:
    assert search(ledger, "牙刷")
    with ledger.writing("双十一") as connection:
        replace_spoken(connection, "双十一", SAID[:1])
    with ledger.reading() as connection:
        assert find_spoken(connection, "牙刷", 10) == ()
        assert len(find_spoken(connection, "精华", 10)) == 1


def test_a_question_that_is_a_book_finds_nothing(ledger: Ledger) -> None:
    assert search(ledger, "双" * (MOST_WORDS + 1)) == []
