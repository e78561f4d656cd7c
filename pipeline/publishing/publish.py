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
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import ReviewError
from domain.highlight import HighlightsFile
from pipeline.inputs.subtitle_cues import read_vtt
from pipeline.ledger.database import Ledger
from pipeline.ledger.deliveries import add_delivery
from pipeline.ledger.edit_log import read_edits
from pipeline.ledger.publications import Publication, add_publication, read_publications, read_published
from pipeline.ledger.transcript_search import Spoken, replace_spoken
from pipeline.network.webhook import NOBODY, Teller
from pipeline.outputs.highlights_file import highlights_json, read_highlights
from pipeline.outputs.results_folder import INDEX_FILE, PARTIAL, artefacts_behind, link
from pipeline.outputs.sidecars import write_with_companions
from pipeline.review.draft import check_typed, draft_of, results_of

FOLDER, LATEST = "published", "latest.json"
TRANSCRIPT = "transcript.vtt"
COPIED = (TRANSCRIPT, "thumbnails.vtt", "thumbnails", "sprites")
REMEDY = "make them with kandian run, then publish"
MOST_REVISIONS = 1_000_000
DIGEST_LENGTH = 12  # hex digits of a replay's key in its folder's name


@dataclass(frozen=True, slots=True)
class Released:
    """A revision that viewers can have. `is_new` is false where nothing had changed since the last."""

    publication: Publication
    folder: Path
    is_new: bool


def publish(ledger: Ledger, out: Path, session_id: str, *, by: str, teller: Teller = NOBODY) -> Released:
    """Publish a session's results in OUT/SESSION_ID, with all its edits; `teller` knows who is to be told.

    Raises ReviewError where there are no results, ToolError where a file or the ledger cannot be written.
    """
    results, place = results_of(out, session_id), out / FOLDER / session_id
    _lay_replay(results, place)
    with ledger.writing(session_id) as connection:
        published = read_published(connection, session_id)
        _check_known(place, published.revision)
        draft = draft_of(results, read_edits(connection, session_id), published).file
        document = replace(_for_viewers(draft, results), revision=published.revision + 1)
        digest = _digest(document, results)
        last = read_publications(connection, session_id)[-1:]
        is_new = not last or last[0].digest != digest
        folder = place / f"r{document.revision if is_new else last[0].revision}"
        if is_new or not folder.is_dir():
            _lay_revision(document if is_new else replace(document, revision=last[0].revision), results, folder)
        made = add_publication(connection, document, digest, by) if is_new else last[0]
        if is_new:
            replace_spoken(connection, session_id, _spoken(session_id, results / TRANSCRIPT))
            delivery = teller.delivery(document)
            if delivery is not None:
                add_delivery(connection, delivery, made.published_at)
    _name_latest(ledger, place, session_id)
    return Released(made, folder, is_new)


def is_published(file: HighlightsFile, results: Path, last: Publication) -> bool:
    """Whether viewers have these highlights and this replay already: nothing was edited or judged anew since `last`."""
    return _digest(_for_viewers(file, results), results) == last.digest


def adopt(ledger: Ledger, out: Path, session_id: str, *, by: str) -> int:
    """Let a ledger know the revisions that viewers have and it does not: that of a session whose own ledger is lost.

    Returns how many those are. Ids stay promised; who edited what is lost with the ledger.
    """
    check_typed(session_id)
    place = out / FOLDER / session_id
    latest = _latest(place)
    with ledger.writing(session_id) as connection:
        known = read_published(connection, session_id).revision
        there = {n: folder for n in range(known + 1, latest + 1) if (folder := place / f"r{n}").is_dir()}
        if latest > known and latest not in there:
            raise ReviewError(place / f"r{latest}", "is what viewers have, and is gone", "bring it back from a copy")
        for revision, folder in there.items():
            document = _as_laid(folder, session_id, revision)
            made_at = datetime.fromtimestamp((folder / INDEX_FILE).stat().st_mtime, UTC)
            add_publication(connection, document, _digest(document, folder), by, made_at)
        if there:
            replace_spoken(connection, session_id, _spoken(session_id, there[latest] / TRANSCRIPT))
    return len(there)


