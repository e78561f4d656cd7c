"""What the runner tells whoever watches: the command line draws it, jobs may count it, tests may ignore it."""

from typing import Protocol

from domain.clock import Seconds
from pipeline.engine.failures import Failure
from pipeline.engine.task import Task


class Watcher(Protocol):
    """Told what happens, in order, from one thread."""

    def opened(self, session_id: str, duration: Seconds | None) -> None:
        """A session's inputs were read. `duration` follows, by a second call, when the recording was probed."""
        ...

    def started(self, task: Task) -> None: ...

    def progressed(self, task: Task, done: float) -> None:
        """`done` in [0, 1], about twice a second from when a worker begins with the task."""
        ...

    def finished(self, task: Task, took_s: float) -> None:
        """`took_s`: wall time of the work itself, without the wait for a free worker."""
        ...

    def failed(self, failure: Failure) -> None:
        """A task failed, or what comes before or after all tasks; others of the session may still go on."""
        ...

    def delivered(self, session_id: str, tasks_run: int) -> None:
        """The session is done."""
        ...

    def given_up(self, session_id: str) -> None:
        """The session ended without results, after all its failures were told."""
        ...


class Unwatched:
    """A watcher that does nothing."""

    def opened(self, session_id: str, duration: Seconds | None) -> None: ...

    def started(self, task: Task) -> None: ...

    def progressed(self, task: Task, done: float) -> None: ...

    def finished(self, task: Task, took_s: float) -> None: ...

    def failed(self, failure: Failure) -> None: ...

    def delivered(self, session_id: str, tasks_run: int) -> None: ...

    def given_up(self, session_id: str) -> None: ...
