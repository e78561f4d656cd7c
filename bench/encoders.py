"""`python -m bench encoders`: kandian's encoders against x264 veryfast: BD-rate by VMAF, and processor time.

The anchor is ffmpeg's output of `-preset veryfast -crf N`, with the same key frames and one thread. The processor time
is that of encoding alone, at equal VMAF. Contenders take turns, so that a busy machine is busy for all of them.

The score card's limits: H.264 at most -8 % at 1.20 times the processor time, AV1 at most -20 % at 1.00.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from bench.bjontegaard import Point, bd_rate, cpu_ratio
from bench.clips import Clip, clips
from bench.measure import cost_of
from bench.scorecard import markdown_table
from domain.replay import Rendition, VideoCodec
from media.encode.encoders import encoder_options, key_frame_options
from media.ffmpeg import binary
from pipeline.stages.media.choose_renditions import ChooseRenditions

RUNS = 3  # of every encoding; the median counts
FRAME_STEP = 5  # every fifth frame is judged; odd, because encoders give every 2nd, 4th and 8th frame more bits
MODELS = r"version=vmaf_v0.6.1\:name=vmaf|version=vmaf_v0.6.1neg\:name=neg"


@dataclass(frozen=True, slots=True)
class Contender:
    """An encoder, the CRFs at which it is measured, and ffmpeg's options for each."""

    name: str
    crfs: tuple[int, ...]
    options: Callable[[int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Measured:
    """The points of all contenders on one clip, the anchor's first."""

    clip: str
    points: dict[str, list[Point]]


def contenders() -> list[Contender]:
    """The anchor, and both profiles as they are set. Sizes don't count: frames are encoded as they come."""
    chosen = ChooseRenditions()
    h264 = partial(_profile, "h264", chosen.h264_preset, chosen.h264_params)
    av1 = partial(_profile, "av1", str(chosen.av1_preset), chosen.av1_params)
    return [
        Contender("x264 veryfast", (21, 26, 31, 36), _anchor),
        Contender("H.264 profile", (21, 26, 31, 36), h264),
        Contender("AV1 profile", (28, 37, 46, 55), av1),
    ]


def _anchor(crf: int) -> dict[str, Any]:
    return {"vcodec": "libx264", "preset": "veryfast", "threads": 1, "crf": crf}


def _profile(codec: VideoCodec, preset: str, params: str, crf: int) -> dict[str, Any]:
    return encoder_options(Rendition(codec, 720, 1280, preset, params, crf))


def measure(clip: Clip, folder: Path) -> Measured:
    """Every contender at each of its CRFs, in turns."""
    raw = folder / "clip.y4m"
    clip.write(raw)
    tried = [(each, crf) for step in range(4) for each in contenders() for crf in each.crfs[step : step + 1]]
    seconds = [
        [_encode(raw, _encoded_file(folder, each, crf), each.options(crf)) for each, crf in tried] for _ in range(RUNS)
    ]
    points: dict[str, list[Point]] = {each.name: [] for each in contenders()}
    for (each, crf), cpu_s in zip(tried, zip(*seconds, strict=True), strict=True):
        points[each.name].append(_point(raw, _encoded_file(folder, each, crf), median(cpu_s)))
    return Measured(clip.name, points)


def _encoded_file(folder: Path, each: Contender, crf: int) -> Path:
    return folder / f"{each.name.replace(' ', '-')}-{crf}.mp4"


def _encode(raw: Path, encoded: Path, options: dict[str, Any]) -> float:
    """Processor seconds."""
    timing = key_frame_options(0.0, ChooseRenditions().keyframe_interval_s)
    short = {"vcodec": "c:v", "format": "f"}
    words = [word for name, value in (options | timing).items() for word in (f"-{short.get(name, name)}", str(value))]
    return cost_of([*_ffmpeg(), "-i", str(raw), "-an", *words, str(encoded)], {"SVT_LOG": "1"}).cpu_s


def _ffmpeg() -> list[str]:
    return [str(binary()), "-v", "error", "-nostdin", "-y", "-threads", "1"]


def _point(raw: Path, encoded: Path, cpu_s: float) -> Point:
    import av

    with av.open(str(encoded)) as file:
        sizes = [packet.size for packet in file.demux(video=0) if packet.size]
    log = encoded.with_suffix(".json")
    in_step = "settb=1/25,setpts=N"
    judge = f"libvmaf=log_fmt=json:log_path={log}:n_threads=2:n_subsample={FRAME_STEP}:model='{MODELS}'"
    graph = f"[0:v]{in_step}[a];[1:v]{in_step}[b];[a][b]{judge}"
    subprocess.run([*_ffmpeg(), "-i", str(encoded), "-i", str(raw), "-lavfi", graph, "-f", "null", "-"], check=True)
    frames = [frame["metrics"] for frame in json.loads(log.read_text())["frames"]]
    vmaf = np.array([frame["vmaf"] for frame in frames])
    neg = fmean(frame["neg"] for frame in frames)
    return Point(
        sum(sizes) / len(sizes) * 25 * 8 / 1000, float(vmaf.mean()), neg, float(np.quantile(vmaf, 0.05)), cpu_s
    )


def table(measured: Sequence[Measured]) -> str:
    """A row for each clip, four columns for each contender, then their means."""
    anchor, *contenders = measured[0].points
    rows = [[_compared(clip.points[name], clip.points[anchor]) for name in contenders] for clip in measured]
    rows.append([list(map(fmean, zip(*column, strict=True))) for column in zip(*rows, strict=True)])
    names = [*(clip.clip for clip in measured), "**mean**"]
    header = ["clip", *(title for name in contenders for title in (name.split()[0], "NEG", "low 5 %", "time"))]
    cells = [[name, *(cell for each in row for cell in _cells(each))] for name, row in zip(names, rows, strict=True)]
    return markdown_table(header, cells)


def _cells(comparison: Sequence[float]) -> list[str]:
    return [*(f"{100 * share:.0f} %" for share in comparison[:3]), f"{comparison[3]:.2f}"]


def _compared(points: Sequence[Point], anchor: Sequence[Point]) -> list[float]:
    """BD-rate by VMAF, by its NEG model and by the worst frames, and the ratio of processor time."""
    neg, low = (bd_rate(points, anchor, quality) for quality in (lambda p: p.neg, lambda p: p.low))
    return [bd_rate(points, anchor), neg, low, cpu_ratio(points, anchor)]


def report() -> str:
    """Measure on all clips, and say how the profiles compare."""
    with tempfile.TemporaryDirectory() as folder:
        return table([measure(clip, Path(folder)) for clip in clips()])
