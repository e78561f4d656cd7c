"""The command as people and schedulers call it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from kandian.cli.export import FormatName
from kandian.cli.run import ExecutorOption
from kandian.cli.token import ScopeChoice
from pipeline.engine.store import Store
from pipeline.ledger.tokens import SCOPES
from pipeline.publishing.exports import EXPORT_FORMATS
from pipeline.run import ExecutorName

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).parents[3]
COMMAND = "from kandian.cli import main; main()"
COMMANDS = {"run", "status", "show", "quality", "sweep", "doctor"}


def kandian(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_help_names_every_command_and_what_the_exit_codes_mean() -> None:
    help_text = kandian("--help").stdout.decode()
    assert [name for name in COMMANDS if name not in help_text] == []
    assert "130 stopped" in " ".join(help_text.split())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    answer = kandian(name, "--help")
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_an_unknown_command_ends_with_2() -> None:
    answer = kandian("no-such-command")
    assert answer.returncode == 2
    assert b"no-such-command" in answer.stderr


def test_a_terminal_that_cannot_write_chinese_gets_all_the_rest(tmp_path: Path) -> None:
    store = Store(tmp_path / ".store")
    for name in ("双十一", "summer"):
        (store.root / name).mkdir(parents=True)
    answer = kandian("status", "--out", tmp_path, PYTHONIOENCODING="ascii")
    assert answer.returncode == 0
    assert answer.stdout == b"summer: begun\n\\u53cc\\u5341\\u4e00: begun\n"


def test_results_that_are_not_there_end_with_3_and_their_name(tmp_path: Path) -> None:
    answer = kandian("show", tmp_path / "没有")
    assert answer.returncode == 3
    assert "没有" in answer.stderr.decode()
    assert b"Traceback" not in answer.stderr


def test_choices_are_those_that_the_pipeline_knows() -> None:
    executors, _ = get_args(ExecutorOption)
    assert set(get_args(executors)) == set(get_args(ExecutorName))
    assert (get_args(FormatName), tuple(ScopeChoice)) == (EXPORT_FORMATS, SCOPES)
