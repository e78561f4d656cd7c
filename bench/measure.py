"""What a command costs: processor time with its children, wall time, peak memory of its process tree."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

LOOK_PERIOD_S = 0.05  # a peak that is shorter is missed


@dataclass(frozen=True, slots=True)
class Cost:
    """`peak_memory_mb` is the proportional set size summed over the process tree: shared pages count once."""

    cpu_s: float
    wall_s: float
    peak_memory_mb: float


def cost_of(command: Sequence[str], environment: dict[str, str] | None = None, watch_memory: bool = False) -> Cost:
    """Run `command` to its end. Raises CalledProcessError with the end of its stderr when it fails."""
    before, began = os.times(), time.monotonic()
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(process.pid) if watch_memory else None
    _, stderr_text = process.communicate()
    after, wall_s = os.times(), time.monotonic() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=stderr_text[-2000:])
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(cpu_s, wall_s, peak.stop() if peak else 0.0)


class _Peak:
    """Samples the memory of a process tree until `stop`."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._peak = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._done.wait(LOOK_PERIOD_S):
            self._peak = max(self._peak, _tree_mb(self._root))


def _tree_mb(root: psutil.Process) -> float:
    total = 0
    try:
        tree = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for process in tree:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue  # just ended
    return total / 2**20
