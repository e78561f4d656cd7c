"""VMAF of an encode against its source, by libvmaf in ffmpeg."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import ToolError
from domain.replay import VmafScore
from media import ffmpeg

MODEL = "version=vmaf_v0.6.1"  # Netflix's, for video that fills a TV's height; used at the rendition's size
WORST_FRAMES_SHARE = 0.05
SCORED_FRAME_INTERVAL = 5  # odd, so that it is out of step with pyramids of B-frames
LOG_NAME = "vmaf.json"


@dataclass(frozen=True, slots=True)
class VmafPair:
    """Two ffmpeg-python streams with the same frames, at one size."""

    encoded: Any
    reference: Any


def compute_vmaf(pair: VmafPair, duration_s: float, folder: Path) -> VmafScore:
    """The score of `duration_s` seconds. Writes into `folder`. Frames are paired by number, not by time."""
    import ffmpeg as graph

    encoded, reference = (side.filter("settb", "1/25").filter("setpts", "N") for side in (pair.encoded, pair.reference))
    comparison = graph.filter(
        [encoded, reference],
        "libvmaf",
        model=MODEL,
        n_subsample=SCORED_FRAME_INTERVAL,
        log_fmt="json",
        log_path=LOG_NAME,
    )
    timing = {"fps_mode": "passthrough", "enc_time_base": "1:25"}
    ffmpeg.run(
        ffmpeg.reproducible_output(comparison, "-", format="null", **timing), ffmpeg.FfmpegJob(None, duration_s), folder
    )
    return pool_scores(frame_scores(folder / LOG_NAME))


def frame_scores(log: Path) -> list[float]:
    """The scores in libvmaf's log, in order; ToolError where it has none."""
    frames = json.loads(log.read_text(encoding="utf-8"))["frames"]
    scores = [float(frame["metrics"]["vmaf"]) for frame in frames if "vmaf" in frame["metrics"]]
    if not scores:
        raise ToolError("libvmaf", "scored no frame", "run the command again; if it happens again, tell the authors")
    return scores


def pool_scores(scores: list[float]) -> VmafScore:
    """The mean, and the mean of the lowest 5 %, at least one frame."""
    lowest = sorted(scores)[: max(1, round(len(scores) * WORST_FRAMES_SHARE))]
    return VmafScore(round(sum(scores) / len(scores), 3), round(sum(lowest) / len(lowest), 3))
