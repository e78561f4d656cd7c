"""What hosts said, to be searched: full text in both databases, Chinese as Chinese.

Neither database knows where Chinese words end. So every character that is not an ASCII letter or digit is a word of its
own, written as ASCII (双 is u53cc), and what stands together in a question must stand together in the answer.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal_column, select, text

from domain.clock import Seconds
from models.script import one_script
from pipeline.ledger.tables import sentences

WORD = re.compile(r"[a-z0-9]+|[^\W_]")
MOST_WORDS = 64  # of a question


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of a published session, replay seconds."""

    session_id: str
    start: Seconds
    end: Seconds
    text: str


def replace_spoken(connection: Connection, session_id: str, spoken: Iterable[Spoken]) -> None:
    """Let a session's sentences be these, in a transaction that writes of it."""
    connection.execute(delete(sentences).where(sentences.c.session_id == session_id))
    rows = [{**asdict(one), "words": words_of(one.text)} for one in spoken]
    if rows:
        connection.execute(insert(sentences), rows)


def find_spoken(connection: Connection, question: str, limit: int, session_id: str | None = None) -> tuple[Spoken, ...]:
    """Sentences in which every part of the question, parted by spaces, was said; none for a question without words."""
    phrases = [phrase for phrase in map(words_of, question.split()) if phrase]
    if not phrases or sum(phrase.count(" ") + 1 for phrase in phrases) > MOST_WORDS:
        return ()
    columns = [sentences.c[name] for name in Spoken.__dataclass_fields__]
    query = select(*columns).where(_holds(connection, phrases))
    if session_id is not None:
        query = query.where(sentences.c.session_id == session_id)
    query = query.order_by(sentences.c.session_id, sentences.c.start).limit(limit)
    return tuple(Spoken(**row._mapping) for row in connection.execute(query))


def words_of(said: str) -> str:
    """The words of a text, as both databases split them alike in every locale: ASCII, parted by spaces."""
    return " ".join(_ascii(word) for word in WORD.findall(one_script(said, "zh").lower()))


def _ascii(word: str) -> str:
    return word if word.isascii() else f"u{ord(word):04x}"


def _holds(connection: Connection, phrases: list[str]) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        asked = " AND ".join(f'"{phrase}"' for phrase in phrases)
        found: Any = text("SELECT rowid FROM sentence_words WHERE sentence_words MATCH :asked").bindparams(asked=asked)
        return sentences.c.id.in_(found.columns(literal_column("rowid")))
    vector = func.to_tsvector(literal_column("'simple'"), sentences.c.words)
    return and_(*(vector.op("@@")(func.phraseto_tsquery(literal_column("'simple'"), phrase)) for phrase in phrases))
