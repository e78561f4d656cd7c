"""Notes on what failed: written by the runner, read by `status` only, removed by the next success."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from domain.errors import InputError, KandianError
from pipeline.engine.serialization import type_adapter

FAILURES_FOLDER = ".failures"
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
    def from_error(error: BaseException, *, session: str, stage: str, key: str, command: str) -> "Failure":
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Failure(session, stage, key, blame_of(error), error_message(error), command, now)


def blame_of(error: BaseException) -> Blame:
    if isinstance(error, InputError):
        return "input"
    return "machine" if isinstance(error, KandianError | OSError | MemoryError) else "kandian"


def error_message(error: BaseException) -> str:
    """The error in words: our own as they are, others with their class, since they were not meant for people."""
    return str(error) if isinstance(error, KandianError) else f"{type(error).__name__}: {error}"


def save_failure(store_root: Path, failure: Failure) -> None:
    file = _failure_file(store_root, failure.session, failure.stage)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(type_adapter(Failure).dump_json(failure, indent=1))
    temporary.replace(file)


def clear_failures(store_root: Path, session: str) -> None:
    """Drop every note of a session that is done now."""
    folder = store_root / session / FAILURES_FOLDER
    for file in folder.glob("*.json"):
        file.unlink(missing_ok=True)


def load_failures(store_root: Path, session: str) -> Iterator[Failure]:
    for file in sorted((store_root / session / FAILURES_FOLDER).glob("*.json")):
        with suppress(OSError, ValueError):  # just removed, or not whole: it is only a note
            yield type_adapter(Failure).validate_json(file.read_bytes())


def _failure_file(store_root: Path, session: str, stage: str) -> Path:
    return store_root / session / FAILURES_FOLDER / f"{stage}.json"
