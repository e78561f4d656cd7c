"""Delivery to OUT/SESSION_ID/: files for people and players, linked out of the store."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from domain.highlight import HighlightIndex
from domain.replay import Replay, SpriteSheets
from pipeline.engine.atomic_files import PARTIAL_SUFFIX, link_or_copy, write_whole
from pipeline.engine.plan import SessionPlan
from pipeline.engine.serialization import VALUE_FILE, type_adapter
from pipeline.engine.store import RECEIPT_FILE
from pipeline.outputs.layout import INDEX_FILE, REPORT_FILE
from pipeline.outputs.report import Report

RESULT_FOLDERS = ("replay", "sprites", "thumbnails")


def deliver_results(plan: SessionPlan, report: Report, folder: Path) -> None:
    """Make `folder` hold the session's results, and no older ones. Files of others there are left alone.

    Each file appears whole or not at all, and highlights.json after everything that it names. A file that is there
    already is left alone, so that an unchanged session is delivered in no time.
    """
    files = _result_files(plan)
    index_file = files.pop(INDEX_FILE)
    for name, source in files.items():
        _link_if_changed(source, folder / name)
    _link_if_changed(index_file, folder / INDEX_FILE)
    write_whole(folder / REPORT_FILE, type_adapter(Report).dump_json(report, indent=1) + b"\n")
    _remove_stale(folder, files.keys())


def _result_files(plan: SessionPlan) -> dict[str, Path]:
    """Source by name in the results folder."""
    return {
        **dict(_files_below(plan.load(HighlightIndex).folder, "")),
        **dict(_files_below(plan.load(Replay).folder, "replay/")),
        **{f"sprites/{sheet.name}": sheet for sheet in plan.load(SpriteSheets).sheets},
    }


def _files_below(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (VALUE_FILE, RECEIPT_FILE):
            yield prefix + path.relative_to(folder).as_posix(), path


def _link_if_changed(source: Path, target: Path) -> None:
    if not (target.exists() and _is_same_file(source, target)):
        link_or_copy(source, target)


def _is_same_file(source: Path, target: Path) -> bool:
    ours, theirs = source.stat(), target.stat()
    if (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino):
        return True
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def _remove_stale(folder: Path, current_names: Collection[str]) -> None:
    """Remove what an earlier run delivered and this one does not, and what a killed run left unfinished.

    Only where results lie: the folder may hold the recording itself, when OUT is the folder of the sessions.
    """
    for name in RESULT_FOLDERS:
        for path in sorted((folder / name).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(folder).as_posix() not in current_names:
                path.unlink()
    for path in folder.glob(f".*{PARTIAL_SUFFIX}"):
        path.unlink()


def delivered_artefacts(folder: Path) -> Mapping[str, str] | None:
    """The keys of the artefacts that delivered results were made from, by class name; None without whole results."""
    try:
        artefacts = json.loads((folder / REPORT_FILE).read_text())["artefacts"]
        return {str(kind): str(key) for kind, key in artefacts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
