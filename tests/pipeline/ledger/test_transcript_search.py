"""Transcript search: the same queries find the same cues in both databases."""

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


def write(ledger: Ledger, cues: Iterable[TranscriptHit]) -> None:
    for session_id, group in groupby(cues, key=lambda cue: cue.session_id):
        with ledger.write_transaction(session_id) as connection:
            replace_transcript(connection, session_id, [TranscriptCue(cue.start, cue.end, cue.text) for cue in group])


def search(ledger: Ledger, question: str, session_id: str | None = None) -> list[str]:
    with ledger.read_transaction() as connection:
        return [hit.text for hit in search_transcripts(connection, question, 1000, session_id).hits]


def cues(*texts: str, session_id: str = "s", each: float = 1.6) -> list[TranscriptHit]:
    """Captions as live rooms have them, one behind the other."""
    return [TranscriptHit(session_id, n * each, (n + 1) * each, text) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("question", "hits"),
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
def test_a_question_finds_the_cues_in_which_it_was_said(ledger: Ledger, question: str, hits: list[int]) -> None:
    write(ledger, SAID)
    assert sorted(search(ledger, question)) == sorted(SAID[index].text for index in hits)


@pytest.mark.parametrize(
    ("question", "hits"),
    [
        ("hey everybody welcome", ["Hey everybody, welcome in."]),
        ("宝宝 左上角", ["宝宝们看左上角"]),
        ("看左上角", ["看左上角"]),  # only what the answer needs
        ("左上角 宝宝", ["宝宝们看左上角"]),
        ("in", ["welcome in."]),
    ],
)
def test_neighbouring_cues_answer_together(ledger: Ledger, question: str, hits: list[str]) -> None:
    write(ledger, cues("Hey everybody,", "welcome in.", "宝宝们", "看", "左上角"))
    assert search(ledger, question) == hits


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
        hits = search_transcripts(connection, "早c 晚a", 1000).hits
    assert [round(hit.start / 1.6) for hit in hits] == [n for n in range(100) if n % 5 in (0, 2)]
    assert search(ledger, "好") == ["好"] * 20


def shortest(said_cues: list[TranscriptHit], question: str) -> list[tuple[float, float]]:
    """The plain rule, asked of every stretch of the show."""
    parts, hits, free = [index_words(part) for part in question.split()], list[tuple[float, float]](), 0
    lines = [index_words(each.text) for each in said_cues]

    def answers(first: int, end: int) -> bool:
        words = " ".join(lines[first:end])
        return all(f" {part} " in f" {words} " for part in parts)

    for first in range(len(said_cues)):
        for end in range(first + 1, len(said_cues) + 1):
            is_short = end == first + 1 or said_cues[end - 1].end - said_cues[first].start <= MAX_HIT_DURATION_S
            is_shortest = not answers(first + 1, end) and not answers(first, end - 1)
            if first >= free and is_short and answers(first, end) and is_shortest:
                hits.append((said_cues[first].start, said_cues[end - 1].end))
                free = end
    return hits


def test_passages_hide_nothing_that_the_plain_rule_finds(ledger: Ledger) -> None:
    rng = random.Random(5)
    time, said_cues = 0.0, list[TranscriptHit]()
    for _ in range(70):
        start = time + rng.choice((0, 0, 0.4, 6))
        time = start + rng.uniform(0.3, 3)
        said_cues.append(TranscriptHit("s", start, time, "".join(rng.choices("甲乙丙丁戊", k=rng.choice((1, 2, 5))))))
    write(ledger, said_cues)
    for question in ("甲", "甲乙", "乙 丁", "丙甲 戊", "丁 甲 乙丙", "甲乙丙"):
        with ledger.read_transaction() as connection:
            hits = [(hit.start, hit.end) for hit in search_transcripts(connection, question, 1000).hits]
        assert hits == shortest(said_cues, question), question


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
