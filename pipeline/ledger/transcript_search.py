"""Full-text search over the transcripts of published sessions, in both databases and for Chinese.

Neither database knows where Chinese words end. So every character that is not an ASCII letter or digit is indexed as a
word of its own, written in ASCII (双 is u53cc), and a phrase of a query must match as a phrase.

A caption may hold only two words, so the index holds passages: the cues of some ten seconds, and those of the ten
seconds that follow. The database finds passages that hold all phrases; this module finds the cues inside.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, literal_column, or_, select, text

from domain.clock import Seconds
from domain.errors import InputError
from models.text.normalization import normalize_text
from pipeline.engine.serialization import type_adapter
from pipeline.inputs.subtitle_cues import join_lines
from pipeline.ledger.tables import passages
from pipeline.outputs.transcript_file import TranscriptCue

WORD_PATTERN = re.compile(r"[a-z0-9]+|[^\W_]")
MAX_QUERY_WORDS = 64
PASSAGE_DURATION_S: Seconds = 10.0  # a passage's own cues begin within it
MAX_HIT_DURATION_S: Seconds = 10.0  # of a hit of several cues: about what is said in one breath
BATCH_SIZE = 256  # passages that are read at once, some 100 kB


@dataclass(frozen=True, slots=True)
class TranscriptHit:
    """Neighbouring cues of a published session that together hold all phrases. Seconds of the replay."""

    session_id: str
    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """How far a search has come: hits that begin up to `last_start` in that session were returned."""

    session_id: str
    last_start: Seconds


@dataclass(frozen=True, slots=True)
class TranscriptSearchPage:
    """Hits by session and time. `next_cursor` is where the next page begins; None on the last one."""

    hits: tuple[TranscriptHit, ...]
    next_cursor: SearchCursor | None


@dataclass(frozen=True, slots=True)
class _SearchHit:
    passage: TranscriptHit
    cursor: SearchCursor


def replace_transcript(connection: Connection, session_id: str, cues: Iterable[TranscriptCue]) -> None:
    """Replace the indexed transcript of a session, in a write transaction of it."""
    connection.execute(delete(passages).where(passages.c.session_id == session_id))
    rows = [
        {
            "session_id": session_id,
            "last": last,
            "cues": type_adapter(tuple[TranscriptCue, ...]).dump_json(passage_cues).decode(),
            "words": "\n".join(index_words(cue.text) for cue in passage_cues),
        }
        for last, passage_cues in _group_passages(sorted(cues, key=lambda cue: cue.start))
    ]
    if rows:
        connection.execute(insert(passages), rows)


def _group_passages(cues: Sequence[TranscriptCue]) -> Iterator[tuple[Seconds, tuple[TranscriptCue, ...]]]:
    """For each passage the start of its last own cue, and all its cues. Every cue is one passage's own."""
    first = 0
    while first < len(cues):
        end = first + 1
        while end < len(cues) and cues[end].start < cues[first].start + PASSAGE_DURATION_S:
            end += 1
        last_start, overlap_end = cues[end - 1].start, end
        while overlap_end < len(cues) and cues[overlap_end].start < last_start + MAX_HIT_DURATION_S:
            overlap_end += 1
        yield last_start, tuple(cues[first:overlap_end])
        first = end


def search_transcripts(
    connection: Connection,
    query_text: str,
    limit: int,
    session_id: str | None = None,
    after: SearchCursor | None = None,
) -> TranscriptSearchPage:
    """The shortest runs of cues that hold every phrase of the query; no two share a cue. Spaces separate phrases.

    A run is one cue, or neighbouring ones of at most ten seconds. A query without words has no hits. Raises InputError
    for a query of more than `MAX_QUERY_WORDS` words.
    """
    phrases = [phrase for phrase in map(index_words, query_text.split()) if phrase]
    word_count = sum(phrase.count(" ") + 1 for phrase in phrases)
    if word_count > MAX_QUERY_WORDS:
        message = f"has {word_count} words, and a Chinese character is one"
        raise InputError("question", message, f"ask for at most {MAX_QUERY_WORDS}")
    if not phrases:
        return TranscriptSearchPage((), None)
    rows = _matching_rows(connection, _match_condition(connection, phrases), session_id, after)
    hits = list(islice(_iter_hits(rows, phrases, after), limit + 1))
    next_cursor = hits[limit - 1].cursor if len(hits) > limit else None
    return TranscriptSearchPage(tuple(hit.passage for hit in hits[:limit]), next_cursor)


