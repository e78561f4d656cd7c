"""`kandian edits`: who changed what, when."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import ReviewError
from domain.text import printable
from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, LedgerAddress, OutDir, parse_session_id, print_json

if TYPE_CHECKING:
    from pipeline.ledger.edit_log import LoggedEdit


@app.command()
@with_exit_code
def edits(
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="A session that somebody edited.")],
    out: OutDir = Path("out"),
    ledger: LedgerAddress = None,
    as_json: AsJson = False,
) -> int:
    """Say who changed what in a session, and when."""
    from pipeline.ledger.edit_log import read_edit_log
    from pipeline.ledger.location import open_configured_ledger
    from pipeline.outputs.layout import TAKES_FILE

    session = parse_session_id(session_id)
    with closing(open_configured_ledger(out, ledger)) as opened, opened.read_transaction() as connection:
        log = read_edit_log(connection, session)
    if not log and not (out / session / TAKES_FILE).is_file():
        raise ReviewError(session, "has neither edits nor results", "kandian status says which sessions there are")
    if as_json:
        print_json(log)
        return 0
    for logged in log:
        print(printable(_format_edit(logged)))
    if not log:
        print(printable(f"{session}: no edits"))
    return 0


def _format_edit(logged: "LoggedEdit") -> str:
    timestamp = logged.made_at.isoformat(sep=" ", timespec="seconds")
    return f"{logged.number}  {timestamp}  {logged.made_by}: {logged.words}"
