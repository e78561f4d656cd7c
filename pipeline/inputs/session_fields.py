"""What session.json and a list's line say of a session: the same fields, read alike."""

from collections.abc import Mapping
from pathlib import Path

from domain.errors import InputError
from pipeline.inputs.parsing.values import as_datetime, as_id, as_language, as_text, as_writing_system, quote_value
from pipeline.inputs.session_source import SessionOverrides

SESSION_FIELDS = ("id", "language", "started_at", "title")


def read_session_fields(fields: Mapping[str, object]) -> SessionOverrides:
    """The id, language, start and title in `fields`. Raises InputError placed at the field."""
    values = {name: value for name, value in fields.items() if value not in (None, "")}
    return SessionOverrides(
        session_id=as_id("id", values["id"]) if "id" in values else None,
        language=as_language("language", values["language"]) if "language" in values else None,
        writing_system=as_writing_system("language", values["language"]) if "language" in values else None,
        started_at=as_datetime("started_at", values["started_at"]) if "started_at" in values else None,
        title=as_text("title", values["title"]) if "title" in values else None,
    )


def as_path(name: str, value: object) -> Path:
    """A file's path, as written: file names may hold what titles may not."""
    if not isinstance(value, str) or not value.strip() or "\0" in value or not _is_encodable(value):
        raise InputError(name, f"{quote_value(value)} is not a path", f'write "{name}": "a file\'s path"')
    return Path(value)


def as_paths(name: str, value: object) -> tuple[Path, ...]:
    """One path or a list of them, in order."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise InputError(name, "the list is empty", "name at least one file, or leave it out")
    return tuple(as_path(name, each) for each in values)


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)
