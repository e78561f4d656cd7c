"""The only module that starts a program: ffmpeg, as a child that can't outlive, outrun or fool its parent.

Graphs are built with ffmpeg-python; `Any` below is its untyped stream. Times go through ffmpeg untouched (-copyts): a
filter sees the presentation times that are in the file, `FileInfo.origin` plus file time. What is written is bit for
bit the same in every run on one machine.
"""

import errno
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread, Timer
from typing import IO, Any

from domain.errors import KandianError, MediaError, ToolError
from domain.recording import FileInfo
from media.demuxer import DECODING, OPENING
from media.limits import PROGRAM_MEMORY_MB, mib
from media.processes import bound, die_with_parent
from pipeline.engine.stage import Progress, no_progress

OLDEST_VERSION = 7  # the first whose filters stop the demuxer when they have seen enough
NEEDED_ENCODERS = ("libx264", "libsvtav1", "aac")
SLOWEST_SPEED = 0.02  # seconds of media a second; real work is 20 times faster even on a crowded machine
SHORTEST_LIMIT_S = 120.0  # a cold disk and a crowded machine may take that long to start at all
QUESTION_LIMIT_S = 30.0  # -version and -encoders answer in 0.1 s
CPU_SHARE = 0.5  # of the time limit; all encoders of a part take 3 s a second of 720p at most (measured)
TAIL_LINES = 20  # of stderr: the cause is among the last
PIPE_BYTES = 1 << 20  # the largest pipe Linux gives: fewer switches between the two processes
TS_SEEK_MARGIN_S = 1.0  # MPEG-TS has no index: ffmpeg lands near the decoding time, which a key frame's leads

GLOBAL = (
    *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y", "-copyts"),
    *("-filter_threads", "1", "-filter_complex_threads", "1"),
)
REPRODUCIBLE = {"fflags": "+bitexact", "flags": "+bitexact", "map_metadata": -1, "map_chapters": -1}
CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL}
OUT_OF_MEMORY = {256 - errno.ENOMEM, 256 - errno.EAGAIN}  # exit codes: no room for a picture, or for a thread
STOPPED_BY_SIGNAL = 255  # ffmpeg's exit code; the only signal that it gets and catches is SIGXCPU
TOO_MANY_ERRORS = "ecode error rate"  # said at the end, after all that could be decoded was given
INPUT_FAULTS = (
    "Invalid data found when processing input",
    "Error opening input",
    "matches no streams",
    TOO_MANY_ERRORS,
    "Cannot determine format of input",
    "but no decoder found for",
)
"""What ffmpeg says when the file, not the machine, is to blame."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works on: `media` is to blame for unreadable input (None: files of our own), `duration` is seconds.

    `is_strict`: it ends at the first error of a decoder instead of going on with what can be seen.
    """

    media: Path | None
    duration: float
    progress: Progress = no_progress
    is_strict: bool = False

    @property
    def limit_s(self) -> float:
        return SHORTEST_LIMIT_S + self.duration / SLOWEST_SPEED

    @property
    def cpu_limit_s(self) -> int:
        """Of processor time: what works so long is no work to wait for, what only waits so long may be a slow disk."""
        return max(1, round(self.limit_s * CPU_SHARE))


@cache
def binary() -> Path:
    """The ffmpeg that is used: imageio-ffmpeg's own, else the system's. ToolError when neither will do."""
    import imageio_ffmpeg

    try:
        found = Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolError(
            "ffmpeg", "was not found", "install imageio-ffmpeg, or ffmpeg with libx264 and libsvtav1"
        ) from error
    encoders = _ask(found, "-encoders")
    missing = [name for name in NEEDED_ENCODERS if f" {name} " not in encoders]
    number = _version_of(found).lstrip("n").split(".")[0]
    if missing or (number.isdigit() and int(number) < OLDEST_VERSION):
        what = f"is version {_version_of(found)}" + (f" without {' and '.join(missing)}" if missing else "")
        raise ToolError(found, what, f"use ffmpeg {OLDEST_VERSION} or newer with {' and '.join(NEEDED_ENCODERS)}")
    return found


@cache
def version() -> str:
    """The version of `binary()`, as it calls itself; part of the keys of everything that ffmpeg makes."""
    return _version_of(binary())


def source(file: Path, info: FileInfo, start: float = 0.0) -> Any:
    """A recorded file as an input, read from a key frame at or before `start` (file time) on, never from later."""
    import ffmpeg

    margin_s = TS_SEEK_MARGIN_S if info.container == "mpegts" else 0.0
    seek = {}
    if start > margin_s:
        seek = {"ss": seconds(info.origin + start - margin_s), "seek_timestamp": 1, "noaccurate_seek": None}
    name = f"file:{file.absolute()}"
    return ffmpeg.input(name, format=info.container, threads=1, **OPENING, **DECODING, **seek)


def target(stream: Any, name: str, **options: Any) -> Any:
    """An output file, the same bytes in every run. `name` is a path or relative to the folder of the run."""
    import ffmpeg

    return ffmpeg.output(stream, name, **REPRODUCIBLE, **options)


def seconds(time_s: float) -> str:
    """A time as ffmpeg's options take it: never in exponents."""
    return f"{time_s:.6f}"


