"""Runs ffmpeg as a child process that ends with its parent, and within limits. No other module starts a program.

Graphs are built with ffmpeg-python; `Any` below is its untyped stream. Timestamps are kept (-copyts): a filter sees the
presentation times of the file, `MediaFileInfo.start_pts` plus file time. Output is bit for bit the same in every run on
one machine.
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
from domain.progress import Progress, no_progress
from domain.recording import MediaFileInfo
from media.demuxer import DECODER_OPTIONS, DEMUXER_OPTIONS
from media.limits import FFMPEG_MEMORY_MB, mib_to_bytes
from media.processes import die_with_parent, limit_resources

MIN_VERSION = 7  # the first whose filters stop the demuxer when they have seen enough
REQUIRED_ENCODERS = ("libx264", "libsvtav1", "aac")
MIN_SPEED = 0.02  # seconds of media a second; real work is 20 times faster even on a crowded machine
MIN_TIME_LIMIT_S = 120.0  # a cold disk and a crowded machine may take that long to start
QUERY_TIMEOUT_S = 30.0  # -version and -encoders answer in 0.1 s
CPU_TIME_SHARE = 0.5  # of the time limit; all encoders of a part take 3 s a second of 720p at most (measured)
STDERR_TAIL_LINES = 20  # the cause is among the last
PIPE_BYTES = 1 << 20  # the largest pipe that Linux allows: fewer context switches
TS_SEEK_MARGIN_S = 1.0  # MPEG-TS has no index: ffmpeg seeks near a decoding time, which is before the presentation time

GLOBAL_OPTIONS = (
    *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y", "-copyts"),
    *("-filter_threads", "1", "-filter_complex_threads", "1"),
)
BITEXACT_OPTIONS = {"fflags": "+bitexact", "flags": "+bitexact", "map_metadata": -1, "map_chapters": -1}
CRASH_SIGNALS = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL}
OUT_OF_MEMORY_EXIT_CODES = {256 - errno.ENOMEM, 256 - errno.EAGAIN}  # no memory for a frame, or for a thread
SIGNAL_EXIT_CODE = 255  # the only signal that it receives and catches is SIGXCPU
DECODE_ERROR_RATE_MESSAGE = "ecode error rate"  # comes at the end, after everything that could be decoded
INPUT_ERROR_MESSAGES = (
    "Invalid data found when processing input",
    "Error opening input",
    "matches no streams",
    DECODE_ERROR_RATE_MESSAGE,
    "Cannot determine format of input",
    "but no decoder found for",
)
"""Parts of ffmpeg's messages where the file, not the machine, is to blame."""


@dataclass(frozen=True, slots=True)
class FfmpegJob:
    """One run. `input_file` is named where input can't be read (None: files of our own); `duration` is in seconds.

    `exits_on_error`: the run ends at the first error of a decoder instead of going on without the damaged frames.
    """

    input_file: Path | None
    duration: float
    progress: Progress = no_progress
    exits_on_error: bool = False

    @property
    def time_limit_s(self) -> float:
        return MIN_TIME_LIMIT_S + self.duration / MIN_SPEED

    @property
    def cpu_time_limit_s(self) -> int:
        """The limit of processor time, lower than that of wall time: a slow disk only waits."""
        return max(1, round(self.time_limit_s * CPU_TIME_SHARE))


@cache
def binary() -> Path:
    """The ffmpeg program: imageio-ffmpeg's own, else the system's. ToolError where neither has what is required."""
    import imageio_ffmpeg

    try:
        program = Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolError(
            "ffmpeg", "was not found", "install imageio-ffmpeg, or ffmpeg with libx264 and libsvtav1"
        ) from error
    encoders = _query(program, "-encoders")
    missing = [name for name in REQUIRED_ENCODERS if f" {name} " not in encoders]
    major_version = _read_version(program).lstrip("n").split(".")[0]
    if missing or (major_version.isdigit() and int(major_version) < MIN_VERSION):
        what = f"is version {_read_version(program)}" + (f" without {' and '.join(missing)}" if missing else "")
        raise ToolError(program, what, f"use ffmpeg {MIN_VERSION} or newer with {' and '.join(REQUIRED_ENCODERS)}")
    return program


