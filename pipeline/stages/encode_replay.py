"""Encode the replay's picture in parts, and package picture and sound for players."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, log2
from pathlib import Path
from typing import ClassVar

from domain.clock import Piece, Span, Timeline
from domain.encoding import Encoding, LeftOut, Rendition
from domain.errors import ToolError
from domain.media import FileInfo, MediaInfo, Replay, ReplayAudio, VideoPart
from domain.session import Recording, StartTime
from pipeline import ffmpeg
from pipeline.containers import made_length
from pipeline.frames import Size
from pipeline.hls import Packaging, package
from pipeline.picture_bytes import encoded_bytes, recorded_bytes
from pipeline.picture_graph import key_frame_before, shown_picture
from pipeline.stage import Needs, Part, Progress
from pipeline.video_encoders import LAST_CRF, key_frames, outputs
from pipeline.wall_clock import wall_clock

MOST_ATTEMPTS = 4  # to encode a part with no more bits than the recording has there
CRF_HALVING = 6.0  # CRF for half the bits, at least: H.264's; AV1 takes one more attempt


@dataclass(frozen=True)
class EncodeReplay:
    """Encode the picture as all its renditions, part by part, and join the parts with the sound into an HLS folder.

    A rendition that is larger than the recorded picture of its part is encoded again with a higher CRF; one that is
    larger all the same is left out of the replay, unless there is no other.
    """

    version: ClassVar[int] = 4
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
        most_bytes = recorded_bytes(source, info, shown, key_frame_before(info, shown.start))
        coded = {scratch / f"{rendition.name}.mp4": rendition for rendition in encoding.renditions}
        size = Size(encoding.renditions[0].width, encoding.renditions[0].height)
        timing = key_frames(part.span.start, encoding.key_frame_every_s)
        job = ffmpeg.Job(source, part.span.duration, progress)
        left = coded
        for _ in range(MOST_ATTEMPTS):
            ffmpeg.run(outputs(shown_picture(source, info, shown, size), size, left, timing), job)
            for file in left:
                _check(file, info, shown)
            left = _smaller(left, most_bytes)
            if not left:
                break
            coded |= left
        sizes = tuple(encoded_bytes(file) for file in coded)
        return VideoPart(part.span, tuple(coded), sizes, tuple(one.crf for one in coded.values()), most_bytes)

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
        kept, left_out = _kept(pieces, encoding)
        packaging = Packaging(self.segment_s, wall_clock(timeline, started))
        made = package([_only(piece, kept) for piece in pieces], _named(encoding, kept), audio, folder, packaging)
        size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        first = encoding.renditions[kept[0]]
        recorded = sum(piece.recorded_bytes for piece in pieces)
        return Replay(folder, timeline.duration, first.width, first.height, size_bytes, made, recorded, left_out)

    def _parts_of(self, piece: Piece, key_frames: Sequence[float]) -> list[Span]:
        shown = [t - piece.file_start + piece.replay_start for t in key_frames]
        inside = [t for t in shown if piece.replay.start < t < piece.replay.end]
        count = max(1, round(piece.duration / self.part_s))
        wanted = [piece.replay.start + piece.duration * i / count for i in range(1, count)]
        borders = sorted({min(inside, key=lambda t: abs(t - near)) for near in wanted} if inside else set())
        edges = [piece.replay.start, *borders, piece.replay.end]
        return [Span(start, end) for start, end in pairwise(edges)]


def _smaller(made: Mapping[Path, Rendition], most_bytes: int) -> dict[Path, Rendition]:
    """Those of the made files that are larger than they may be, with CRFs at which they should fit."""
    excess = {file: encoded_bytes(file) / max(1, most_bytes) for file in made}
    return {
        file: replace(one, crf=min(LAST_CRF[one.codec], one.crf + max(1, ceil(log2(excess[file]) * CRF_HALVING))))
        for file, one in made.items()
        if excess[file] > 1 and one.crf < LAST_CRF[one.codec]
    }


def _kept(pieces: Sequence[VideoPart], encoding: Encoding) -> tuple[list[int], tuple[LeftOut, ...]]:
    """The numbers of the renditions that are no larger than the recording, at least the smallest; and the others."""
    recorded = sum(piece.recorded_bytes for piece in pieces)
    sizes = [sum(piece.picture_bytes[number] for piece in pieces) for number in range(len(encoding.renditions))]
    kept = [number for number, size in enumerate(sizes) if size <= recorded] or [sizes.index(min(sizes))]
    too_large = [one for number, one in enumerate(encoding.renditions) if number not in kept]
    return kept, tuple(LeftOut(one.name, "came out larger than the recording") for one in too_large)


def _only(piece: VideoPart, kept: Sequence[int]) -> VideoPart:
    return replace(
        piece,
        files=tuple(piece.files[number] for number in kept),
        picture_bytes=tuple(piece.picture_bytes[number] for number in kept),
        crfs=tuple(piece.crfs[number] for number in kept),
    )


def _named(encoding: Encoding, kept: Sequence[int]) -> Encoding:
    return replace(encoding, renditions=tuple(encoding.renditions[number] for number in kept))


def _check(file: Path, info: FileInfo, shown: Span) -> None:
    """ToolError unless the part reaches beyond the last key frame that it shows."""
    last = max((t for t in info.video.key_frames if shown.start <= t < shown.end), default=shown.start)
    length = made_length(file)
    if length <= last - shown.start:
        what = f"ends after {length:.3f} s, before its last key frame at {last - shown.start:.3f} s"
        raise ToolError(file, what, "run the command again; if it happens again, copy the recording again")
