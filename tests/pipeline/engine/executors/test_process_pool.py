"""What only a pool of processes can get wrong: workers that die, neighbours, and its own end."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest

from domain.clock import Span
from domain.errors import ToolError
from fixtures.toy_flow import Extract, Hear, HeardPart, Sounds, Words
from pipeline.engine.executors.process_pool import MAX_ATTEMPTS, LocalPoolExecutor
from pipeline.engine.stage import Part
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task, run_task

pytestmark = pytest.mark.heavy

WORDS = Words(("毛巾", "牙刷"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def pool() -> Iterator[LocalPoolExecutor]:
    pool = LocalPoolExecutor(workers=2)
    yield pool
    pool.close()


def extract(store: Store, key: str, dies_once_at: str = "") -> Task:
    return Task(Extract(dies_once_at=dies_once_at), ArtefactRef("s", Sounds, key), {"words": store.put("s", WORDS)})


def slow(store: Store, key: str) -> Task:
    inputs = {"sounds": run_task(store, extract(store, "k"))}
    return Task(Hear(seconds=600.0), ArtefactRef("s", HeardPart, key), inputs, Part(0, Span(0, 1)))


def workers() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def wait_for_work(store: Store, tasks: int) -> None:
    while len([name for name in (store.root / "s" / ".partial").iterdir() if "HeardPart" in name.name]) < tasks:
        assert workers()


class Deadly(Extract):
    def __call__(self, words: Words, scratch: Path) -> Sounds:
        os.kill(os.getpid(), signal.SIGKILL)
        return Sounds(scratch, len(words.words))


def test_a_task_that_kills_its_workers_does_no_harm_to_those_that_wait_beside_it(
    store: Store, pool: LocalPoolExecutor
) -> None:
    """One show that takes all memory must not cost the others."""
    deadly = Task(Deadly(), ArtefactRef("s", Sounds, "deadly"), {"words": store.put("s", WORDS)})
    futures = [pool.submit(store, extract(store, f"before {number}")) for number in range(5)]
    doomed = pool.submit(store, deadly)
    futures += [pool.submit(store, extract(store, f"after {number}")) for number in range(15)]
    assert [type(future.exception(timeout=60)) for future in futures] == [type(None)] * 20
    error = doomed.exception(timeout=60)
    assert isinstance(error, ToolError)
    assert str(error).startswith(f"deadly: its worker process died {MAX_ATTEMPTS} times")


def test_a_worker_that_is_killed_while_idle_is_replaced(store: Store) -> None:
    pool = LocalPoolExecutor(workers=1)
    pool.submit(store, extract(store, "1")).result(timeout=60)
    (worker,) = workers()
    worker.kill()
    worker.wait()
    assert pool.submit(store, extract(store, "2")).result(timeout=60).key == "2"
    pool.close()


def test_no_more_tasks_run_at_once_than_there_are_workers(store: Store, pool: LocalPoolExecutor) -> None:
    futures = [pool.submit(store, slow(store, str(number))) for number in range(4)]
    wait_for_work(store, 2)
    assert (len(workers()), [future.done() for future in futures]) == (2, [False] * 4)


def test_a_worker_is_used_again(store: Store) -> None:
    """It has loaded the models."""
    pool, used = LocalPoolExecutor(workers=2), set[int]()
    for number in range(5):
        pool.submit(store, extract(store, str(number))).result(timeout=60)
        used |= {worker.pid for worker in workers()}
    pool.close()
    assert len(used) == 1


def test_closing_while_a_worker_dies_ends_every_task_and_every_worker(store: Store) -> None:
    pool = LocalPoolExecutor(workers=2)
    futures = [pool.submit(store, slow(store, str(number))) for number in range(6)]
    wait_for_work(store, 2)
    workers()[0].kill()
    pool.close()
    assert [has_ended(future) for future in futures] == [True] * 6
    assert workers() == []


def has_ended(future: "Future[ArtefactRef]") -> bool:
    return future.cancelled() or future.exception(timeout=10) is not None


def test_closing_twice_is_closing_once(store: Store) -> None:
    pool = LocalPoolExecutor(workers=1)
    pool.submit(store, extract(store, "1")).result(timeout=60)
    pool.close()
    pool.close()
    assert workers() == []


def test_nothing_starts_after_closing(store: Store) -> None:
    pool = LocalPoolExecutor(workers=1)
    pool.close()
    assert pool.submit(store, extract(store, "1")).cancelled()
    assert workers() == []


def test_ctrl_c_is_left_to_the_runner(store: Store) -> None:
    pool = LocalPoolExecutor(workers=1)
    pool.submit(store, extract(store, "1")).result(timeout=60)
    (worker,) = workers()
    worker.send_signal(signal.SIGINT)
    pool.submit(store, extract(store, "2")).result(timeout=60)
    assert [each.pid for each in workers()] == [worker.pid]
    pool.close()
