"""Read and check everything of one session."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.catalog import Catalog
from domain.errors import CatalogError, InvalidValue, MediaError, SessionError
from domain.evidence import EventLog
from domain.session import Session, SpokenLanguage, check_session_id
from domain.speech import Captions
from domain.vision import ProductPhotos
from pipeline.inputs.captions import CaptionsFile, import_captions
from pipeline.inputs.catalog import CatalogFile, read_catalog
from pipeline.inputs.events import EventsFile, read_events
from pipeline.inputs.product_photos import find_photos
from pipeline.inputs.session_folder import CATALOG_FILES
from pipeline.inputs.session_source import SessionSource


@dataclass(frozen=True, slots=True)
class SessionInputs:
    """Everything of one session, read and checked, but for the media in the recording, which Probe checks."""

    session: Session
    language: SpokenLanguage
    recording: tuple[Path, ...]
    catalog: Catalog
    photos: ProductPhotos
    events: EventLog
    captions: Captions | None
    warnings: tuple[str, ...]


def read_session(source: SessionSource) -> SessionInputs:
    """Read the files of a session. Raises the InputError of the first problem."""
    if source.problem:
        raise source.problem
    session_id = _checked_id(source)
    _check_recording(source)
    catalog = _read_catalog(source)
    photos = find_photos(catalog.catalog, catalog.folder)
    events = _read_events(source, catalog)
    captions = import_captions(source.captions) if source.captions else None
    title = source.title or catalog.title
    return SessionInputs(
        session=Session(
            session_id, title, source.started_at, source.writing_system or catalog.writing_system or "Hans"
        ),
        language=SpokenLanguage(catalog.language),
        recording=source.recording,
        catalog=catalog.catalog,
        photos=photos.photos,
        events=events.log,
        captions=captions.captions if captions else None,
        warnings=(
            *source.warnings,
            *catalog.warnings,
            *photos.warnings,
            *events.warnings,
            *_mismatch_warnings(session_id, catalog, captions),
        ),
    )


def _checked_id(source: SessionSource) -> str:
    try:
        check_session_id(source.id)
    except InvalidValue as problem:
        raise SessionError(source.where, str(problem), "give it an id in session.json or by --id") from None
    return source.id


def _check_recording(source: SessionSource) -> None:
    if not source.recording:
        remedy = "put recording.flv (.mp4, .ts, .mkv ...) or recording-000.flv ... there, or name it by --recording"
        raise MediaError(source.where, f"has no recording{_nested_sessions_hint(source.folder)}", remedy)
    for file in source.recording:
        try:
            _check_file(file)
        except OSError as problem:
            raise MediaError(file, f"cannot be read ({problem.strerror})", "check its name and place") from None


def _check_file(file: Path) -> None:
    if not file.is_file():
        raise MediaError(file, "is not there" if not file.exists() else "is not a file", "check its name and place")
    if not file.stat().st_size:
        raise MediaError(file, "is empty (0 bytes)", "copy the recording again")


def _nested_sessions_hint(folder: Path | None) -> str:
    """A hint for people who name a folder of session folders."""
    session_folders = {file.parent for file in folder.glob("*/recording*")} if folder else set()
    return f", but {len(session_folders)} of the folders in it have one" if session_folders else ""


def _read_catalog(source: SessionSource) -> CatalogFile:
    if source.catalog is None:
        remedy = f"put {' or '.join(CATALOG_FILES)} there, or name it by --catalog"
        raise CatalogError(source.where, "has no catalogue", remedy)
    return read_catalog(source.catalog, source.language)


def _read_events(source: SessionSource, catalog: CatalogFile) -> EventsFile:
    if source.events is None:
        return EventsFile(EventLog(), ())
    return read_events(source.events, catalog.catalog.by_id.keys(), source.started_at)


def _mismatch_warnings(session_id: str, catalog: CatalogFile, captions: CaptionsFile | None) -> Iterator[str]:
    """Signs that the files are of different shows, and the warnings of the captions."""
    if catalog.stream_id not in ("", session_id):
        yield f'the catalogue is that of stream "{catalog.stream_id}", but the session is "{session_id}"'
    if captions:
        yield from captions.warnings
        captions_language = captions.captions.language
        if captions_language and catalog.language and captions_language != catalog.language:
            yield f"the captions are in {captions_language}, but the session is in {catalog.language}"
