"""Peak memory: of a long show against a short one, and with speech recognition."""

import sys
import tempfile
from pathlib import Path

from bench.measure import Cost, cost_of
from fixtures.long_show import LongShow, write_long_show

SHORT, LONG = LongShow(hours=1.0), LongShow(hours=12.0)


def peak(show: Path, *options: str) -> Cost:
    """What a fresh run of `show` takes, its memory watched."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "kandian", "run", str(show), "--out", out, *options]
        return cost_of(command, watch_memory=True)


def report(with_speech: Path) -> str:
    """Both comparisons as text. `with_speech`: a show without captions."""
    with tempfile.TemporaryDirectory() as folder:
        short = peak(write_long_show(Path(folder) / "short", SHORT), "--workers", "1")
        long = peak(write_long_show(Path(folder) / "long", LONG), "--workers", "1")
    heard = peak(with_speech)
    return "\n".join(
        [
            f"peak memory,  1 hour with captions:   {short.peak_memory_mb:.0f} MB",
            f"peak memory, 12 hours with captions:  {long.peak_memory_mb:.0f} MB"
            f"   ratio {long.peak_memory_mb / short.peak_memory_mb:.2f}   (must: at most 1.5; texts and features grow)",
            f"peak memory, {with_speech.name} with Whisper base, a worker a core: {heard.peak_memory_mb:.0f} MB"
            "   (must: at most 1500)",
        ]
    )
