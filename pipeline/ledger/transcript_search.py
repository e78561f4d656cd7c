"""What hosts said, to be searched: full text in both databases, Chinese as Chinese.

Neither database knows where Chinese words end. So every character that is not an ASCII letter or digit is a word of its
own, written as ASCII (双 is u53cc), and what stands together in a question must stand together in the answer.

A cue of captions may hold two words. So what is indexed are passages: some ten seconds of cues, and those that follow
for as long again. The databases say which passages may hold an answer; where in it the answer is, is looked for here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, literal_column, or_, select, text

from domain.clock import Seconds
from domain.errors import InputError
from models.text.normalization import one_script
from pipeline.engine.serialization import adapter_of
from pipeline.inputs.subtitle_cues import Cue, joined
from pipeline.ledger.tables import passages

WORD = re.compile(r"[a-z0-9]+|[^\W_]")
MOST_WORDS = 64  # of a question
PASSAGE: Seconds = 10.0  # in which a passage's own cues begin
LONGEST: Seconds = 10.0  # of several cues that answer together: about what is said in one breath
AT_ONCE = 256  # passages that are looked through, some 100 kB


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said in a stretch of a published session, replay seconds."""

    session_id: str
    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """How far a search has come: all that begins up to `at` in that session was told."""

    session_id: str
    at: Seconds


@dataclass(frozen=True, slots=True)
class SpokenPage:
    """Answers by session and time; `next` is where the page that follows begins, None on the last one."""

    found: tuple[Spoken, ...]
    next: Place | None


@dataclass(frozen=True, slots=True)
class _Hit:
    spoken: Spoken
    place: Place


def replace_spoken(connection: Connection, session_id: str, spoken: Iterable[Spoken]) -> None:
    """Let a session's cues be these, in a transaction that writes of it."""
    connection.execute(delete(passages).where(passages.c.session_id == session_id))
    rows = [
        {
            "session_id": session_id,
            "last": last,
            "cues": adapter_of(tuple[Cue, ...]).dump_json(cues).decode(),
            "words": "\n".join(words_of(cue.text) for cue in cues),
        }
        for last, cues in _passages(sorted((Cue(one.start, one.end, one.text) for one in spoken), key=_start))
    ]
    if rows:
        connection.execute(insert(passages), rows)


def _start(cue: Cue) -> Seconds:
    return cue.start


def _passages(cues: Sequence[Cue]) -> Iterator[tuple[Seconds, tuple[Cue, ...]]]:
    """When the last of a passage's own cues begins, and all its cues. Every cue is one passage's own."""
    first = 0
    while first < len(cues):
        end = first + 1
        while end < len(cues) and cues[end].start < cues[first].start + PASSAGE:
            end += 1
        last, beyond = cues[end - 1].start, end
        while beyond < len(cues) and cues[beyond].start < last + LONGEST:
            beyond += 1
        yield last, tuple(cues[first:beyond])
        first = end


def find_spoken(
    connection: Connection, question: str, limit: int, session_id: str | None = None, after: Place | None = None
) -> SpokenPage:
    """The shortest stretches in which every part of the question, parted by spaces, was said; no two share a cue.

    A stretch is a cue, or neighbouring ones of at most ten seconds. None answers a question without words. Raises
    InputError for a question of more than MOST_WORDS.
    """
    phrases = [phrase for phrase in map(words_of, question.split()) if phrase]
    words = sum(phrase.count(" ") + 1 for phrase in phrases)
    if words > MOST_WORDS:
        what = f"has {words} words, and a Chinese character is one"
        raise InputError("question", what, f"ask for at most {MOST_WORDS}")
    if not phrases:
        return SpokenPage((), None)
    rows = _matching(connection, _holds(connection, phrases), session_id, after)
    found = list(islice(_hits(rows, phrases, after), limit + 1))
    more = found[limit - 1].place if len(found) > limit else None
    return SpokenPage(tuple(hit.spoken for hit in found[:limit]), more)


def _matching(
    connection: Connection, holds: ColumnElement[bool], session_id: str | None, after: Place | None
) -> Iterator[Row[Any]]:
    """Passages that hold every phrase, by session and time, as far as somebody asks for them."""
    query = select(passages).where(holds).order_by(passages.c.session_id, passages.c.last).limit(AT_ONCE)
    if session_id is not None:
        query = query.where(passages.c.session_id == session_id)
    rows: Sequence[Row[Any]] = connection.execute(_after(query, after)).all()
    while rows:
        yield from rows
        if len(rows) < AT_ONCE:
            return
        rows = connection.execute(_after(query, Place(rows[-1].session_id, rows[-1].last))).all()


def _after(query: Any, place: Place | None) -> Any:
    if place is None:
        return query
    here = and_(passages.c.session_id == place.session_id, passages.c.last > place.at)
    return query.where(or_(passages.c.session_id > place.session_id, here))


def _hits(rows: Iterable[Row[Any]], phrases: Sequence[str], after: Place | None) -> Iterator[_Hit]:
    """Answers that begin after all cues of the answer before them."""
    place = after
    for row in rows:
        cues = adapter_of(tuple[Cue, ...]).validate_json(row.cues)
        lines = row.words.split("\n")
        for first, cue in enumerate(cues):
            is_told = place is not None and place.session_id == row.session_id and cue.start <= place.at
            if is_told or cue.start > row.last:
                continue
            end = _end_of(cues, lines, first, phrases)
            if end is not None:
                place = Place(row.session_id, cues[end - 1].start)
                yield _Hit(_spoken(row.session_id, cues[first:end]), place)


def _spoken(session_id: str, cues: Sequence[Cue]) -> Spoken:
    text = joined([cue.text for cue in cues if cue.text])
    return Spoken(session_id, cues[0].start, max(cue.end for cue in cues), text)


def _end_of(cues: Sequence[Cue], lines: Sequence[str], first: int, phrases: Sequence[str]) -> int | None:
    """Up to which cue one must hear from `first` on; None where that answers nothing, or the next cue would do."""
    for end in range(first + 1, len(cues) + 1):
        if end > first + 1 and cues[end - 1].end - cues[first].start > LONGEST:
            return None
        if _all_said(lines[first:end], phrases):
            return None if _all_said(lines[first + 1 : end], phrases) else end
    return None


def _all_said(lines: Sequence[str], phrases: Sequence[str]) -> bool:
    words = f" {' '.join(line for line in lines if line)} "
    return all(f" {phrase} " in words for phrase in phrases)


def words_of(said: str) -> str:
    """The words of a text, as both databases split them alike in every locale: ASCII, parted by spaces."""
    return " ".join(_ascii(word) for word in WORD.findall(one_script(said, "zh").lower()))


def _ascii(word: str) -> str:
    return word if word.isascii() else f"u{ord(word):04x}"


def _holds(connection: Connection, phrases: list[str]) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        asked = " AND ".join(f'"{phrase}"' for phrase in phrases)
        found: Any = text("SELECT rowid FROM passage_words WHERE passage_words MATCH :asked").bindparams(asked=asked)
        return passages.c.id.in_(found.columns(literal_column("rowid")))
    vector = func.to_tsvector(literal_column("'simple'"), passages.c.words)
    return and_(*(vector.op("@@")(func.phraseto_tsquery(literal_column("'simple'"), phrase)) for phrase in phrases))
