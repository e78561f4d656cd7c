"""Do every task at once in this process: for tests, debugging, and jobs that bring their own parallelism."""

from concurrent.futures import Future

from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task, run_task


class InProcessExecutor:
    """Runs every task in `submit`; its futures are always done."""

    slots = 1

    def submit(self, store: Store, task: Task) -> "Future[ArtefactRef]":
        future: Future[ArtefactRef] = Future()
        try:
            future.set_result(run_task(store, task))
        except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing is running between two calls."""
