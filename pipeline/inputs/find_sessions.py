"""Sessions: found in the folders, lists and flags that name them. session_inputs.py reads what was found."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.errors import InputError, SessionError, UsageError
from pipeline.inputs.session_fields import read_session_fields
from pipeline.inputs.session_folder import (
    CAPTIONS,
    CATALOGS,
    EVENTS,
    RECORDING,
    RECORDING_SUFFIXES,
    one_of,
    recording_in,
    settings_in,
)
from pipeline.inputs.session_list import read_list
from pipeline.inputs.session_source import NO_OVERRIDES, NamedSession, SessionOverrides, SessionSource


def find_sessions(places: Sequence[Path], overrides: SessionOverrides = NO_OVERRIDES) -> tuple[SessionSource, ...]:
    """The sessions that folders, lists and flags name. `overrides`, the flags, go before all else.

    A session that cannot be found is a source with a problem, and stops no other. Raises UsageError when there is no
    session, when flags for one session meet several, and when two sessions have the same id.
    """
    named = [session for place in places for session in _named(place)]
    if not named and overrides.recording:
        named = [NamedSession("the command line")]
    if not named:
        raise UsageError("kandian", "no session is given", "name a session folder, a list, or --recording")
    if overrides != NO_OVERRIDES and len(named) > 1:
        what = f"flags name the files of one session, but {len(named)} are given"
        raise UsageError("kandian", what, "give one session, or say it in each session.json or in a list")
    sources = tuple(_source(session, overrides) for session in named)
    _check_ids(sources)
    return sources


def session_flags(said: Mapping[str, str | None], files: SessionOverrides) -> SessionOverrides:
    """What the flags id, language, started_at and title say, beside the `files` named. Raises UsageError."""
    try:
        return read_session_fields(said).over(files)
    except InputError as problem:
        raise UsageError(f"--{problem.where.replace('_', '-')}", problem.what, problem.remedy) from None


def _named(place: Path) -> tuple[NamedSession, ...]:
    if _is_folder(place):
        return (NamedSession(str(place), place),)
    if place.suffix.lower() not in RECORDING_SUFFIXES:
        return read_list(place)
    problem = SessionError(place, "is neither a session folder nor a list", "name a recording by --recording")
    return (NamedSession(str(place), problem=problem),)


def _source(named: NamedSession, flags: SessionOverrides) -> SessionSource:
    name = _folder_name(named.folder) if named.folder else named.place
    try:
        if named.problem:
            raise named.problem
        said = flags.over(named.overrides)
        return _source_in(named, named.folder, said) if named.folder else _source_of(named, said, (), None)
    except SessionError as problem:
        return SessionSource(name, named.place, problem=problem)
    except OSError as problem:
        refused = SessionError(name, f"cannot be read ({problem.strerror})", "make its folder one that can be read")
        return SessionSource(name, named.place, problem=refused)


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a name too long for a file; reading it says so
        return False


def _source_in(named: NamedSession, folder: Path, said: SessionOverrides) -> SessionSource:
    """A session whose files lie in a folder, but for those named otherwise."""
    if not _is_folder(folder):
        raise SessionError(folder, "is not a folder", "check the session's path")
    settings = settings_in(folder)
    said = said.over(settings.said)
    found = None if said.recording else recording_in(folder)
    files = SessionOverrides(
        recording=found.files if found else (),
        catalog=said.catalog or one_of(folder, CATALOGS),
        events=said.events or one_of(folder, EVENTS),
        captions=said.captions or one_of(folder, CAPTIONS),
    )
    warnings = (*settings.warnings, *(found.warnings if found else ()))
    return _source_of(named, said.over(files), warnings, settings.file)


def _source_of(
    named: NamedSession, said: SessionOverrides, warnings: tuple[str, ...], settings_file: Path | None
) -> SessionSource:
    return SessionSource(
        name=_folder_name(named.folder) if named.folder else _recording_name(said.recording[0]),
        place=named.place,
        folder=named.folder,
        recording=said.recording,
        catalog=said.catalog,
        events=said.events,
        captions=said.captions,
        settings_file=settings_file,
        session_id=said.session_id,
        language=said.language,
        script=said.script,
        started_at=said.started_at,
        title=said.title,
        warnings=(*named.warnings, *warnings),
    )


def _folder_name(folder: Path) -> str:
    return folder.resolve().name


def _recording_name(file: Path) -> str:
    """The file's own name, unless it is the one that every session's recording has."""
    return _folder_name(file.parent) if RECORDING.fullmatch(file.stem) else file.stem


def _check_ids(sources: Sequence[SessionSource]) -> None:
    """Raise UsageError when two sessions would write their results into the same folder."""
    first: dict[str, SessionSource] = {}
    for source in sources:
        other = source if source.problem else first.setdefault(source.id, source)
        if other is not source:
            what = f'has the session id "{source.id}", as {other.place} has'
            raise UsageError(source.place, what, "give one of them another id in session.json or in the list")
