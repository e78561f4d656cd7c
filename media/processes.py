"""What every process that works for kandian is bound to: it dies with its parent, and takes no more than it may."""

import ctypes
import multiprocessing
import os
import resource
import signal
from pathlib import Path
from threading import Thread

PR_SET_PDEATHSIG = 1  # linux/prctl.h
CPU_GRACE_S = 5  # between the signal that says why and the one that cannot be missed
_LIBC = ctypes.CDLL(None)


def die_with_parent() -> None:
    """From now on this process is killed when the one that started it ends, however that ends."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_caller() -> None:
    """From now on this process, one that multiprocessing started, is killed when whoever started it ends.

    `die_with_parent` would not do: it looks at the thread that started the process, and a pool in the place of a broken
    one is started by a thread that ends at once; and the parent may be a server of processes that outlives its caller.
    """
    Thread(target=_wait_for_caller, daemon=True).start()


def _wait_for_caller() -> None:
    caller = multiprocessing.parent_process()
    if caller is not None:
        caller.join()
    os.kill(os.getpid(), signal.SIGKILL)


def limit_resources(memory_bytes: int, cpu_s: int) -> None:
    """Let this process have so many bytes of addresses in all and so much processor time; less, if it had less."""
    _lower_rlimit(resource.RLIMIT_AS, memory_bytes, memory_bytes)
    _lower_rlimit(resource.RLIMIT_CPU, cpu_s, cpu_s + CPU_GRACE_S)
    _lower_rlimit(resource.RLIMIT_CORE, 0, 0)


def address_space_bytes() -> int:
    """How many bytes of addresses this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _lower_rlimit(rlimit: int, soft: int, hard: int) -> None:
    current_soft, current_hard = resource.getrlimit(rlimit)
    unlimited = resource.RLIM_INFINITY
    resource.setrlimit(
        rlimit,
        (
            soft if current_soft == unlimited else min(soft, current_soft),
            hard if current_hard == unlimited else min(hard, current_hard),
        ),
    )
