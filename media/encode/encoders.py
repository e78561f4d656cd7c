"""ffmpeg's options for the encoders of the replay's picture, and the graph of one picture for many renditions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.replay import Rendition
from media import ffmpeg
from media.encode.filters import at_size
from media.keyframes import Size
from media.package.concat_video import TICKS

ENDLESS_GOP = 1_000_000  # frames: key frames come by time
H264_LEVELS = ((1620, "3.1"), (8192, "4.0"))  # macroblocks of a picture, and what 60 of them a second need
LAST_CRF = {"h264": 51, "av1": 63}  # of the encoders: the smallest files they make
AV1_RATE_HZ = 60  # what SVT-AV1 is told: it refuses what ffmpeg may guess, 1000, and no byte depends on it
AV1_LEVEL = 40  # 720p at 60 frames a second; the same for every part, so that they join


def outputs(picture: Any, size: Size, files: Mapping[Rendition, Path], timing: dict[str, Any]) -> Any:
    """One run that encodes `picture`, which has this size, to a file for each rendition. `timing`: `key_frames`."""
    import ffmpeg as graph

    copies = picture.filter_multi_output("split", len(files))
    made = []
    for number, (rendition, file) in enumerate(files.items()):
        fitted = at_size(copies.stream(number), size, rendition)
        made.append(ffmpeg.target(fitted, str(file), **coding(rendition), **timing))
    return graph.merge_outputs(*made)


def seen(picture: Any) -> Any:
    """One run that looks at `picture` and keeps nothing of it."""
    import ffmpeg as graph

    return graph.output(picture, "-", format="null")


def key_frames(replay_start: float, every_s: float) -> dict[str, Any]:
    """Options for untouched frame times, and key frames on the grid of the replay: alike in every rendition."""
    slot, last = (f"floor((({t})+{replay_start:.6f}+0.001)/{every_s})" for t in ("t", "prev_forced_t"))
    return {
        "format": "mp4",
        "fps_mode": "passthrough",
        "enc_time_base": f"1:{TICKS}",  # else times are rounded to the nominal frame rate
        "video_track_timescale": TICKS,
        "force_key_frames": f"expr:if(isnan(prev_forced_t),1,gt({slot},{last}))",
        "g": ENDLESS_GOP,
    }


def coding(rendition: Rendition) -> dict[str, Any]:
    """Options of the rendition's encoder. One thread: more make the bytes depend on their number, and parts abound."""
    options = {"preset": rendition.preset, "crf": rendition.crf}
    if rendition.codec == "av1":
        params = [
            f"lp=1:level={AV1_LEVEL}:fps-num={AV1_RATE_HZ}:fps-denom=1",
            *([rendition.params] if rendition.params else []),
        ]
        return options | {"vcodec": "libsvtav1", "svtav1-params": ":".join(params)}
    own = {"x264-params": rendition.params} if rendition.params else {}
    return options | own | {"vcodec": "libx264", "level": _h264_level(rendition), "threads": 1, "sc_threshold": 0}


def _h264_level(rendition: Rendition) -> str:
    """The same for every part, so that they join."""
    blocks = -(-rendition.width // 16) * -(-rendition.height // 16)
    return next((level for most, level in H264_LEVELS if blocks <= most), "5.1")
