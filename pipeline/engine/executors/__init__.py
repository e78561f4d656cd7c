"""Who does the work: one method, `start(store, task) -> Future`, three ways. One contract test holds for all."""

from concurrent.futures import Future
from typing import Protocol

from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task


class Executor(Protocol):
    """Starts tasks. A future ends with the task's output, or with the error that the stage raised.

    A task whose worker died is tried again; one that raised is not. `slots` is how many tasks run at once.
    """

    @property
    def slots(self) -> int: ...

    def submit(self, store: Store, task: Task) -> "Future[ArtefactRef]": ...

    def close(self) -> None:
        """Free the workers. Work that is still under way is given up; what was committed stays."""
        ...
