"""Tasks that need the network: in order, with the key, and none any more once the server is down."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from domain.clock import Span
from domain.errors import ToolError
from fixtures.toy_flow import Heard, HeardPart
from pipeline.engine.executors.on_network import MAX_CONSECUTIVE_FAILURES, NetworkExecutor
from pipeline.engine.stage import ApiKey, Needs, Part
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task

asked: list[tuple[int, str, str]] = []


@dataclass(frozen=True)
class Ask:
    """Asks about every part: those from `down_from` to `up_from` fail."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs(network=True)
    tools: ClassVar[tuple[str, ...]] = ()
    down_from: int = 0
    up_from: int = 0

    def parts(self) -> tuple[Span, ...]:
        return ()

    def __call__(self, part: Part, api_key: ApiKey) -> HeardPart:
        asked.append((part.index, api_key.text, threading.current_thread().name))
        if self.down_from <= part.index < self.up_from:
            raise ToolError("server", f"is down at {part.index}", "look at it")
        return HeardPart(str(part.index))

    def join(self, pieces: tuple[HeardPart, ...]) -> Heard:
        return Heard(str(len(pieces)))


def errors_of(stage: Ask, count: int, store: Store) -> list[BaseException | None]:
    """What each of `count` parts ended with; `asked` holds those that were asked about."""
    asked.clear()
    executor = NetworkExecutor(ApiKey("sk-密"))
    parts = [Part(index, Span(0.0, 1.0)) for index in range(count)]
    tasks = [Task(stage, ArtefactRef("场次", HeardPart, f"key{part.index}"), part=part) for part in parts]
    futures = [executor.submit(store, task) for task in tasks]
    errors = [future.exception(timeout=30) for future in futures]
    executor.close()
    return errors


def test_parts_are_asked_in_order_by_one_thread_with_the_key(tmp_path: Path) -> None:
    assert errors_of(Ask(), 3, Store(tmp_path)) == [None] * 3
    assert [(index, key) for index, key, _ in asked] == [(0, "sk-密"), (1, "sk-密"), (2, "sk-密")]
    assert {thread for _, _, thread in asked} == {"background"}


def test_after_two_failures_in_a_row_nothing_more_is_asked(tmp_path: Path) -> None:
    errors = errors_of(Ask(down_from=1, up_from=9), 5, Store(tmp_path))
    assert [type(error) for error in errors] == [type(None), *[ToolError] * 4]
    assert "is down at 2" in str(errors[-1])
    assert len(asked) == 1 + MAX_CONSECUTIVE_FAILURES


def test_a_single_failure_does_not_end_the_asking(tmp_path: Path) -> None:
    errors = errors_of(Ask(down_from=1, up_from=2), 4, Store(tmp_path))
    assert [error is None for error in errors] == [True, False, True, True]


def test_the_key_is_in_nothing_that_is_printed_or_stored(tmp_path: Path) -> None:
    errors_of(Ask(), 1, Store(tmp_path))
    assert "密" not in repr(ApiKey("sk-密"))
    assert [file for file in tmp_path.rglob("*") if file.is_file() and "密" in file.read_text(encoding="utf-8")] == []
