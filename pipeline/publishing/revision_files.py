"""The files that viewers fetch: immutable revisions, from which players need nothing else.

    OUT/published/SESSION_ID/latest.json        {"revision": 3, "highlights": "r3/highlights.json"}
                             r3/                highlights.json  chapters.vtt  thumbnails/ ...
                             replay-1a2b3c.../  shared by all revisions of the same replay

A revision is there whole or not at all, and latest.json names it only then.
"""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

from domain.errors import ReviewError
from domain.highlight import HighlightsFile
from pipeline.engine.atomic_files import link_or_copy, partial_folder, rename_unless_there, write_whole
from pipeline.outputs import transcript_file
from pipeline.outputs.highlights_file import highlights_json, read_highlights
from pipeline.outputs.layout import (
    INDEX_FILE,
    LATEST_FILE,
    TRANSCRIPT_JSON_FILE,
    TRANSCRIPT_VTT_FILE,
)
from pipeline.outputs.results_folder import delivered_artefacts
from pipeline.outputs.sidecars import write_with_sidecars

TRANSCRIPT_FILES = (TRANSCRIPT_VTT_FILE, TRANSCRIPT_JSON_FILE)
LINKED_FILES = (*TRANSCRIPT_FILES, "thumbnails.vtt", "thumbnails", "sprites")
REMEDY = "make them with kandian run, then publish"
RESTORE_REMEDY = "bring it back from a copy"
CHANCE_LINES = re.compile(rb'\n *"(?:product|start)_confidence": [^\n]*')
MAX_REVISIONS = 1_000_000
REPLAY_KEY_HEX_DIGITS = 12  # of the replay's key, in its folder's name


def viewer_document(draft_file: HighlightsFile, results: Path) -> HighlightsFile:
    """What viewers get of a draft: no suggestions, and the replay as it lies beside the revisions."""
    return replace(draft_file, suggestions=(), replay=f"../{_replay_folder_name(results)}/master.m3u8")


def content_digest(document: HighlightsFile, folder: Path) -> str:
    """A SHA-256 of the highlights, the replay's address and the transcript in `folder`, whatever the revision is.

    It leaves out the two chances whose product is `confidence`: what a version without them published is known again.
    Raises ReviewError where `folder` has no transcript.
    """
    digest = hashlib.sha256(CHANCE_LINES.sub(b"", highlights_json(replace(document, revision=0))))
    try:
        digest.update((folder / TRANSCRIPT_VTT_FILE).read_bytes())
    except FileNotFoundError as problem:
        raise ReviewError(problem.filename, "is not there", transcript_file.REMEDY) from problem
    data = folder / TRANSCRIPT_JSON_FILE
    digest.update(data.read_bytes() if data.is_file() else b"")  # results of earlier versions have none
    return digest.hexdigest()


def write_revision(document: HighlightsFile, results: Path, folder: Path) -> None:
    """Write a revision aside, then rename it to `folder`, which only a killed publisher can have left there."""
    with partial_folder(folder.parent) as partial:
        write_with_sidecars(document, partial)
        for name in LINKED_FILES:
            source = results / name
            for file in [source] if source.is_file() else _files_below(source):
                link_or_copy(file, partial / file.relative_to(results))
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)


def read_revision(folder: Path, session_id: str, revision: int) -> HighlightsFile:
    """The highlights.json of a published revision. Raises InputError where it is not whole, or another's."""
    document = read_highlights(folder / INDEX_FILE)
    has_transcript = all((folder / name).is_file() for name in TRANSCRIPT_FILES)
    if (document.session_id, document.revision) != (session_id, revision) or not has_transcript:
        message = f"is not revision {revision} of {session_id}, or has lost its {' or '.join(TRANSCRIPT_FILES)}"
        raise ReviewError(folder, message, RESTORE_REMEDY)
    return document


def link_replay(results: Path, session_folder: Path) -> None:
    """Link the replay beside the revisions, once."""
    source, folder = results / "replay", session_folder / _replay_folder_name(results)
    if folder.is_dir():
        return
    with partial_folder(session_folder) as partial:
        for file in _files_below(source):
            link_or_copy(file, partial / file.relative_to(source))
        rename_unless_there(partial, folder)


def latest_revision(session_folder: Path) -> int:
    """The revision that viewers have; 0 before the first. Raises ReviewError where latest.json is damaged."""
    try:
        revision = json.loads((session_folder / LATEST_FILE).read_text(encoding="utf-8"))["revision"]
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ReviewError(session_folder / LATEST_FILE, "cannot be read", RESTORE_REMEDY) from problem
    if type(revision) is not int or not 0 < revision <= MAX_REVISIONS:
        raise ReviewError(session_folder / LATEST_FILE, "names no revision", RESTORE_REMEDY)
    return revision


def write_latest(revision: int, session_folder: Path) -> None:
    """Let latest.json name `revision`. The file changes whole or not at all."""
    latest = {"revision": revision, "highlights": f"r{revision}/{INDEX_FILE}"}
    write_whole(session_folder / LATEST_FILE, json.dumps(latest).encode() + b"\n")


def _replay_folder_name(results: Path) -> str:
    """The name of the replay's folder: by what it was made from."""
    key = (delivered_artefacts(results) or {}).get("Replay")
    if key is None:
        raise ReviewError(results, "holds no whole results", REMEDY)
    return f"replay-{hashlib.sha256(key.encode()).hexdigest()[:REPLAY_KEY_HEX_DIGITS]}"


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
