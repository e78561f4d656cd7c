"""Run the tasks that need the network: one at a time, in a thread of the runner's own process."""

from concurrent.futures import Future

from domain.errors import ToolError
from pipeline.engine.executors.background_thread import BackgroundThread
from pipeline.engine.stage import ApiKey
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task, run_task

MAX_CONSECUTIVE_FAILURES = 2  # then the server is taken to be down, and every later task fails without asking it


class NetworkExecutor:
    """Runs network tasks with the key of the server. Neither the key nor an open connection reaches a worker."""

    slots = 1

    def __init__(self, api_key: ApiKey) -> None:
        self._api_key = api_key
        self._thread = BackgroundThread()
        self._consecutive_failures: list[ToolError] = []

    def submit(self, store: Store, task: Task) -> "Future[ArtefactRef]":
        return self._thread.submit(lambda: self._run(store, task))

    def _run(self, store: Store, task: Task) -> ArtefactRef:
        if len(self._consecutive_failures) >= MAX_CONSECUTIVE_FAILURES:
            raise self._consecutive_failures[-1]
        try:
            output = run_task(store, task, self._api_key)
        except ToolError as error:
            self._consecutive_failures.append(error)
            raise
        self._consecutive_failures.clear()
        return output

    def close(self) -> None:
        self._thread.close()
