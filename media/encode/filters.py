"""The picture of a recording as filters: what the replay shows of it, and how it gets the size of a rendition."""

from bisect import bisect_right
from pathlib import Path
from typing import Any

from domain.clock import Span
from domain.recording import FileInfo
from domain.replay import Rendition
from media import ffmpeg
from media.keyframes import Size
from media.package.concat_video import TICKS

BORDER_SLACK_TICKS = 27  # 0.3 ms: less than any two frames are apart, more than any rounding
SAME_SHAPE = 0.02  # width over height may differ that much, by rounding to even sizes


def shown_picture(file: Path, info: FileInfo, shown: Span, size: Size) -> Any:
    """The pictures presented in `shown` (file time), from time 0 on, in the replay's size.

    A source key frame is needed at or before `shown`. Where there is none, the first picture comes late, as it does
    here: splicing shows it from the start. A filter cannot, for ffmpeg counts pictures anew where their size changes.
    """
    start, end = (round((info.origin + time) * TICKS) for time in (shown.start, shown.end))
    picture = ffmpeg.source(file, info, key_frame_before(info, shown.start))["V:0"]
    if info.video.is_interlaced:
        picture = picture.filter("bwdif", mode="send_frame", deint="interlaced")
    return (
        picture.filter("settb", f"1/{TICKS}")
        .filter("trim", start_pts=start - BORDER_SLACK_TICKS, end_pts=end - BORDER_SLACK_TICKS)
        .filter("setpts", f"PTS-({start})")
        .filter("scale", *_fitting(size), reset_sar=1)
        .filter("pad", size.width, size.height, -1, -1)
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )


def at_size(picture: Any, had: Size, wanted: Rendition) -> Any:
    """`picture`, which has size `had`, in the size of the rendition."""
    if had == Size(wanted.width, wanted.height):
        return picture
    return picture.filter("scale", wanted.width, wanted.height).filter("setsar", 1)


def key_frame_before(info: FileInfo, time: float) -> float:
    """The last key frame at or before `time`, file time; 0 when there is none."""
    before = bisect_right(info.video.key_frames, time + BORDER_SLACK_TICKS / TICKS)
    return info.video.key_frames[before - 1] if before else 0.0


def _fitting(size: Size) -> tuple[str, str]:
    """Width and height of a picture fitted into `size`: filled where the shapes agree, else even and with bars."""
    width, height = size.width, size.height
    is_same = f"lt(abs(dar*{height}/{width}-1),{SAME_SHAPE})"
    return (
        f"if({is_same},{width},2*trunc(min({width},{height}*dar)/2))",
        f"if({is_same},{height},2*trunc(min({height},{width}/dar)/2))",
    )
