"""What viewers have of a session, to be exported."""

from pathlib import Path

from domain.highlight import HighlightsFile
from pipeline.ledger.database import Ledger
from pipeline.ledger.publications import read_document, read_publications
from pipeline.publishing.exports.show_facts import ShowFacts, read_show_facts


def read_published_source(ledger: Ledger, out: Path, session_id: str) -> tuple[HighlightsFile, ShowFacts] | None:
    """The last revision, and what is known of the show; None where nobody published it."""
    with ledger.read_transaction() as connection:
        document = read_document(connection, session_id)
        if document is None:
            return None
        first = read_publications(connection, session_id)[0]
    return document, read_show_facts(out / session_id, first.published_at)
