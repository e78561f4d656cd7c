"""A map over processes, whose results do not depend on the number of processes."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")

_worker_shared: list[Any] = []  # in a worker: what all its tasks share, sent once


def map_in_order(
    function: Callable[[Shared, Task], Result], shared: Shared, tasks: Sequence[Task], workers: int | None
) -> Iterator[Result]:
    """`function(shared, task)` for every task, in order. `workers`: processes, one for each core by default; 1 runs in
    this one.

    Each process uses a single thread, because sums in another order would differ in the last bits.
    """
    processes = min(workers or len(os.sched_getaffinity(0)), len(tasks))
    if processes < 2:
        with threadpool_limits(limits=1):
            yield from (function(shared, task) for task in tasks)
        return
    spawn_context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn_context, initializer=_init_worker, initargs=(shared,)) as pool:
        yield from pool.map(partial(_run_task, function), tasks)


def _init_worker(shared: object) -> None:
    threadpool_limits(limits=1)
    _worker_shared.append(shared)


def _run_task(function: Callable[[Any, Task], Result], task: Task) -> Result:
    return function(_worker_shared[0], task)
