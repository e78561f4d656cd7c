"""Peak memory: of a long show against a short one, and with speech recognition."""

import sys
import tempfile
from pathlib import Path

from bench.measure import Cost, cost_of
from fixtures.long_show import LongShow, write_long_show

SHORT, LONG = LongShow(hours=1.0), LongShow(hours=12.0)


def peak(show: Path, *options: str) -> Cost:
    """The cost of a run of `show` from nothing, its memory watched."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "kandian", "run", str(show), "--out", out, *options]
        return cost_of(command, watch_memory=True)


def rows(with_speech: Path) -> list[tuple[str, str, str]]:
    """Both comparisons. `with_speech`: a show without captions."""
    with tempfile.TemporaryDirectory() as folder:
        short = peak(write_long_show(Path(folder) / "short", SHORT), "--workers", "1").peak_memory_mb
        long = peak(write_long_show(Path(folder) / "long", LONG), "--workers", "1").peak_memory_mb
    whisper = peak(with_speech).peak_memory_mb
    return [
        (
            "peak memory, 12 hours against 1 hour, with captions",
            f"{long:.0f} / {short:.0f} MB = {long / short:.2f}",
            "1.5",
        ),
        (f"peak memory of {with_speech.name}, Whisper base, a worker a core", f"{whisper:.0f} MB", "1500"),
    ]
