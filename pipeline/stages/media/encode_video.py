"""Encode the replay's picture in parts, and package picture and sound for players."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Piece, Span, Timeline
from domain.errors import MediaError
from domain.recording import FileInfo, MediaInfo, Replay, ReplayAudio, VideoPart
from domain.replay import Encoding, Rendition
from domain.session import Recording, StartTime
from domain.wall_clock import wall_clock
from media import ffmpeg
from media.demuxer import last_shown
from media.encode.bitrate_cap import fitting, only, smaller, unplayable
from media.encode.encoders import key_frames, outputs, seen
from media.encode.filters import BORDER_SLACK_TICKS, key_frame_before, shown_picture
from media.encode.packet_bytes import encoded_bytes, recorded_bytes
from media.encode.passthrough import copied_picture, copy_part
from media.keyframes import Size
from media.package.concat_video import TICKS
from media.package.hls import Packaging, package
from pipeline.engine.stage import Needs, Part, Progress

PICTURE_SLACK_S = 0.002  # of containers that keep milliseconds, less than two pictures are apart
MOST_ATTEMPTS = 4  # to encode a part with no more bits than the recording has there


@dataclass(frozen=True)
class EncodeReplay:
    """Encode the picture as all its renditions, part by part, and join the parts with the sound into an HLS folder.

    A rendition that is larger than the recorded picture of its part is encoded again with a higher CRF; one that is
    larger all the same is left out of the replay, unless there is no other.
    """

    version: ClassVar[int] = 8
    needs: ClassVar[Needs] = Needs(memory_mb=1200)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

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
        size = Size(encoding.renditions[0].width, encoding.renditions[0].height)
        timing = key_frames(part.span.start, encoding.key_frame_every_s)
        work = _Work(source, info, shown, size, timing, progress)
        has_copy = any(rendition.is_copy for rendition in files)
        not_copied = work.copy_and_encode(files) if has_copy else ""
        is_copied = has_copy and not not_copied
        if not is_copied:
            work.encode(files)
        most_bytes = recorded_bytes(source, info, shown, key_frame_before(info, shown.start))
        made = work.fit({one: file for one, file in files.items() if not (is_copied and one.is_copy)}, most_bytes)
        crfs = {file: one.crf for one, file in {**files, **made}.items()}
        for file in files.values():
            _check(file, work, recording.files[info.source].path)
        sizes = tuple(encoded_bytes(file) for file in crfs)
        return VideoPart(part.span, tuple(crfs), sizes, tuple(crfs.values()), most_bytes, not_copied)

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
        kept, left_out = fitting(pieces, encoding)
        named = replace(encoding, renditions=tuple(encoding.renditions[number] for number in kept))
        packaging = Packaging(self.segment_s, wall_clock(timeline, started))
        made = package([only(piece, kept) for piece in pieces], named, audio, folder, packaging)
        size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        encoded = sum((part.span.duration for part in pieces if part.not_copied), 0.0)
        first = named.renditions[0]
        made = tuple(replace(one, encoded=encoded) if one.rendition.is_copy else one for one in made)
        recorded = sum(piece.recorded_bytes for piece in pieces)
        size = (first.width, first.height)
        told = _not_copied(pieces) + unplayable(named.renditions)
        return Replay(folder, timeline.duration, *size, size_bytes, made, recorded, left_out, told)

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
    size: Size
    timing: dict[str, Any]
    progress: Progress

    def encode(self, files: Mapping[Rendition, Path]) -> None:
        """Decode the part once, and encode it as each of these renditions."""
        picture = shown_picture(self.source, self.info, self.shown, self.size)
        made = outputs(picture, self.size, files, self.timing)
        ffmpeg.run(made, ffmpeg.Job(self.source, self.shown.duration, self.progress))

    def fit(self, files: Mapping[Rendition, Path], most_bytes: int) -> dict[Rendition, Path]:
        """Encode those again that are larger than they may be, with higher CRFs; gives these, as they are at last."""
        made: dict[Path, Rendition] = {}
        left = smaller(files, most_bytes, least_rise=1)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            if not left:
                break
            self.encode(left)
            made |= {file: one for one, file in left.items()}
            left = smaller(left, most_bytes, least_rise=2**attempt)
        return {one: file for file, one in made.items()}

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


def _check(file: Path, work: _Work, where: Path) -> None:
    """MediaError unless the part shows its last key frame, or a later picture: ffmpeg came to its end without it."""
    info, shown = work.info, work.shown
    end = shown.end - BORDER_SLACK_TICKS / TICKS
    last = max((t for t in info.video.key_frames if shown.start <= t < end), default=shown.start)
    is_first = not any(run.start < last - PICTURE_SLACK_S and run.end > shown.start for run in info.video.runs)
    due = 0.0 if is_first else last - shown.start  # the first picture is shown from the start, however late it comes
    reached = last_shown(file)
    if reached + PICTURE_SLACK_S < due:
        at, key = shown.start + reached, shown.start + due
        what = f"gives no picture after {at:.3f} s, though a key frame is promised at {key:.3f} s"
        raise MediaError(where, what, "copy the recording again, or encode it anew with a tool that you trust")
