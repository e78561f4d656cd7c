"""One session before its files are read, as flags, lists, session.json and folders name it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.errors import InputError, SessionError, UsageError
from domain.session import Language, WritingSystem
from pipeline.inputs.parsing.values import (
    as_datetime,
    as_id,
    as_language,
    as_path,
    as_paths,
    as_text,
    as_writing_system,
)


@dataclass(frozen=True, slots=True)
class SessionKey:
    """How a field of SessionSource is written in JSON and read. `has_flag`: `kandian run` has a flag of this name."""

    name: str
    parse: Callable[[str, object], object]
    has_flag: bool

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    @property
    def is_path(self) -> bool:
        return self.parse in (as_path, as_paths)


def _key(name: str, parse: Callable[[str, object], object], *, has_flag: bool = True) -> Mapping[str, SessionKey]:
    return {"key": SessionKey(name, parse, has_flag)}


@dataclass(frozen=True, slots=True)
class SessionSource:
    """Where the files of one session are, and its id, language, start and title. None, () and "" leave a field open.

    Flags, lists, session.json and the retry command all go by the keys of the fields. A new field needs its line here
    and, if it has a flag, an option of the same name in kandian/cli/run.py.

    `name` is the id where none is given; `origin` is where the session was named. `problem` is raised when the session
    is read, so that a broken session does not stop others.
    """

    name: str = ""
    origin: str = ""
    recording: tuple[Path, ...] = field(default=(), metadata=_key("recording", as_paths))
    catalog: Path | None = field(default=None, metadata=_key("catalog", as_path))
    events: Path | None = field(default=None, metadata=_key("events", as_path))
    captions: Path | None = field(default=None, metadata=_key("captions", as_path))
    folder: Path | None = field(default=None, metadata=_key("session", as_path, has_flag=False))
    session_id: str | None = field(default=None, metadata=_key("id", as_id))
    language: Language | None = field(default=None, metadata=_key("language", as_language))
    writing_system: WritingSystem | None = field(
        default=None, metadata=_key("language", as_writing_system, has_flag=False)
    )
    started_at: datetime | None = field(default=None, metadata=_key("started_at", as_datetime))
    title: str | None = field(default=None, metadata=_key("title", as_text))
    warnings: tuple[str, ...] = ()
    problem: SessionError | None = None

    @property
    def id(self) -> str:
        """The session's id: the given one, else the name."""
        return self.session_id or self.name

    @property
    def where(self) -> str:
        """What messages about the whole session name: the folder, else the origin."""
        return str(self.folder or self.origin)

    def with_defaults(self, defaults: "SessionSource") -> "SessionSource":
        """What this says, and what `defaults` says where this leaves it open; the warnings of both."""
        values = {name: getattr(self, name) for name in KEYS}
        return replace(
            defaults,
            **{name: value for name, value in values.items() if value not in (None, ())},
            name=self.name or defaults.name,
            origin=self.origin or defaults.origin,
            warnings=(*self.warnings, *defaults.warnings),
        )


KEYS: Mapping[str, SessionKey] = {
    each.name: each.metadata["key"] for each in fields(SessionSource) if "key" in each.metadata
}
"""The keys of SessionSource, by field."""


def read_keys(values: Mapping[str, object], keys: Collection[str], folder: Path = Path()) -> SessionSource:
    """What `values` say under `keys`; relative paths count from `folder`. Raises InputError placed at the key."""
    return SessionSource(
        **{
            name: _in_folder(key.parse(key.name, values[key.name]), folder)
            for name, key in KEYS.items()
            if key.name in keys and values.get(key.name) not in (None, "")
        }
    )


def source_from_flags(flags: Mapping[str, Any]) -> SessionSource:
    """What the flags of `kandian run` say; `flags` holds them by field. Raises UsageError."""
    values = {key.name: flags[name] for name, key in KEYS.items() if key.has_flag and flags[name]}
    try:
        return read_keys(values, values.keys())
    except InputError as problem:
        raise UsageError(f"--{problem.where.replace('_', '-')}", problem.what, problem.remedy) from None


def _in_folder(value: Any, folder: Path) -> Any:
    if isinstance(value, tuple):
        return tuple(folder / path for path in value)
    return folder / value if isinstance(value, Path) else value
