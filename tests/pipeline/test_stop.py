"""Ctrl-C and SIGTERM: a clean end at once, nobody left behind, and the next run goes on."""

import os
import signal
import time
from pathlib import Path

import pytest

from fixtures.kandian_process import KandianProcess
from fixtures.stub_language_model import Reply, stub_model

NAME = "双十一"
TERABYTE = 10**12


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "report.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def begin(show: Path, out: Path, *flags: str) -> KandianProcess:
    return KandianProcess(("run", str(show), "--out", str(out), *flags))


def assert_stopped_cleanly(command: KandianProcess) -> None:
    code, err = command.end(timeout_s=60)  # a busy machine may take long to start what is stopped then
    assert code == 130, err
    assert "stopped; finished work is kept" in err
    assert "Traceback" not in err
    assert command.survivors() == []


@pytest.mark.slow
@pytest.mark.parametrize("flags", [("--workers", "2"), ("--executor", "in_process")])
def test_ctrl_c_stops_all_and_the_next_run_finishes(
    flags: tuple[str, ...], show: Path, done_out: Path, tmp_path: Path
) -> None:
    with begin(show, tmp_path / "out", *flags) as command:
        command.wait_for_line("build_timeline: done")
        command.signal_group(signal.SIGINT)
        assert_stopped_cleanly(command)
    with begin(show, tmp_path / "out", *flags) as again:
        assert again.end()[0] == 0
    assert contents(tmp_path / "out" / NAME) == contents(done_out / NAME)


@pytest.mark.slow
def test_a_scheduler_that_ends_the_command_only_ends_its_workers_too(show: Path, tmp_path: Path) -> None:
    with begin(show, tmp_path / "out", "--workers", "2") as command:
        command.wait_for_line("probe: done")
        command.process.send_signal(signal.SIGTERM)
        assert_stopped_cleanly(command)


@pytest.mark.slow
def test_ctrl_c_while_workers_start_says_nothing_odd(show: Path, tmp_path: Path) -> None:
    with begin(show, tmp_path / "out", "--workers", "2") as command:
        while not command.workers():
            assert command.process.poll() is None
        command.signal_group(signal.SIGINT)
        assert_stopped_cleanly(command)


def test_ctrl_c_does_not_wait_until_a_recording_is_read(show: Path, tmp_path: Path) -> None:
    """A terabyte of nothing: reading it to its end would take a quarter of an hour."""
    with (show / "recording.flv").open("r+b") as recording:
        recording.truncate(TERABYTE)
    with begin(show, tmp_path / "out") as command:
        while str(show / "recording.flv") not in open_files(command):
            assert command.process.poll() is None
        command.signal_group(signal.SIGINT)
        assert_stopped_cleanly(command)


def open_files(command: KandianProcess) -> set[str]:
    folder, files = Path(f"/proc/{command.process.pid}/fd"), set()
    for link in folder.iterdir():
        try:
            files.add(str(link.readlink()))
        except FileNotFoundError:
            continue  # closed just now
    return files


def test_workers_and_ffmpeg_die_with_a_command_that_is_killed(show: Path, tmp_path: Path) -> None:
    (tmp_path / "slow.toml").write_text('[choose_renditions]\nh264_preset = "placebo"\n')
    with begin(show, tmp_path / "out", "--workers", "2", "--settings", str(tmp_path / "slow.toml")) as command:
        while not any("ffmpeg" in line.partition(" ")[0] for line in command.survivors(patience_s=0)):
            assert command.process.poll() is None
        os.kill(command.process.pid, signal.SIGKILL)
        command.end()
        assert command.survivors() == []


@pytest.mark.slow
def test_ctrl_c_does_not_wait_for_a_language_model_that_is_silent(show: Path, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    with stub_model(lambda _: Reply(is_silent=True)) as stub:
        settings.write_text(f'[reword_takes]\naddress = "{stub.address}"\nmodel = "stub"\ntimeout_s = 600.0\n')
        with begin(show, tmp_path / "out", "--workers", "1", "--settings", str(settings)) as command:
            while not stub.asked:
                assert command.process.poll() is None
                time.sleep(0.05)
            command.signal_group(signal.SIGINT)
            assert_stopped_cleanly(command)
