"""Peak memory: of a long show against a short one, and with speech recognition."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import Cost, cost_of
from pipeline.ffmpeg import binary

SHORT_S, LONG_S = 600, 3 * 3600
LINE_EVERY_S = 10


def long_show(folder: Path, seconds: int) -> Path:
    """A session of tiny frames, with captions: a line every ten seconds."""
    folder.mkdir()
    source = ["-f", "lavfi", "-i", f"testsrc=s=64x48:r=5:d={seconds}", "-f", "lavfi", "-i", f"sine=d={seconds}:r=16000"]
    coding = [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-g",
        "20",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-b:a",
        "32k",
    ]
    command = [str(binary()), "-v", "error", "-nostdin", *source, *coding, str(folder / "recording.flv")]
    subprocess.run(command, check=True)
    products = [{"product_id": f"p{i}", "title": f"第{i}款纯棉毛巾", "link_no": i} for i in range(1, 31)]
    catalogue = {"language": "zh", "products": products}
    (folder / "catalog.json").write_text(json.dumps(catalogue, ensure_ascii=False), encoding="utf-8")
    times = range(0, seconds - LINE_EVERY_S, LINE_EVERY_S)
    sentences = [{"start": t, "end": t + 4.0, "text": f"这是{t // 300 % 30 + 1}号链接的毛巾"} for t in times]
    captions = {"language": "zh", "sentences": sentences}
    (folder / "captions.json").write_text(json.dumps(captions, ensure_ascii=False), encoding="utf-8")
    return folder


def peak(show: Path, *options: str) -> Cost:
    """What a fresh run of `show` takes, its memory watched."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "pipeline", "run", str(show), "--out", out, *options]
        return cost_of(command, watch_memory=True)


def report(with_speech: Path) -> str:
    """Both comparisons as text. `with_speech`: a show without captions."""
    with tempfile.TemporaryDirectory() as folder:
        short = peak(long_show(Path(folder) / "short", SHORT_S), "--workers", "1")
        long = peak(long_show(Path(folder) / "long", LONG_S), "--workers", "1")
    heard = peak(with_speech)
    return "\n".join(
        [
            f"peak memory, 10 minutes with captions: {short.peak_memory_mb:.0f} MB",
            f"peak memory,  3 hours with captions:   {long.peak_memory_mb:.0f} MB"
            f"   ratio {long.peak_memory_mb / short.peak_memory_mb:.2f}   (must not grow with length)",
            f"peak memory, {with_speech.name} with Whisper base, a worker a core: {heard.peak_memory_mb:.0f} MB"
            "   (must: at most 1500)",
        ]
    )
