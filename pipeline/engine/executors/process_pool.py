"""Do the work in processes on this machine: one task a core."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from threading import RLock

from domain.errors import ToolError
from media.processes import die_with_caller
from pipeline.engine.sandbox import apart_from_caller
from pipeline.engine.store import Ref, Store
from pipeline.engine.task import Task, perform

TRIES = 3  # by the third, it is the task that kills its worker, not the machine


@dataclass
class _Attempt:
    store: Store
    task: Task
    outcome: "Future[Ref]"
    tries_left: int


class InPool:
    """Runs tasks in `workers` processes, as many as there are cores by default. Each keeps the models it loaded.

    Every process is a pool of its own: one that loses a worker ends all its work, that of innocent neighbours too.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.slots = workers or len(os.sched_getaffinity(0))
        self._lock = RLock()
        self._waiting: deque[_Attempt] = deque()
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: set[ProcessPoolExecutor] = set()
        self._is_closed = False

    def start(self, store: Store, task: Task) -> "Future[Ref]":
        attempt = _Attempt(store, task, Future(), TRIES)
        self._wait_for_worker(attempt, self._waiting.append)
        return attempt.outcome

    def _wait_for_worker(self, attempt: _Attempt, line_up: Callable[[_Attempt], None]) -> None:
        with self._lock:
            if not self._is_closed:
                line_up(attempt)
        if self._is_closed:
            attempt.outcome.cancel()
        self._dispatch()

    def _dispatch(self) -> None:
        """Give waiting tasks to idle workers. Under the lock, so that `close` sees every worker that has begun."""
        with self._lock:
            while self._waiting and not self._is_closed and len(self._busy) < self.slots:
                self._hand_out(self._waiting.popleft())

    def _hand_out(self, attempt: _Attempt) -> None:
        worker = self._idle.pop() if self._idle else _new_worker()
        try:
            with apart_from_caller():
                running = worker.submit(perform, attempt.store, attempt.task)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            self._waiting.appendleft(attempt)
            return
        attempt.tries_left -= 1
        self._busy.add(worker)
        running.add_done_callback(lambda done: self._settle(worker, attempt, done))

    def _settle(self, worker: ProcessPoolExecutor, attempt: _Attempt, done: "Future[Ref]") -> None:
        error = CancelledError() if done.cancelled() else done.exception()
        has_died = isinstance(error, BrokenProcessPool)
        with self._lock:
            self._busy.discard(worker)
            if not has_died:
                self._idle.append(worker)
        if has_died and attempt.tries_left > 0:
            self._wait_for_worker(attempt, self._waiting.appendleft)
            return
        if error is None:
            attempt.outcome.set_result(done.result())
        else:
            attempt.outcome.set_exception(_worker_lost(attempt.task) if has_died else error)
        self._dispatch()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            given_up, busy, idle = list(self._waiting), list(self._busy), list(self._idle)
            self._waiting.clear()
        for attempt in given_up:
            attempt.outcome.cancel()
        for worker in busy:
            for process in list((worker._processes or {}).values()):  # no public way to stop a task under way
                process.kill()
        for worker in (*busy, *idle):
            worker.shutdown(wait=True, cancel_futures=True)


def _new_worker() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=die_with_caller)


def _worker_lost(task: Task) -> ToolError:
    what = f"its worker process died {TRIES} times (killed, or out of memory)"
    return ToolError(task.name, what, "free memory or give fewer workers, then run the same command again")
