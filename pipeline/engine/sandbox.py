"""The sandbox: a child process with limits, in which C code reads strangers' media. Crashes and loops end there.

PyAV, OpenCV and Pillow run C code in the process that calls them; a file made to break it would take down the worker,
or the program that calls kandian. A small server process, started once, has the libraries loaded and forks a child for
each piece of work.
"""

import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, TypeVar

from domain.errors import MediaError, ToolError
from media.limits import READER_MEMORY_MB, describe_files, mib_to_bytes, reader_cpu_limit_s
from media.processes import address_space_bytes, die_with_caller, limit_resources

PRELOADED_MODULES = (
    "av",
    "cv2",
    "pipeline.stages.media.remux",
    "pipeline.stages.media.probe",
    "pipeline.stages.media.encode_video",
    "pipeline.stages.vision.sample_frames",
)
MAX_WALL_S_PER_CPU_S = 10  # a busy machine and a slow disk make a call last longer than its processor time
REMEDY = "encode it anew with a tool that you trust, and use that"

T = TypeVar("T")

_spawn_lock = Lock()


@dataclass(frozen=True, slots=True)
class SandboxedCall:
    """A call to run in the sandbox. Messages name `input_name`; the call may use `cpu_limit_s` of processor time."""

    function: Callable[..., Any]
    arguments: Mapping[str, Any]
    input_name: str
    cpu_limit_s: int
    memory_limit_mb: int = READER_MEMORY_MB


@dataclass(slots=True)
class SandboxUsage:
    """What the sandboxed calls of this process have taken so far: no getrusage counts them among its children."""

    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0


SANDBOX_USAGE = SandboxUsage()


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a call returned, and what its process took."""

    value: Any
    cpu_seconds: float
    peak_memory_mb: float


def run_sandboxed(call: SandboxedCall) -> CallResult:
    """Make the call in a child process. Raises what it raises, and MediaError where it crashes or exceeds a limit."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED_MODULES))
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child_main, args=(sender, call), daemon=True)
    with receiver:
        with sender, isolated_from_caller():
            child.start()
        try:
            return _receive_result(receiver, call)
        except EOFError:
            child.join()
            raise _exit_error(child.exitcode or 0, call) from None
        finally:
            child.kill()
            child.join()
            child.close()


def read_sandboxed(files: Sequence[Path], function: Callable[..., T], /, **arguments: Any) -> T:
    """What `function`, of a module, gives in a child that may take as much as reading these files is worth."""
    paths = tuple(dict.fromkeys(files))
    cpu_limit_s = reader_cpu_limit_s(sum(path.stat().st_size for path in paths if path.exists()))
    result = run_sandboxed(SandboxedCall(function, arguments, describe_files(paths), cpu_limit_s))
    value: T = result.value
    return value


def _receive_result(receiver: Connection, call: SandboxedCall) -> CallResult:
    if not receiver.poll(call.cpu_limit_s * MAX_WALL_S_PER_CPU_S):
        what = f"was not read within {call.cpu_limit_s * MAX_WALL_S_PER_CPU_S} s, while the processor had little to do"
        raise ToolError(call.input_name, what, "look for a hung disk; try again")
    result = receiver.recv()
    if isinstance(result, BaseException):
        raise result
    if not isinstance(result, CallResult):
        raise ToolError(call.input_name, "gave no answer", "run the command again")
    SANDBOX_USAGE.cpu_seconds += result.cpu_seconds
    SANDBOX_USAGE.peak_memory_mb = max(SANDBOX_USAGE.peak_memory_mb, result.peak_memory_mb)
    return result


def _child_main(sender: Connection, call: SandboxedCall) -> None:
    """The child process. It ignores Ctrl-C, which its parent handles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_caller()
    limit_resources(address_space_bytes() + mib_to_bytes(call.memory_limit_mb), call.cpu_limit_s)
    try:
        value = call.function(**call.arguments)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        sender.send(CallResult(value, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    except MemoryError:
        sender.send(MediaError(call.input_name, f"takes more than {call.memory_limit_mb} MB of memory to read", REMEDY))
    except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
        sender.send(error)


def _exit_error(exit_code: int, call: SandboxedCall) -> MediaError | ToolError:
    """Why a child ended without a result."""
    if exit_code == -signal.SIGXCPU:
        return MediaError(call.input_name, f"takes more than {call.cpu_limit_s} s of processor time to read", REMEDY)
    if exit_code >= 0 or -exit_code in (signal.SIGKILL, signal.SIGTERM):
        return ToolError(
            call.input_name, f"lost its reader (exit code {exit_code})", "see whether memory ran out; try again"
        )
    return MediaError(call.input_name, f"makes the reader of media crash ({signal.Signals(-exit_code).name})", REMEDY)


@contextmanager
def isolated_from_caller() -> Iterator[None]:
    """Processes that start inside ignore Ctrl-C, which the runner handles, and do not import the calling script.

    Otherwise every new process would run that script again where no `if __name__ == "__main__"` guards it.
    """
    with _spawn_lock:
        script = sys.modules["__main__"]
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
