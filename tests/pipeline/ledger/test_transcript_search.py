"""Searching what was said: the same questions find the same places in both databases."""

import random
from collections.abc import Iterable
from itertools import groupby

import pytest

from domain.errors import InputError
from pipeline.ledger.database import Ledger
from pipeline.ledger.transcript_search import (
    MAX_HIT_DURATION_S,
    MAX_QUERY_WORDS,
    TranscriptHit,
    index_words,
    replace_transcript,
    search_transcripts,
)
from pipeline.outputs.transcript_file import TranscriptCue

SAID = (
    TranscriptHit("双十一", 0.0, 5.0, "珀莱雅的双抗精华，到手169块9。"),
    TranscriptHit("双十一", 5.0, 9.0, "这支牙刷是飞利浦HX3216，双十一才有。"),
    TranscriptHit("en", 0.0, 4.0, "The air fryer's basket is 5.5 litres; café colour."),
)


def write(ledger: Ledger, said: Iterable[TranscriptHit]) -> None:
    for identity, spoken in groupby(said, key=lambda one: one.session_id):
        with ledger.write_transaction(identity) as connection:
            replace_transcript(connection, identity, [TranscriptCue(one.start, one.end, one.text) for one in spoken])


def search(ledger: Ledger, question: str, session_id: str | None = None) -> list[str]:
    with ledger.read_transaction() as connection:
        return [found.text for found in search_transcripts(connection, question, 1000, session_id).hits]


def cues(*texts: str, session_id: str = "s", each: float = 1.6) -> list[TranscriptHit]:
    """Captions as live rooms have them, one behind the other."""
    return [TranscriptHit(session_id, n * each, (n + 1) * each, said) for n, said in enumerate(texts)]


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
def test_a_question_finds_the_cues_in_which_it_was_said(ledger: Ledger, question: str, found: list[int]) -> None:
    write(ledger, SAID)
    assert sorted(search(ledger, question)) == sorted(SAID[place].text for place in found)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("hey everybody welcome", ["Hey everybody, welcome in."]),
        ("宝宝 左上角", ["宝宝们看左上角"]),
        ("看左上角", ["看左上角"]),  # only what the answer needs
        ("左上角 宝宝", ["宝宝们看左上角"]),
        ("in", ["welcome in."]),
    ],
)
def test_neighbouring_cues_answer_together(ledger: Ledger, question: str, found: list[str]) -> None:
    write(ledger, cues("Hey everybody,", "welcome in.", "宝宝们", "看", "左上角"))
    assert search(ledger, question) == found


def test_cues_that_are_far_apart_do_not_answer_together(ledger: Ledger) -> None:
    near = [
        *cues("one", "um", "um", "two"),
        TranscriptHit("s", 30, 31, "three"),
        TranscriptHit("s", 39.5, 40.5, "four"),
    ]
    write(ledger, near)
    assert search(ledger, "one two") == ["one um um two"]
    assert search(ledger, "three four") == []


def test_a_cue_answers_alone_however_long_it_is(ledger: Ledger) -> None:
    write(ledger, [TranscriptHit("s", 0, 60, "one and two"), TranscriptHit("s", 60, 61, "three")])
    assert (search(ledger, "one two"), search(ledger, "two three")) == (["one and two"], [])


def test_what_is_said_again_is_found_again_and_no_place_twice(ledger: Ledger) -> None:
    write(ledger, cues(*["早C", "晚A", "早C", "晚A", "好"] * 20))
    with ledger.read_transaction() as connection:
        found = search_transcripts(connection, "早c 晚a", 1000).hits
    assert [round(one.start / 1.6) for one in found] == [n for n in range(100) if n % 5 in (0, 2)]
    assert search(ledger, "好") == ["好"] * 20


def shortest(said: list[TranscriptHit], question: str) -> list[tuple[float, float]]:
    """The plain rule, asked of every stretch of the show."""
    parts, found, free = [index_words(part) for part in question.split()], list[tuple[float, float]](), 0
    lines = [index_words(one.text) for one in said]

    def answers(first: int, end: int) -> bool:
        words = " ".join(lines[first:end])
        return all(f" {part} " in f" {words} " for part in parts)

    for first in range(len(said)):
        for end in range(first + 1, len(said) + 1):
            is_short = end == first + 1 or said[end - 1].end - said[first].start <= MAX_HIT_DURATION_S
            is_shortest = not answers(first + 1, end) and not answers(first, end - 1)
            if first >= free and is_short and answers(first, end) and is_shortest:
                found.append((said[first].start, said[end - 1].end))
                free = end
    return found


def test_passages_hide_nothing_that_the_plain_rule_finds(ledger: Ledger) -> None:
    rng = random.Random(5)
    time, said = 0.0, list[TranscriptHit]()
    for _ in range(70):
        start = time + rng.choice((0, 0, 0.4, 6))
        time = start + rng.uniform(0.3, 3)
        said.append(TranscriptHit("s", start, time, "".join(rng.choices("甲乙丙丁戊", k=rng.choice((1, 2, 5))))))
    write(ledger, said)
    for question in ("甲", "甲乙", "乙 丁", "丙甲 戊", "丁 甲 乙丙", "甲乙丙"):
        with ledger.read_transaction() as connection:
            found = [(one.start, one.end) for one in search_transcripts(connection, question, 1000).hits]
        assert found == shortest(said, question), question


def test_pages_are_what_one_answer_would_be(ledger: Ledger) -> None:
    for session_id in ("a", "b", "双十一"):
        write(ledger, cues(*["早C", "晚A", "好"] * 9, session_id=session_id))
    pages, after = list[TranscriptHit](), None
    with ledger.read_transaction() as connection:
        whole = search_transcripts(connection, "早c 晚a", 1000)
        while True:
            page = search_transcripts(connection, "早c 晚a", 4, after=after)
            pages.extend(page.hits)
            if page.next_cursor is None:
                break
            after = page.next_cursor
    assert (tuple(pages), whole.next_cursor) == (whole.hits, None)
    assert len(pages) == 27


def test_more_is_looked_through_than_is_read_at_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ledger.transcript_search.BATCH_SIZE", 2)
    write(ledger, cues(*["好", "一", "二", "三", "四", "五", "六"] * 9))
    assert len(search(ledger, "好")) == 9


def test_a_question_can_be_asked_of_one_session(ledger: Ledger) -> None:
    write(ledger, SAID)
    assert search(ledger, "双", "en") == []
    assert len(search(ledger, "双", "双十一")) == 2


def test_what_is_said_no_more_is_found_no_more(ledger: Ledger) -> None:
    write(ledger, SAID)
    assert search(ledger, "牙刷")
    write(ledger, SAID[:1])
    assert search(ledger, "牙刷") == []
    assert len(search(ledger, "精华")) == 1


def test_a_question_that_is_a_book_is_refused(ledger: Ledger) -> None:
    assert search(ledger, "双" * MAX_QUERY_WORDS) == []
    with pytest.raises(InputError, match="has 65 words"):
        search(ledger, "双" * (MAX_QUERY_WORDS + 1))
