"""Sessions: found in the folders, lists and flags that name them. session_inputs.py reads what was found."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.errors import InputError, SessionError, UsageError
from pipeline.inputs.session_fields import read_session_fields
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
from pipeline.inputs.session_source import NO_OVERRIDES, NamedSession, SessionOverrides, SessionSource


def find_sessions(paths: Sequence[Path], overrides: SessionOverrides = NO_OVERRIDES) -> tuple[SessionSource, ...]:
    """The sessions that folders, lists and flags name. `overrides`, the flags, go before all else.

    A session that cannot be found is a source with a problem, and stops no other. Raises UsageError when there is no
    session, when flags for one session meet several, and when two sessions have the same id.
    """
    named_sessions = [session for place in paths for session in _named_sessions(place)]
    if not named_sessions and overrides.recording:
        named_sessions = [NamedSession("the command line")]
    if not named_sessions:
        raise UsageError("kandian", "no session is given", "name a session folder, a list, or --recording")
    if overrides != NO_OVERRIDES and len(named_sessions) > 1:
        what = f"flags name the files of one session, but {len(named_sessions)} are given"
        raise UsageError("kandian", what, "give one session, or say it in each session.json or in a list")
    sources = tuple(_find_source(session, overrides) for session in named_sessions)
    _check_ids(sources)
    return sources


def overrides_from_flags(flag_values: Mapping[str, str | None], files: SessionOverrides) -> SessionOverrides:
    """What the flags id, language, started_at and title say, beside the `files` named. Raises UsageError."""
    try:
        return read_session_fields(flag_values).with_defaults(files)
    except InputError as problem:
        raise UsageError(f"--{problem.where.replace('_', '-')}", problem.what, problem.remedy) from None


def _named_sessions(path: Path) -> tuple[NamedSession, ...]:
    if _is_folder(path):
        return (NamedSession(str(path), path),)
    if path.suffix.lower() not in RECORDING_SUFFIXES:
        return read_session_list(path)
    problem = SessionError(path, "is neither a session folder nor a list", "name a recording by --recording")
    return (NamedSession(str(path), problem=problem),)


def _find_source(named_session: NamedSession, flags: SessionOverrides) -> SessionSource:
    name = _folder_name(named_session.folder) if named_session.folder else named_session.origin
    try:
        if named_session.problem:
            raise named_session.problem
        overrides = flags.with_defaults(named_session.overrides)
        return (
            _source_in_folder(named_session, named_session.folder, overrides)
            if named_session.folder
            else _build_source(named_session, overrides, (), None)
        )
    except SessionError as problem:
        return SessionSource(name, named_session.origin, problem=problem)
    except OSError as problem:
        error = SessionError(name, f"cannot be read ({problem.strerror})", "make its folder one that can be read")
        return SessionSource(name, named_session.origin, problem=error)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for a file; reading it says so
        return False


def _source_in_folder(named_session: NamedSession, folder: Path, overrides: SessionOverrides) -> SessionSource:
    """A session whose files lie in a folder, but for those named otherwise."""
    if not _is_folder(folder):
        raise SessionError(folder, "is not a folder", "check the session's path")
    settings = read_folder_settings(folder)
    overrides = overrides.with_defaults(settings.overrides)
    folder_recording = None if overrides.recording else find_recording(folder)
    files = SessionOverrides(
        recording=folder_recording.files if folder_recording else (),
        catalog=overrides.catalog or find_single_file(folder, CATALOG_FILES),
        events=overrides.events or find_single_file(folder, EVENTS_FILES),
        captions=overrides.captions or find_single_file(folder, CAPTIONS_FILES),
    )
    warnings = (*settings.warnings, *(folder_recording.warnings if folder_recording else ()))
    return _build_source(named_session, overrides.with_defaults(files), warnings, settings.file)


def _build_source(
    named_session: NamedSession, overrides: SessionOverrides, warnings: tuple[str, ...], settings_file: Path | None
) -> SessionSource:
    return SessionSource(
        name=_folder_name(named_session.folder) if named_session.folder else _recording_name(overrides.recording[0]),
        origin=named_session.origin,
        folder=named_session.folder,
        recording=overrides.recording,
        catalog=overrides.catalog,
        events=overrides.events,
        captions=overrides.captions,
        settings_file=settings_file,
        session_id=overrides.session_id,
        language=overrides.language,
        writing_system=overrides.writing_system,
        started_at=overrides.started_at,
        title=overrides.title,
        warnings=(*named_session.warnings, *warnings),
    )


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
