"""`kandian status`: how every session stands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from domain.errors import MediaError, ToolError
from fixtures.toy_flow import Heard
from pipeline.engine.failures import Failure, save_failure
from pipeline.engine.store import ArtefactRef, Store

Command = Callable[..., Any]


def fail(out: Path, session: str, error: Exception) -> None:
    failed = Failure.from_error(error, session=session, stage="probe", key="ab", command=f"kandian run {session}")
    save_failure(out / ".store", failed)


def test_nothing_yet_says_how_to_begin(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("status", "--out", tmp_path / "out")
    assert (answer.code, answer.out) == (
        0,
        f"nothing in {tmp_path / 'out'} yet; begin with: kandian run SESSION --out {tmp_path / 'out'}\n",
    )


def test_a_session_that_is_done_says_how_much_was_found(kandian_command: Command, out: Path) -> None:
    answer = kandian_command("status", "--out", out)
    assert (answer.code, answer.out) == (0, "双十一: done, 2 highlights\n")


def test_a_failed_session_says_why_and_what_to_run(kandian_command: Command, tmp_path: Path) -> None:
    fail(tmp_path, "坏", MediaError("录播.flv", "is empty (0 bytes)", "copy it again"))
    answer = kandian_command("status", "--out", tmp_path)
    lines = answer.out.splitlines()
    assert answer.code == 3
    assert lines[0] == "坏: failed"
    assert lines[1].startswith("  in probe, 20")
    assert lines[1].endswith(": 录播.flv: is empty (0 bytes); copy it again")
    assert lines[2] == "  run again: kandian run 坏"


def test_some_done_and_some_not_ends_with_5(kandian_command: Command, out: Path) -> None:
    fail(out, "坏", MediaError("a", "b", "c"))
    assert kandian_command("status", "--out", out).code == 5


def test_a_failing_machine_ends_with_4(kandian_command: Command, tmp_path: Path) -> None:
    fail(tmp_path, "坏", MediaError("a", "b", "c"))
    fail(tmp_path, "满", ToolError("a", "b", "c"))
    assert kandian_command("status", "--out", tmp_path).code == 4


def test_work_under_way_is_named_and_is_no_failure(kandian_command: Command, tmp_path: Path) -> None:
    fail(tmp_path, "双十一", MediaError("a", "b", "c"))
    with Store(tmp_path / ".store").workspace(ArtefactRef("双十一", Heard, "ab")):
        answer = kandian_command("status", "--out", tmp_path)
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "双十一: under way (making Heard)"


def test_a_session_that_was_stopped_is_begun(kandian_command: Command, tmp_path: Path) -> None:
    Store(tmp_path / ".store").put("双十一", Heard("x"))
    answer = kandian_command("status", "--out", tmp_path)
    assert (answer.code, answer.out) == (0, "双十一: begun\n")


def test_a_store_of_its_own_is_looked_into(kandian_command: Command, tmp_path: Path) -> None:
    Store(tmp_path / "仓").put("双十一", Heard("x"))
    answer = kandian_command("status", "--out", tmp_path / "out", "--store", tmp_path / "仓")
    assert answer.out == "双十一: begun\n"


def test_json_holds_the_same(kandian_command: Command, out: Path) -> None:
    fail(out, "坏", MediaError("录播.flv", "b", "c"))
    statuses = json.loads(kandian_command("status", "--out", out, "--json").out)
    states = {each["session_id"]: (each["state"], each["highlights"]) for each in statuses}
    assert states == {"双十一": ("done", 2), "坏": ("failed", None)}
    assert statuses[1]["failures"][0]["error"] == "录播.flv: b; c"


def test_highlights_that_are_not_whole_are_not_counted(kandian_command: Command, out: Path) -> None:
    index = out / "双十一" / "highlights.json"
    index.unlink()
    index.write_text("{")
    assert kandian_command("status", "--out", out).out == "双十一: begun\n"
