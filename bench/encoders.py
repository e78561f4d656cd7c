"""`python -m bench.encoders [FILE...]`: kandian's encoders against x264 veryfast: BD-rate by VMAF, and processor time.

On the scenes of bench.scenes, rendered without loss, or on given files. The processor time is that of encoding alone:
frames lie decoded on the disk.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.measure import cost_of
from bench.scenes import SCENES, render
from domain.encoding import Rendition
from pipeline.ffmpeg import binary
from pipeline.stages.choose_encoding import ChooseEncoding
from pipeline.video_encoders import coding

CRFS = {"h264": (21, 26, 31, 36), "av1": (28, 36, 44, 54)}
SCENE_S = 6.0
STEPS = 200  # of VMAF over which rates are compared


@dataclass(frozen=True, slots=True)
class Point:
    """What one encoding costs and gives: kilobits a second, mean VMAF, processor seconds."""

    rate_kbps: float
    vmaf: float
    cpu_s: float


def bd_rate(points: Sequence[Point], anchor: Sequence[Point]) -> float:
    """Bjontegaard's mean difference in rate at equal VMAF, as a share: -0.2 saves a fifth."""
    low = max(min(point.vmaf for point in side) for side in (points, anchor))
    high = min(max(point.vmaf for point in side) for side in (points, anchor))
    at = np.linspace(low, high, STEPS)
    return float(np.exp((_log_rate(points, at) - _log_rate(anchor, at)).mean()) - 1)


def _log_rate(points: Sequence[Point], at: NDArray[np.float64]) -> NDArray[np.float64]:
    rising = sorted(points, key=lambda point: point.vmaf)
    logs = np.log([point.rate_kbps for point in rising])
    return np.asarray(np.interp(at, [point.vmaf for point in rising], logs), dtype=np.float64)


def encodings() -> dict[str, Rendition]:
    """What is compared, by name; the anchor first. Sizes don't count: frames are encoded as they come."""
    chosen = ChooseEncoding()
    return {
        "x264 veryfast": Rendition("h264", 720, 1280, "veryfast", "", 0),
        "H.264 profile": Rendition("h264", 720, 1280, chosen.h264_preset, chosen.h264_params, 0),
        "AV1 profile": Rendition("av1", 720, 1280, str(chosen.av1_preset), chosen.av1_params, 0),
    }


def measure(clip: Path, rendition: Rendition, folder: Path) -> list[Point]:
    """One point for each CRF of the rendition's codec."""
    return [_point(clip, rendition, crf, folder) for crf in CRFS[rendition.codec]]


def _point(clip: Path, rendition: Rendition, crf: int, folder: Path) -> Point:
    made, log = folder / "made.mp4", folder / "vmaf.json"
    begin = [str(binary()), "-v", "error", "-nostdin", "-y", "-threads", "1"]
    options = [word for name, value in _options(rendition, crf).items() for word in (f"-{name}", str(value))]
    cost = cost_of([*begin, "-i", str(clip), "-an", *options, str(made)])
    in_step = "settb=1/25,setpts=N"
    graph = f"[0:v]{in_step}[a];[1:v]{in_step}[b];[a][b]libvmaf=log_fmt=json:log_path={log}"
    judge = [*begin, "-i", str(made), "-i", str(clip), "-filter_complex", graph, "-f", "null", "-"]
    subprocess.run(judge, check=True)
    frames = json.loads(log.read_text())["frames"]
    vmaf = float(np.mean([frame["metrics"]["vmaf"] for frame in frames]))
    length_s = len(frames) / 25
    return Point(made.stat().st_size * 8 / 1000 / length_s, vmaf, cost.cpu_s)


def _options(rendition: Rendition, crf: int) -> dict[str, Any]:
    options = {("c:v" if name == "vcodec" else name): value for name, value in coding(rendition).items()}
    return options | {"crf": crf, "g": 50}


def clips(given: Sequence[Path], folder: Path) -> Iterator[tuple[str, Path]]:
    """Names and decoded frames, one clip after the other; each is gone when the next comes."""
    raw = folder / "clip.y4m"
    for file in given:
        decode = [str(binary()), "-v", "error", "-nostdin", "-y", "-i", str(file), "-an", "-t", str(SCENE_S)]
        subprocess.run([*decode, "-pix_fmt", "yuv420p", str(raw)], check=True)
        yield file.stem, raw
    if not given:
        for scene in SCENES:
            render(scene.pictures(SCENE_S), raw, SCENE_S)
            yield scene.name, raw


def main(given: Sequence[Path]) -> None:
    print(f"{'clip':16}{'encoding':16}{'BD-rate':>9}{'CPU':>7}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for clip, frames in clips(given, folder):
            found = {kind: measure(frames, rendition, folder) for kind, rendition in encodings().items()}
            anchor = found["x264 veryfast"]
            for kind, points in list(found.items())[1:]:
                cpu = sum(point.cpu_s for point in points) / sum(point.cpu_s for point in anchor)
                print(f"{clip:16}{kind:16}{bd_rate(points, anchor):9.1%}{cpu:7.2f}", flush=True)


if __name__ == "__main__":
    main([Path(place) for place in sys.argv[1:]])
