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
from pipeline.engine.sandbox import isolated_from_caller
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task, run_task

MAX_ATTEMPTS = 3  # after three, the task kills its worker, not the machine


@dataclass
class _Attempt:
    store: Store
    task: Task
    future: "Future[ArtefactRef]"
    attempts_left: int


class LocalPoolExecutor:
    """Runs tasks in `workers` processes, one for each core by default. Each process keeps the models that it loaded.

    Each process is a pool of one worker, because a pool that loses a worker ends the tasks of all its workers.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.slots = workers or len(os.sched_getaffinity(0))
        self._lock = RLock()
        self._waiting: deque[_Attempt] = deque()
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: set[ProcessPoolExecutor] = set()
        self._is_closed = False

    def submit(self, store: Store, task: Task) -> "Future[ArtefactRef]":
        attempt = _Attempt(store, task, Future(), MAX_ATTEMPTS)
        self._enqueue(attempt, self._waiting.append)
        return attempt.future

    def _enqueue(self, attempt: _Attempt, add_to_queue: Callable[[_Attempt], None]) -> None:
        with self._lock:
            if not self._is_closed:
                add_to_queue(attempt)
        if self._is_closed:
            attempt.future.cancel()
        self._dispatch()

    def _dispatch(self) -> None:
        """Start waiting tasks on idle workers. It holds the lock, so that `close` sees every worker that has begun."""
        with self._lock:
            while self._waiting and not self._is_closed and len(self._busy) < self.slots:
                self._submit_to_worker(self._waiting.popleft())

    def _submit_to_worker(self, attempt: _Attempt) -> None:
        worker = self._idle.pop() if self._idle else _new_worker()
        try:
            with isolated_from_caller():
                worker_future = worker.submit(run_task, attempt.store, attempt.task)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            self._waiting.appendleft(attempt)
            return
        attempt.attempts_left -= 1
        self._busy.add(worker)
        worker_future.add_done_callback(lambda done: self._handle_done(worker, attempt, done))

    def _handle_done(
        self, worker: ProcessPoolExecutor, attempt: _Attempt, worker_future: "Future[ArtefactRef]"
    ) -> None:
        error = CancelledError() if worker_future.cancelled() else worker_future.exception()
        has_worker_died = isinstance(error, BrokenProcessPool)
        with self._lock:
            self._busy.discard(worker)
            if not has_worker_died:
                self._idle.append(worker)
        if has_worker_died and attempt.attempts_left > 0:
            self._enqueue(attempt, self._waiting.appendleft)
            return
        if error is None:
            attempt.future.set_result(worker_future.result())
        else:
            attempt.future.set_exception(_worker_died_error(attempt.task) if has_worker_died else error)
        self._dispatch()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            waiting, busy, idle = list(self._waiting), list(self._busy), list(self._idle)
            self._waiting.clear()
        for attempt in waiting:
            attempt.future.cancel()
        for worker in busy:
            for process in list((worker._processes or {}).values()):  # no public way to stop a task under way
                process.kill()
        for worker in (*busy, *idle):
            worker.shutdown(wait=True, cancel_futures=True)


def _new_worker() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=die_with_caller)


def _worker_died_error(task: Task) -> ToolError:
    what = f"its worker process died {MAX_ATTEMPTS} times (killed, or out of memory)"
    return ToolError(task.name, what, "free memory or give fewer workers, then run the same command again")
