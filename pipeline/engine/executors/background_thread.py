"""One daemon thread that does one piece of work after the other."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundThread:
    """Does work in order, in a thread that nobody waits for: a run that is stopped need not read a terabyte first."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: Thread | None = None

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Start `work` when all earlier work is done. The future ends with its result or its error."""
        future: Future[T] = Future()
        self._queue.put(lambda: _settle(future, work))
        if self._thread is None:
            self._thread = Thread(target=self._work, name="background", daemon=True)
            self._thread.start()
        return future

    def close(self) -> None:
        """Let the thread end after the work that was submitted. Nobody waits for it."""
        self._queue.put(None)

    def _work(self) -> None:
        while (step := self._queue.get()) is not None:
            step()


def _settle(future: "Future[Any]", work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
        future.set_exception(error)
