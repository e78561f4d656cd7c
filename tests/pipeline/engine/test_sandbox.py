"""Work in a process of its own: what it gives back, and what it cannot do to the process that asked for it."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from domain.errors import CaptionsError, KandianError, MediaError
from fixtures.hostile.misdeeds import Crashes, Spends, burn, crash, double, fail, spin, swell
from fixtures.media import Clip, recording, rendered
from fixtures.toy_flow import Sounds
from pipeline.engine.sandbox import SANDBOX_USAGE, SandboxedCall, read_sandboxed, run_sandboxed
from pipeline.engine.store import ArtefactRef, Store
from pipeline.engine.task import Task, run_task

pytestmark = pytest.mark.heavy


def work(function: object, **arguments: object) -> SandboxedCall:
    assert callable(function)
    return SandboxedCall(function, arguments, "show.flv", cpu_limit_s=1, memory_limit_mb=500)


def refusal(wanted: SandboxedCall) -> str:
    with pytest.raises(MediaError) as caught:
        run_sandboxed(wanted)
    return str(caught.value)


def test_a_sandboxed_call_returns_its_value_and_its_cost() -> None:
    done = run_sandboxed(work(double, number=21))
    assert done.value == 42
    assert done.cpu_seconds >= 0
    assert done.peak_memory_mb > 1


def test_an_error_comes_back_as_it_was_raised() -> None:
    with pytest.raises(CaptionsError, match=r"captions\.srt: is empty; write it"):
        run_sandboxed(work(fail, error=CaptionsError("captions.srt", "is empty", "write it")))


def test_a_crash_is_the_files_fault_and_nobody_elses() -> None:
    assert "show.flv: makes the reader of media crash (SIGSEGV)" in refusal(work(crash))


def test_memory_is_bounded() -> None:
    assert "takes more than 500 MB of memory" in refusal(work(swell))


def test_processor_time_is_bounded() -> None:
    assert "takes more than 1 s of processor time" in refusal(work(spin))


def test_a_reader_dies_with_its_caller(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"""
        from pathlib import Path
        from fixtures.hostile.misdeeds import sleep
        from pipeline.engine.sandbox import SandboxedCall, run_sandboxed
        run_sandboxed(SandboxedCall(sleep, {{"told": Path(r"{pid_file}")}}, "show.flv", 60))
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)]) as caller:
        until = time.monotonic() + 60
        while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < until:
            time.sleep(0.02)
        reader = psutil.Process(int(pid_file.read_text()))
        caller.kill()
    assert psutil.wait_procs([reader], timeout=20)[1] == []


def test_what_every_call_takes_is_counted() -> None:
    before = SANDBOX_USAGE.cpu_seconds
    run_sandboxed(work(burn, cpu_s=0.05))
    assert SANDBOX_USAGE.cpu_seconds >= before + 0.05


def test_a_stage_may_read_its_files_in_the_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "show.flv"
    file.write_bytes(b"FLV")
    assert read_sandboxed([file, file], double, number=21) == 42
    with pytest.raises(MediaError, match=r"show\.flv: makes the reader of media crash"):
        read_sandboxed([file], crash)


def test_files_that_are_gone_are_left_to_their_reader(tmp_path: Path) -> None:
    assert read_sandboxed([tmp_path / "gone.flv"], double, number=1) == 2


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def task(store: Store, stage: Crashes | Spends) -> Task:
    show = recording(rendered(Clip(".flv")))
    return Task(stage, ArtefactRef("s", Sounds, "k"), {"recording": store.put("s", show)})


@pytest.mark.media
def test_a_stage_that_reads_media_cannot_take_its_worker_with_it(store: Store) -> None:
    with pytest.raises(KandianError, match=r"\.flv: makes the reader of media crash"):
        run_task(store, task(store, Crashes()))


@pytest.mark.media
def test_what_is_spent_in_the_sandbox_is_in_the_receipt(store: Store) -> None:
    receipt = store.receipt(run_task(store, task(store, Spends())))
    assert receipt.cpu_seconds >= 0.05
