"""A session folder: its recording, catalogue, event log and captions, and what session.json says."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from domain.errors import InputError, SessionError
from pipeline.inputs.parsing.plain_text import title_warnings
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.tally import unknown_key_warnings
from pipeline.inputs.parsing.text_file import read_text
from pipeline.inputs.parsing.values import as_paths, located
from pipeline.inputs.session_source import KEYS, SessionSource, read_keys

SETTINGS_FILE = "session.json"
SETTINGS_KEYS = tuple(dict.fromkeys(key.name for key in KEYS.values() if not key.is_path))
FILES_KEY = "files"  # of session.json: the recording's files, in order
CATALOG_FILES = ("catalog.json", "catalog.csv")
EVENTS_FILES = ("events.jsonl",)
CAPTIONS_FILES = ("captions.srt", "captions.vtt", "captions.json")
RECORDING_SUFFIXES = (".flv", ".mp4", ".m4v", ".mov", ".ts", ".m2ts", ".mts", ".mkv", ".webm")
RECORDING_STEM = re.compile(r"recording(?:-(\d{1,9}))?", re.ASCII)


def find_recording(folder: Path) -> SessionSource:
    """recording.* or recording-000.* and so on, by number; no files where the folder holds none.

    Raises SessionError where it is unclear which come first.
    """
    files = [_check_inside(folder, file) for file in sorted(folder.iterdir()) if _is_recording(file)]
    numbers = {file: int(number) for file in files if (number := RECORDING_STEM.fullmatch(file.stem)[1])}  # type: ignore[index]
    repeated = [number for number, count in Counter(numbers.values()).items() if count > 1]
    if len(files) > 1 and (len(numbers) < len(files) or repeated):
        what = f"holds more than one recording: {', '.join(file.name for file in files[:5])}"
        raise SessionError(folder, what, f'name them in order in {SETTINGS_FILE} ("{FILES_KEY}") or by --recording')
    ordered = sorted(files, key=lambda file: numbers.get(file, 0))
    return SessionSource(recording=tuple(ordered), warnings=_missing_file_warnings(sorted(numbers.values())))


def _is_recording(file: Path) -> bool:
    has_known_suffix = file.suffix.lower() in RECORDING_SUFFIXES
    return has_known_suffix and RECORDING_STEM.fullmatch(file.stem) is not None and not file.is_dir()


def _missing_file_warnings(numbers: list[int]) -> tuple[str, ...]:
    """A warning for numbers that are missing between the files: parts of the show may be lost."""
    bounds = [-1, *numbers] if numbers and numbers[0] > 1 else numbers  # people count from 0 or from 1
    missing = [(a + 1, b - 1) for a, b in pairwise(bounds) if b - a > 1]
    ranges = [f"{a:03}" if a == b else f"{a:03} to {b:03}" for a, b in missing]
    return (f"recording files are missing: number {', '.join(ranges)}",) if ranges else ()


def find_single_file(folder: Path, names: tuple[str, ...]) -> Path | None:
    """The one file of the folder with one of these names, or None. Raises SessionError where there are two."""
    existing = [file for file in (folder / name for name in names) if _exists_or_is_link(file)]
    if len(existing) > 1:
        what = f"holds {' and '.join(file.name for file in existing)}"
        raise SessionError(folder, what, "keep one of them, or name one by a flag")
    return _check_inside(folder, existing[0]) if existing else None


def _exists_or_is_link(file: Path) -> bool:
    """A broken link counts as a file, so that reading it ends in an error."""
    return file.exists() or file.is_symlink()


def read_folder_settings(folder: Path) -> SessionSource:
    """What session.json of the folder says; nothing where there is none. Raises SessionError with the key."""
    file = folder / SETTINGS_FILE
    if not _exists_or_is_link(file):
        return SessionSource()
    _check_inside(folder, file)
    fields = parse_object(read_text(file, SessionError), file, SessionError)
    with located(SessionError, file):
        source = read_keys(fields, SETTINGS_KEYS)
        files = as_paths(FILES_KEY, fields[FILES_KEY]) if fields.get(FILES_KEY) is not None else ()
        recording = tuple(_path_in_folder(folder, path) for path in files)
    warnings = (*unknown_key_warnings(fields, (*SETTINGS_KEYS, FILES_KEY)), *title_warnings(fields))
    return replace(source, recording=recording, warnings=tuple(f"{SETTINGS_FILE}: {each}" for each in warnings))


def _path_in_folder(folder: Path, path: Path) -> Path:
    """The path of session.json inside the folder: folders come from strangers, and must not reach files elsewhere."""
    if path.is_absolute() or ".." in path.parts:
        raise InputError(FILES_KEY, f'"{path}" is not inside the folder', "put it there, or name it by --recording")
    return _check_inside(folder, folder / path)


def _check_inside(folder: Path, file: Path) -> Path:
    """The file. Raises SessionError where it is a link out of the folder: such a file must be named by a flag."""
    try:
        is_inside = file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that form a ring
        is_inside = False
    if not is_inside:
        raise SessionError(file, "is a link to a file outside the session's folder", "copy it, or name it by a flag")
    return file
