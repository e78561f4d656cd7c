"""What the runner reports while it works: the command line draws it, jobs may count it, tests may ignore it."""

from typing import Protocol

from domain.clock import Seconds
from pipeline.engine.failures import Failure
from pipeline.engine.task import Task


class RunObserver(Protocol):
    """Receives what happens, in order, from one thread."""

    def on_session_opened(self, session_id: str, duration: Seconds | None) -> None:
        """A session's inputs were read. A second call follows with `duration` when that is known."""
        ...

    def on_task_started(self, task: Task) -> None: ...

    def on_task_progress(self, task: Task, fraction: float) -> None:
        """`fraction` in [0, 1], about twice a second once a worker has begun the task."""
        ...

    def on_task_finished(self, task: Task, wall_s: float) -> None:
        """`wall_s`: wall time of the work itself, without the wait for a free worker."""
        ...

    def on_task_skipped(self, task: Task) -> None:
        """A task failed, and its session goes on without it; a warning at the end says so."""
        ...

    def on_failure(self, failure: Failure) -> None:
        """A task failed, or a step before or after all tasks. Other tasks of the session may still go on."""
        ...

    def on_session_delivered(self, session_id: str, tasks_run: int) -> None:
        """The session is done."""
        ...

    def on_session_failed(self, session_id: str) -> None:
        """The session ended without results. All its failures were reported before."""
        ...


class NullObserver:
    """An observer that ignores everything."""

    def on_session_opened(self, session_id: str, duration: Seconds | None) -> None: ...

    def on_task_started(self, task: Task) -> None: ...

    def on_task_progress(self, task: Task, fraction: float) -> None: ...

    def on_task_finished(self, task: Task, wall_s: float) -> None: ...

    def on_task_skipped(self, task: Task) -> None: ...

    def on_failure(self, failure: Failure) -> None: ...

    def on_session_delivered(self, session_id: str, tasks_run: int) -> None: ...

    def on_session_failed(self, session_id: str) -> None: ...