def _as_laid(folder: Path, session_id: str, revision: int) -> HighlightsFile:
    """The highlights.json of a revision as `publish` laid it. Raises InputError for one that it can't have laid."""
    document = read_highlights(folder / INDEX_FILE)
    if (document.session_id, document.revision) != (session_id, revision) or not (folder / TRANSCRIPT).is_file():
        what = f"is not revision {revision} of {session_id}, or has lost its {TRANSCRIPT}"
        raise ReviewError(folder, what, "bring it back from a copy")
    return document


def _check_known(place: Path, known: int) -> None:
    """What viewers have is never numbered anew. Raises ReviewError where the ledger is not that of this folder."""
    latest = _latest(place)
    if latest > known:
        what = f"says that viewers have revision {latest}, of which the ledger knows {known}"
        raise ReviewError(place / LATEST, what, "name its ledger by --ledger; if it is lost: kandian publish --adopt")


def _latest(place: Path) -> int:
    """The revision that viewers have; 0 before the first."""
    try:
        revision = json.loads((place / LATEST).read_text(encoding="utf-8"))["revision"]
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ReviewError(place / LATEST, "cannot be read", "bring it back from a copy") from problem
    if type(revision) is not int or not 0 < revision <= MOST_REVISIONS:
        raise ReviewError(place / LATEST, "names no revision", "bring it back from a copy")
    return revision


def _for_viewers(file: HighlightsFile, results: Path) -> HighlightsFile:
    """Without suggestions, and with the replay as it lies beside the revisions."""
    return replace(file, suggestions=(), replay=f"../{_replay_of(results)}/master.m3u8")


def _spoken(session_id: str, transcript: Path) -> list[Spoken]:
    cues = read_vtt(transcript.read_text(encoding="utf-8"), transcript)
    return [Spoken(session_id, cue.start, cue.end, cue.text) for cue in cues]


def _digest(document: HighlightsFile, beside: Path) -> str:
    """Of highlights, replay and transcript, whichever revision they are. `beside`: the folder with the transcript."""
    told = hashlib.sha256(highlights_json(replace(document, revision=0)))
    told.update((beside / TRANSCRIPT).read_bytes())
    return told.hexdigest()


def _lay_replay(results: Path, place: Path) -> None:
    """Link the replay beside the revisions, once."""
    folder = place / _replay_of(results)
    if not folder.is_dir():
        _lay(results / "replay", folder)


def _replay_of(results: Path) -> str:
    """The name of the replay's folder: by what it was made from."""
    key = (artefacts_behind(results) or {}).get("Replay")
    if key is None:
        raise ReviewError(results, "holds no whole results", REMEDY)
    return f"replay-{hashlib.sha256(key.encode()).hexdigest()[:DIGEST_LENGTH]}"


def _lay_revision(document: HighlightsFile, results: Path, folder: Path) -> None:
    """Write the revision aside and rename it into place. What a killed publisher left there, nobody was told of."""
    aside = folder.with_name(f".{uuid.uuid4().hex}{PARTIAL}")
    aside.mkdir(parents=True)
    write_with_companions(document, aside)
    for name in COPIED:
        source = results / name
        for file in [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file()):
            link(file, aside / file.relative_to(results))
    if folder.exists():
        shutil.rmtree(folder)
    aside.rename(folder)


def _lay(source: Path, folder: Path) -> None:
    aside = folder.with_name(f".{uuid.uuid4().hex}{PARTIAL}")
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        link(file, aside / file.relative_to(source))
    try:
        aside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(aside)  # somebody else laid the same meanwhile


def _name_latest(ledger: Ledger, place: Path, session_id: str) -> None:
    """Let latest.json name the last revision of the ledger: one writer at a time, so that it never goes back."""
    with ledger.writing(session_id) as connection:
        revision = read_publications(connection, session_id)[-1].revision
        told = {"revision": revision, "highlights": f"r{revision}/{INDEX_FILE}"}
        aside = place / f".{uuid.uuid4().hex}{PARTIAL}"
        aside.write_text(json.dumps(told) + "\n", encoding="utf-8")
        aside.replace(place / LATEST)
