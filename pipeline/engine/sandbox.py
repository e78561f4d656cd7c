"""Work on strangers' media in a process of its own: what crashes, swells or never ends does so there.

PyAV and OpenCV run C code in our process; a file made to break it would take the worker, or the program that calls
kandian, with it. A small server process, started once, has them loaded and forks a child for each piece of work.
"""

import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Lock
from types import ModuleType
from typing import Any

from domain.errors import MediaError, ToolError
from media.limits import READER_MEMORY_MB, mib
from media.processes import addresses_bytes, bound, die_with_caller

PRELOADED = (
    "av",
    "cv2",
    "pipeline.stages.media.remux",
    "pipeline.stages.media.probe",
    "pipeline.stages.vision.sample_frames",
)
WALL_S_A_CPU_S = 10  # a crowded machine and a slow disk make work last longer than its processor time
REMEDY = "encode it anew with a tool that you trust, and use that"

_spawning = Lock()


@dataclass(frozen=True, slots=True)
class Work:
    """A call to be made apart. `blamed` is what messages name; it may take `cpu_s` of processor time."""

    function: Callable[..., Any]
    arguments: Mapping[str, Any]
    blamed: str
    cpu_s: int
    memory_mb: int = READER_MEMORY_MB


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a call, and what a process of its own took, if it had one."""

    value: Any
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0


def do_apart(work: Work) -> Done:
    """Do the work in a child. Raises what it raises; MediaError where it crashes or takes more than it may."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_serve, args=(sender, work), daemon=True)
    with receiver:
        with sender, apart_from_caller():
            child.start()
        try:
            return _answer(receiver, work)
        except EOFError:
            child.join()
            raise _end(child.exitcode or 0, work) from None
        finally:
            child.kill()
            child.join()
            child.close()


def _answer(receiver: Connection, work: Work) -> Done:
    if not receiver.poll(work.cpu_s * WALL_S_A_CPU_S):
        what = f"was not read within {work.cpu_s * WALL_S_A_CPU_S} s, while the processor had little to do"
        raise ToolError(work.blamed, what, "look for a hung disk; try again")
    answer = receiver.recv()
    if isinstance(answer, BaseException):
        raise answer
    if not isinstance(answer, Done):
        raise ToolError(work.blamed, "gave no answer", "run the command again")
    return answer


def _serve(sender: Connection, work: Work) -> None:
    """The child: it knows nothing of Ctrl-C, which is its parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_caller()
    bound(addresses_bytes() + mib(work.memory_mb), work.cpu_s)
    try:
        value = work.function(**work.arguments)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        sender.send(Done(value, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    except MemoryError:
        sender.send(MediaError(work.blamed, f"takes more than {work.memory_mb} MB of memory to read", REMEDY))
    except Exception as error:  # noqa: BLE001 - handed to whoever waits
        sender.send(error)


def _end(code: int, work: Work) -> MediaError | ToolError:
    """What the end of a child says that gave no answer."""
    if code == -signal.SIGXCPU:
        return MediaError(work.blamed, f"takes more than {work.cpu_s} s of processor time to read", REMEDY)
    if code >= 0 or -code in (signal.SIGKILL, signal.SIGTERM):
        return ToolError(work.blamed, f"lost its reader (exit code {code})", "see whether memory ran out; try again")
    return MediaError(work.blamed, f"makes the reader of media crash ({signal.Signals(-code).name})", REMEDY)


@contextmanager
def apart_from_caller() -> Iterator[None]:
    """Processes started inside know nothing of Ctrl-C, which is the runner's, and nothing of the calling script.

    Every new process would import that script, and so run it again where no `if __name__ == "__main__"` guards it.
    """
    with _spawning:
        script = sys.modules["__main__"]
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
