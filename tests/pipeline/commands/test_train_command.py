"""`kandian train`: what it refuses, and what it writes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
SCRIPTS = Path(__file__).parents[3] / "fixtures" / "scripts"
TAUGHT = ("zh-storage-wa1.json", "en-pets-wc2.json")


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name in TAUGHT:
        shutil.copy(SCRIPTS / name, folder / name)
    return folder


def test_with_nothing_to_learn_from_it_says_so(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("train", "--simulated", "0", "--model", tmp_path / "model")
    assert answer.code == 2
    assert "there is nothing to learn from" in answer.err
    assert not (tmp_path / "model").exists()


def test_simulated_shows_need_scripts(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("train", "--simulated", "4", "--model", tmp_path / "model")
    assert answer.code == 2
    assert "needs --scripts to simulate shows from" in answer.err


def test_fewer_than_no_shows_are_refused(kandian_command: Command, scripts: Path) -> None:
    answer = kandian_command("train", "--scripts", scripts, "--simulated", "-1")
    assert answer.code == 2
    assert "must not be below 0" in answer.err
