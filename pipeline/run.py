"""One call from inputs to results: what the command line and `from kandian import run` share."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from domain.errors import ToolError, UsageError
from domain.review import Edits, Published
from pipeline.engine.executors import Executor
from pipeline.engine.observer import Unwatched, Watcher
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import NO_OVERRIDES, SessionSource
from pipeline.ledger import LEDGER_FILE, LEDGER_VARIABLE
from pipeline.network.language_model import KEY_VARIABLE, Chat
from pipeline.runner import Outcome, Runner, not_reviewed
from pipeline.settings import language_model_from, stages_from

ExecutorName = Literal["in_process", "pool", "ray"]
DEFAULT_EXECUTOR: ExecutorName = "pool"
STORE = ".store"


@dataclass(frozen=True, slots=True)
class Setup:
    """Where results go and who makes them. `store` is OUT/.store unless given; `workers` as many as there are cores.

    `ledger` is a database URL; else that of the environment, else OUT/ledger.db where somebody edited or published.
    """

    out: Path = Path("out")
    store: Path | None = None
    executor: ExecutorName = DEFAULT_EXECUTOR
    workers: int | None = None
    ray_address: str | None = None
    settings: Path | None = None
    ledger: str | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise UsageError("--workers", f"must be at least 1, not {self.workers}", "leave it out to use every core")

    @property
    def store_root(self) -> Path:
        return (self.store or self.out / STORE).absolute()

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of `kandian run` that say all this, as far as it is not the default, and --out always."""
        said: dict[str, object] = {"--store": self.store, "--workers": self.workers, "--settings": self.settings}
        if self.ledger and self.ledger.startswith("sqlite:"):  # others may hold a password
            said["--ledger"] = self.ledger
        if self.executor != DEFAULT_EXECUTOR:
            said |= {"--executor": self.executor, "--ray-address": self.ray_address}
        given = [(flag, str(value)) for flag, value in said.items() if value is not None]
        return ("--out", str(self.out), *(word for pair in given for word in pair))


def run(
    *sessions: str | Path,
    out: str | Path = "out",
    setup: Setup | None = None,
    watcher: Watcher | None = None,
) -> tuple[Outcome, ...]:
    """Bring sessions - folders, or JSON-lines lists of them - to replays and highlights in `out`/SESSION_ID.

    Returns an Outcome a session, in order: its `folder`, or None and the `failures` that say why. `setup` says more
    (its `out` counts then). Raises UsageError and SettingsError, nothing for what is wrong with one session.
    """
    sources = find_sessions([Path(session) for session in sessions], NO_OVERRIDES)
    return run_sources(sources, setup or Setup(out=Path(out)), watcher or Unwatched())


def run_sources(sources: Sequence[SessionSource], setup: Setup, watcher: Watcher) -> tuple[Outcome, ...]:
    """Run sessions that were found already."""
    stages, chat = stages_from(setup.settings), _chat(setup.settings)
    for flag, place in (("--out", setup.out), ("--store", setup.store_root)):
        _make_folder(flag, place)
    with _executor(setup) as executor:
        review_of = partial(_review, setup)
        runner = Runner(stages, Store(setup.store_root), executor, setup.out, watcher, setup.flags, chat, review_of)
        return runner.run(sources)


def _review(setup: Setup, session_id: str) -> tuple[Edits, Published]:
    """What people did to a session. The database is loaded only where there is one."""
    if not (setup.ledger or os.environ.get(LEDGER_VARIABLE) or (setup.out / LEDGER_FILE).exists()):
        return not_reviewed(session_id)
    from pipeline.ledger.location import review_in

    return review_in(setup.out, setup.ledger, session_id)


def _chat(settings: Path | None) -> Chat | None:
    """The language model to ask, with its key; None where it is off."""
    model = language_model_from(settings)
    return Chat(model, os.environ.get(KEY_VARIABLE, "")) if model.is_on else None


def _make_folder(flag: str, place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        what = f"the folder {place} cannot be made ({error.strerror})"
        raise UsageError(flag, what, "name a folder that can be written") from error
    except OSError as error:
        raise ToolError(place, f"cannot be made ({error.strerror})", "look at the disk, then try again") from error


@contextmanager
def _executor(setup: Setup) -> Iterator[Executor]:
    executor = _start(setup)
    try:
        yield executor
    finally:
        executor.close()


def _start(setup: Setup) -> Executor:
    if setup.executor == "ray":
        from pipeline.engine.executors.on_ray import OnRay

        return OnRay(setup.ray_address, setup.workers)
    if setup.executor == "in_process":
        from pipeline.engine.executors.in_process import InProcess

        return InProcess()
    from pipeline.engine.executors.process_pool import InPool

    return InPool(setup.workers)
