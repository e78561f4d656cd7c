"""A session folder: which of its files is what."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from domain.errors import InputError, SessionError
from pipeline.inputs.parsing.plain_text import title_mended
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.tally import unknown_keys
from pipeline.inputs.parsing.text_file import read_text
from pipeline.inputs.session_fields import SESSION_FIELDS, as_paths, read_session_fields
from pipeline.inputs.session_source import NO_OVERRIDES, SessionOverrides

SETTINGS = "session.json"
CATALOGS = ("catalog.json", "catalog.csv")
EVENTS = ("events.jsonl",)
CAPTIONS = ("captions.srt", "captions.vtt", "captions.json")
RECORDING_SUFFIXES = (".flv", ".mp4", ".m4v", ".mov", ".ts", ".m2ts", ".mts", ".mkv", ".webm")
RECORDING = re.compile(r"recording(?:-(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FolderRecording:
    """The recording that a folder holds, in order; no files where it holds none."""

    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """What session.json says; nothing where there is none. Paths are inside the folder."""

    file: Path | None
    said: SessionOverrides
    warnings: tuple[str, ...] = ()


def recording_in(folder: Path) -> FolderRecording:
    """recording.* or recording-000.* and so on, by number. Raises SessionError where it is unclear which come first."""
    files = [_kept_in(folder, file) for file in sorted(folder.iterdir()) if _is_recording(file)]
    numbers = {file: int(number) for file in files if (number := RECORDING.fullmatch(file.stem)[1])}  # type: ignore[index]
    if len(files) == 1 or not files:
        return FolderRecording(tuple(files), _gaps(list(numbers.values())))
    doubled = [number for number, count in Counter(numbers.values()).items() if count > 1]
    if len(numbers) < len(files) or doubled:
        what = f"holds more than one recording: {', '.join(file.name for file in files[:5])}"
        raise SessionError(folder, what, f'name them in order in {SETTINGS} ("files") or by --recording')
    ordered = sorted(files, key=lambda file: numbers[file])
    return FolderRecording(tuple(ordered), _gaps([numbers[file] for file in ordered]))


def _is_recording(file: Path) -> bool:
    known = file.suffix.lower() in RECORDING_SUFFIXES
    return known and RECORDING.fullmatch(file.stem) is not None and not file.is_dir()


def _gaps(numbers: list[int]) -> tuple[str, ...]:
    """Numbers that are missing between the files: parts of the show that may have been lost."""
    begins = [-1, *numbers] if numbers and numbers[0] > 1 else numbers  # people count from 0 or from 1
    missing = [(a + 1, b - 1) for a, b in pairwise(begins) if b - a > 1]
    ranges = [f"{a:03}" if a == b else f"{a:03} to {b:03}" for a, b in missing]
    return (f"recording files are missing: number {', '.join(ranges)}",) if ranges else ()


def one_of(folder: Path, names: tuple[str, ...]) -> Path | None:
    """The one file of the folder that is called so, or None. Raises SessionError when there are two."""
    there = [file for file in (folder / name for name in names) if _is_there(file)]
    if len(there) > 1:
        what = f"holds {' and '.join(file.name for file in there)}"
        raise SessionError(folder, what, "keep one of them, or name one by a flag")
    return _kept_in(folder, there[0]) if there else None


def _is_there(file: Path) -> bool:
    """A link that leads nowhere is there too: reading it tells, passing over it would not."""
    return file.exists() or file.is_symlink()


def settings_in(folder: Path) -> FolderSettings:
    """What session.json of the folder says. Raises SessionError with the field."""
    file = folder / SETTINGS
    if not _is_there(file):
        return FolderSettings(None, NO_OVERRIDES)
    _kept_in(folder, file)
    given = parse_object(read_text(file, SessionError), file, SessionError)
    known = (*SESSION_FIELDS, "files")
    try:
        said = read_session_fields(given)
        files = as_paths("files", given["files"]) if given.get("files") is not None else ()
        inside = tuple(_inside(folder, path) for path in files)
    except InputError as problem:
        raise SessionError(f"{file}: {problem.where}", problem.what, problem.remedy) from None
    warnings = tuple(f"{SETTINGS}: {warning}" for warning in (*unknown_keys(given, known), *title_mended(given)))
    return FolderSettings(file, replace(said, recording=inside), warnings)


def _inside(folder: Path, path: Path) -> Path:
    """Session folders come from strangers, so that their settings must not reach files elsewhere."""
    if path.is_absolute() or ".." in path.parts:
        raise InputError("files", f'"{path}" is not inside the folder', "put it there, or name it by --recording")
    return _kept_in(folder, folder / path)


def _kept_in(folder: Path, file: Path) -> Path:
    """The file. SessionError where it is a link to another place, for the same reason; whoever may name such a file
    names it by a flag."""
    try:
        is_inside = file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a ring
        is_inside = False
    if not is_inside:
        raise SessionError(file, "is a link to a file outside the session's folder", "copy it, or name it by a flag")
    return file
