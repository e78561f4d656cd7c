"""Notes on what failed: written by the runner, read by `status` only, removed by the next success."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from domain.errors import InputError, KandianError
from pipeline.engine.serialization import adapter_of

FAILURES = ".failures"
Blame = Literal["input", "machine", "kandian"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a session stopped. `blame` says whether to mend the input, to try again, or to report a mistake of ours."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True}

    session: str
    stage: str
    key: str
    blame: Blame
    error: str
    command: str
    at: str

    @staticmethod
    def of(error: BaseException, *, session: str, stage: str, key: str, command: str) -> "Failure":
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Failure(session, stage, key, blame_of(error), told(error), command, now)


def blame_of(error: BaseException) -> Blame:
    if isinstance(error, InputError):
        return "input"
    return "machine" if isinstance(error, KandianError | OSError | MemoryError) else "kandian"


def told(error: BaseException) -> str:
    """The error in words: our own as they are, others with their class, since they were not meant for people."""
    return str(error) if isinstance(error, KandianError) else f"{type(error).__name__}: {error}"


def remember(store_root: Path, failure: Failure) -> None:
    note = _note(store_root, failure.session, failure.stage)
    note.parent.mkdir(parents=True, exist_ok=True)
    aside = note.with_suffix(f".{os.getpid()}")
    aside.write_bytes(adapter_of(Failure).dump_json(failure, indent=1))
    aside.replace(note)


def forget(store_root: Path, session: str) -> None:
    """Drop every note of a session that is done now."""
    folder = store_root / session / FAILURES
    for note in folder.glob("*.json"):
        note.unlink(missing_ok=True)


def failures_of(store_root: Path, session: str) -> Iterator[Failure]:
    for note in sorted((store_root / session / FAILURES).glob("*.json")):
        with suppress(OSError, ValueError):  # just removed, or not whole: it is only a note
            yield adapter_of(Failure).validate_json(note.read_bytes())


def _note(store_root: Path, session: str, stage: str) -> Path:
    return store_root / session / FAILURES / f"{stage}.json"
