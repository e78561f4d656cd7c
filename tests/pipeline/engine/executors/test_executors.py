"""One contract for every executor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import MediaError, ToolError
from fixtures.toy_flow import FLOW, Counted, Extract, Hear, Heard, Shelf, Sounds, Words
from pipeline.engine.executors import Executor
from pipeline.engine.executors.in_process import InProcessExecutor
from pipeline.engine.executors.process_pool import LocalPoolExecutor
from pipeline.engine.plan import SessionPlan
from pipeline.engine.stage import Stage
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task

pytestmark = pytest.mark.heavy

WORDS = Words(("毛巾", "牙刷", "毛巾"))


@pytest.fixture(params=["in_process", "in_pool", pytest.param("on_ray", marks=pytest.mark.ray)], scope="module")
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    chosen: Executor
    if request.param == "in_process":
        chosen = InProcessExecutor()
    elif request.param == "in_pool":
        chosen = LocalPoolExecutor(workers=2)
    else:
        chosen = request.getfixturevalue("ray_executor")
    yield chosen
    chosen.close()


def finish(
    executor: Executor, store: Store, flow: tuple[Stage, ...] = FLOW, shelf: str = "毛巾"
) -> tuple[SessionPlan, int]:
    """Run a whole toy show; returns its plan and how many tasks ran."""
    inputs: dict[type, ArtefactRef] = {Words: store.put("场次", WORDS), Shelf: store.put("场次", Shelf((shelf,)))}
    plan = SessionPlan(store, "场次", flow, inputs)
    waiting, ran = plan.next_tasks(), 0
    while waiting:
        started = [(task, executor.submit(store, task)) for task in waiting]
        ran += len(started)
        waiting = []
        for task, future in started:
            assert future.result(timeout=60) == task.output
            waiting += plan.complete(task)
    return plan, ran


def counts(plan: SessionPlan) -> list[float]:
    counted = plan.load(Counted)
    return [float(count) for count in counted.counts]


def test_a_show_is_done_whole(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan, ran = finish(executor, store)
    assert counts(plan) == [2.0]
    assert ran == 1 + 3 + 1 + 1  # extract, three parts, their join, count
    assert not list((tmp_path / "场次" / ".partial").iterdir())


def test_an_unchanged_show_starts_nothing(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path)
    finish(executor, store)
    assert finish(executor, store)[1] == 0


def test_a_new_shelf_runs_only_what_looks_at_it(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path)
    finish(executor, store)
    plan, ran = finish(executor, store, shelf="牙刷")
    assert (ran, counts(plan)) == (1, [1.0])


def test_work_that_gives_the_same_stops_what_follows(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path)
    finish(executor, store)
    loud = tuple(Hear(is_loud=True) if isinstance(stage, Hear) else stage for stage in FLOW)
    assert (
        finish(executor, store, loud)[1] == 3 + 1
    )  # parts and join: Chinese has no upper case, so Count has nothing new


def test_what_a_stage_raises_arrives_as_it_was(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path)
    words = store.put("s", WORDS)
    task = Task(Extract(fails_on="牙刷"), ArtefactRef("s", Sounds, "k"), {"words": words})
    error = executor.submit(store, task).exception(timeout=60)
    assert isinstance(error, MediaError)
    assert str(error) == "recording.flv: holds 牙刷; record it again"
    assert not store.has(task.output)


def test_an_artefact_made_twice_at_once_is_whole(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path)
    task = Task(Extract(), ArtefactRef("s", Sounds, "k"), {"words": store.put("s", WORDS)})
    futures = [executor.submit(store, task) for _ in range(4)]
    assert {str(future.result(timeout=60)) for future in futures} == {"s/Sounds/k"}
    assert store.load(task.output).file.read_text(encoding="utf-8") == "毛巾\n牙刷\n毛巾"


@pytest.mark.parametrize("kind", ["in_pool", pytest.param("on_ray", marks=pytest.mark.ray)])
def test_a_worker_that_dies_is_replaced_and_its_task_done(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    executor: Executor = LocalPoolExecutor(workers=2) if kind == "in_pool" else request.getfixturevalue("ray_executor")
    store = Store(tmp_path / "store")
    dies_once = (Extract(dies_once_at=str(tmp_path / "died")), *FLOW[1:])
    plan, _ = finish(executor, store, dies_once)
    assert (tmp_path / "died").exists()
    assert counts(plan) == [2.0]
    executor.close()


def test_a_task_that_kills_every_worker_is_given_up_with_a_reason(tmp_path: Path) -> None:
    executor = LocalPoolExecutor(workers=1)
    store = Store(tmp_path / "store")
    always_dies = Extract(dies_once_at=str(tmp_path / "no such folder" / "x"))
    task = Task(always_dies, ArtefactRef("s", Sounds, "k"), {"words": store.put("s", WORDS)})
    error = executor.submit(store, task).exception(timeout=60)
    executor.close()
    assert isinstance(error, FileNotFoundError | ToolError)


def test_closing_the_pool_stops_what_is_under_way(tmp_path: Path) -> None:
    executor = LocalPoolExecutor(workers=1)
    store = Store(tmp_path)
    plan, _ = finish(executor, store)
    slow = Hear(seconds=600.0)
    tasks = SessionPlan(store, "场次", (slow,), {Sounds: plan.ref(Sounds)}).next_tasks()
    future = executor.submit(store, tasks[0])
    executor.close()
    assert future.cancelled() or future.exception(timeout=30) is not None
    assert not store.has(ArtefactRef("场次", Heard, tasks[0].output.key))