@cache
def version() -> str:
    """The version of `binary()`, in its own words; part of the keys of everything that ffmpeg makes."""
    return _read_version(binary())


def recording_input(file: Path, info: MediaFileInfo, start: float = 0.0) -> Any:
    """A recorded file as an input, read from a key frame at or before `start` (file time)."""
    import ffmpeg

    margin_s = TS_SEEK_MARGIN_S if info.container == "mpegts" else 0.0
    seek = {}
    if start > margin_s:
        seek = {"ss": format_seconds(info.start_pts + start - margin_s), "seek_timestamp": 1, "noaccurate_seek": None}
    name = f"file:{file.absolute()}"
    return ffmpeg.input(name, format=info.container, threads=1, **DEMUXER_OPTIONS, **DECODER_OPTIONS, **seek)


def reproducible_output(stream: Any, name: str, **options: Any) -> Any:
    """An output file with the same bytes in every run. `name`: a path, or relative to the folder of the run."""
    import ffmpeg

    return ffmpeg.output(stream, name, **BITEXACT_OPTIONS, **options)


def format_seconds(time_s: float) -> str:
    """A time for ffmpeg's options, which take no exponents."""
    return f"{time_s:.6f}"


def run(output: Any, job: FfmpegJob, folder: Path | None = None) -> None:
    """Run the graph to its end, in `folder`. ToolError, or MediaError where `job.input_file` can't be read."""
    strict = ("-xerror",) if job.exits_on_error else ()
    with _running_process(
        _command(output, "-progress", "pipe:1", "-stats_period", "0.5", *strict), job, folder
    ) as process:
        for line in _require_pipe(process.stdout):
            key, _, value = line.decode(errors="replace").strip().partition("=")
            if key == "out_time_us" and value.lstrip("-").isdigit() and job.duration > 0:
                job.progress(min(1.0, max(0.0, int(value) / 1e6 / job.duration)))
    job.progress(1.0)


def read_stdout(output: Any, job: FfmpegJob) -> Iterator[bytes]:
    """Run the graph, whose output is pipe:1, and yield what it writes. Errors as in `run`."""
    with _running_process(_command(output), job) as process:
        stdout = _require_pipe(process.stdout)
        while block := stdout.read(PIPE_BYTES):
            yield block


def feed_stdin(output: Any, blocks: Iterator[bytes], job: FfmpegJob, folder: Path | None = None) -> None:
    """Run the graph, whose input is pipe:0, on `blocks`, in `folder`. Errors as in `run`."""
    with (
        _running_process(_command(output), job, folder, stdin=subprocess.PIPE) as process,
        closing(_require_pipe(process.stdin)) as stdin,
    ):
        for block in blocks:
            stdin.write(block)


def _command(output: Any, *options: str) -> tuple[str, ...]:
    import ffmpeg

    return (str(binary()), *GLOBAL_OPTIONS, *options, *ffmpeg.get_args(output))


