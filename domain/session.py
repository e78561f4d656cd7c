"""A session 场次: one live show, and the files it was recorded in."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from domain.errors import InvalidValue

Language = Literal["zh", "en"]
"""Languages kandian understands, ISO 639-1."""

WritingSystem = Literal["Hans", "Hant", "Hant-TW", "Hant-HK"]
"""How Chinese is written for people: ISO 15924, and the region where characters differ. Entity linking uses Hans."""

MAX_ID_BYTES = 200  # a session id names a folder; file systems end at 255 bytes


@dataclass(frozen=True, slots=True)
class Session:
    """What is known of a show besides its files. `started_at` has a time zone: the wall clock of the first instant.

    `writing_system` is how Chinese is written for this show's people.
    """

    id: str
    title: str = ""
    started_at: datetime | None = None
    writing_system: WritingSystem = "Hans"

    def __post_init__(self) -> None:
        check_session_id(self.id)
        if self.started_at is not None and self.started_at.tzinfo is None:
            raise InvalidValue(f"started_at needs a time zone (2026-11-11T20:00:00+08:00), not {self.started_at}")


def check_session_id(session_id: str) -> None:
    """Raise InvalidValue unless `session_id` can name a folder on any file system and in a web address."""
    bad = sorted({c for c in session_id if c in '/\\:*?"<>|#%' or not c.isprintable()})
    if not session_id.strip() or session_id != session_id.strip() or session_id.startswith("."):
        raise InvalidValue(f"a session id must not be empty, start with a dot or have spaces around it: {session_id!r}")
    if bad:
        raise InvalidValue(f"a session id names a folder and must not hold {' '.join(map(repr, bad))}: {session_id!r}")
    if len(session_id.encode()) > MAX_ID_BYTES:
        raise InvalidValue(f"a session id must not be longer than {MAX_ID_BYTES} bytes: {session_id[:40]!r}...")


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """The language of a show, or None for speech recognition to detect. Not in `Session`, so that a new title does not
    repeat speech recognition.
    """

    code: Language | None


@dataclass(frozen=True, slots=True)
class StartTime:
    """The wall clock of a show's first instant, if known. Not in `Session`, so that a new title does not repackage the
    replay.
    """

    at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """One file of a recording. `digest` is the SHA-256 of its bytes; `path`, where it lies now, is in no cache key."""

    path: Path
    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Recording:
    """The files of a show, in order. Cache keys hold their bytes' digests, not their paths."""

    files: tuple[RecordingFile, ...]

    def __post_init__(self) -> None:
        if not self.files:
            raise InvalidValue("a recording needs at least one file")

    def content_digest(self) -> str:
        """What cache keys hold instead of this value: a recording that was moved is the same recording."""
        return "+".join(file.digest for file in self.files)
