"""Publishing: immutable revisions as static files, from which players need nothing else.

    OUT/published/SESSION_ID/latest.json        {"revision": 3, "highlights": "r3/highlights.json"}
                             r3/                highlights.json  chapters.vtt  thumbnails/ ...
                             replay-1a2b3c.../  shared by all revisions of the same replay

A revision is there whole or not at all, and latest.json names it only then. Whoever publishes the same again gets the
revision that is there.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import ReviewError
from domain.highlight import HighlightsFile
from pipeline.engine.atomic_files import link_or_copy, partial_folder, rename_unless_there, write_whole
from pipeline.inputs.subtitle_cues import read_vtt
from pipeline.ledger.database import Ledger
from pipeline.ledger.deliveries import add_delivery
from pipeline.ledger.edit_log import read_edits
from pipeline.ledger.publications import Publication, add_publication, read_publications, read_published
from pipeline.ledger.transcript_search import IndexedPassage, replace_transcript
from pipeline.network.webhook import NO_WEBHOOK, WebhookSender
from pipeline.outputs.highlights_file import highlights_json, read_highlights
from pipeline.outputs.layout import INDEX_FILE
from pipeline.outputs.results_folder import delivered_artefacts
from pipeline.outputs.sidecars import write_with_sidecars
from pipeline.review.draft import load_draft, results_folder, validate_session_id

PUBLISHED_DIR, LATEST_FILE = "published", "latest.json"
TRANSCRIPT_FILE = "transcript.vtt"
REVISION_FILES = (TRANSCRIPT_FILE, "thumbnails.vtt", "thumbnails", "sprites")
REMEDY = "make them with kandian run, then publish"
MAX_REVISIONS = 1_000_000
DIGEST_HEX_DIGITS = 12  # hex digits of a replay's key in its folder's name


@dataclass(frozen=True, slots=True)
class PublishResult:
    """A revision that viewers can have. `is_new` is false where nothing had changed since the last."""

    publication: Publication
    folder: Path
    is_new: bool


def publish_session(
    ledger: Ledger, out: Path, session_id: str, *, publisher: str, webhook_sender: WebhookSender = NO_WEBHOOK
) -> PublishResult:
    """Publish a session's results in OUT/SESSION_ID, with all its edits; `webhook_sender` knows who is to be told.

    Raises ReviewError where there are no results, ToolError where a file or the ledger cannot be written.
    """
    results, session_folder = results_folder(out, session_id), out / PUBLISHED_DIR / session_id
    _link_replay(results, session_folder)
    with ledger.write_transaction(session_id) as connection:
        published = read_published(connection, session_id)
        _check_ledger_revision(session_folder, published.revision)
        draft = load_draft(results, read_edits(connection, session_id), published).file
        document = replace(_viewer_document(draft, results), revision=published.revision + 1)
        digest = _content_digest(document, results)
        previous = read_publications(connection, session_id)[-1:]
        is_new = not previous or previous[0].digest != digest
        folder = session_folder / f"r{document.revision if is_new else previous[0].revision}"
        if is_new or not folder.is_dir():
            _write_revision(document if is_new else replace(document, revision=previous[0].revision), results, folder)
        publication = add_publication(connection, document, digest, publisher) if is_new else previous[0]
        if is_new:
            replace_transcript(connection, session_id, _read_passages(session_id, results / TRANSCRIPT_FILE))
            delivery = webhook_sender.make_delivery(document)
            if delivery is not None:
                add_delivery(connection, delivery, publication.published_at)
    _write_latest(ledger, session_folder, session_id)
    return PublishResult(publication, folder, is_new)


def is_published(file: HighlightsFile, results: Path, publication: Publication) -> bool:
    """Whether viewers have these highlights and this replay already: nothing was edited or judged anew since
    `publication`.
    """
    return _content_digest(_viewer_document(file, results), results) == publication.digest


def adopt_revisions(ledger: Ledger, out: Path, session_id: str, *, publisher: str) -> int:
    """Let a ledger know the revisions that viewers have and it does not: that of a session whose own ledger is lost.

    Returns how many those are. Ids stay promised; who edited what is lost with the ledger.
    """
    validate_session_id(session_id)
    session_folder = out / PUBLISHED_DIR / session_id
    latest = _latest_revision(session_folder)
    with ledger.write_transaction(session_id) as connection:
        known_revision = read_published(connection, session_id).revision
        revision_folders = {
            n: folder for n in range(known_revision + 1, latest + 1) if (folder := session_folder / f"r{n}").is_dir()
        }
        if latest > known_revision and latest not in revision_folders:
            raise ReviewError(
                session_folder / f"r{latest}", "is what viewers have, and is gone", "bring it back from a copy"
            )
        for revision, folder in revision_folders.items():
            document = _read_revision(folder, session_id, revision)
            published_at = datetime.fromtimestamp((folder / INDEX_FILE).stat().st_mtime, UTC)
            add_publication(connection, document, _content_digest(document, folder), publisher, published_at)
        if revision_folders:
            replace_transcript(
                connection, session_id, _read_passages(session_id, revision_folders[latest] / TRANSCRIPT_FILE)
            )
    return len(revision_folders)


def _read_revision(folder: Path, session_id: str, revision: int) -> HighlightsFile:
    """The highlights.json of a revision as `publish_session` laid it. Raises InputError for one that it can't have
    laid.
    """
    document = read_highlights(folder / INDEX_FILE)
    if (document.session_id, document.revision) != (session_id, revision) or not (folder / TRANSCRIPT_FILE).is_file():
        message = f"is not revision {revision} of {session_id}, or has lost its {TRANSCRIPT_FILE}"
        raise ReviewError(folder, message, "bring it back from a copy")
    return document


def _check_ledger_revision(session_folder: Path, known_revision: int) -> None:
    """What viewers have is never numbered anew. Raises ReviewError where the ledger is not that of this folder."""
    latest = _latest_revision(session_folder)
    if latest > known_revision:
        message = f"says that viewers have revision {latest}, of which the ledger knows {known_revision}"
        raise ReviewError(
            session_folder / LATEST_FILE, message, "name its ledger by --ledger; if it is lost: kandian publish --adopt"
        )


def _latest_revision(session_folder: Path) -> int:
    """The revision that viewers have; 0 before the first."""
    try:
        revision = json.loads((session_folder / LATEST_FILE).read_text(encoding="utf-8"))["revision"]
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ReviewError(session_folder / LATEST_FILE, "cannot be read", "bring it back from a copy") from problem
    if type(revision) is not int or not 0 < revision <= MAX_REVISIONS:
        raise ReviewError(session_folder / LATEST_FILE, "names no revision", "bring it back from a copy")
    return revision


def _viewer_document(file: HighlightsFile, results: Path) -> HighlightsFile:
    """Without suggestions, and with the replay as it lies beside the revisions."""
    return replace(file, suggestions=(), replay=f"../{_replay_folder_name(results)}/master.m3u8")


def _read_passages(session_id: str, transcript: Path) -> list[IndexedPassage]:
    cues = read_vtt(transcript.read_text(encoding="utf-8"), transcript)
    return [IndexedPassage(session_id, cue.start, cue.end, cue.text) for cue in cues]


def _content_digest(document: HighlightsFile, transcript_folder: Path) -> str:
    """Of highlights, replay and transcript, whichever revision they are. `transcript_folder`: the folder with the
    transcript.
    """
    digest = hashlib.sha256(highlights_json(replace(document, revision=0)))
    digest.update((transcript_folder / TRANSCRIPT_FILE).read_bytes())
    return digest.hexdigest()


def _link_replay(results: Path, session_folder: Path) -> None:
    """Link the replay beside the revisions, once."""
    folder = session_folder / _replay_folder_name(results)
    if not folder.is_dir():
        _link_tree(results / "replay", folder)


def _replay_folder_name(results: Path) -> str:
    """The name of the replay's folder: by what it was made from."""
    key = (delivered_artefacts(results) or {}).get("Replay")
    if key is None:
        raise ReviewError(results, "holds no whole results", REMEDY)
    return f"replay-{hashlib.sha256(key.encode()).hexdigest()[:DIGEST_HEX_DIGITS]}"


def _write_revision(document: HighlightsFile, results: Path, folder: Path) -> None:
    """Make the revision whole, then rename it. What a killed publisher left at `folder` was never announced."""
    with partial_folder(folder.parent) as partial:
        write_with_sidecars(document, partial)
        for name in REVISION_FILES:
            source = results / name
            for file in [source] if source.is_file() else _files_below(source):
                link_or_copy(file, partial / file.relative_to(results))
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)


def _link_tree(source: Path, folder: Path) -> None:
    if not source.is_dir():
        raise ReviewError(source, "is missing", REMEDY)
    with partial_folder(folder.parent) as partial:
        for file in _files_below(source):
            link_or_copy(file, partial / file.relative_to(source))
        rename_unless_there(partial, folder)


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_latest(ledger: Ledger, session_folder: Path, session_id: str) -> None:
    """Let latest.json name the last revision of the ledger: one writer at a time, so that it never goes back."""
    with ledger.write_transaction(session_id) as connection:
        revision = read_publications(connection, session_id)[-1].revision
        latest = {"revision": revision, "highlights": f"r{revision}/{INDEX_FILE}"}
        write_whole(session_folder / LATEST_FILE, json.dumps(latest).encode() + b"\n")
