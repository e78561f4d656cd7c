"""Encode the replay's picture in parts, and package picture and sound for players."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Piece, Span, Timeline
from domain.errors import ToolError
from domain.media import FileInfo, MediaInfo, Replay, ReplayAudio, VideoPart
from domain.session import Recording
from pipeline import ffmpeg
from pipeline.containers import made_length
from pipeline.frames import Size
from pipeline.hls import package
from pipeline.splice import TICKS
from pipeline.stage import Needs, Part, Progress

BORDER_SLACK_TICKS = 27  # 0.3 ms: less than any two frames are apart, more than any rounding
LONGEST_HOLD_S = 10.0  # the first picture of a piece may come that late and is shown from the start
SAME_SHAPE = 0.02  # width over height may differ that much, by rounding to even sizes
LEVEL = "4.0"  # H.264: 720p at 60 frames a second; the same for every part, so that they join
ENDLESS_GOP = 1_000_000  # frames: key frames come by time


@dataclass(frozen=True)
class EncodeReplay:
    """Encode the picture as H.264, part by part, and join the parts with the sound into an HLS folder."""

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=800)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

    shorter_side_px: int = 720
    preset: str = "veryfast"
    crf: int = 24
    key_frame_every_s: float = 2.0
    part_s: float = 600.0
    segment_s: float = 6.0
    threads: int = 1  # more would make the bytes depend on their number; parts run side by side anyway

    def parts(self, media: MediaInfo, timeline: Timeline) -> tuple[Span, ...]:
        """Cut every piece at source key frames, into parts of about `part_s`."""
        return tuple(
            part
            for piece in timeline.pieces
            for part in self._parts_of(piece, media.files[piece.file].video.key_frames)
        )

    def __call__(
        self,
        recording: Recording,
        media: MediaInfo,
        timeline: Timeline,
        part: Part,
        scratch: Path,
        progress: Progress,
    ) -> VideoPart:
        piece, shown = max(timeline.shown_in(part.span), key=lambda found: found[1].duration)
        info, source = media.files[piece.file], media.path(piece.file, recording)
        size = replay_size(media, self.shorter_side_px)
        file = scratch / "video.mp4"
        picture = _picture(source, info, shown, size)
        output = ffmpeg.target(picture, str(file), **self._encoding(part.span.start))
        ffmpeg.run(output, ffmpeg.Job(source, part.span.duration, progress))
        _check(file, info, shown)
        return VideoPart(file, part.span, size.width, size.height)

    def join(self, pieces: tuple[VideoPart, ...], audio: ReplayAudio, timeline: Timeline, scratch: Path) -> Replay:
        """Package the parts, in order, without encoding anything again."""
        folder = scratch / "replay"
        package(pieces, audio, folder, self.segment_s)
        size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        return Replay(folder, timeline.duration, pieces[0].width, pieces[0].height, size_bytes)

    def _parts_of(self, piece: Piece, key_frames: Sequence[float]) -> list[Span]:
        shown = [t - piece.file_start + piece.replay_start for t in key_frames]
        inside = [t for t in shown if piece.replay.start < t < piece.replay.end]
        count = max(1, round(piece.duration / self.part_s))
        wanted = [piece.replay.start + piece.duration * i / count for i in range(1, count)]
        borders = sorted({min(inside, key=lambda t: abs(t - near)) for near in wanted} if inside else set())
        edges = [piece.replay.start, *borders, piece.replay.end]
        return [Span(start, end) for start, end in pairwise(edges)]

    def _encoding(self, replay_start: float) -> dict[str, Any]:
        every = self.key_frame_every_s
        slot, last = (f"floor((({t})+{replay_start:.6f}+0.001)/{every})" for t in ("t", "prev_forced_t"))
        return {
            "format": "mp4",
            "vcodec": "libx264",
            "preset": self.preset,
            "crf": self.crf,
            "level": LEVEL,
            "threads": self.threads,
            "fps_mode": "passthrough",
            "enc_time_base": f"1:{TICKS}",  # else times are rounded to the nominal frame rate
            "video_track_timescale": TICKS,
            "force_key_frames": f"expr:if(isnan(prev_forced_t),1,gt({slot},{last}))",
            "g": ENDLESS_GOP,
            "sc_threshold": 0,
        }


def replay_size(media: MediaInfo, shorter_side_px: int) -> Size:
    """The size of the whole replay: the first file's, its shorter side at most this, both sides even."""
    video = media.files[0].video
    scale = min(1.0, shorter_side_px / min(video.width, video.height))
    return Size(max(2, round(video.width * scale / 2 - 0.01) * 2), max(2, round(video.height * scale / 2 - 0.01) * 2))


def _picture(file: Path, info: FileInfo, shown: Span, size: Size) -> Any:
    """The pictures presented in `shown` (file time), from time 0 on, in the replay's size.

    A source key frame is needed at or before `shown`; where there is none, the first picture is shown from the start.
    """
    start, end = (round((info.origin + time) * TICKS) for time in (shown.start, shown.end))
    hold = start + round(LONGEST_HOLD_S * TICKS)
    picture = ffmpeg.source(file, info, _key_frame_before(info, shown.start))["V:0"]
    if info.video.is_interlaced:
        picture = picture.filter("bwdif", mode="send_frame", deint="interlaced")
    return (
        picture.filter("settb", f"1/{TICKS}")
        .filter("trim", start_pts=start - BORDER_SLACK_TICKS, end_pts=end - BORDER_SLACK_TICKS)
        .filter("setpts", f"if(eq(N,0)*lt(PTS,{hold}),0,PTS-({start}))")
        .filter("scale", *_fitting(size), reset_sar=1)
        .filter("pad", size.width, size.height, -1, -1)
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )


def _fitting(size: Size) -> tuple[str, str]:
    """Width and height of a picture fitted into `size`: filled where the shapes agree, else even and with bars."""
    width, height = size.width, size.height
    is_same = f"lt(abs(dar*{height}/{width}-1),{SAME_SHAPE})"
    return (
        f"if({is_same},{width},2*trunc(min({width},{height}*dar)/2))",
        f"if({is_same},{height},2*trunc(min({height},{width}/dar)/2))",
    )


def _key_frame_before(info: FileInfo, time: float) -> float:
    """The last key frame at or before `time`, file time; 0 when there is none."""
    before = bisect_right(info.video.key_frames, time + BORDER_SLACK_TICKS / TICKS)
    return info.video.key_frames[before - 1] if before else 0.0


def _check(file: Path, info: FileInfo, shown: Span) -> None:
    """ToolError unless the part reaches beyond the last key frame that it shows."""
    last = max((t for t in info.video.key_frames if shown.start <= t < shown.end), default=shown.start)
    length = made_length(file)
    if length <= last - shown.start:
        what = f"ends after {length:.3f} s, before its last key frame at {last - shown.start:.3f} s"
        raise ToolError(file, what, "run the command again; if it happens again, copy the recording again")
