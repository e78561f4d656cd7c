"""Workspaces in use are distinguished from those that killed runs left."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fixtures.toy_flow import Heard
from pipeline.engine.stale_work import MAX_REMOTE_AGE_S, is_owner_alive, list_workspaces
from pipeline.engine.store import WORK_FOLDER, ArtefactRef, Store


def partial(root: Path, host: str, pid: int | str) -> Path:
    folder = root / WORK_FOLDER / f"Heard-0123456789ab-{host}-{pid}-0a1b2c3d"
    folder.mkdir(parents=True)
    return folder


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_work_of_this_process_is_under_way(tmp_path: Path) -> None:
    with Store(tmp_path).workspace(ArtefactRef("双十一", Heard, "ab")) as space:
        assert list(list_workspaces(tmp_path / "双十一")) == [space.root]
        assert is_owner_alive(space.root)


def test_work_of_a_process_that_ended_is_left_over(tmp_path: Path) -> None:
    assert not is_owner_alive(partial(tmp_path, socket.gethostname(), dead_pid()))


@pytest.mark.parametrize("host", ["node-7", "a-b-c", "x"])
def test_a_host_may_have_hyphens_in_its_name(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    assert is_owner_alive(partial(tmp_path, host, os.getpid()))
    assert not is_owner_alive(partial(tmp_path, host, dead_pid()))


def test_work_of_another_host_counts_for_a_day(tmp_path: Path) -> None:
    folder = partial(tmp_path, "elsewhere", dead_pid())
    assert is_owner_alive(folder)
    yesterday = time.time() - MAX_REMOTE_AGE_S - 1
    os.utime(folder, (yesterday, yesterday))
    assert not is_owner_alive(folder)


def test_a_folder_whose_name_says_no_process_is_left_over(tmp_path: Path) -> None:
    assert not is_owner_alive(partial(tmp_path, socket.gethostname(), "x"))


def test_a_process_of_somebody_else_is_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, number: int) -> None:
        raise PermissionError(pid, number)

    monkeypatch.setattr(os, "kill", refuse)
    assert is_owner_alive(partial(tmp_path, socket.gethostname(), 1))


def test_a_session_that_was_never_begun_has_no_leftovers(tmp_path: Path) -> None:
    assert list(list_workspaces(tmp_path / "没有")) == []
