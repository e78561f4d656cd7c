"""Where the ledger is: a file beside the results, unless another place is named."""

import os
from pathlib import Path

from domain.review import Edits, Published
from pipeline.ledger import LEDGER_FILE, LEDGER_VARIABLE
from pipeline.ledger.database import Ledger, open_ledger, sqlite_url
from pipeline.ledger.edit_log import read_edits
from pipeline.ledger.publications import read_published


def ledger_of(out: Path, address: str | None = None) -> Ledger:
    """The ledger at `address`, else at that of the environment, else OUT/ledger.db, which is made if need be."""
    named = address or os.environ.get(LEDGER_VARIABLE)
    if not named:
        out.mkdir(parents=True, exist_ok=True)
    return open_ledger(named or sqlite_url(out / LEDGER_FILE))


def review_in(out: Path, address: str | None, session_id: str) -> tuple[Edits, Published]:
    """What people did to a session."""
    ledger = ledger_of(out, address)
    try:
        with ledger.reading() as connection:
            return read_edits(connection, session_id), read_published(connection, session_id)
    finally:
        ledger.close()
