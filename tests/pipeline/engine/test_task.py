"""What a worker does with a task, and what its receipt tells."""

import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.clock import Span
from domain.progress import Progress
from fixtures.toy_flow import Extract, Hear, Heard, HeardPart, Sounds, Words
from pipeline.engine.stage import Part
from pipeline.engine.store import WORK_FOLDER, ArtefactRef, Store
from pipeline.engine.task import Task, run_task

WORDS = Words(("毛巾", "牙刷"))


@dataclass(frozen=True)
class Chatty(Hear):
    def __call__(self, sounds: Sounds, part: Part, progress: Progress) -> HeardPart:
        for step in range(1000):
            progress(step / 1000)
        return HeardPart(f"{sounds.count} {part.index}")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def extract(store: Store, key: str = "k1") -> Task:
    return Task(Extract(), ArtefactRef("场次", Sounds, key), {"words": store.put("场次", WORDS)})


def hear(store: Store, index: int) -> Task:
    inputs = {"sounds": run_task(store, extract(store))}
    return Task(Hear(), ArtefactRef("场次", HeardPart, f"p{index}"), inputs, Part(index, Span(index, index + 1)))


def test_a_task_makes_its_artefact_with_files(store: Store) -> None:
    output = run_task(store, extract(store))
    assert store.load(output).file.read_text(encoding="utf-8") == "毛巾\n牙刷"


def test_what_is_there_is_not_made_again(store: Store) -> None:
    before = store.folder(run_task(store, extract(store))).stat().st_mtime_ns
    assert run_task(store, extract(store)) == ArtefactRef("场次", Sounds, "k1")
    assert store.folder(extract(store).output).stat().st_mtime_ns == before


def test_a_part_sees_its_own_part_and_a_join_all_pieces(store: Store) -> None:
    pieces = tuple(run_task(store, hear(store, index)) for index in (0, 1))
    joined = run_task(store, Task(Hear(), ArtefactRef("场次", Heard, "j"), {}, pieces=pieces))
    assert store.load(joined) == Heard("毛巾 牙刷")


def test_the_receipt_says_how_it_was_made(store: Store) -> None:
    task = hear(store, 1)
    receipt = store.receipt(run_task(store, task))
    assert (receipt.stage, receipt.version, receipt.part) == ("hear", 1, (1.0, 2.0))
    assert receipt.settings == {"is_loud": False, "seconds": 0.0}
    assert receipt.inputs == {"sounds": "Sounds/k1"}
    assert receipt.host == socket.gethostname()
    assert receipt.wall_seconds >= 0
    assert receipt.peak_memory_mb > 1


def test_a_task_that_raises_leaves_nothing(store: Store) -> None:
    task = extract(store)
    failing = Task(Extract(fails_on="牙刷"), task.output, task.inputs)
    with pytest.raises(Exception, match="holds 牙刷"):
        run_task(store, failing)
    assert not store.has(task.output)
    assert list((store.root / "场次" / WORK_FOLDER).iterdir()) == []


def test_a_stage_that_tells_often_does_not_write_often(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.engine.store import Workspace

    reports = list[float]()
    monkeypatch.setattr(Workspace, "report_progress", lambda _, done: reports.append(done))
    task = hear(store, 0)
    run_task(store, Task(Chatty(), task.output, task.inputs, task.part))
    assert reports[0] == 0.0
    assert len(reports) <= 5


@pytest.mark.parametrize(
    ("part", "pieces", "name"),
    [(None, None, "hear"), (Part(2, Span(0, 1)), None, "hear (part 3)"), (None, (), "hear (join)")],
)
def test_a_task_is_called_by_its_stage_and_part(
    part: Part | None, pieces: tuple[ArtefactRef, ...] | None, name: str
) -> None:
    assert Task(Hear(), ArtefactRef("s", Heard, "k"), {}, part, pieces).name == name
