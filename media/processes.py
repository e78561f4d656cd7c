"""Child processes of kandian: they die with their parent and take limited memory and processor time."""

import ctypes
import multiprocessing
import os
import resource
import signal
from pathlib import Path
from threading import Thread

PR_SET_PDEATHSIG = 1  # linux/prctl.h
CPU_GRACE_S = 5  # between the signal that names the reason and the one that cannot be caught
_LIBC = ctypes.CDLL(None)


def die_with_parent() -> None:
    """From now on this process is killed when the process that started it ends, in whatever way."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_caller() -> None:
    """From now on this process, which multiprocessing started, is killed when its caller ends.

    `die_with_parent` watches the thread that started the process. That would be wrong here: a pool that replaces a
    broken one is started by a thread that ends at once, and the parent may be a fork server that outlives the caller.
    """
    Thread(target=_wait_for_caller, daemon=True).start()


def _wait_for_caller() -> None:
    caller = multiprocessing.parent_process()
    if caller is not None:
        caller.join()
    os.kill(os.getpid(), signal.SIGKILL)


def limit_resources(memory_bytes: int, cpu_s: int) -> None:
    """Limit this process to this address space and processor time, or to lower limits that it has already."""
    _lower_rlimit(resource.RLIMIT_AS, memory_bytes, memory_bytes)
    _lower_rlimit(resource.RLIMIT_CPU, cpu_s, cpu_s + CPU_GRACE_S)
    _lower_rlimit(resource.RLIMIT_CORE, 0, 0)


def address_space_bytes() -> int:
    """The size of this process's address space in bytes."""
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
