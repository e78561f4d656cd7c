"""One piece of work, small enough to send anywhere, and what a worker does with it."""

import resource
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.session import Recording
from media.limits import named, reader_cpu_s
from pipeline.engine.cache_keys import settings_of
from pipeline.engine.sandbox import Done, Work, do_apart
from pipeline.engine.serialization import write_artefact
from pipeline.engine.stage import Artefact, Part, Progress, Stage, stage_name, wiring
from pipeline.engine.store import Receipt, Ref, Store, Workspace, content_digest
from pipeline.engine.tool_versions import versions

PROGRESS_PERIOD_S = 0.5  # people read a bar no faster


@dataclass(frozen=True)
class Task:
    """Make `output` with `stage`. `pieces` are given when the parts of a divisible stage are to be joined."""

    stage: Stage
    output: Ref
    inputs: Mapping[str, Ref] = field(default_factory=dict)
    part: Part | None = None
    pieces: tuple[Ref, ...] | None = None

    @property
    def name(self) -> str:
        """What people call it: the stage, with the number of the part."""
        label = stage_name(self.stage)
        if self.pieces is not None:
            return f"{label} (join)"
        return label if self.part is None else f"{label} (part {self.part.index + 1})"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a task took. `cpu_seconds` counts this process and the programs it waited for.

    `peak_memory_mb` is that of the largest of these processes so far. They are not added up: a program's count begins
    with the memory of the process that started it.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float


def perform(store: Store, task: Task) -> Ref:
    """Load, call, commit. The same for every executor; doing it twice does no harm."""
    if store.has(task.output):
        return task.output
    with store.workspace(task.output) as space:
        before = _clock()
        space.tell(0.0)
        done = _call(store, task, space)
        artefact: Artefact = done.value
        write_artefact(artefact, space.scratch)
        content = content_digest(type(artefact), space.scratch, artefact)
        store.commit(task.output, space, _receipt(task, content, _cost_since(before, done)))
    return task.output


def _call(store: Store, task: Task, space: Workspace) -> Done:
    contract = wiring(type(task.stage))
    arguments: dict[str, Any] = {name: store.load(ref) for name, ref in task.inputs.items()}
    if task.pieces is None:
        specials, function = contract.call_specials, task.stage.__call__
    else:
        specials, function = contract.join_specials, task.stage.join  # type: ignore[attr-defined]
        arguments["pieces"] = tuple(store.load(ref) for ref in task.pieces)
    given = {Path: space.scratch, Progress: _Telling(space), Part: task.part}
    arguments |= {name: given[kind] for name, kind in specials.items()}
    if not task.stage.needs.is_apart:
        return Done(function(**arguments))
    files = next(each for each in arguments.values() if isinstance(each, Recording)).files
    cpu_s = reader_cpu_s(sum(file.size_bytes for file in files))
    return do_apart(Work(function, arguments, named(tuple(file.path for file in files)), cpu_s))


class _Telling:
    """A Progress that leaves word in the workspace, not more often than anybody looks."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._told_at = float("-inf")

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_PERIOD_S:
            self._told_at = now
            self._space.tell(done)


def _clock() -> tuple[float, float]:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic(), own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _cost_since(before: tuple[float, float], done: Done) -> Cost:
    """What was spent here since `before`, and apart."""
    wall, cpu = _clock()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak_mb = max(own, largest_child) / 1024  # ru_maxrss is in KiB on Linux
    return Cost(wall - before[0], cpu - before[1] + done.cpu_seconds, max(peak_mb, done.peak_memory_mb))


def _receipt(task: Task, content: str, cost: Cost) -> Receipt:
    part = task.part
    return Receipt(
        stage=stage_name(task.stage),
        version=task.stage.version,
        content=content,
        settings=settings_of(task.stage),
        inputs={name: f"{ref.kind.__name__}/{ref.key}" for name, ref in task.inputs.items()},
        pieces=tuple(f"{ref.kind.__name__}/{ref.key}" for ref in task.pieces or ()),
        part=None if part is None else (part.span.start, part.span.end),
        tools=versions(task.stage.tools),
        wall_seconds=round(cost.wall_seconds, 3),
        cpu_seconds=round(cost.cpu_seconds, 3),
        peak_memory_mb=round(cost.peak_memory_mb, 1),
        host=socket.gethostname(),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
