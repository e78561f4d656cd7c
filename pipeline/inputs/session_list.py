"""A list of sessions: JSON lines, each a folder or the files of one session."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.errors import InputError, SessionError
from pipeline.inputs.parsing.plain_text import title_warnings
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.tally import unknown_key_warnings
from pipeline.inputs.parsing.text_file import read_lines
from pipeline.inputs.session_fields import SESSION_FIELDS, as_path, as_paths, read_session_fields
from pipeline.inputs.session_source import NamedSession, SessionOverrides

PATH_KEYS = ("catalog", "events", "captions")
LIST_KEYS = ("session", "recording", *PATH_KEYS, *SESSION_FIELDS)


def read_session_list(file: Path) -> tuple[NamedSession, ...]:
    """The sessions that a list names; relative paths count from its folder. Broken lines become problems."""
    named_sessions = tuple(_read_sessions(file))
    if named_sessions:
        return named_sessions
    problem = SessionError(file, "names no session", 'write {"session": "folder"} on a line for each')
    return (NamedSession(str(file), problem=problem),)


def _read_sessions(file: Path) -> Iterator[NamedSession]:
    try:
        for number, line in read_lines(file, SessionError):
            yield _session_on_line(line, file, number)
    except SessionError as problem:  # the rest of the file cannot be told into lines
        yield NamedSession(str(file), problem=problem)


def _session_on_line(line: str, file: Path, number: int) -> NamedSession:
    location = f"{file}: line {number}"
    try:
        return _parse_session(parse_object(line, file, SessionError, number), file.parent, location)
    except SessionError as problem:
        return NamedSession(location, problem=problem)
    except InputError as problem:
        where = f"{location}: {problem.where}" if problem.where else location
        return NamedSession(location, problem=SessionError(where, problem.what, problem.remedy))


def _parse_session(fields: Mapping[str, object], base_folder: Path, location: str) -> NamedSession:
    values = {key: value for key, value in fields.items() if value not in (None, "")}
    if "session" not in values and "recording" not in values:
        raise InputError("", "names neither a session nor a recording", 'write {"session": "folder"}')
    recording = as_paths("recording", values["recording"]) if "recording" in values else ()
    catalog, events, captions = (
        base_folder / as_path(name, values[name]) if name in values else None for name in PATH_KEYS
    )
    files = SessionOverrides(tuple(base_folder / path for path in recording), catalog, events, captions)
    folder = base_folder / as_path("session", values["session"]) if "session" in values else None
    warnings = (*unknown_key_warnings(fields, LIST_KEYS), *title_warnings(fields))
    return NamedSession(location, folder, read_session_fields(values).with_defaults(files), warnings=warnings)
