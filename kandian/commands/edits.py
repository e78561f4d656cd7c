"""`kandian edits`: who changed what, when."""

import sys

from domain.errors import ReviewError
from kandian.commands.review import Desk, session_typed
from kandian.terminal.cells import printable
from pipeline.engine.serialization import adapter_of
from pipeline.ledger.edit_log import LoggedEdit, read_log
from pipeline.ledger.location import ledger_of
from pipeline.review.draft import TAKES_FILE


def edits_command(session: str, desk: Desk, as_json: bool) -> int:
    """Print a session's edits, the first first; returns the exit code."""
    session_id = session_typed(session)
    ledger = ledger_of(desk.out, desk.ledger)
    try:
        with ledger.reading() as connection:
            log = read_log(connection, session_id)
    finally:
        ledger.close()
    if not log and not (desk.out / session_id / TAKES_FILE).is_file():
        raise ReviewError(session_id, "has neither edits nor results", "kandian status says which sessions there are")
    if as_json:
        sys.stdout.write(adapter_of(tuple[LoggedEdit, ...]).dump_json(log, indent=1).decode() + "\n")
        return 0
    for logged in log:
        print(printable(_told(logged)))
    if not log:
        print(printable(f"{session_id}: no edits"))
    return 0


def _told(logged: LoggedEdit) -> str:
    when = logged.made_at.isoformat(sep=" ", timespec="seconds")
    return f"{logged.number}  {when}  {logged.made_by}: {logged.words}"
