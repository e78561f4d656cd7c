"""`kill -9` at random moments, then run again: the same bytes as a run that nobody disturbed."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fixtures.kandian_process import KandianProcess, made_in
from fixtures.tiny_show import write_spoken_show

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]

SEED = int(os.environ.get("KANDIAN_CRASH_SEED", "20261111"))
MIN_DELAY_S = 0.1  # before that there is no Python yet that could be disturbed

Kill = Callable[[KandianProcess, random.Random], str]


def kill_group(command: KandianProcess, _: random.Random) -> str:
    command.signal_group(signal.SIGKILL)
    return "all"


def kill_main(command: KandianProcess, _: random.Random) -> str:
    os.kill(command.process.pid, signal.SIGKILL)
    return "the main process"


def kill_worker(command: KandianProcess, chance: random.Random) -> str:
    workers = command.workers()
    if not workers:
        return ""
    chosen = chance.choice(workers)
    chosen.kill()
    return f"worker {chosen.pid}"


@dataclass
class Crashes:
    """Runs one show in `out` again and again, and kills it. `took_s` is how long an undisturbed run takes."""

    show: Path
    out: Path
    flags: tuple[str, ...]
    undisturbed: dict[str, bytes]
    took_s: float
    chance: random.Random
    made: list[str] = field(default_factory=list)

    def crash(self, kill: Kill) -> None:
        """Begin, or go on; kill at a random moment; see that nobody survives who must not."""
        with begin(self.show, self.out, self.flags) as command:
            delay_s = self.chance.uniform(MIN_DELAY_S, self.took_s)
            began = time.monotonic()
            while time.monotonic() < began + delay_s and command.process.poll() is None:
                time.sleep(0.01)
            killed = kill(command, self.chance) if command.process.poll() is None else ""
            code, err = command.end(timeout_s=120)
            survivors = command.survivors()
        assert survivors == [], f"after killing {killed}"
        if killed:
            self.made.append(f"{killed} after {delay_s:.2f} s: exit code {code}")
        if killed and kill is not kill_worker:
            assert code == -signal.SIGKILL
            return
        assert code == 0, f"seed {SEED}: {self.made}\n{err}"  # too late, or a worker's death, which is no matter
        self.compare()
        shutil.rmtree(self.out)

    def finish(self) -> None:
        """Run to the end and compare."""
        with begin(self.show, self.out, self.flags) as command:
            code, err = command.end(timeout_s=120)
        assert code == 0, f"seed {SEED}: {self.made}\n{err}"
        self.compare()

    def compare(self) -> None:
        there = made_in(self.out)
        assert there.keys() == self.undisturbed.keys(), f"seed {SEED}: {self.made}"
        differing = [name for name in there if there[name] != self.undisturbed[name]]
        assert differing == [], f"seed {SEED}: {self.made}"


def begin(show: Path, out: Path, flags: tuple[str, ...]) -> KandianProcess:
    return KandianProcess(("run", str(show), "--out", str(out), *flags))


def crashes_of(show: Path, folder: Path, flags: tuple[str, ...]) -> Crashes:
    """Run the show once in peace, to know what must come out and how long it takes."""
    began = time.monotonic()
    with begin(show, folder / "in peace", flags) as command:
        code, err = command.end(timeout_s=120)
    assert code == 0, err
    took_s = time.monotonic() - began
    chance = random.Random(f"{SEED} {flags} {show.name}")
    return Crashes(show, folder / "out", flags, made_in(folder / "in peace"), took_s, chance)


def crash_often(crashes: Crashes, kills: tuple[Kill, ...], times: int) -> None:
    while len(crashes.made) < times:
        crashes.crash(kills[len(crashes.made) % len(kills)])
    crashes.finish()
    print(f"seed {SEED}, {crashes.flags}, {crashes.took_s:.1f} s undisturbed:", *crashes.made, sep="\n  ")


def test_twelve_kills_of_a_pool_and_its_runner_leave_no_trace(tiny_show: Path, tmp_path: Path) -> None:
    crashes = crashes_of(tiny_show, tmp_path, ("--workers", "2"))
    crash_often(crashes, (kill_group, kill_main, kill_worker), times=12)


def test_eight_kills_of_a_run_in_one_process_leave_no_trace(tiny_show: Path, tmp_path: Path) -> None:
    crashes = crashes_of(tiny_show, tmp_path, ("--executor", "in_process"))
    crash_often(crashes, (kill_group, kill_main), times=8)


def test_six_kills_while_a_show_is_heard_leave_no_trace(tmp_path: Path) -> None:
    show = write_spoken_show(tmp_path / "听得见的场次", seconds=8.0)
    crashes = crashes_of(show, tmp_path, ("--workers", "2"))
    assert any("/Transcript/" in name for name in crashes.undisturbed)
    crash_often(crashes, (kill_main, kill_worker, kill_group), times=6)
