"""Record in a ledger what viewers already have: for a session whose own ledger is lost."""

from datetime import UTC, datetime
from pathlib import Path

from domain.errors import ReviewError
from pipeline.ledger.database import Ledger
from pipeline.ledger.publications import add_publication, last_revision
from pipeline.ledger.transcript_search import replace_transcript
from pipeline.outputs.layout import INDEX_FILE, PUBLISHED_DIR
from pipeline.outputs.transcript_file import read_transcript
from pipeline.publishing.revision_files import RESTORE_REMEDY, content_digest, latest_revision, read_revision
from pipeline.review.draft import validate_session_id


def adopt_revisions(ledger: Ledger, out: Path, session_id: str, *, publisher: str) -> int:
    """Record the published revisions that the ledger does not know; returns how many they are.

    Highlights keep their ids. The edits are lost with their ledger. Raises ReviewError where a revision is not whole.
    """
    validate_session_id(session_id)
    session_folder = out / PUBLISHED_DIR / session_id
    latest = latest_revision(session_folder)
    with ledger.write_transaction(session_id) as connection:
        known = last_revision(connection, session_id)
        folders = {n: folder for n in range(known + 1, latest + 1) if (folder := session_folder / f"r{n}").is_dir()}
        if latest > known and latest not in folders:
            raise ReviewError(session_folder / f"r{latest}", "is what viewers have, and is gone", RESTORE_REMEDY)
        for revision, folder in folders.items():
            document = read_revision(folder, session_id, revision)
            published_at = datetime.fromtimestamp((folder / INDEX_FILE).stat().st_mtime, UTC)
            add_publication(connection, document, content_digest(document, folder), publisher, published_at)
        if folders:
            replace_transcript(connection, session_id, read_transcript(folders[latest]))
    return len(folders)
