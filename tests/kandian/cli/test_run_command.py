"""`kandian run`: what it prints where, and how it ends."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pipeline.engine.executors.in_process
from fixtures.tiny_show import write_broken_show

Command = Callable[..., Any]
QUICKLY = ("--executor", "in_process")


def test_results_go_to_standard_output_and_talk_to_standard_error(
    kandian_command: Command, show: Path, tmp_path: Path
) -> None:
    answer = kandian_command("run", show, "--out", tmp_path / "out", *QUICKLY)
    assert answer.code == 0
    assert re.fullmatch(
        rf"双十一: done \(\d+ tasks run\) in {re.escape(str(tmp_path / 'out' / '双十一'))}\n", answer.out
    )
    assert "双十一: encode_video (part 1): done in" in answer.err
    assert "双十一: ready (1 of 1 sessions)" in answer.err


def test_an_unchanged_show_is_told_so(kandian_command: Command, show: Path, out: Path) -> None:
    answer = kandian_command("run", show, "--out", out, *QUICKLY)
    assert (answer.code, answer.out) == (0, f"双十一: unchanged in {out / '双十一'}\n")


def test_json_is_one_document_with_every_session(kandian_command: Command, show: Path, out: Path) -> None:
    broken = write_broken_show(show.parent / "坏")
    answer = kandian_command("run", show, broken, "--out", out, "--json", *QUICKLY)
    summary = json.loads(answer.out)
    assert (answer.code, summary["exit_code"]) == (5, 5)
    good, bad = summary["sessions"]
    assert (good["session_id"], good["folder"], good["failures"]) == ("双十一", str(out / "双十一"), [])
    assert (bad["session_id"], bad["folder"]) == ("坏", None)
    assert bad["failures"][0]["blame"] == "input"
    assert str(broken / "recording.mp4") in bad["failures"][0]["error"]


def test_a_failure_is_told_with_its_reason_and_the_command_to_run_again(
    kandian_command: Command, show: Path, tmp_path: Path
) -> None:
    (show / "catalog.json").unlink()
    answer = kandian_command("run", show, "--out", tmp_path / "out", *QUICKLY)
    assert answer.code == 3
    assert f"双十一: FAILED in read: {show}: has no catalogue; put catalog.json or catalog.csv there" in answer.err
    command = shlex.join(["kandian", "run", str(show), "--out", str(tmp_path / "out"), *QUICKLY])
    assert f"mend the input, then run: {command}" in answer.err
    assert answer.out == ""


def test_flags_name_the_files_of_one_session(kandian_command: Command, show: Path, tmp_path: Path) -> None:
    moved = shutil.move(show / "recording.flv", tmp_path / "原片.flv")
    files = ("--recording", moved, "--catalog", show / "catalog.json", "--captions", show / "captions.srt")
    answer = kandian_command("run", *files, "--title", "另一个名字", "--out", tmp_path / "out", *QUICKLY)
    assert (answer.code, answer.err.count("FAILED")) == (0, 0)
    assert (tmp_path / "out" / "原片" / "highlights.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no session is given"),
        (("--workers", "0", "x"), "--workers: must be at least 1"),
        (("--workers", "x", "y"), "--workers"),
        (("--settings", "没有.toml", "x"), "没有.toml: cannot be read"),
        (("--executor", "cluster", "x"), "--executor"),
        (("--language", "fr", "x"), "--language"),
        (("--started-at", "noon", "x"), "--started-at"),
        (("--nonsense",), "--nonsense"),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(
    arguments: tuple[str, ...], message: str, kandian_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = kandian_command("run", *arguments)
    assert answer.code == 2
    assert message in answer.err
    assert "Traceback" not in answer.err


def test_a_place_for_results_that_cannot_be_made_ends_with_2(
    kandian_command: Command, show: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    answer = kandian_command("run", show, "--out", tmp_path / "out", *QUICKLY)
    assert answer.code == 2
    assert "--out: the folder" in answer.err


def test_names_of_strangers_cannot_drive_the_terminal(kandian_command: Command, tmp_path: Path) -> None:
    hostile = tmp_path / "\x1b[2J\x1b]0;坏\x07"
    hostile.mkdir()
    answer = kandian_command("run", hostile, "--out", tmp_path / "out", *QUICKLY)
    assert answer.code == 3
    assert not {"\x1b", "\x07"} & set(answer.out + answer.err)


def test_a_stop_ends_with_130_and_says_what_is_kept(
    kandian_command: Command, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline.engine.executors.in_process, "run_task", interrupted)
    answer = kandian_command("run", show, "--out", tmp_path / "out", *QUICKLY)
    assert answer.code == 130
    assert "the same command goes on from there" in answer.err
