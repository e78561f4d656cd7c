"""What people see while a run goes on: bars on a terminal, a line now and then elsewhere. Always on stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Task as Bar
from rich.text import Text

from domain.clock import Seconds
from kandian.terminal.cells import clock, printable
from pipeline.engine.failures import Failure
from pipeline.engine.observer import Watcher
from pipeline.engine.task import Task

LINE_PERIOD_S = 30.0  # how often a log file hears of a task that goes on
ENOUGH_TO_TELL = 0.05  # the share done from which it tells how long the rest will take


@contextmanager
def display(sessions: int) -> Iterator[Watcher]:
    """A watcher fit for where stderr goes."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(sessions)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        _Percent(),
        _Speed(),
        _TimeLeft(),
    )
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as progress:
        yield _Bars(progress, sessions)


@dataclass
class _Durations:
    """How long shows and their parts are, to say how many times faster than the show the work is."""

    of_session: dict[str, Seconds] = field(default_factory=dict)

    def of(self, task: Task) -> Seconds | None:
        if task.part is not None:
            return task.part.span.duration
        return self.of_session.get(task.output.session_id)


class _Bars:
    """A bar a task under way, and one for all sessions."""

    def __init__(self, progress: Progress, sessions: int) -> None:
        self._progress = progress
        self._durations = _Durations()
        self._bars: dict[str, TaskID] = {}
        self._whole = progress.add_task("sessions", total=sessions)

    def opened(self, session_id: str, duration: Seconds | None) -> None:
        if duration is not None:
            self._durations.of_session[session_id] = duration

    def started(self, task: Task) -> None:
        name = f"{printable(task.output.session_id)}  {task.name}"
        seconds = self._durations.of(task)
        self._bars[str(task.output)] = self._progress.add_task(name, start=False, total=1.0, show_seconds=seconds)

    def progressed(self, task: Task, done: float) -> None:
        bar = self._bars[str(task.output)]
        self._progress.start_task(bar)  # only the first time counts
        self._progress.update(bar, completed=done)

    def finished(self, task: Task, took_s: float) -> None:  # noqa: ARG002
        self._progress.remove_task(self._bars.pop(str(task.output)))

    def failed(self, failure: Failure) -> None:
        self._progress.console.print(Text(_failure_line(failure), style="red"))
        for name in [name for name in self._bars if _is_of(name, failure)]:
            self._progress.remove_task(self._bars.pop(name))

    def delivered(self, session_id: str, tasks_run: int) -> None:  # noqa: ARG002
        self._progress.console.print(Text(f"{printable(session_id)}: ready"))
        self._progress.advance(self._whole)

    def given_up(self, session_id: str) -> None:  # noqa: ARG002
        self._progress.advance(self._whole)


def _is_of(output: str, failure: Failure) -> bool:
    """Whether the task that was to make `output` is the one that failed."""
    return output.startswith(f"{failure.session}/") and output.endswith(f"/{failure.key}")


class _Percent(ProgressColumn):
    """How much is done: a share of a task, a count of sessions."""

    def render(self, task: Bar) -> Text:
        if "show_seconds" not in task.fields:
            return Text(f"{task.completed:.0f}/{task.total:.0f}")
        return Text(f"{task.percentage:3.0f}%")


class _Speed(ProgressColumn):
    """How many times faster than the show plays the work goes."""

    def render(self, task: Bar) -> Text:
        seconds, elapsed = task.fields.get("show_seconds"), task.elapsed
        if not seconds or not elapsed or not task.completed:
            return Text("")
        return Text(f"{seconds * task.completed / elapsed:.0f}x", style="cyan")


class _TimeLeft(ProgressColumn):
    """What is left, from how long the part that is done took."""

    def render(self, task: Bar) -> Text:
        if not task.completed or not task.elapsed or not task.total:
            return Text("")
        return Text(_left(task.elapsed, task.completed / task.total), style="dim")


class _Lines:
    """Plain lines: how long each task took, and word of long ones now and then."""

    def __init__(self, sessions: int) -> None:
        self._sessions = sessions
        self._ended = 0
        self._durations = _Durations()
        self._since: dict[str, float] = {}
        self._told: dict[str, float] = {}

    def opened(self, session_id: str, duration: Seconds | None) -> None:
        if duration is not None:
            self._durations.of_session[session_id] = duration
            _say(f"{session_id}: {clock(duration)} long")

    def started(self, task: Task) -> None:
        pass  # it may wait for a worker; its first progress says when it begins

    def progressed(self, task: Task, done: float) -> None:
        name, now = str(task.output), time.monotonic()
        self._since.setdefault(name, now)
        self._told.setdefault(name, now)
        if now - self._told[name] >= LINE_PERIOD_S and done > 0:
            self._told[name] = now
            elapsed = now - self._since[name]
            speed = self._speed(task, done, elapsed)
            _say(", ".join(filter(None, (f"{self._label(task)}: {done:.0%}{speed}", _left(elapsed, done)))))

    def finished(self, task: Task, took_s: float) -> None:
        _say(f"{self._label(task)}: done in {took_s:.1f} s{self._speed(task, 1.0, took_s)}")

    def failed(self, failure: Failure) -> None:
        _say(_failure_line(failure))

    def delivered(self, session_id: str, tasks_run: int) -> None:  # noqa: ARG002
        self._end(session_id, "ready")

    def given_up(self, session_id: str) -> None:
        self._end(session_id, "given up")

    def _end(self, session_id: str, how: str) -> None:
        self._ended += 1
        _say(f"{session_id}: {how} ({self._ended} of {self._sessions} sessions)")

    def _label(self, task: Task) -> str:
        return f"{task.output.session_id}: {task.name}"

    def _speed(self, task: Task, done: float, elapsed: float) -> str:
        seconds = self._durations.of(task)
        return f", {seconds * done / elapsed:.0f}x real time" if seconds and elapsed > 1 else ""


def _left(elapsed: Seconds, done: float) -> str:
    """How long what is left will take, in words, by what is done; nothing while too little is to tell."""
    return f"{clock(elapsed * (1 - done) / done)} left" if done >= ENOUGH_TO_TELL else ""


def _failure_line(failure: Failure) -> str:
    return f"{printable(failure.session)}: FAILED in {failure.stage}: {printable(failure.error)}"


def _say(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)
