"""Read the edits of a session, and append to them. Only an editor who has seen all of them may append."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from domain.errors import ConflictError, InvalidValue
from domain.review import Edit, Edits
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.database import Ledger
from pipeline.ledger.tables import edits
from pipeline.review.decisions import fold_edits
from pipeline.review.edit_messages import describe_edit


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """Who changed what, and when. `number` counts the session's edits from 1; `words` describe the edit."""

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
    return Edits(tuple(type_adapter(Edit).validate_json(edit_json) for edit_json in connection.scalars(query)))


def read_edit_log(
    connection: Connection, session_id: str, after: int = 0, limit: int | None = None
) -> tuple[LoggedEdit, ...]:
    """The edits of a session that follow the first `after`, at most `limit`, in order."""
    query = select(edits).where(edits.c.session_id == session_id, edits.c.number > after)
    rows = connection.execute(query.order_by(edits.c.number).limit(limit))
    parsed = ((row, type_adapter(Edit).validate_json(row.edit)) for row in rows)
    return tuple(LoggedEdit(row.number, row.made_at, row.made_by, describe_edit(edit), edit) for row, edit in parsed)


def append_edits(
    ledger: Ledger, session_id: str, new_edits: Sequence[Edit], *, editor: str, base_edit_count: int
) -> int:
    """Append edits made by an editor who had seen the first `base_edit_count`; returns how many the session has now.

    Raises ConflictError where others edited meanwhile. Raises InvalidValue where an edit cannot follow those before it,
    or would not be read back as it is: what is appended is never removed.
    """
    texts = [_serialize_edit(edit) for edit in new_edits]
    with ledger.write_transaction(session_id) as connection:
        count = count_edits(connection, session_id)
        if count != base_edit_count:
            message = f"has {count} edits, of which you saw {base_edit_count}: somebody else edited it meanwhile"
            raise ConflictError(session_id, message, "look at theirs, then make yours again")
        fold_edits((*read_edits(connection, session_id).edits, *new_edits))
        now = datetime.now(UTC)
        rows = [
            {"session_id": session_id, "number": count + n, "made_at": now, "made_by": editor, "edit": edit_json}
            for n, edit_json in enumerate(texts, start=1)
        ]
        if rows:
            connection.execute(insert(edits), rows)
        return count + len(rows)


def _serialize_edit(edit: Edit) -> str:
    try:
        text = type_adapter(Edit).dump_json(edit).decode()
        is_unchanged = type_adapter(Edit).validate_json(text) == edit
    except ValueError as problem:  # of pydantic; of Unicode
        raise InvalidValue(f"the edit of {edit.operation.highlight!r} cannot be kept as JSON") from problem
    if not is_unchanged:
        raise InvalidValue(f"the edit of {edit.operation.highlight!r} would not be read back as it is")
    return text
