"""Encode the replay's picture in parts, and package picture and sound for players."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Piece, Span, Timeline
from domain.encoding import Encoding, Rendition
from domain.errors import MediaError, ToolError
from domain.media import FileInfo, MediaInfo, Replay, ReplayAudio, VideoPart
from domain.session import Recording, StartTime
from pipeline import ffmpeg
from pipeline.containers import made_length
from pipeline.copied_part import copied_picture, copy_part
from pipeline.frames import Size
from pipeline.hls import Packaging, package
from pipeline.splice import TICKS
from pipeline.stage import Needs, Part, Progress
from pipeline.video_encoders import key_frames, outputs, seen
from pipeline.wall_clock import wall_clock

BORDER_SLACK_TICKS = 27  # 0.3 ms: less than any two frames are apart, more than any rounding
LONGEST_HOLD_S = 10.0  # the first picture of a piece may come that late and is shown from the start
SAME_SHAPE = 0.02  # width over height may differ that much, by rounding to even sizes


@dataclass(frozen=True)
class EncodeReplay:
    """Encode the picture as all its renditions, part by part, and join the parts with the sound into an HLS folder."""

    version: ClassVar[int] = 4
    needs: ClassVar[Needs] = Needs(memory_mb=1200)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

    key_frame_every_s: float = 2.0
    part_s: float = 600.0
    segment_s: float = 6.0

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
        encoding: Encoding,
        part: Part,
        scratch: Path,
        progress: Progress,
    ) -> VideoPart:
        piece, shown = max(timeline.shown_in(part.span), key=lambda found: found[1].duration)
        info, source = media.files[piece.file], media.path(piece.file, recording)
        files = {rendition: scratch / f"{rendition.name}.mp4" for rendition in encoding.renditions}
        work = _Work(source, info, shown, key_frames(part.span.start, self.key_frame_every_s), progress)
        has_copy = any(rendition.is_copy for rendition in files)
        not_copied = work.copy_and_encode(files) if has_copy else ""
        if not_copied or not has_copy:
            work.encode(files)
        for file in files.values():
            _check(file, info, shown)
        return VideoPart(part.span, tuple(files.values()), not_copied)

    def join(
        self,
        pieces: tuple[VideoPart, ...],
        encoding: Encoding,
        audio: ReplayAudio,
        timeline: Timeline,
        started: StartTime,
        scratch: Path,
    ) -> Replay:
        """Package the parts, in order, without encoding anything again."""
        folder = scratch / "replay"
        made = package(pieces, encoding, audio, folder, Packaging(self.segment_s, wall_clock(timeline, started)))
        size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        first, encoded = encoding.renditions[0], sum((part.span.duration for part in pieces if part.not_copied), 0.0)
        made = tuple(replace(one, encoded=encoded) if one.rendition.is_copy else one for one in made)
        return Replay(folder, timeline.duration, first.width, first.height, size_bytes, made, _not_copied(pieces))

    def _parts_of(self, piece: Piece, key_frames: Sequence[float]) -> list[Span]:
        shown = [t - piece.file_start + piece.replay_start for t in key_frames]
        inside = [t for t in shown if piece.replay.start < t < piece.replay.end]
        count = max(1, round(piece.duration / self.part_s))
        wanted = [piece.replay.start + piece.duration * i / count for i in range(1, count)]
        borders = sorted({min(inside, key=lambda t: abs(t - near)) for near in wanted} if inside else set())
        edges = [piece.replay.start, *borders, piece.replay.end]
        return [Span(start, end) for start, end in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class _Work:
    """One part: the stretch `shown` (file time) of one file, and when its key frames are due."""

    source: Path
    info: FileInfo
    shown: Span
    timing: dict[str, Any]
    progress: Progress

    def encode(self, files: Mapping[Rendition, Path]) -> None:
        """Decode the part once, and encode it as each of these renditions."""
        first = next(iter(files))
        picture = _picture(self.source, self.info, self.shown, first)
        made = outputs(picture, Size(first.width, first.height), files, self.timing)
        ffmpeg.run(made, ffmpeg.Job(self.source, self.shown.duration, self.progress))

    def copy_and_encode(self, files: Mapping[Rendition, Path]) -> str:
        """Make the rendition that is a copy, decode that, and encode the others from it. Says why it failed, else "".

        What viewers get is what was decoded, so an error in it is found before anybody else's decoder meets it.
        """
        (copied,) = (rendition for rendition in files if rendition.is_copy)
        others = {rendition: file for rendition, file in files.items() if rendition is not copied}
        try:
            copy_part(self.source, self.info, self.shown, files[copied])
        except MediaError as error:
            return error.what
        picture = copied_picture(files[copied])
        try:
            made = outputs(picture, Size(copied.width, copied.height), others, self.timing) if others else seen(picture)
            ffmpeg.run(made, ffmpeg.Job(files[copied], self.shown.duration, self.progress, is_strict=True))
        except MediaError:
            return "a decoder finds errors in it"
        return ""


def _not_copied(parts: Sequence[VideoPart]) -> tuple[str, ...]:
    """A warning for people where parts of a copy had to be encoded."""
    encoded = [part for part in parts if part.not_copied]
    if not encoded:
        return ()
    first = encoded[0]
    where = f"the first at {first.span.start:.0f} s of the replay: {first.not_copied}"
    return (f"{len(encoded)} of {len(parts)} parts of the recording could not be copied and are encoded; {where}",)


def _picture(file: Path, info: FileInfo, shown: Span, size: Rendition) -> Any:
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


def _fitting(size: Rendition) -> tuple[str, str]:
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
    end = shown.end - BORDER_SLACK_TICKS / TICKS
    last = max((t for t in info.video.key_frames if shown.start <= t < end), default=shown.start)
    length = made_length(file)
    if length <= last - shown.start:
        what = f"ends after {length:.3f} s, before its last key frame at {last - shown.start:.3f} s"
        raise ToolError(file, what, "run the command again; if it happens again, copy the recording again")
