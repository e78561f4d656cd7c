"""`kandian edits`: who changed what, when."""

import sys

from domain.errors import ReviewError
from domain.text import printable
from kandian.cli.publish import LedgerOptions, parse_session_id
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.edit_log import LoggedEdit, read_edit_log
from pipeline.ledger.location import open_configured_ledger
from pipeline.outputs.layout import TAKES_FILE


def edits_command(session: str, ledger_options: LedgerOptions, as_json: bool) -> int:
    """Print a session's edits, the first first; returns the exit code."""
    session_id = parse_session_id(session)
    ledger = open_configured_ledger(ledger_options.out, ledger_options.ledger_url)
    try:
        with ledger.read_transaction() as connection:
            log = read_edit_log(connection, session_id)
    finally:
        ledger.close()
    if not log and not (ledger_options.out / session_id / TAKES_FILE).is_file():
        raise ReviewError(session_id, "has neither edits nor results", "kandian status says which sessions there are")
    if as_json:
        sys.stdout.write(type_adapter(tuple[LoggedEdit, ...]).dump_json(log, indent=1).decode() + "\n")
        return 0
    for logged in log:
        print(printable(_format_edit(logged)))
    if not log:
        print(printable(f"{session_id}: no edits"))
    return 0


def _format_edit(logged: LoggedEdit) -> str:
    timestamp = logged.made_at.isoformat(sep=" ", timespec="seconds")
    return f"{logged.number}  {timestamp}  {logged.made_by}: {logged.words}"
