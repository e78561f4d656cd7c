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
    results = [_check_python(), _check_ffmpeg(), _check_weights(), _check_disk(out), _check_memory(), _check_ray()]
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
    cores = len(os.sched_getaffinity(0))
    text = f"{versions['python']}, kandian {versions['kandian']}, {cores} cores"
    return CheckResult("python", sys.version_info >= (3, 11), text)


def _check_ffmpeg() -> CheckResult:
    from media.ffmpeg import binary
    from pipeline.engine.tool_versions import tool_version

    return _run_check("ffmpeg", lambda: f"{tool_version('ffmpeg')} at {binary()}")


def _check_weights() -> CheckResult:
    from models.speech.whisper_files import whisper_folder
    from pipeline.stages.speech.transcribe import Transcribe

    return _run_check("speech weights", lambda: f"{Transcribe().model}, {whisper_folder(Transcribe().model)}")


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
    total_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return CheckResult("memory", total_gb >= MIN_MEMORY_GB, f"{total_gb:.0f} GB")


def _check_ray() -> CheckResult:
    from pipeline.engine.tool_versions import tool_version

    if find_spec("ray") is None:
        return CheckResult("ray", False, "not installed; for clusters: pip install 'kandian[ray]'", needed=False)
    return CheckResult("ray", True, tool_version("ray"), needed=False)
