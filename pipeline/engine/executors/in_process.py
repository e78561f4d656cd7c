"""Do the work here and now: for tests, for debugging, and for jobs that bring their own parallelism."""

from concurrent.futures import Future

from pipeline.engine.store import Ref, Store
from pipeline.engine.task import Task, perform


class InProcess:
    """Runs every task at once in this process; its futures are always done."""

    slots = 1

    def start(self, store: Store, task: Task) -> "Future[Ref]":
        future: Future[Ref] = Future()
        try:
            future.set_result(perform(store, task))
        except Exception as error:  # noqa: BLE001 - an executor hands every error of a stage to whoever waits for it
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing is under way between two calls."""
