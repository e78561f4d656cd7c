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
from domain.text import format_hms, printable
from pipeline.engine.failures import Failure
from pipeline.engine.observer import RunObserver
from pipeline.engine.task import Task

LINE_PERIOD_S = 30.0  # between two lines on one task in a log file
MIN_SHARE_FOR_ESTIMATE = 0.05  # of a task; with less done, the time left cannot be estimated


@contextmanager
def show_progress(sessions: int) -> Iterator[RunObserver]:
    """An observer that prints to stderr: bars on a terminal, lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _ProgressLines(sessions)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        _PercentColumn(),
        _SpeedColumn(),
        _TimeLeftColumn(),
    )
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as progress:
        yield _ProgressBars(progress, sessions)


@dataclass
class _Durations:
    """How long shows and their parts are, to say how many times faster than the show the work is."""

    of_session: dict[str, Seconds] = field(default_factory=dict)

    def of_task(self, task: Task) -> Seconds | None:
        if task.part is not None:
            return task.part.span.duration
        return self.of_session.get(task.output.session_id)


class _ProgressBars:
    """A bar a task under way, and one for all sessions."""

    def __init__(self, progress: Progress, sessions: int) -> None:
        self._progress = progress
        self._durations = _Durations()
        self._bars: dict[str, TaskID] = {}
        self._total_bar = progress.add_task("sessions", total=sessions)

    def on_session_opened(self, session_id: str, duration: Seconds | None) -> None:
        if duration is not None:
            self._durations.of_session[session_id] = duration

    def on_task_started(self, task: Task) -> None:
        description = f"{printable(task.output.session_id)}  {task.name}"
        seconds = self._durations.of_task(task)
        self._bars[str(task.output)] = self._progress.add_task(
            description, start=False, total=1.0, show_seconds=seconds
        )

    def on_task_progress(self, task: Task, fraction: float) -> None:
        bar = self._bars[str(task.output)]
        self._progress.start_task(bar)  # only the first time counts
        self._progress.update(bar, completed=fraction)

    def on_task_finished(self, task: Task, wall_s: float) -> None:  # noqa: ARG002
        self._progress.remove_task(self._bars.pop(str(task.output)))

    def on_task_skipped(self, task: Task) -> None:
        self._progress.remove_task(self._bars.pop(str(task.output)))

    def on_failure(self, failure: Failure) -> None:
        self._progress.console.print(Text(_failure_line(failure), style="red"))
        for name in [name for name in self._bars if _is_output_of_failure(name, failure)]:
            self._progress.remove_task(self._bars.pop(name))

    def on_session_delivered(self, session_id: str, tasks_run: int) -> None:  # noqa: ARG002
        self._progress.console.print(Text(f"{printable(session_id)}: ready"))
        self._progress.advance(self._total_bar)

    def on_session_failed(self, session_id: str) -> None:  # noqa: ARG002
        self._progress.advance(self._total_bar)


def _is_output_of_failure(output: str, failure: Failure) -> bool:
    """Whether the task that was to make `output` is the one that failed."""
    return output.startswith(f"{failure.session}/") and output.endswith(f"/{failure.key}")


class _PercentColumn(ProgressColumn):
    """How much is done: a share of a task, a count of sessions."""

    def render(self, task: Bar) -> Text:
        if "show_seconds" not in task.fields:
            return Text(f"{task.completed:.0f}/{task.total:.0f}")
        return Text(f"{task.percentage:3.0f}%")


class _SpeedColumn(ProgressColumn):
    """How many times faster than the show plays the work goes."""

    def render(self, task: Bar) -> Text:
        seconds, elapsed = task.fields.get("show_seconds"), task.elapsed
        if not seconds or not elapsed or not task.completed:
            return Text("")
        return Text(f"{seconds * task.completed / elapsed:.0f}x", style="cyan")


class _TimeLeftColumn(ProgressColumn):
    """What is left, from how long the part that is done took."""

    def render(self, task: Bar) -> Text:
        if not task.completed or not task.elapsed or not task.total:
            return Text("")
        return Text(_time_left_text(task.elapsed, task.completed / task.total), style="dim")


class _ProgressLines:
    """Plain lines: how long each task took, and now and then how far long ones are."""

    def __init__(self, sessions: int) -> None:
        self._sessions = sessions
        self._finished_sessions = 0
        self._durations = _Durations()
        self._started_at: dict[str, float] = {}
        self._last_printed_at: dict[str, float] = {}

    def on_session_opened(self, session_id: str, duration: Seconds | None) -> None:
        if duration is not None:
            self._durations.of_session[session_id] = duration
            _print_line(f"{session_id}: {format_hms(duration)} long")

    def on_task_started(self, task: Task) -> None:
        pass  # it may wait for a worker; its first progress says when it begins

    def on_task_progress(self, task: Task, fraction: float) -> None:
        name, now = str(task.output), time.monotonic()
        self._started_at.setdefault(name, now)
        self._last_printed_at.setdefault(name, now)
        if now - self._last_printed_at[name] >= LINE_PERIOD_S and fraction > 0:
            self._last_printed_at[name] = now
            elapsed = now - self._started_at[name]
            speed = self._speed_text(task, fraction, elapsed)
            _print_line(
                ", ".join(
                    filter(
                        None, (f"{self._task_label(task)}: {fraction:.0%}{speed}", _time_left_text(elapsed, fraction))
                    )
                )
            )

    def on_task_finished(self, task: Task, wall_s: float) -> None:
        _print_line(f"{self._task_label(task)}: done in {wall_s:.1f} s{self._speed_text(task, 1.0, wall_s)}")

    def on_task_skipped(self, task: Task) -> None:
        pass  # a warning at the end says so

    def on_failure(self, failure: Failure) -> None:
        _print_line(_failure_line(failure))

    def on_session_delivered(self, session_id: str, tasks_run: int) -> None:  # noqa: ARG002
        self._print_session_end(session_id, "ready")

    def on_session_failed(self, session_id: str) -> None:
        self._print_session_end(session_id, "given up")

    def _print_session_end(self, session_id: str, outcome: str) -> None:
        self._finished_sessions += 1
        _print_line(f"{session_id}: {outcome} ({self._finished_sessions} of {self._sessions} sessions)")

    def _task_label(self, task: Task) -> str:
        return f"{task.output.session_id}: {task.name}"

    def _speed_text(self, task: Task, fraction: float, elapsed: float) -> str:
        seconds = self._durations.of_task(task)
        return f", {seconds * fraction / elapsed:.0f}x real time" if seconds and elapsed > 1 else ""


def _time_left_text(elapsed: Seconds, fraction: float) -> str:
    """An estimate of the time left, by what is done; "" while too little is done."""
    return f"{format_hms(elapsed * (1 - fraction) / fraction)} left" if fraction >= MIN_SHARE_FOR_ESTIMATE else ""


def _failure_line(failure: Failure) -> str:
    return f"{printable(failure.session)}: FAILED in {failure.stage}: {printable(failure.error)}"


def _print_line(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)
