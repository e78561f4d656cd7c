"""Records of what failed: written by the runner, read by `kandian status` only, removed by the next success."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from domain.errors import InputError, KandianError
from pipeline.engine.atomic_files import write_whole
from pipeline.engine.serialization import type_adapter

FAILURES_FOLDER = ".failures"
Blame = Literal["input", "machine", "kandian"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a session stopped. `blame` says whether to correct the input, to try again, or to report a bug."""

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
    """The text of an error: ours as it is, any other with its class, because it was not written for people."""
    return str(error) if isinstance(error, KandianError) else f"{type(error).__name__}: {error}"


def save_failure(store_root: Path, failure: Failure) -> None:
    file = store_root / failure.session / FAILURES_FOLDER / f"{failure.stage}.json"
    write_whole(file, type_adapter(Failure).dump_json(failure, indent=1))


def clear_failures(store_root: Path, session: str) -> None:
    """Remove every record of a session that is done now."""
    folder = store_root / session / FAILURES_FOLDER
    for file in folder.glob("*.json"):
        file.unlink(missing_ok=True)


def load_failures(store_root: Path, session: str) -> Iterator[Failure]:
    for file in sorted((store_root / session / FAILURES_FOLDER).glob("*.json")):
        with suppress(OSError, ValueError):  # just removed, or damaged: it is only a record
            yield type_adapter(Failure).validate_json(file.read_bytes())