def run(output: Any, job: Job, folder: Path | None = None) -> None:
    """Run the graph to its end, in `folder`. ToolError, or MediaError where `job.media` can't be read."""
    strict = ("-xerror",) if job.is_strict else ()
    with _running(_command(output, "-progress", "pipe:1", "-stats_period", "0.5", *strict), job, folder) as process:
        for line in _stream(process.stdout):
            key, _, value = line.decode(errors="replace").strip().partition("=")
            if key == "out_time_us" and value.lstrip("-").isdigit() and job.duration > 0:
                job.progress(min(1.0, max(0.0, int(value) / 1e6 / job.duration)))
    job.progress(1.0)


def read(output: Any, job: Job) -> Iterator[bytes]:
    """Run the graph, whose output is pipe:1, and give what it writes as it comes. Errors as in `run`."""
    with _running(_command(output), job) as process:
        stdout = _stream(process.stdout)
        while block := stdout.read(PIPE_BYTES):
            yield block


def feed(output: Any, blocks: Iterator[bytes], job: Job, folder: Path | None = None) -> None:
    """Run the graph, whose input is pipe:0, on `blocks`, in `folder`. Errors as in `run`."""
    with (
        _running(_command(output), job, folder, stdin=subprocess.PIPE) as process,
        closing(_stream(process.stdin)) as stdin,
    ):
        for block in blocks:
            stdin.write(block)


def _command(output: Any, *options: str) -> tuple[str, ...]:
    import ffmpeg

    return (str(binary()), *GLOBAL, *options, *ffmpeg.get_args(output))


@contextmanager
def _running(
    command: Sequence[str], job: Job, folder: Path | None = None, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A started child. Leaving waits for it and judges its end; leaving by any exception kills it first."""
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    process = _start(command, folder, stdin, job.cpu_limit_s)
    listener = Thread(target=_listen, args=(_stream(process.stderr), tail), daemon=True)
    watchdog = Timer(job.limit_s, process.kill)
    watchdog.daemon = True
    started = time.monotonic()
    listener.start()
    watchdog.start()
    try:
        with suppress(BrokenPipeError):  # it died while it was fed: its own words say why
            yield process
        process.wait()
    finally:
        process.kill()  # does nothing to one that has ended
        process.wait()
        watchdog.cancel()
        listener.join()
        _close(process)
    if process.returncode:
        raise _failure(process.returncode, command, tail, job, time.monotonic() - started)


def _start(command: Sequence[str], folder: Path | None, stdin: int, cpu_s: int) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=os.environ | {"SVT_LOG": "1"},  # else SVT-AV1 tells its settings where errors are told
            pipesize=PIPE_BYTES,
            start_new_session=True,  # Ctrl-C is for us; we stop the child
            preexec_fn=lambda: _begin(cpu_s),
        )
    except OSError as error:
        raise ToolError(command[0], f"does not start ({error.strerror})", "install it anew") from error


def _begin(cpu_s: int) -> None:
    die_with_parent()
    bound(mib(PROGRAM_MEMORY_MB), cpu_s)


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _stream(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ToolError("ffmpeg", "has no pipe", "tell the authors: a child was started without one")
    return pipe


def _listen(stderr: IO[bytes], tail: deque[str]) -> None:
    tail.extend(line.decode(errors="replace").rstrip() for line in stderr)


def _failure(code: int, command: Sequence[str], tail: Iterable[str], job: Job, took_s: float) -> KandianError:
    said = "\n".join(tail)
    told = f"\n  {' '.join(command)}\n{said}"
    if "No space left on device" in said:
        return ToolError("ffmpeg", f"found the disk full{told}", "free some space and try again")
    if took_s >= job.limit_s:
        return ToolError("ffmpeg", f"was stopped after {job.limit_s:.0f} s{told}", "look for a hung disk; try again")
    if job.media is not None and (verdict := _verdict(code, said, job.cpu_limit_s)):
        return MediaError(job.media, f"{verdict}{told}", "encode it anew with a tool that you trust, and use that")
    if code < 0:
        return ToolError("ffmpeg", f"was killed by signal {-code}{told}", "see whether memory ran out; try again")
    if job.media is not None and any(fault in said for fault in INPUT_FAULTS):
        return MediaError(job.media, f"cannot be decoded: {said}", "play it in another player; record or copy it again")
    return ToolError("ffmpeg", f"failed with exit code {code}{told}", "try again; if it fails again, tell the authors")


def _verdict(code: int, said: str, cpu_limit_s: int) -> str:
    """What a decoder's end says of what it decoded; "" where the machine may be to blame."""
    if code == STOPPED_BY_SIGNAL or code == -signal.SIGXCPU:
        return f"takes more than {cpu_limit_s} s of processor time to decode"
    if code < 0 and -code in CRASHES:
        return f"makes ffmpeg crash ({signal.Signals(-code).name})"
    if code in OUT_OF_MEMORY or "Cannot allocate memory" in said:
        return f"takes more than {PROGRAM_MEMORY_MB} MB of memory to decode"
    return ""


@cache
def _version_of(program: Path) -> str:
    words = _ask(program, "-version").split(maxsplit=3)
    return words[2] if len(words) > 2 else "unknown"


def _ask(program: Path, question: str) -> str:
    command = [str(program), "-hide_banner", question] if question != "-version" else [str(program), question]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=QUESTION_LIMIT_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError(program, f"does not run ({error})", "install imageio-ffmpeg anew") from error
    return answer.stdout.decode(errors="replace")
