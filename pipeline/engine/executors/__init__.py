"""Who runs tasks: in_process, process_pool, on_ray, and on_network for tasks that open connections.

All keep one contract, `Executor`, and one test holds for all. run.py chooses one by name; the runner itself starts
on_network, and uses background_thread to read sessions.
"""

from concurrent.futures import Future
from typing import Protocol

from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task


class Executor(Protocol):
    """Starts tasks. A future ends with the task's output, or with the error that the stage raised.

    A task whose worker died is tried again; a task that raised an error is not. `slots`: how many tasks run at once.
    """

    @property
    def slots(self) -> int: ...

    def submit(self, store: Store, task: Task) -> "Future[ArtefactRef]": ...

    def close(self) -> None:
        """Free the workers. Tasks that still run are stopped; what was committed stays."""
        ...
