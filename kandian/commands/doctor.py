"""`kandian doctor`."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from domain.errors import KandianError
from kandian.cli.exit_codes import DONE, TRY_AGAIN
from pipeline.engine.serialization import adapter_of
from pipeline.engine.tool_versions import machine, version_of

LEAST_FREE_GB = 5.0  # a three-hour show takes about 2 GB at 720p while it is made
LEAST_MEMORY_GB = 2.0  # a run with Whisper base peaks below 1.5 GB


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `needed` checks fail the command; the others only tell."""

    name: str
    is_well: bool
    text: str
    needed: bool = True


def doctor_command(out: Path, as_json: bool) -> int:
    """Check, print, and return 0 when everything needed is here."""
    findings = [_python(), _ffmpeg(), _weights(), _disk(out), _memory(), _ray()]
    if as_json:
        sys.stdout.write(adapter_of(list[Finding]).dump_json(findings, indent=1).decode() + "\n")
    else:
        for finding in findings:
            print(f"{_mark(finding)} {finding.name}: {finding.text}")
    return DONE if all(finding.is_well or not finding.needed for finding in findings) else TRY_AGAIN


def _mark(finding: Finding) -> str:
    return "ok  " if finding.is_well else ("FAIL" if finding.needed else "note")


def _python() -> Finding:
    versions = machine()
    cores = len(os.sched_getaffinity(0))
    text = f"{versions['python']}, kandian {versions['kandian']}, {cores} cores"
    return Finding("python", sys.version_info >= (3, 11), text)


def _ffmpeg() -> Finding:
    from media.ffmpeg import binary

    return _try("ffmpeg", lambda: f"{version_of('ffmpeg')} at {binary()}")


def _weights() -> Finding:
    from models.speech.whisper_files import folder_of
    from pipeline.stages.speech.transcribe import Transcribe

    return _try("speech weights", lambda: f"{Transcribe().model}, {folder_of(Transcribe().model)}")


def _try(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except KandianError as error:
        return Finding(name, False, str(error))


def _disk(out: Path) -> Finding:
    place = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free / 1e9
    is_writable = os.access(place, os.W_OK)
    text = f"{free:.0f} GB free at {place}" + ("" if is_writable else ", which cannot be written: choose another --out")
    return Finding("disk", is_writable and free >= LEAST_FREE_GB, text)


def _memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return Finding("memory", total >= LEAST_MEMORY_GB, f"{total:.0f} GB")


def _ray() -> Finding:
    if find_spec("ray") is None:
        return Finding("ray", False, "not installed; for clusters: pip install 'kandian[ray]'", needed=False)
    return Finding("ray", True, version_of("ray"), needed=False)
