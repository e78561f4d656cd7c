"""`kandian sweep`: what may go, and what must stay."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.tiny_show import write_catalog
from fixtures.toy_flow import Heard
from pipeline.engine.store import RECEIPT_FILE, WORK_FOLDER, ArtefactRef, Store
from pipeline.run import RunConfig, run

Command = Callable[..., Any]
NAME = "双十一"


def again(show: Path, out: Path, settings: Path | None = None) -> int:
    (outcome,) = run(show, config=RunConfig(out, executor="in_process", settings=settings))
    assert outcome.folder is not None, outcome.failures
    return outcome.tasks_run


def artefacts(out: Path) -> set[str]:
    return {path.relative_to(out / ".store" / NAME).as_posix() for path in (out / ".store" / NAME).glob("[!.]*/*")}


def dead_partial(out: Path) -> Path:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    partial = out / ".store" / NAME / WORK_FOLDER / f"Heard-ab-{socket.gethostname()}-{child.pid}-0a1b2c3d"
    (partial / "artefact").mkdir(parents=True)
    (partial / "artefact" / "half.mp4").write_bytes(bytes(2_000_000))
    return partial


@pytest.fixture
def with_other_settings(show: Path, out: Path, tmp_path: Path) -> Path:
    """The OUT folder after the show was encoded with other settings: the older encode is of no use any more."""
    settings = tmp_path / "kandian.toml"
    settings.write_text("[choose_renditions]\nh264_crf = 40\n")
    again(show, out, settings)
    return out


def test_what_results_are_made_from_is_kept(kandian_command: Command, show: Path, out: Path) -> None:
    again(show, out)
    before = artefacts(out)
    answer = kandian_command("sweep", "--out", out)
    assert answer.code == 0
    assert {name.split("/")[0] for name in before - artefacts(out)} <= {"Recording", "Session"}
    assert again(show, out) == 0


def test_artefacts_of_other_settings_are_removed_and_nothing_must_be_done_again(
    kandian_command: Command, show: Path, with_other_settings: Path, tmp_path: Path
) -> None:
    before = artefacts(with_other_settings)
    answer = kandian_command("sweep", "--out", with_other_settings)
    gone = {name.split("/")[0] for name in before - artefacts(with_other_settings)}
    assert {"EncodedVideoPart", "Replay"} <= gone
    assert "Transcript" not in gone
    assert answer.out.count("removed ") == len(before - artefacts(with_other_settings))
    assert again(show, with_other_settings, tmp_path / "kandian.toml") == 0


def test_results_stay_whole(kandian_command: Command, with_other_settings: Path) -> None:
    folder = with_other_settings / NAME
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kandian_command("sweep", "--out", with_other_settings)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_dry_run_removes_nothing(kandian_command: Command, with_other_settings: Path) -> None:
    partial = dead_partial(with_other_settings)
    before = artefacts(with_other_settings)
    answer = kandian_command("sweep", "--out", with_other_settings, "--dry-run")
    assert artefacts(with_other_settings) == before
    assert partial.exists()
    assert f"would remove {partial} (2.0 MB)" in answer.out


def test_what_killed_runs_left_is_removed(kandian_command: Command, out: Path) -> None:
    partial = dead_partial(out)
    answer = kandian_command("sweep", "--out", out)
    assert not partial.exists()
    assert f"removed {partial} (2.0 MB)" in answer.out


def test_work_under_way_is_left_alone_and_so_is_its_session(
    kandian_command: Command, with_other_settings: Path
) -> None:
    """A run may be about to use what no result is made from yet."""
    before = artefacts(with_other_settings)
    with Store(with_other_settings / ".store").workspace(ArtefactRef(NAME, Heard, "ab")) as space:
        kandian_command("sweep", "--out", with_other_settings)
        assert space.scratch.exists()
    assert artefacts(with_other_settings) == before


def test_a_session_without_results_is_left_alone(kandian_command: Command, out: Path) -> None:
    before = artefacts(out)
    shutil.rmtree(out / NAME)
    kandian_command("sweep", "--out", out)
    assert artefacts(out) == before


def test_a_lost_receipt_does_not_cost_the_results(kandian_command: Command, show: Path, out: Path) -> None:
    for receipt in (out / ".store" / NAME).rglob(RECEIPT_FILE):
        receipt.chmod(0o644)
        receipt.unlink()
    kandian_command("sweep", "--out", out)
    assert (out / NAME / "highlights.json").is_file()
    again(show, out)


def test_an_older_catalogue_goes_with_what_was_made_from_it(kandian_command: Command, show: Path, out: Path) -> None:
    write_catalog(show, "新款纯棉毛巾")
    again(show, out)
    assert len(os.listdir(out / ".store" / NAME / "Catalog")) == 2  # noqa: PTH208 - names are counted
    kandian_command("sweep", "--out", out)
    assert len(os.listdir(out / ".store" / NAME / "Catalog")) == 1  # noqa: PTH208
    assert again(show, out) == 0


def test_an_empty_place_is_swept_in_peace(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("sweep", "--out", tmp_path / "没有")
    assert (answer.code, answer.out) == (0, "0.0 MB were freed\n")
