"""Filter graphs of the video: the frames that the replay shows, and their size in each rendition."""

from typing import Any

from domain.replay import Rendition
from media import ffmpeg
from media.encode.recorded_span import CUT_TOLERANCE_TICKS, RecordedSpan
from media.images import PixelSize
from media.timebase import TICKS_PER_SECOND

ASPECT_TOLERANCE = 0.02  # width over height may differ that much, by rounding to even sizes


def replay_video(recorded: RecordedSpan, size: PixelSize) -> Any:
    """The frames presented in the stretch, from time 0 on, in the replay's size.

    Where no source key frame is at or before its start, the first frame comes late: `concat_video` shows it from the
    start. No filter can, because ffmpeg counts frames from 0 again where their size changes.
    """
    info, span = recorded.info, recorded.span
    start, end = (round((info.start_pts + time) * TICKS_PER_SECOND) for time in (span.start, span.end))
    video = ffmpeg.recording_input(recorded.path, info, recorded.preceding_key_frame)["V:0"]
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


def _fit_expressions(size: PixelSize) -> tuple[str, str]:
    """Width and height of a frame fitted into `size`: filling it where the aspect agrees, else even and with bars."""
    width, height = size.width, size.height
    same_aspect_expression = f"lt(abs(dar*{height}/{width}-1),{ASPECT_TOLERANCE})"
    return (
        f"if({same_aspect_expression},{width},2*trunc(min({width},{height}*dar)/2))",
        f"if({same_aspect_expression},{height},2*trunc(min({height},{width}/dar)/2))",
    )
