"""The edits of a session: read, and appended to by whoever saw all that are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from domain.errors import ConflictError, InvalidValue
from domain.review import Edit, Edits
from pipeline.engine.serialization import adapter_of
from pipeline.ledger.database import Ledger
from pipeline.ledger.tables import edits
from pipeline.review.decisions import decisions_of
from pipeline.review.edit_messages import in_words


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """Who changed what, when. `number` counts the session's edits from 1; `words` say the edit to people."""

    number: int
    made_at: datetime
    made_by: str
    words: str
    edit: Edit


def count_edits(connection: Connection, session_id: str) -> int:
    """How many edits a session has."""
    query = select(func.count()).select_from(edits).where(edits.c.session_id == session_id)
    return connection.scalar(query) or 0


def read_edits(connection: Connection, session_id: str) -> Edits:
    """All edits of a session, in order."""
    query = select(edits.c.edit).where(edits.c.session_id == session_id).order_by(edits.c.number)
    return Edits(tuple(adapter_of(Edit).validate_json(found) for found in connection.scalars(query)))


def read_log(
    connection: Connection, session_id: str, after: int = 0, limit: int | None = None
) -> tuple[LoggedEdit, ...]:
    """Edits of a session after the first `after`, at most `limit`, in order."""
    query = select(edits).where(edits.c.session_id == session_id, edits.c.number > after)
    rows = connection.execute(query.order_by(edits.c.number).limit(limit))
    read = ((row, adapter_of(Edit).validate_json(row.edit)) for row in rows)
    return tuple(LoggedEdit(row.number, row.made_at, row.made_by, in_words(edit), edit) for row, edit in read)


def append_edits(ledger: Ledger, session_id: str, made: Sequence[Edit], *, by: str, after: int) -> int:
    """Add edits that somebody made who had seen the first `after` of the session; returns how many there are now.

    Raises ConflictError where others edited meanwhile, InvalidValue where an edit cannot follow those before it, or
    could not be read back as it is: what is kept here is kept for good.
    """
    texts = [_text(edit) for edit in made]
    with ledger.writing(session_id) as connection:
        count = connection.scalar(select(func.count()).where(edits.c.session_id == session_id)) or 0
        if count != after:
            what = f"has {count} edits, of which you saw {after}: somebody else edited it meanwhile"
            raise ConflictError(session_id, what, "look at theirs, then make yours again")
        decisions_of((*read_edits(connection, session_id).edits, *made))
        now = datetime.now(UTC)
        rows = [
            {"session_id": session_id, "number": count + n, "made_at": now, "made_by": by, "edit": kept}
            for n, kept in enumerate(texts, start=1)
        ]
        if rows:
            connection.execute(insert(edits), rows)
        return count + len(rows)


def _text(edit: Edit) -> str:
    try:
        text = adapter_of(Edit).dump_json(edit).decode()
        is_whole = adapter_of(Edit).validate_json(text) == edit
    except ValueError as problem:  # of pydantic; of Unicode
        raise InvalidValue(f"the edit of {edit.operation.highlight!r} cannot be kept as JSON") from problem
    if not is_whole:
        raise InvalidValue(f"the edit of {edit.operation.highlight!r} would not be read back as it is")
    return text
