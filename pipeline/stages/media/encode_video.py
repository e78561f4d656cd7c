"""Encode the replay's picture in parts, and package picture and sound for players."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from domain.audio import ReplayAudio
from domain.clock import Span, Timeline, TimelineClip, wall_clock_at
from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import MediaFileInfo, MediaInfo
from domain.replay import EncodedVideoPart, Rendition, RenditionLadder, Replay
from domain.session import Recording, StartTime
from media import ffmpeg
from media.demuxer import last_frame_time
from media.encode.bitrate_cap import (
    compatibility_warnings,
    keep_renditions,
    raise_oversized_crfs,
    select_fitting_renditions,
)
from media.encode.encoders import key_frame_options, null_output, rendition_outputs
from media.encode.filters import CUT_TOLERANCE_TICKS, key_frame_before, replay_video
from media.encode.packet_bytes import encoded_video_bytes, recorded_video_bytes
from media.encode.passthrough import passthrough_input, write_passthrough_part
from media.keyframes import PixelSize
from media.package.hls import HlsOptions, package_hls
from media.timebase import TICKS_PER_SECOND
from pipeline.engine.stage import Needs, Part

FRAME_TIME_TOLERANCE_S = 0.002  # of containers that keep milliseconds, less than two pictures are apart
MAX_ATTEMPTS = 4  # to encode a part with no more bits than the recording has there


@dataclass(frozen=True)
class EncodeVideo:
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
            for piece in timeline.clips
            for part in self._split_piece(piece, media.files[piece.file_index].video.keyframe_times)
        )

    def __call__(
        self,
        recording: Recording,
        media: MediaInfo,
        timeline: Timeline,
        encoding: RenditionLadder,
        part: Part,
        scratch: Path,
        progress: Progress,
    ) -> EncodedVideoPart:
        piece, file_span = max(timeline.clips_in(part.span), key=lambda found: found[1].duration)
        info, source = media.files[piece.file_index], media.path_of(piece.file_index, recording)
        files = {rendition: scratch / f"{rendition.name}.mp4" for rendition in encoding.renditions}
        size = PixelSize(encoding.renditions[0].width, encoding.renditions[0].height)
        keyframe_options = key_frame_options(part.span.start, encoding.keyframe_interval_s)
        encoder = _PartEncoder(source, info, file_span, size, keyframe_options, progress)
        has_passthrough = any(rendition.is_passthrough for rendition in files)
        passthrough_failure = encoder.passthrough_and_encode(files) if has_passthrough else ""
        is_passthrough = has_passthrough and not passthrough_failure
        if not is_passthrough:
            encoder.encode(files)
        max_bytes = recorded_video_bytes(source, info, file_span, key_frame_before(info, file_span.start))
        reencoded = encoder.limit_size(
            {one: file for one, file in files.items() if not (is_passthrough and one.is_passthrough)}, max_bytes
        )
        crfs = {file: one.crf for one, file in {**files, **reencoded}.items()}
        for file in files.values():
            _check_last_frame(file, encoder, recording.files[info.source_index].path)
        sizes = tuple(encoded_video_bytes(file) for file in crfs)
        return EncodedVideoPart(part.span, tuple(crfs), sizes, tuple(crfs.values()), max_bytes, passthrough_failure)

    def join(
        self,
        pieces: tuple[EncodedVideoPart, ...],
        encoding: RenditionLadder,
        audio: ReplayAudio,
        timeline: Timeline,
        start_time: StartTime,
        scratch: Path,
    ) -> Replay:
        """Package the parts, in order, without encoding anything again."""
        folder = scratch / "replay"
        kept, left_out = select_fitting_renditions(pieces, encoding)
        kept_encoding = replace(encoding, renditions=tuple(encoding.renditions[number] for number in kept))
        packaging = HlsOptions(self.segment_s, partial(wall_clock_at, timeline, start_time))
        renditions = package_hls(
            [keep_renditions(piece, kept) for piece in pieces], kept_encoding, audio, folder, packaging
        )
        size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        reencoded_s = sum((part.span.duration for part in pieces if part.passthrough_blocker), 0.0)
        first = kept_encoding.renditions[0]
        renditions = tuple(
            replace(one, reencoded_duration=reencoded_s) if one.rendition.is_passthrough else one for one in renditions
        )
        source_bytes = sum(piece.source_video_bytes for piece in pieces)
        size = (first.width, first.height)
        warnings = _passthrough_warnings(pieces) + compatibility_warnings(kept_encoding.renditions)
        return Replay(folder, timeline.duration, *size, size_bytes, renditions, source_bytes, left_out, warnings)

    def _split_piece(self, piece: TimelineClip, key_frames: Sequence[float]) -> list[Span]:
        replay_times = [t - piece.file_start + piece.replay_start for t in key_frames]
        inner_times = [t for t in replay_times if piece.replay_span.start < t < piece.replay_span.end]
        count = max(1, round(piece.duration / self.part_s))
        nominal_borders = [piece.replay_span.start + piece.duration * i / count for i in range(1, count)]
        borders = sorted(
            {min(inner_times, key=lambda t: abs(t - near)) for near in nominal_borders} if inner_times else set()
        )
        edges = [piece.replay_span.start, *borders, piece.replay_span.end]
        return [Span(start, end) for start, end in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class _PartEncoder:
    """One part: the stretch `file_span` (file time) of one file, and when its key frames are due."""

    source: Path
    info: MediaFileInfo
    file_span: Span
    size: PixelSize
    keyframe_options: dict[str, Any]
    progress: Progress

    def encode(self, files: Mapping[Rendition, Path]) -> None:
        """Decode the part once, and encode it as each of these renditions."""
        video = replay_video(self.source, self.info, self.file_span, self.size)
        graph = rendition_outputs(video, self.size, files, self.keyframe_options)
        ffmpeg.run(graph, ffmpeg.FfmpegJob(self.source, self.file_span.duration, self.progress))

    def limit_size(self, files: Mapping[Rendition, Path], max_bytes: int) -> dict[Rendition, Path]:
        """Encode those again that are larger than they may be, with higher CRFs; gives these, as they are at last."""
        reencoded: dict[Path, Rendition] = {}
        oversized = raise_oversized_crfs(files, max_bytes, min_crf_increase=1)
        for attempt in range(1, MAX_ATTEMPTS + 1):
            if not oversized:
                break
            self.encode(oversized)
            reencoded |= {file: one for one, file in oversized.items()}
            oversized = raise_oversized_crfs(oversized, max_bytes, min_crf_increase=2**attempt)
        return {one: file for file, one in reencoded.items()}

    def passthrough_and_encode(self, files: Mapping[Rendition, Path]) -> str:
        """Make the rendition that is a copy, decode that, and encode the others from it. Says why it failed, else "".

        What viewers get is what was decoded, so an error in it is found before anybody else's decoder meets it.
        """
        (passthrough,) = (rendition for rendition in files if rendition.is_passthrough)
        others = {rendition: file for rendition, file in files.items() if rendition is not passthrough}
        try:
            write_passthrough_part(self.source, self.info, self.file_span, files[passthrough])
        except MediaError as error:
            return error.what
        video = passthrough_input(files[passthrough])
        try:
            graph = (
                rendition_outputs(
                    video, PixelSize(passthrough.width, passthrough.height), others, self.keyframe_options
                )
                if others
                else null_output(video)
            )
            ffmpeg.run(
                graph, ffmpeg.FfmpegJob(files[passthrough], self.file_span.duration, self.progress, exits_on_error=True)
            )
        except MediaError:
            return "a decoder finds errors in it"
        return ""


def _passthrough_warnings(parts: Sequence[EncodedVideoPart]) -> tuple[str, ...]:
    """A warning for people where parts of a copy had to be encoded."""
    encoded = [part for part in parts if part.passthrough_blocker]
    if not encoded:
        return ()
    first = encoded[0]
    where = f"the first at {first.span.start:.0f} s of the replay: {first.passthrough_blocker}"
    return (f"{len(encoded)} of {len(parts)} parts of the recording could not be copied and are encoded; {where}",)


def _check_last_frame(file: Path, encoder: _PartEncoder, source_file: Path) -> None:
    """MediaError unless the part shows its last key frame, or a later picture: ffmpeg came to its end without it."""
    info, file_span = encoder.info, encoder.file_span
    end = file_span.end - CUT_TOLERANCE_TICKS / TICKS_PER_SECOND
    last_keyframe = max((t for t in info.video.keyframe_times if file_span.start <= t < end), default=file_span.start)
    is_first = not any(
        run.start < last_keyframe - FRAME_TIME_TOLERANCE_S and run.end > file_span.start
        for run in info.video.gapless_spans
    )
    expected_s = (
        0.0 if is_first else last_keyframe - file_span.start
    )  # the first picture is shown from the start, however late it comes
    last_frame_s = last_frame_time(file)
    if last_frame_s + FRAME_TIME_TOLERANCE_S < expected_s:
        at, keyframe_time = file_span.start + last_frame_s, file_span.start + expected_s
        what = f"gives no picture after {at:.3f} s, though a key frame is promised at {keyframe_time:.3f} s"
        raise MediaError(source_file, what, "copy the recording again, or encode it anew with a tool that you trust")
