"""A list of sessions: JSON lines, each a folder or the files of one session."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from domain.errors import InputError, SessionError
from pipeline.inputs.parsing.plain_text import title_warnings
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.tally import unknown_key_warnings
from pipeline.inputs.parsing.text_file import read_lines
from pipeline.inputs.parsing.values import located
from pipeline.inputs.session_source import KEYS, SessionSource, read_keys

LIST_KEYS = tuple(dict.fromkeys(key.name for key in KEYS.values()))


def read_session_list(file: Path) -> tuple[SessionSource, ...]:
    """The sessions of a list; relative paths count from its folder. A broken line becomes a session with a problem."""
    sources = tuple(_read_sessions(file))
    if sources:
        return sources
    problem = SessionError(file, "names no session", 'write {"session": "folder"} on a line for each')
    return (SessionSource(origin=str(file), problem=problem),)


def _read_sessions(file: Path) -> Iterator[SessionSource]:
    try:
        for number, line in read_lines(file, SessionError):
            yield _session_on_line(line, file, number)
    except SessionError as problem:  # the rest of the file has no lines that can be read
        yield SessionSource(origin=str(file), problem=problem)


def _session_on_line(line: str, file: Path, number: int) -> SessionSource:
    origin = f"{file}: line {number}"
    try:
        fields = parse_object(line, file, SessionError, number)
        with located(SessionError, origin):
            return replace(_parse_session(fields, file.parent), origin=origin)
    except SessionError as problem:
        return SessionSource(origin=origin, problem=problem)


def _parse_session(fields: Mapping[str, object], base_folder: Path) -> SessionSource:
    if all(fields.get(key) in (None, "") for key in ("session", "recording")):
        raise InputError("", "names neither a session nor a recording", 'write {"session": "folder"}')
    warnings = (*unknown_key_warnings(fields, LIST_KEYS), *title_warnings(fields))
    return replace(read_keys(fields, LIST_KEYS, base_folder), warnings=warnings)
