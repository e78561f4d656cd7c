"""Publish a session: the ledger records a revision, and viewers get its files."""

from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import ReviewError
from domain.highlight import HighlightsFile
from pipeline.ledger.database import Ledger
from pipeline.ledger.deliveries import add_delivery
from pipeline.ledger.edit_log import read_edits
from pipeline.ledger.publications import Publication, add_publication, read_publications, read_published
from pipeline.ledger.transcript_search import replace_transcript
from pipeline.network.webhook import NO_WEBHOOK, WebhookSender
from pipeline.outputs.layout import LATEST_FILE, PUBLISHED_DIR
from pipeline.outputs.transcript_file import read_transcript
from pipeline.publishing.revision_files import (
    content_digest,
    latest_revision,
    link_replay,
    viewer_document,
    write_latest,
    write_revision,
)
from pipeline.review.draft import load_draft, results_folder


@dataclass(frozen=True, slots=True)
class PublishResult:
    """A revision that viewers can have. `is_new` is false where nothing had changed since the last."""

    publication: Publication
    folder: Path
    is_new: bool


def publish_session(
    ledger: Ledger, out: Path, session_id: str, *, publisher: str, webhook_sender: WebhookSender = NO_WEBHOOK
) -> PublishResult:
    """Publish a session's results in OUT/SESSION_ID, with all its edits. The same content again gives the same
    revision. `webhook_sender` makes the delivery that announces a new one.

    Raises ReviewError where there are no results, ToolError where a file or the ledger cannot be written.
    """
    results, session_folder = results_folder(out, session_id), out / PUBLISHED_DIR / session_id
    link_replay(results, session_folder)
    with ledger.write_transaction(session_id) as connection:
        published = read_published(connection, session_id)
        _check_ledger_revision(session_folder, published.revision)
        draft = load_draft(results, read_edits(connection, session_id), published).file
        document = viewer_document(draft, results)
        digest = content_digest(document, results)
        previous = read_publications(connection, session_id)[-1:]
        is_new = not previous or previous[0].digest != digest
        document = replace(document, revision=published.revision + 1 if is_new else published.revision)
        folder = session_folder / f"r{document.revision}"
        if is_new or not folder.is_dir():
            write_revision(document, results, folder)
        publication = add_publication(connection, document, digest, publisher) if is_new else previous[0]
        if is_new:
            replace_transcript(connection, session_id, read_transcript(folder))
            delivery = webhook_sender.make_delivery(document)
            if delivery is not None:
                add_delivery(connection, delivery, publication.published_at)
    with ledger.write_transaction(session_id) as connection:  # one at a time, so that latest.json never goes back
        write_latest(read_publications(connection, session_id)[-1].revision, session_folder)
    return PublishResult(publication, folder, is_new)


def is_published(file: HighlightsFile, results: Path, publication: Publication) -> bool:
    """Whether viewers have these highlights and this replay already: since `publication` nothing was edited, and no run
    found anything else.
    """
    return content_digest(viewer_document(file, results), results) == publication.digest


def _check_ledger_revision(session_folder: Path, known_revision: int) -> None:
    """Raise ReviewError where viewers have a later revision than the ledger knows: no number is given twice."""
    latest = latest_revision(session_folder)
    if latest > known_revision:
        message = f"says that viewers have revision {latest}, of which the ledger knows {known_revision}"
        raise ReviewError(
            session_folder / LATEST_FILE, message, "name its ledger by --ledger; if it is lost: kandian publish --adopt"
        )
