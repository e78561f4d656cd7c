"""ffmpeg's options for the encoders of the replay's picture, and the graph of one picture for many renditions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.replay import Rendition
from media import ffmpeg
from media.encode.filters import scale_to_rendition
from media.images import PixelSize
from media.timebase import TICKS_PER_SECOND

MAX_GOP_FRAMES = 1_000_000  # frames: key frames come by time
H264_LEVEL_MACROBLOCKS = ((1620, "3.1"), (8192, "4.0"))  # macroblocks of a picture, and what 60 of them a second need
ENCODER_MAX_CRF = {"h264": 51, "av1": 63}  # of the encoders: the smallest files they make
AV1_FRAME_RATE_HZ = 60  # what SVT-AV1 is told: it refuses what ffmpeg may guess, 1000, and no byte depends on it
AV1_LEVEL = 40  # 720p at 60 frames a second; the same for every part, so that they join


def rendition_outputs(
    video: Any, size: PixelSize, files: Mapping[Rendition, Path], timing_options: dict[str, Any]
) -> Any:
    """One run that encodes `video`, which has this size, to a file for each rendition. `timing_options`:
    `key_frame_options`.
    """
    import ffmpeg as graph

    branches = video.filter_multi_output("split", len(files))
    encoded_outputs = []
    for number, (rendition, file) in enumerate(files.items()):
        scaled = scale_to_rendition(branches.stream(number), size, rendition)
        encoded_outputs.append(
            ffmpeg.reproducible_output(scaled, str(file), **encoder_options(rendition), **timing_options)
        )
    return graph.merge_outputs(*encoded_outputs)


def null_output(video: Any) -> Any:
    """One run that looks at `video` and keeps nothing of it."""
    import ffmpeg as graph

    return graph.output(video, "-", format="null")


def key_frame_options(replay_start: float, interval_s: float) -> dict[str, Any]:
    """Options for untouched frame times, and key frames on the grid of the replay: alike in every rendition."""
    slot_expression, last_slot_expression = (
        f"floor((({t})+{replay_start:.6f}+0.001)/{interval_s})" for t in ("t", "prev_forced_t")
    )
    return {
        "format": "mp4",
        "fps_mode": "passthrough",
        "enc_time_base": f"1:{TICKS_PER_SECOND}",  # else times are rounded to the nominal frame rate
        "video_track_timescale": TICKS_PER_SECOND,
        "force_key_frames": f"expr:if(isnan(prev_forced_t),1,gt({slot_expression},{last_slot_expression}))",
        "g": MAX_GOP_FRAMES,
    }


def encoder_options(rendition: Rendition) -> dict[str, Any]:
    """Options of the rendition's encoder. One thread: more make the bytes depend on their number, and parts abound."""
    options = {"preset": rendition.preset, "crf": rendition.crf}
    if rendition.codec == "av1":
        params = [
            f"lp=1:level={AV1_LEVEL}:fps-num={AV1_FRAME_RATE_HZ}:fps-denom=1",
            *([rendition.params] if rendition.params else []),
        ]
        return options | {"vcodec": "libsvtav1", "svtav1-params": ":".join(params)}
    extra_options = {"x264-params": rendition.params} if rendition.params else {}
    return (
        options
        | extra_options
        | {"vcodec": "libx264", "level": _h264_level(rendition), "threads": 1, "sc_threshold": 0}
    )


def _h264_level(rendition: Rendition) -> str:
    """The same for every part, so that they join."""
    macroblocks = -(-rendition.width // 16) * -(-rendition.height // 16)
    return next((level for most, level in H264_LEVEL_MACROBLOCKS if macroblocks <= most), "5.1")
