"""What one session can do next, by what its store holds."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from domain.clock import Span
from domain.progress import Progress
from fixtures.toy_flow import FLOW, Count, Counted, Extract, Hear, Heard, HeardPart, Shelf, Sounds, Words
from pipeline.engine.plan import SessionPlan
from pipeline.engine.stage import Part, PartSpec, Stage
from pipeline.engine.store import Store
from pipeline.engine.task import Task, run_task


@dataclass(frozen=True)
class HearNothing(Hear):
    def parts(self, sounds: Sounds) -> tuple[Span, ...]:
        return () if sounds.count else (Span(0.0, 1.0),)


@dataclass(frozen=True)
class HearBroken(Hear):
    def parts(self, sounds: Sounds) -> tuple[Span, ...]:
        raise ZeroDivisionError(sounds.count)


@dataclass(frozen=True)
class HearSwitchedOff(HearBroken):
    is_enabled: ClassVar[bool] = False


@dataclass(frozen=True)
class HearNames(Hear):
    """Listens once for every name on the shelf."""

    def parts(self, sounds: Sounds, shelf: Shelf) -> tuple[PartSpec, ...]:  # type: ignore[override]
        return tuple(PartSpec(Span(0.0, float(sounds.count)), Shelf((name,))) for name in shelf.names)

    def __call__(self, sounds: Sounds, part: Part, progress: Progress) -> HeardPart:
        name: str = part.payload.names[0]
        progress(1.0)
        return HeardPart(f"{name} {sounds.file.read_text(encoding='utf-8').count(name)}")


def plan_in(
    folder: Path, *words: str, flow: tuple[Stage, ...] = FLOW, shelf: str = "毛巾"
) -> tuple[Store, SessionPlan]:
    store = Store(folder)
    given: dict[type, object] = {Words: Words(words), Shelf: Shelf(tuple(shelf.split()))}
    return store, SessionPlan(store, "场次", flow, {kind: store.put("场次", value) for kind, value in given.items()})


def names(tasks: list[Task]) -> list[str]:
    return [task.name for task in tasks]


def work(store: Store, plan: SessionPlan, tasks: list[Task]) -> list[Task]:
    """Do `tasks`; what can start because of them."""
    following: list[Task] = []
    for task in tasks:
        run_task(store, task)
        following += plan.complete(task)
    return following


def test_only_what_has_all_its_inputs_starts(tmp_path: Path) -> None:
    _, plan = plan_in(tmp_path, "毛巾", "牙刷")
    assert names(plan.next_tasks()) == ["extract"]


def test_nothing_is_handed_out_twice(tmp_path: Path) -> None:
    _, plan = plan_in(tmp_path, "毛巾")
    plan.next_tasks()
    assert plan.next_tasks() == []


def test_parts_start_together_and_their_join_when_the_last_is_done(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", "牙刷")
    parts = work(store, plan, plan.next_tasks())
    assert names(parts) == ["hear (part 1)", "hear (part 2)"]
    assert work(store, plan, parts[1:]) == []
    assert names(work(store, plan, parts[:1])) == ["hear (join)"]


def test_a_join_gets_its_pieces_in_order_however_they_came(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", "牙刷", "面膜")
    parts = work(store, plan, plan.next_tasks())
    (join,) = work(store, plan, parts[::-1])
    work(store, plan, [join])
    assert plan.load(Heard) == Heard("毛巾 牙刷 面膜")


def test_a_whole_session_is_done_in_order_and_complete(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", "牙刷")
    done, tasks = [], plan.next_tasks()
    while tasks:
        done += names(tasks)
        tasks = work(store, plan, tasks)
    assert done == ["extract", "hear (part 1)", "hear (part 2)", "hear (join)", "count"]
    assert {ref.kind for ref in plan.refs()} == {Words, Shelf, Sounds, HeardPart, Heard, Counted}
    assert len(plan.refs()) == 7


def finish(store: Store, plan: SessionPlan) -> list[str]:
    done, tasks = list[str](), plan.next_tasks()
    while tasks:
        done += names(tasks)
        tasks = work(store, plan, tasks)
    return done


def test_what_the_store_holds_is_done(tmp_path: Path) -> None:
    finish(*plan_in(tmp_path, "毛巾"))
    _, plan = plan_in(tmp_path, "毛巾")
    assert plan.next_tasks() == []
    assert plan.load(Counted).names == ("毛巾",)


def test_after_a_crash_only_the_missing_parts_are_done(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", "牙刷", "面膜")
    parts = work(store, plan, plan.next_tasks())
    work(store, plan, [parts[0], parts[2]])
    store, again = plan_in(tmp_path, "毛巾", "牙刷", "面膜")
    assert finish(store, again) == ["hear (part 2)", "hear (join)", "count"]


def test_a_new_shelf_costs_only_what_looks_at_it(tmp_path: Path) -> None:
    finish(*plan_in(tmp_path, "毛巾", "牙刷"))
    assert finish(*plan_in(tmp_path, "毛巾", "牙刷", shelf="牙刷")) == ["count"]


def test_a_part_that_is_told_of_one_name_runs_again_only_when_that_name_changes(tmp_path: Path) -> None:
    flow = (Extract(), HearNames())
    first = finish(*plan_in(tmp_path, "毛巾", "毛巾", flow=flow, shelf="毛巾 牙刷"))
    store, plan = plan_in(tmp_path, "毛巾", "毛巾", flow=flow, shelf="面膜 毛巾")
    assert first == ["extract", "hear_names (part 1)", "hear_names (part 2)", "hear_names (join)"]
    assert finish(store, plan) == ["hear_names (part 1)", "hear_names (join)"]
    assert plan.load(Heard) == Heard("面膜 0 毛巾 2")


def test_a_new_setting_costs_its_stage_and_stops_where_nothing_new_comes_out(tmp_path: Path) -> None:
    finish(*plan_in(tmp_path, "毛巾", "牙刷"))
    loud = (Extract(), Hear(is_loud=True), Count())
    assert finish(*plan_in(tmp_path, "毛巾", "牙刷", flow=loud)) == ["hear (part 1)", "hear (part 2)", "hear (join)"]


def test_a_new_setting_whose_result_differs_costs_what_follows(tmp_path: Path) -> None:
    finish(*plan_in(tmp_path, "towel"))
    loud = (Extract(), Hear(is_loud=True), Count())
    assert finish(*plan_in(tmp_path, "towel", flow=loud)) == ["hear (part 1)", "hear (join)", "count"]


def test_work_without_parts_is_joined_at_once(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", flow=(Extract(), HearNothing(), Count()))
    assert finish(store, plan) == ["extract", "hear_nothing (join)", "count"]
    assert plan.load(Heard) == Heard("")


def test_a_part_that_is_skipped_is_missing_in_the_whole_and_tried_again_by_the_next_plan(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", "牙刷", flow=(Extract(), Hear()))
    first, second = work(store, plan, plan.next_tasks())
    assert work(store, plan, [second]) == []
    work(store, plan, plan.skip(first))
    assert plan.load(Heard) == Heard("牙刷")
    assert first.output not in plan.refs()
    assert finish(*plan_in(tmp_path, "毛巾", "牙刷", flow=(Extract(), Hear()))) == ["hear (part 1)", "hear (join)"]


def test_a_stage_that_is_off_has_no_parts(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", flow=(Extract(), HearSwitchedOff()))
    assert finish(store, plan) == ["extract", "hear_switched_off (join)"]


def test_what_parts_raises_reaches_whoever_plans(tmp_path: Path) -> None:
    store, plan = plan_in(tmp_path, "毛巾", flow=(Extract(), HearBroken(), Count()))
    (extract,) = plan.next_tasks()
    run_task(store, extract)
    with pytest.raises(ZeroDivisionError):
        plan.complete(extract)
