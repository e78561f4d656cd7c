"""One call from inputs to results, shared by the command line and `from kandian import run`."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from domain.errors import ToolError, UsageError
from domain.review import Edits, PublishedHighlights
from models.speech.device import check_device
from models.speech.plugin import is_plugin
from pipeline.engine.executors import Executor
from pipeline.engine.observer import NullObserver, RunObserver
from pipeline.engine.stage import ApiKey, Stage, stage_name
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.session_source import SessionSource
from pipeline.ledger import LEDGER_FILE, LEDGER_VARIABLE
from pipeline.network.language_model import API_KEY_VARIABLE
from pipeline.runner import Outcome, Runner, no_review
from pipeline.settings import load_stages
from pipeline.stages.highlights.reword_takes import RewordTakes
from pipeline.stages.speech.rescore import Rescore
from pipeline.stages.speech.transcribe import Transcribe

ExecutorName = Literal["in_process", "pool", "ray"]
DEFAULT_EXECUTOR: ExecutorName = "pool"
STORE_FOLDER = ".store"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Where results go, and how they are made. `store` is OUT/.store by default, `workers` the number of cores.

    `ledger` is a database URL: by default that of the environment, else OUT/ledger.db if it exists.
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
        return (self.store or self.out / STORE_FOLDER).absolute()

    @property
    def cli_flags(self) -> tuple[str, ...]:
        """The flags of `kandian run` for all that is not the default, and --out always."""
        flag_values: dict[str, object] = {"--store": self.store, "--workers": self.workers, "--settings": self.settings}
        if self.ledger and self.ledger.startswith("sqlite:"):  # others may hold a password
            flag_values["--ledger"] = self.ledger
        if self.executor != DEFAULT_EXECUTOR:
            flag_values |= {"--executor": self.executor, "--ray-address": self.ray_address}
        pairs = [(flag, str(value)) for flag, value in flag_values.items() if value is not None]
        return ("--out", str(self.out), *(word for pair in pairs for word in pair))


def run(
    *sessions: str | Path,
    out: str | Path = "out",
    config: RunConfig | None = None,
    observer: RunObserver | None = None,
) -> tuple[Outcome, ...]:
    """Bring sessions - folders, or JSON-lines lists of them - to replays and highlights in `out`/SESSION_ID.

    Returns an Outcome for each session, in order: its `folder`, or None and the `failures` that say why. With `config`,
    its `out` counts. Raises UsageError and SettingsError; what is wrong with one session is in its Outcome.
    """
    sources = find_sessions([Path(session) for session in sessions])
    return run_sources(sources, config or RunConfig(out=Path(out)), observer or NullObserver())


def run_sources(sources: Sequence[SessionSource], config: RunConfig, observer: RunObserver) -> tuple[Outcome, ...]:
    """Run `sources`, as `find_sessions` gives them."""
    stages = load_stages(config.settings)
    api_key = _api_key(stages)
    if config.executor != "ray":  # a cluster's machines compute, not this one: each checks when it loads Whisper
        _check_devices(stages, sources)
    for flag, folder in (("--out", config.out), ("--store", config.store_root)):
        _make_folder(flag, folder)
    with _open_executor(config) as executor:
        load_review = partial(_load_review, config)
        runner = Runner(
            stages, Store(config.store_root), executor, config.out, observer, config.cli_flags, api_key, load_review
        )
        return runner.run(sources)


def _load_review(config: RunConfig, session_id: str) -> tuple[Edits, PublishedHighlights]:
    """What people did to a session. SQLAlchemy is imported only where there is a database."""
    if not (config.ledger or os.environ.get(LEDGER_VARIABLE) or (config.out / LEDGER_FILE).exists()):
        return no_review(session_id)
    from pipeline.ledger.location import read_review

    return read_review(config.out, config.ledger, session_id)


def _api_key(stages: Sequence[Stage]) -> ApiKey:
    """The language model's key. Raises SettingsError for one that cannot be sent, where the model is on."""
    api_key = ApiKey(os.environ.get(API_KEY_VARIABLE, ""))
    for stage in stages:
        if isinstance(stage, RewordTakes) and stage.is_enabled:
            stage.client(api_key)
    return api_key


def _check_devices(stages: Sequence[Stage], sources: Sequence[SessionSource]) -> None:
    """Raise SettingsError where speech has to be recognised and this machine cannot compute as the settings say."""
    if all(source.captions for source in sources):
        return
    for stage in stages:
        if isinstance(stage, Transcribe | Rescore) and not is_plugin(stage.model):
            check_device(stage.device, stage.compute_type, f"[{stage_name(stage)}]")


def _make_folder(flag: str, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        what = f"the folder {folder} cannot be made ({error.strerror})"
        raise UsageError(flag, what, "name a folder that can be written") from error
    except OSError as error:
        raise ToolError(folder, f"cannot be made ({error.strerror})", "look at the disk, then try again") from error


@contextmanager
def _open_executor(config: RunConfig) -> Iterator[Executor]:
    executor = _create_executor(config)
    try:
        yield executor
    finally:
        executor.close()


def _create_executor(config: RunConfig) -> Executor:
    if config.executor == "ray":
        from pipeline.engine.executors.on_ray import RayExecutor

        return RayExecutor(config.ray_address, config.workers)
    if config.executor == "in_process":
        from pipeline.engine.executors.in_process import InProcessExecutor

        return InProcessExecutor()
    from pipeline.engine.executors.process_pool import LocalPoolExecutor

    return LocalPoolExecutor(config.workers)
