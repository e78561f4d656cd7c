"""ffmpeg options of the video encoders, and the graph that encodes one decoded video as several renditions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.replay import Rendition
from media import ffmpeg
from media.encode.filters import scale_to_rendition
from media.images import PixelSize
from media.timebase import TICKS_PER_SECOND

MAX_GOP_FRAMES = 1_000_000  # no limit: key frames are forced by time
H264_LEVEL_MACROBLOCKS = ((1620, "3.1"), (8192, "4.0"))  # macroblocks of a frame, and the level for 60 of them a second
AV1_FRAME_RATE_HZ = 60  # given to SVT-AV1, which refuses 1000, as ffmpeg may guess; no byte depends on it
AV1_LEVEL = 40  # 720p at 60 frames a second; the same for every part, so that parts can be concatenated


def rendition_outputs(
    video: Any, size: PixelSize, files: Mapping[Rendition, Path], timing_options: dict[str, Any]
) -> Any:
    """A graph that encodes `video`, which has this size, to a file for each rendition.

    `timing_options`: see `key_frame_options`.
    """
    import ffmpeg as graph

    branches = video.filter_multi_output("split", len(files))
    outputs = []
    for number, (rendition, file) in enumerate(files.items()):
        scaled = scale_to_rendition(branches.stream(number), size, rendition)
        options = encoder_options(rendition) | timing_options
        outputs.append(ffmpeg.reproducible_output(scaled, str(file), **options))
    return graph.merge_outputs(*outputs)


def null_output(video: Any) -> Any:
    """A graph that decodes `video` and writes nothing."""
    import ffmpeg as graph

    return graph.output(video, "-", format="null")


def key_frame_options(replay_start: float, interval_s: float) -> dict[str, Any]:
    """Options that keep frame times, and force key frames on the replay's grid: the same in every rendition."""
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
    """Options of the rendition's encoder. One thread: with more, the bytes depend on their number."""
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
    """The same for every part, so that parts can be concatenated."""
    macroblocks = -(-rendition.width // 16) * -(-rendition.height // 16)
    return next((level for max_macroblocks, level in H264_LEVEL_MACROBLOCKS if macroblocks <= max_macroblocks), "5.1")
