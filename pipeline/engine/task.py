"""One piece of work, small enough to send anywhere, and how a worker does it."""

import resource
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.progress import Progress
from domain.session import Recording
from pipeline.engine.cache_keys import settings_of
from pipeline.engine.sandbox import SANDBOX_USAGE, read_sandboxed
from pipeline.engine.serialization import write_artefact
from pipeline.engine.stage import ApiKey, Artefact, Part, Stage, stage_name, wiring_of
from pipeline.engine.store import ArtefactRef, Receipt, Store, Workspace, content_digest
from pipeline.engine.tool_versions import tool_versions

MIN_PROGRESS_INTERVAL_S = 0.5  # people read a bar no faster
NO_KEY = ApiKey()


@dataclass(frozen=True)
class Task:
    """Make `output` with `stage`. With `part` it makes one piece of a divisible stage, with `pieces` it joins them."""

    stage: Stage
    output: ArtefactRef
    inputs: Mapping[str, ArtefactRef] = field(default_factory=dict)
    part: Part | None = None
    pieces: tuple[ArtefactRef, ...] | None = None

    @property
    def name(self) -> str:
        """The name in messages: the stage, with the number of the part."""
        label = stage_name(self.stage)
        if self.pieces is not None:
            return f"{label} (join)"
        return label if self.part is None else f"{label} (part {self.part.index + 1})"

    @property
    def needs_network(self) -> bool:
        """Whether it is a part that the runner does in its own process; if it fails, the session goes on without it."""
        return self.stage.needs.network and self.part is not None


@dataclass(frozen=True, slots=True)
class TaskCost:
    """What a task cost. `cpu_seconds` counts this process and the programs that it waited for.

    `peak_memory_mb` is the peak of the largest of these processes so far. Peaks are not added, because a program's
    count includes the memory of the process that started it.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float


def run_task(store: Store, task: Task, api_key: ApiKey = NO_KEY) -> ArtefactRef:
    """Load, call, commit. The same for every executor; doing it twice does no harm."""
    if store.has(task.output):
        return task.output
    with store.workspace(task.output) as workspace:
        start_usage = _usage_now(task)
        workspace.report_progress(0.0)
        artefact: Artefact = _call_stage(store, task, workspace, api_key)
        write_artefact(artefact, workspace.scratch)
        digest = content_digest(type(artefact), workspace.scratch, artefact)
        store.commit(task.output, workspace, _make_receipt(task, digest, _cost_since(task, start_usage)))
    return task.output


def _call_stage(store: Store, task: Task, workspace: Workspace, api_key: ApiKey) -> Artefact:
    contract = wiring_of(type(task.stage))
    arguments: dict[str, Any] = {name: store.load(ref) for name, ref in task.inputs.items()}
    if task.pieces is None:
        injected, function = contract.call_injected, task.stage.__call__
    else:
        injected, function = contract.join_injected, task.stage.join  # type: ignore[attr-defined]
        arguments["pieces"] = tuple(store.load(ref) for ref in task.pieces)
    injected_values = {
        Path: workspace.scratch,
        Progress: _ThrottledProgress(workspace),
        Part: task.part,
        ApiKey: api_key,
    }
    arguments |= {name: injected_values[kind] for name, kind in injected.items()}
    if not task.stage.needs.is_sandboxed:
        return function(**arguments)
    recording = next(each for each in arguments.values() if isinstance(each, Recording))
    return read_sandboxed([file.path for file in recording.files], function, **arguments)


class _ThrottledProgress:
    """A Progress that writes to the workspace, at most every MIN_PROGRESS_INTERVAL_S."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._reported_at = float("-inf")

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if now - self._reported_at >= MIN_PROGRESS_INTERVAL_S:
            self._reported_at = now
            self._workspace.report_progress(done)


def _usage_now(task: Task) -> tuple[float, float]:
    """Wall and processor seconds so far, those of children and of sandboxed calls included.

    A network task has one thread of a process that does other work too.
    """
    if task.needs_network:
        own = resource.getrusage(resource.RUSAGE_THREAD)
        return time.monotonic(), own.ru_utime + own.ru_stime
    usages = [resource.getrusage(user) for user in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.monotonic(), sum(usage.ru_utime + usage.ru_stime for usage in usages) + SANDBOX_USAGE.cpu_seconds


def _cost_since(task: Task, start_usage: tuple[float, float]) -> TaskCost:
    """What was spent since `start_usage`."""
    wall, cpu = _usage_now(task)
    own_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    max_child_peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak_mb = max(own_peak, max_child_peak) / 1024  # ru_maxrss is in KiB on Linux
    return TaskCost(wall - start_usage[0], cpu - start_usage[1], max(peak_mb, SANDBOX_USAGE.peak_memory_mb))


def _make_receipt(task: Task, digest: str, cost: TaskCost) -> Receipt:
    part = task.part
    return Receipt(
        stage=stage_name(task.stage),
        version=task.stage.version,
        content_digest=digest,
        settings=settings_of(task.stage),
        inputs={name: f"{ref.kind.__name__}/{ref.key}" for name, ref in task.inputs.items()},
        pieces=tuple(f"{ref.kind.__name__}/{ref.key}" for ref in task.pieces or ()),
        part=None if part is None else (part.span.start, part.span.end),
        tools=tool_versions(task.stage.tools),
        wall_seconds=round(cost.wall_seconds, 3),
        cpu_seconds=round(cost.cpu_seconds, 3),
        peak_memory_mb=round(cost.peak_memory_mb, 1),
        host=socket.gethostname(),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