def _matching_rows(
    connection: Connection, condition: ColumnElement[bool], session_id: str | None, after: SearchCursor | None
) -> Iterator[Row[Any]]:
    """Passages that hold every phrase, by session and time, read in batches as they are consumed."""
    query = select(passages).where(condition).order_by(passages.c.session_id, passages.c.last).limit(BATCH_SIZE)
    if session_id is not None:
        query = query.where(passages.c.session_id == session_id)
    rows: Sequence[Row[Any]] = connection.execute(_after_cursor(query, after)).all()
    while rows:
        yield from rows
        if len(rows) < BATCH_SIZE:
            return
        rows = connection.execute(_after_cursor(query, SearchCursor(rows[-1].session_id, rows[-1].last))).all()


def _after_cursor(query: Any, cursor: SearchCursor | None) -> Any:
    if cursor is None:
        return query
    later_in_session = and_(passages.c.session_id == cursor.session_id, passages.c.last > cursor.last_start)
    return query.where(or_(passages.c.session_id > cursor.session_id, later_in_session))


def _iter_hits(rows: Iterable[Row[Any]], phrases: Sequence[str], after: SearchCursor | None) -> Iterator[_SearchHit]:
    """Hits by session and time; each begins after all cues of the hit before it."""
    cursor = after
    for row in rows:
        cues = type_adapter(tuple[TranscriptCue, ...]).validate_json(row.cues)
        lines = row.words.split("\n")
        for first, cue in enumerate(cues):
            is_returned = cursor is not None and cursor.session_id == row.session_id and cue.start <= cursor.last_start
            if is_returned or cue.start > row.last:
                continue
            end = _hit_end(cues, lines, first, phrases)
            if end is not None:
                cursor = SearchCursor(row.session_id, cues[end - 1].start)
                yield _SearchHit(_join_cues(row.session_id, cues[first:end]), cursor)


def _join_cues(session_id: str, cues: Sequence[TranscriptCue]) -> TranscriptHit:
    text = join_lines([cue.text for cue in cues if cue.text])
    return TranscriptHit(session_id, cues[0].start, max(cue.end for cue in cues), text)


def _hit_end(cues: Sequence[TranscriptCue], lines: Sequence[str], first: int, phrases: Sequence[str]) -> int | None:
    """The end of the hit that begins at cue `first`; None where there is none, or a shorter one begins later."""
    for end in range(first + 1, len(cues) + 1):
        if end > first + 1 and cues[end - 1].end - cues[first].start > MAX_HIT_DURATION_S:
            return None
        if _contains_all(lines[first:end], phrases):
            return None if _contains_all(lines[first + 1 : end], phrases) else end
    return None


def _contains_all(lines: Sequence[str], phrases: Sequence[str]) -> bool:
    words = f" {' '.join(line for line in lines if line)} "
    return all(f" {phrase} " in words for phrase in phrases)


def index_words(content: str) -> str:
    """The words of a text in ASCII, separated by spaces: both databases split them alike in every locale."""
    return " ".join(_ascii_word(word) for word in WORD_PATTERN.findall(normalize_text(content, "zh").lower()))


def _ascii_word(word: str) -> str:
    return word if word.isascii() else f"u{ord(word):04x}"


def _match_condition(connection: Connection, phrases: list[str]) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        match_query = " AND ".join(f'"{phrase}"' for phrase in phrases)
        row_ids: Any = text("SELECT rowid FROM passage_words WHERE passage_words MATCH :phrases").bindparams(
            phrases=match_query
        )
        return passages.c.id.in_(row_ids.columns(literal_column("rowid")))
    vector = func.to_tsvector(literal_column("'simple'"), passages.c.words)
    return and_(*(vector.op("@@")(func.phraseto_tsquery(literal_column("'simple'"), phrase)) for phrase in phrases))
