"""The picture of a recording as filters: what the replay shows of it, and how it gets the size of a rendition."""

from bisect import bisect_right
from pathlib import Path
from typing import Any

from domain.clock import Span
from domain.recording import MediaFileInfo
from domain.replay import Rendition
from media import ffmpeg
from media.keyframes import PixelSize
from media.timebase import TICKS_PER_SECOND

CUT_TOLERANCE_TICKS = 27  # 0.3 ms: less than any two frames are apart, more than any rounding
ASPECT_TOLERANCE = 0.02  # width over height may differ that much, by rounding to even sizes


def replay_video(file: Path, info: MediaFileInfo, span: Span, size: PixelSize) -> Any:
    """The pictures presented in `span` (file time), from time 0 on, in the replay's size.

    A source key frame is needed at or before `span`. Where there is none, the first picture comes late, as it does
    here: splicing shows it from the start. A filter cannot, for ffmpeg counts pictures anew where their size changes.
    """
    start, end = (round((info.start_pts + time) * TICKS_PER_SECOND) for time in (span.start, span.end))
    video = ffmpeg.recording_input(file, info, key_frame_before(info, span.start))["V:0"]
    if info.video.is_interlaced:
        video = video.filter("bwdif", mode="send_frame", deint="interlaced")
    return (
        video.filter("settb", f"1/{TICKS_PER_SECOND}")
        .filter("trim", start_pts=start - CUT_TOLERANCE_TICKS, end_pts=end - CUT_TOLERANCE_TICKS)
        .filter("setpts", f"PTS-({start})")
        .filter("scale", *_fit_expressions(size), reset_sar=1)
        .filter("pad", size.width, size.height, -1, -1)
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )


def scale_to_rendition(video: Any, size: PixelSize, rendition: Rendition) -> Any:
    """`video`, which has size `size`, in the size of the rendition."""
    if size == PixelSize(rendition.width, rendition.height):
        return video
    return video.filter("scale", rendition.width, rendition.height).filter("setsar", 1)


def key_frame_before(info: MediaFileInfo, time: float) -> float:
    """The last key frame at or before `time`, file time; 0 when there is none."""
    preceding_count = bisect_right(info.video.keyframe_times, time + CUT_TOLERANCE_TICKS / TICKS_PER_SECOND)
    return info.video.keyframe_times[preceding_count - 1] if preceding_count else 0.0


def _fit_expressions(size: PixelSize) -> tuple[str, str]:
    """Width and height of a picture fitted into `size`: filled where the shapes agree, else even and with bars."""
    width, height = size.width, size.height
    same_aspect_expression = f"lt(abs(dar*{height}/{width}-1),{ASPECT_TOLERANCE})"
    return (
        f"if({same_aspect_expression},{width},2*trunc(min({width},{height}*dar)/2))",
        f"if({same_aspect_expression},{height},2*trunc(min({height},{width}/dar)/2))",
    )
