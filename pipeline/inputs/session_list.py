"""A list of sessions: JSON lines, each a folder or the files of one session."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.errors import InputError, SessionError
from pipeline.inputs.parsing.plain_text import title_mended
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.tally import unknown_keys
from pipeline.inputs.parsing.text_file import read_lines
from pipeline.inputs.session_fields import SESSION_FIELDS, as_path, as_paths, read_session_fields
from pipeline.inputs.session_source import NamedSession, SessionOverrides

PATHS = ("catalog", "events", "captions")
LIST_KEYS = ("session", "recording", *PATHS, *SESSION_FIELDS)


def read_list(file: Path) -> tuple[NamedSession, ...]:
    """The sessions that a list names; relative paths count from its folder. Broken lines become problems."""
    named = tuple(_sessions(file))
    if named:
        return named
    problem = SessionError(file, "names no session", 'write {"session": "folder"} on a line for each')
    return (NamedSession(str(file), problem=problem),)


def _sessions(file: Path) -> Iterator[NamedSession]:
    try:
        for number, line in read_lines(file, SessionError):
            yield _session(line, file, number)
    except SessionError as problem:  # the rest of the file cannot be told into lines
        yield NamedSession(str(file), problem=problem)


def _session(line: str, file: Path, number: int) -> NamedSession:
    place = f"{file}: line {number}"
    try:
        return _named(parse_object(line, file, SessionError, number), file.parent, place)
    except SessionError as problem:
        return NamedSession(place, problem=problem)
    except InputError as problem:
        where = f"{place}: {problem.where}" if problem.where else place
        return NamedSession(place, problem=SessionError(where, problem.what, problem.remedy))


def _named(given: Mapping[str, object], home: Path, place: str) -> NamedSession:
    said = {key: value for key, value in given.items() if value not in (None, "")}
    if "session" not in said and "recording" not in said:
        raise InputError("", "names neither a session nor a recording", 'write {"session": "folder"}')
    recording = as_paths("recording", said["recording"]) if "recording" in said else ()
    catalog, events, captions = (home / as_path(name, said[name]) if name in said else None for name in PATHS)
    files = SessionOverrides(tuple(home / path for path in recording), catalog, events, captions)
    folder = home / as_path("session", said["session"]) if "session" in said else None
    warnings = (*unknown_keys(given, LIST_KEYS), *title_mended(given))
    return NamedSession(place, folder, read_session_fields(said).over(files), warnings=warnings)
