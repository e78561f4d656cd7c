"""OUT/SESSION_ID/: what people and players take, linked out of the store."""

import json
import os
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from domain.highlight import Index
from domain.recording import Replay, Sprites
from pipeline.engine.plan import Plan
from pipeline.engine.serialization import VALUE, adapter_of
from pipeline.engine.store import RECEIPT, Store
from pipeline.outputs.report import Report

INDEX_FILE = "highlights.json"
REPORT_FILE = "report.json"
OWN_FOLDERS = ("replay", "sprites", "thumbnails")
PARTIAL = ".partial"  # how names of files end that are being written


def deliver(store: Store, plan: Plan, report: Report, folder: Path) -> None:
    """Make `folder` hold the session's results, and no older ones. Files of others there are left alone.

    Each file appears whole or not at all, and highlights.json after everything that it names. A file that is there
    already is left alone, so that an unchanged session is delivered in no time.
    """
    files = _files(store, plan)
    last = files.pop(INDEX_FILE)
    for name, source in files.items():
        _place(source, folder / name)
    _place(last, folder / INDEX_FILE)
    _write_report(report, folder / REPORT_FILE)
    _remove_older(folder, files.keys())


def _files(store: Store, plan: Plan) -> dict[str, Path]:
    """Source by name in the results folder."""
    index, replay, sprites = (store.load(plan.have[kind]) for kind in (Index, Replay, Sprites))
    files = dict(_below(index.folder, ""))
    files.update(_below(replay.folder, "replay/"))
    files.update({f"sprites/{sheet.name}": sheet for sheet in sprites.sheets})
    return files


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (VALUE, RECEIPT):
            yield prefix + path.relative_to(folder).as_posix(), path


def _place(source: Path, target: Path) -> None:
    if not (target.exists() and _is_same(source, target)):
        link(source, target)


def link(source: Path, target: Path) -> None:
    """Link `source` to `target`, whatever is there; copy it where the file system cannot link."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.parent / f".{uuid.uuid4().hex}{PARTIAL}"
    try:
        os.link(source, aside)
    except OSError:
        shutil.copy2(source, aside)
    aside.replace(target)


def _is_same(source: Path, target: Path) -> bool:
    ours, theirs = source.stat(), target.stat()
    if (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino):
        return True
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def _write_report(report: Report, target: Path) -> None:
    aside = target.parent / f".{uuid.uuid4().hex}{PARTIAL}"
    aside.write_bytes(adapter_of(Report).dump_json(report, indent=1) + b"\n")
    aside.replace(target)


def _remove_older(folder: Path, wanted: Collection[str]) -> None:
    """Remove what an earlier run delivered and this one does not, and what a killed run left aside.

    Only where results lie: the folder may hold the recording itself, when OUT is the folder of the sessions.
    """
    for own in OWN_FOLDERS:
        for path in sorted((folder / own).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(folder).as_posix() not in wanted:
                path.unlink()
    for path in folder.glob(f".*{PARTIAL}"):
        path.unlink()


def artefacts_behind(folder: Path) -> Mapping[str, str] | None:
    """Kind to key of what the delivered results were made from; None when there are no whole results."""
    try:
        artefacts = json.loads((folder / REPORT_FILE).read_text())["artefacts"]
        return {str(kind): str(key) for kind, key in artefacts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
