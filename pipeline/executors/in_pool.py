"""Do the work in a pool of processes on this machine: one task a core."""

import ctypes
import multiprocessing
import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from threading import Lock

from domain.errors import ToolError
from pipeline.store import Ref, Store
from pipeline.task import Task, perform

TRIES = 3  # a worker that dies takes its neighbours' tasks with it, so an innocent task may need a third try
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass
class _Attempt:
    store: Store
    task: Task
    outcome: "Future[Ref]"
    tries_left: int


class InPool:
    """Runs tasks in `workers` processes, as many as there are cores by default. Each keeps the models it loaded."""

    def __init__(self, workers: int | None = None) -> None:
        self.slots = workers or len(os.sched_getaffinity(0))
        self._lock = Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._is_closed = False
        self._under_way = 0

    def start(self, store: Store, task: Task) -> "Future[Ref]":
        attempt = _Attempt(store, task, Future(), TRIES)
        with self._lock:
            self._under_way += 1
        attempt.outcome.add_done_callback(self._count_down)
        self._try(attempt)
        return attempt.outcome

    def _try(self, attempt: _Attempt) -> None:
        attempt.tries_left -= 1
        with self._lock:
            pool = self._fresh_pool() if self._pool is None else self._pool
        try:
            running = pool.submit(perform, attempt.store, attempt.task)
        except BrokenProcessPool:
            self._mourn(pool, attempt)
        except RuntimeError as error:  # the pool was shut down under us: the run is ending
            attempt.outcome.set_exception(error)
        else:
            running.add_done_callback(lambda done: self._settle(pool, attempt, done))

    def _count_down(self, _: "Future[Ref]") -> None:
        with self._lock:
            self._under_way -= 1

    def _settle(self, pool: ProcessPoolExecutor, attempt: _Attempt, done: "Future[Ref]") -> None:
        if done.cancelled():
            attempt.outcome.cancel()
            return
        error = done.exception()
        if error is None:
            attempt.outcome.set_result(done.result())
        elif isinstance(error, BrokenProcessPool):
            self._mourn(pool, attempt)
        else:
            attempt.outcome.set_exception(error)

    def _mourn(self, pool: ProcessPoolExecutor, attempt: _Attempt) -> None:
        """A worker died: put a new pool in the place of the broken one and try again."""
        with self._lock:
            if self._pool is pool:
                self._pool = None
        if attempt.tries_left > 0 and not self._is_closed:
            self._try(attempt)
        else:
            attempt.outcome.set_exception(
                ToolError(
                    attempt.task.name,
                    f"its worker process died {TRIES} times (killed, or out of memory)",
                    "free memory or give fewer workers, then run the same command again",
                )
            )

    def _fresh_pool(self) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(self.slots, mp_context=spawn, initializer=_begin_worker)
        return self._pool

    def close(self) -> None:
        with self._lock:
            pool, self._pool, self._is_closed = self._pool, None, True
        if pool is None:
            return
        if self._under_way:
            for worker in list((pool._processes or {}).values()):  # no public way to stop a task under way
                worker.kill()
        pool.shutdown(wait=True, cancel_futures=True)


def _begin_worker() -> None:
    """Leave Ctrl-C to the runner, and die with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
