"""Where the files of one session lie, and what its settings and the command line's flags say of it."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from domain.errors import SessionError
from domain.session import Language, WritingSystem


@dataclass(frozen=True, slots=True)
class SessionOverrides:
    """What flags, a list's line or session.json say of one session; None and () leave it open."""

    recording: tuple[Path, ...] = ()
    catalog: Path | None = None
    events: Path | None = None
    captions: Path | None = None
    session_id: str | None = None
    language: Language | None = None
    writing_system: WritingSystem | None = None
    started_at: datetime | None = None
    title: str | None = None

    def with_defaults(self, defaults: "SessionOverrides") -> "SessionOverrides":
        """What this says, and what `defaults` says where this leaves it open."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(defaults, **{name: value for name, value in values.items() if value not in (None, ())})


NO_OVERRIDES = SessionOverrides()


@dataclass(frozen=True, slots=True)
class NamedSession:
    """A session as the command line or a list names it. `origin` says where; `problem` is why it cannot be found."""

    origin: str
    folder: Path | None = None
    overrides: SessionOverrides = NO_OVERRIDES
    problem: SessionError | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSource:
    """Where the files of one session lie; of them only session.json has been read.

    `name` is the id where none is given; `origin` is where the session was named. `problem` is raised when the session
    is read, so that a broken one among many stops no other.
    """

    name: str
    origin: str
    folder: Path | None = None
    recording: tuple[Path, ...] = ()
    catalog: Path | None = None
    events: Path | None = None
    captions: Path | None = None
    settings_file: Path | None = None
    session_id: str | None = None
    language: Language | None = None
    writing_system: WritingSystem | None = None
    started_at: datetime | None = None
    title: str | None = None
    warnings: tuple[str, ...] = ()
    problem: SessionError | None = None

    @property
    def id(self) -> str:
        """The session's id: the given one, else the name."""
        return self.session_id or self.name

    @property
    def where(self) -> str:
        """What messages about the whole session name: the folder, else the place."""
        return str(self.folder or self.origin)
