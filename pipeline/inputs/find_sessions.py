"""Find sessions in the folders, lists and flags that name them. read_session.py reads their files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from domain.errors import SessionError, UsageError
from pipeline.inputs.session_folder import (
    CAPTIONS_FILES,
    CATALOG_FILES,
    EVENTS_FILES,
    RECORDING_STEM,
    RECORDING_SUFFIXES,
    find_recording,
    find_single_file,
    read_folder_settings,
)
from pipeline.inputs.session_list import read_session_list
from pipeline.inputs.session_source import SessionSource

NO_FLAGS = SessionSource()
FOLDER_FILES = {"catalog": CATALOG_FILES, "events": EVENTS_FILES, "captions": CAPTIONS_FILES}


def find_sessions(paths: Sequence[Path], flags: SessionSource = NO_FLAGS) -> tuple[SessionSource, ...]:
    """The sessions that folders, lists and flags name. `flags` go before everything else.

    A session that cannot be found is a source with a problem, and does not stop others. Raises UsageError when there
    is no session, when flags for one session meet several, and when two sessions have the same id.
    """
    named_sources = [source for path in paths for source in _named_sources(path)]
    if not named_sources and flags.recording:
        named_sources = [SessionSource(origin="the command line")]
    if not named_sources:
        raise UsageError("kandian", "no session is given", "name a session folder, a list, or --recording")
    if flags != NO_FLAGS and len(named_sources) > 1:
        what = f"flags name the files of one session, but {len(named_sources)} are given"
        raise UsageError("kandian", what, "give one session, or say it in each session.json or in a list")
    sources = tuple(_find_source(source, flags) for source in named_sources)
    _check_ids(sources)
    return sources


def _named_sources(path: Path) -> tuple[SessionSource, ...]:
    """The sessions that one argument names, without what their folders say."""
    if _is_folder(path):
        return (SessionSource(origin=str(path), folder=path),)
    if path.suffix.lower() not in RECORDING_SUFFIXES:
        return read_session_list(path)
    problem = SessionError(path, "is neither a session folder nor a list", "name a recording by --recording")
    return (SessionSource(origin=str(path), problem=problem),)


def _find_source(named_source: SessionSource, flags: SessionSource) -> SessionSource:
    """The session with its files; where they cannot be found, one with its name and a problem only."""
    name = _folder_name(named_source.folder) if named_source.folder else named_source.origin
    try:
        if named_source.problem:
            raise named_source.problem
        source = flags.with_defaults(named_source)
        if source.folder is None:
            return replace(source, name=_recording_name(source.recording[0]))
        return replace(_add_folder_files(source, source.folder), name=name)
    except SessionError as problem:
        return SessionSource(name, named_source.origin, problem=problem)
    except OSError as problem:
        error = SessionError(name, f"cannot be read ({problem.strerror})", "make its folder one that can be read")
        return SessionSource(name, named_source.origin, problem=error)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for a file; reading it says so
        return False


def _add_folder_files(source: SessionSource, folder: Path) -> SessionSource:
    """`source`, filled up from session.json and from the files of its folder."""
    if not _is_folder(folder):
        raise SessionError(folder, "is not a folder", "check the session's path")
    source = source.with_defaults(read_folder_settings(folder))
    if not source.recording:
        source = source.with_defaults(find_recording(folder))
    files = {name: find_single_file(folder, names) for name, names in FOLDER_FILES.items() if not getattr(source, name)}
    return replace(source, **files)  # type: ignore[arg-type]  # all of them are paths


def _folder_name(folder: Path) -> str:
    return folder.resolve().name


def _recording_name(file: Path) -> str:
    """The file's own name, unless it is the one that every session's recording has."""
    return _folder_name(file.parent) if RECORDING_STEM.fullmatch(file.stem) else file.stem


def _check_ids(sources: Sequence[SessionSource]) -> None:
    """Raise UsageError when two sessions would write their results into the same folder."""
    source_by_id: dict[str, SessionSource] = {}
    for source in sources:
        earlier = source if source.problem else source_by_id.setdefault(source.id, source)
        if earlier is not source:
            what = f'has the session id "{source.id}", as {earlier.origin} has'
            raise UsageError(source.origin, what, "give one of them another id in session.json or in the list")
