"""VMAF of an encoding against what was encoded, by libvmaf in ffmpeg."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import ToolError
from domain.replay import Vmaf
from media import ffmpeg

MODEL = "version=vmaf_v0.6.1"  # Netflix's, of pictures as high as the screen; at the size of the rendition
LOW_SHARE = 0.05  # of the frames
SCORED_EVERY = 5  # frames; odd, so that encoders' pyramids of B-frames don't hide the same frames each time
LOG = "vmaf.json"


@dataclass(frozen=True, slots=True)
class Pair:
    """What is compared: frames of both in step, at one size. ffmpeg-python's streams."""

    made: Any
    wanted: Any


def vmaf(pair: Pair, length_s: float, folder: Path) -> Vmaf:
    """The score of `length_s` seconds. Writes into `folder`. Two frames are one pair, whatever their times are."""
    import ffmpeg as graph

    made, wanted = (side.filter("settb", "1/25").filter("setpts", "N") for side in (pair.made, pair.wanted))
    compared = graph.filter(
        [made, wanted], "libvmaf", model=MODEL, n_subsample=SCORED_EVERY, log_fmt="json", log_path=LOG
    )
    timing = {"fps_mode": "passthrough", "enc_time_base": "1:25"}
    ffmpeg.run(ffmpeg.target(compared, "-", format="null", **timing), ffmpeg.Job(None, length_s), folder)
    return pooled(frame_scores(folder / LOG))


def frame_scores(log: Path) -> list[float]:
    """The scores in libvmaf's log, in order, of the frames that were scored."""
    frames = json.loads(log.read_text(encoding="utf-8"))["frames"]
    scores = [float(frame["metrics"]["vmaf"]) for frame in frames if "vmaf" in frame["metrics"]]
    if not scores:
        raise ToolError("libvmaf", "scored no frame", "run the command again; if it happens again, tell the authors")
    return scores


def pooled(scores: list[float]) -> Vmaf:
    """The mean, and the mean of the lowest 5 %, of one frame at least."""
    lowest = sorted(scores)[: max(1, round(len(scores) * LOW_SHARE))]
    return Vmaf(round(sum(scores) / len(scores), 3), round(sum(lowest) / len(lowest), 3))
