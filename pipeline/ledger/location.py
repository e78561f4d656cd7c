"""Which database the ledger is: a file beside the results, unless an address is given."""

import os
from pathlib import Path

from domain.review import Edits, PublishedHighlights
from pipeline.ledger import LEDGER_FILE, LEDGER_VARIABLE
from pipeline.ledger.database import Ledger, open_ledger, sqlite_url
from pipeline.ledger.edit_log import read_edits
from pipeline.ledger.publications import read_published


def open_configured_ledger(out: Path, address: str | None = None) -> Ledger:
    """Open the ledger at `address`, else at KANDIAN_LEDGER, else OUT/ledger.db, which is made if need be."""
    ledger_url = address or os.environ.get(LEDGER_VARIABLE)
    if not ledger_url:
        out.mkdir(parents=True, exist_ok=True)
    return open_ledger(ledger_url or sqlite_url(out / LEDGER_FILE))


def read_review(out: Path, address: str | None, session_id: str) -> tuple[Edits, PublishedHighlights]:
    """The edits and the published highlights of a session."""
    ledger = open_configured_ledger(out, address)
    try:
        with ledger.read_transaction() as connection:
            return read_edits(connection, session_id), read_published(connection, session_id)
    finally:
        ledger.close()