@contextmanager
def _running_process(
    command: Sequence[str], job: FfmpegJob, folder: Path | None = None, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A started child. Leaving waits for it and raises if it failed; leaving by an exception kills it first."""
    stderr_tail: deque[str] = deque(maxlen=STDERR_TAIL_LINES)
    process = _start_process(command, folder, stdin, job.cpu_time_limit_s)
    stderr_reader = Thread(target=_read_stderr, args=(_require_pipe(process.stderr), stderr_tail), daemon=True)
    watchdog = Timer(job.time_limit_s, process.kill)
    watchdog.daemon = True
    started = time.monotonic()
    stderr_reader.start()
    watchdog.start()
    try:
        with suppress(BrokenPipeError):  # it ended while it was fed: its stderr says why
            yield process
        process.wait()
    finally:
        process.kill()  # no effect on a process that has ended
        process.wait()
        watchdog.cancel()
        stderr_reader.join()
        _close_pipes(process)
    if process.returncode:
        raise _failure_error(process.returncode, command, stderr_tail, job, time.monotonic() - started)


def _start_process(command: Sequence[str], folder: Path | None, stdin: int, cpu_s: int) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=os.environ | {"SVT_LOG": "1"},  # else SVT-AV1 writes its settings to stderr
            pipesize=PIPE_BYTES,
            start_new_session=True,  # Ctrl-C is for us; we stop the child
            preexec_fn=lambda: _limit_child(cpu_s),
        )
    except OSError as error:
        raise ToolError(command[0], f"does not start ({error.strerror})", "install it anew") from error


def _limit_child(cpu_s: int) -> None:
    die_with_parent()
    limit_resources(mib_to_bytes(FFMPEG_MEMORY_MB), cpu_s)


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _require_pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ToolError("ffmpeg", "has no pipe", "tell the authors: a child was started without one")
    return pipe


def _read_stderr(stderr: IO[bytes], stderr_tail: deque[str]) -> None:
    stderr_tail.extend(line.decode(errors="replace").rstrip() for line in stderr)


def _failure_error(
    exit_code: int, command: Sequence[str], stderr_tail: Iterable[str], job: FfmpegJob, elapsed_s: float
) -> KandianError:
    stderr_text = "\n".join(stderr_tail)
    details = f"\n  {' '.join(command)}\n{stderr_text}"
    if "No space left on device" in stderr_text:
        return ToolError("ffmpeg", f"found the disk full{details}", "free some space and try again")
    if elapsed_s >= job.time_limit_s:
        return ToolError(
            "ffmpeg", f"was stopped after {job.time_limit_s:.0f} s{details}", "look for a hung disk; try again"
        )
    if job.input_file is not None and (input_problem := _input_problem(exit_code, stderr_text, job.cpu_time_limit_s)):
        return MediaError(
            job.input_file, f"{input_problem}{details}", "encode it anew with a tool that you trust, and use that"
        )
    if exit_code < 0:
        return ToolError(
            "ffmpeg", f"was killed by signal {-exit_code}{details}", "see whether memory ran out; try again"
        )
    if job.input_file is not None and any(fault in stderr_text for fault in INPUT_ERROR_MESSAGES):
        return MediaError(
            job.input_file, f"cannot be decoded: {stderr_text}", "play it in another player; record or copy it again"
        )
    return ToolError(
        "ffmpeg", f"failed with exit code {exit_code}{details}", "try again; if it fails again, tell the authors"
    )


def _input_problem(exit_code: int, stderr_text: str, cpu_time_limit_s: int) -> str:
    """Why a decoder ended, where the input is to blame; "" where the machine may be."""
    if exit_code == SIGNAL_EXIT_CODE or exit_code == -signal.SIGXCPU:
        return f"takes more than {cpu_time_limit_s} s of processor time to decode"
    if exit_code < 0 and -exit_code in CRASH_SIGNALS:
        return f"makes ffmpeg crash ({signal.Signals(-exit_code).name})"
    if exit_code in OUT_OF_MEMORY_EXIT_CODES or "Cannot allocate memory" in stderr_text:
        return f"takes more than {FFMPEG_MEMORY_MB} MB of memory to decode"
    return ""


@cache
def _read_version(program: Path) -> str:
    words = _query(program, "-version").split(maxsplit=3)
    return words[2] if len(words) > 2 else "unknown"


def _query(program: Path, option: str) -> str:
    command = [str(program), "-hide_banner", option] if option != "-version" else [str(program), option]
    try:
        result = _run_query(command)
        if result.returncode == -signal.SIGKILL:  # by a system short of memory, say: that is no fault of the program
            result = _run_query(command)
        result.check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError(program, f"does not run ({error})", "install imageio-ffmpeg anew") from error
    return result.stdout.decode(errors="replace")


def _run_query(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=QUERY_TIMEOUT_S, check=False)
