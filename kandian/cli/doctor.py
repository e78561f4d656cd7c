"""`kandian doctor`: check the machine."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from domain.errors import KandianError
from kandian.cli.app import app, with_exit_code
from kandian.cli.exit_codes import DONE, TRY_AGAIN
from kandian.cli.options import AsJson, OutDir, print_json

MIN_FREE_GB = 5.0  # a three-hour show takes about 2 GB at 720p while it runs
MIN_MEMORY_GB = 2.0  # a run with Whisper base peaks below 1.5 GB
ASR_WORKER_GB = 1.0  # a worker that transcribes with Whisper base (measured)
BASE_CORE_MINUTES = 6.0  # of one core an hour of show, Whisper base at beam 1 (measured: docs/operations.md)
MANY_WORKERS = 8  # from here on base takes less than a minute an hour: there is time for a larger model


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check. The command fails where a `needed` one is not well; others are notes."""

    name: str
    is_well: bool
    text: str
    needed: bool = True


@app.command()
@with_exit_code
def doctor(out: OutDir = Path("out"), as_json: AsJson = False) -> int:
    """Check that everything kandian needs is here, and say what to do where it is not."""
    results = [
        *(_check_python(), _check_ffmpeg(), _check_weights(), _check_speech_recognition()),
        *(_check_disk(out), _check_memory(), _check_ray()),
    ]
    if as_json:
        print_json(results)
    else:
        for result in results:
            print(f"{_status_label(result)} {result.name}: {result.text}")
    return DONE if all(result.is_well or not result.needed for result in results) else TRY_AGAIN


def _status_label(result: CheckResult) -> str:
    return "ok  " if result.is_well else ("FAIL" if result.needed else "note")


def _check_python() -> CheckResult:
    from pipeline.engine.tool_versions import runtime_versions

    versions = runtime_versions()
    text = f"{versions['python']}, kandian {versions['kandian']}, {_core_count()} cores"
    return CheckResult("python", sys.version_info >= (3, 11), text)


def _check_ffmpeg() -> CheckResult:
    from media.ffmpeg import binary
    from pipeline.engine.tool_versions import tool_version

    return _run_check("ffmpeg", lambda: f"{tool_version('ffmpeg')} at {binary()}")


def _check_weights() -> CheckResult:
    from models.speech.whisper_files import whisper_folder
    from pipeline.stages.speech.transcribe import Transcribe

    return _run_check("speech weights", lambda: f"{Transcribe().model}, {whisper_folder(Transcribe().model)}")


def _check_speech_recognition() -> CheckResult:
    from models.speech.device import compute_types, cuda_device_count

    cards = cuda_device_count()
    types = ", ".join(compute_types("cuda" if cards else "cpu"))
    advice = speech_advice(_core_count(), _memory_gb(), cards)
    return CheckResult("speech recognition", True, f"{advice}; compute_type may be {types}", needed=False)


def speech_advice(cores: int, memory_gb: float, cards: int) -> str:
    """What a machine with so many `cores`, so much memory and so many CUDA `cards` can carry, and what to set."""
    workers = max(1, min(cores, int(memory_gb / ASR_WORKER_GB)))
    minutes = BASE_CORE_MINUTES / workers
    found = f"{cores} cores, {memory_gb:.0f} GB, {cards or 'no'} CUDA device{'' if cards == 1 else 's'}"
    if cards:
        advice = (
            'set device = "cuda" and compute_type = "float16" in [transcribe] and [rescore], and try a larger model'
        )
    elif workers >= MANY_WORKERS:
        advice = "a larger model is worth a try"
    else:
        advice = 'keep model = "base" and beam_size = 1'
    return f"{found}: base takes some {minutes:.1f} minutes an hour of show with {workers} workers; {advice}"


def _run_check(name: str, check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(name, True, check())
    except KandianError as error:
        return CheckResult(name, False, str(error))


def _check_disk(out: Path) -> CheckResult:
    existing_dir = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    free_gb = shutil.disk_usage(existing_dir).free / 1e9
    is_writable = os.access(existing_dir, os.W_OK)
    text = f"{free_gb:.0f} GB free at {existing_dir}" + (
        "" if is_writable else ", which cannot be written: choose another --out"
    )
    return CheckResult("disk", is_writable and free_gb >= MIN_FREE_GB, text)


def _check_memory() -> CheckResult:
    return CheckResult("memory", _memory_gb() >= MIN_MEMORY_GB, f"{_memory_gb():.0f} GB")


def _check_ray() -> CheckResult:
    from pipeline.engine.tool_versions import tool_version

    if find_spec("ray") is None:
        return CheckResult("ray", False, "not installed; for clusters: pip install 'kandian[ray]'", needed=False)
    return CheckResult("ray", True, tool_version("ray"), needed=False)


def _core_count() -> int:
    return len(os.sched_getaffinity(0))


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
