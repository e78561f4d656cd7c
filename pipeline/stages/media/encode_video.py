"""Encode the replay's video in parts, and package video and audio for players."""

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
from domain.recording import MediaInfo
from domain.replay import EncodedVideoPart, PackagedRendition, Rendition, RenditionLadder, Replay
from domain.session import Recording, StartTime
from media import ffmpeg
from media.encode.bitrate_cap import (
    compatibility_warnings,
    keep_renditions,
    raise_oversized_crfs,
    select_fitting_renditions,
)
from media.encode.encoders import key_frame_options, null_output, rendition_outputs
from media.encode.filters import replay_video
from media.encode.packet_bytes import EncodedVideo, measure_encoded_videos, recorded_video_bytes
from media.encode.passthrough import passthrough_input, write_passthrough_part
from media.encode.recorded_span import CUT_TOLERANCE_TICKS, RecordedSpan, recorded_span
from media.images import PixelSize
from media.package.hls import HlsOptions, package_hls
from media.package.playlists import ReplayDates
from media.timebase import TICKS_PER_SECOND
from pipeline.engine.sandbox import read_sandboxed
from pipeline.engine.stage import Needs, Part

FRAME_TIME_TOLERANCE_S = 0.002  # some containers keep milliseconds; two frames are farther apart
MAX_ATTEMPTS = 4  # to encode a part with no more bits than the recording has there


@dataclass(frozen=True)
class EncodeVideo:
    """Encode the video as all its renditions, part by part, and package them with the audio as an HLS folder.

    A part that takes more bytes than the recorded video is encoded again at a higher CRF. A rendition that is larger
    all the same is left out of the replay, unless there is no other.
    """

    version: ClassVar[int] = 8
    needs: ClassVar[Needs] = Needs(memory_mb=1200)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

    part_s: float = 600.0
    segment_s: float = 6.0

    def parts(self, media: MediaInfo, timeline: Timeline) -> tuple[Span, ...]:
        """Cut every clip at source key frames, into parts of about `part_s`."""
        return tuple(
            part
            for clip in timeline.clips
            for part in self._split_clip(clip, media.files[clip.file_index].video.keyframe_times)
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
        recorded = recorded_span(recording, media, timeline, part.span)
        files = {rendition: scratch / f"{rendition.name}.mp4" for rendition in encoding.renditions}
        size = PixelSize(encoding.renditions[0].width, encoding.renditions[0].height)
        keyframe_options = key_frame_options(part.span.start, encoding.keyframe_interval_s)
        encoder = _PartEncoder(recorded, size, keyframe_options, progress)
        has_passthrough = any(rendition.is_passthrough for rendition in files)
        passthrough_failure = encoder.passthrough_and_encode(files) if has_passthrough else ""
        is_passthrough = has_passthrough and not passthrough_failure
        if not is_passthrough:
            encoder.encode(files)
        max_bytes = read_sandboxed([recorded.path], recorded_video_bytes, recorded=recorded)
        encoded = {
            rendition: file for rendition, file in files.items() if not (is_passthrough and rendition.is_passthrough)
        }
        reencoded = encoder.limit_size(encoded, max_bytes)
        crfs = {file: rendition.crf for rendition, file in {**files, **reencoded}.items()}
        videos = read_sandboxed([*crfs], measure_encoded_videos, files=[*crfs])
        for video in videos:
            _check_last_frame(video, recorded, recording.files[recorded.info.source_index].path)
        sizes = tuple(video.packet_bytes for video in videos)
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
        options = HlsOptions(self.segment_s, ReplayDates(partial(wall_clock_at, timeline, start_time)))
        parts = [keep_renditions(part, kept) for part in pieces]
        renditions = read_sandboxed(  # passthrough parts hold recorded packets
            [file for part in parts for file in part.files],
            package_hls,
            parts=parts,
            encoding=kept_encoding,
            audio=audio,
            folder=folder,
            options=options,
        )
        size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        first = kept_encoding.renditions[0]
        source_bytes = sum(part.source_video_bytes for part in pieces)
        warnings = _passthrough_warnings(pieces) + compatibility_warnings(kept_encoding.renditions)
        return Replay(
            folder,
            timeline.duration,
            first.width,
            first.height,
            size_bytes,
            _with_reencoded_duration(renditions, pieces),
            source_bytes,
            left_out,
            warnings,
        )

    def _split_clip(self, clip: TimelineClip, key_frames: Sequence[float]) -> list[Span]:
        span = clip.replay_span
        replay_times = [time - clip.file_start + clip.replay_start for time in key_frames]
        inner_times = [time for time in replay_times if span.start < time < span.end]
        count = max(1, round(clip.duration / self.part_s))
        nominal_edges = [span.start + clip.duration * i / count for i in range(1, count)]
        inner_edges = {min(inner_times, key=lambda time: abs(time - near)) for near in nominal_edges if inner_times}
        edges = [span.start, *sorted(inner_edges), span.end]
        return [Span(start, end) for start, end in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class _PartEncoder:
    """Makes the files of one part. `size`: the replay's; `keyframe_options`: when key frames are due."""

    recorded: RecordedSpan
    size: PixelSize
    keyframe_options: dict[str, Any]
    progress: Progress

    def encode(self, files: Mapping[Rendition, Path]) -> None:
        """Decode the part once, and encode it as each of these renditions."""
        graph = rendition_outputs(replay_video(self.recorded, self.size), self.size, files, self.keyframe_options)
        ffmpeg.run(graph, ffmpeg.FfmpegJob(self.recorded.path, self.recorded.span.duration, self.progress))

    def limit_size(self, files: Mapping[Rendition, Path], max_bytes: int) -> dict[Rendition, Path]:
        """Encode the oversized renditions again at higher CRFs; returns these, with their last CRF."""
        reencoded: dict[Path, Rendition] = {}
        oversized = raise_oversized_crfs(files, max_bytes, min_crf_increase=1)
        for attempt in range(1, MAX_ATTEMPTS + 1):
            if not oversized:
                break
            self.encode(oversized)
            reencoded |= {file: rendition for rendition, file in oversized.items()}
            oversized = raise_oversized_crfs(oversized, max_bytes, min_crf_increase=2**attempt)
        return {rendition: file for file, rendition in reencoded.items()}

    def passthrough_and_encode(self, files: Mapping[Rendition, Path]) -> str:
        """Write the passthrough rendition and encode the others from it. Returns why it failed, "" if it did not.

        The file that viewers get is decoded here, so an error in it is found before a player meets it.
        """
        (passthrough,) = (rendition for rendition in files if rendition.is_passthrough)
        others = {rendition: file for rendition, file in files.items() if rendition is not passthrough}
        try:
            read_sandboxed(
                [self.recorded.path], write_passthrough_part, recorded=self.recorded, file=files[passthrough]
            )
        except MediaError as error:
            return error.what
        video = passthrough_input(files[passthrough])
        try:
            size = PixelSize(passthrough.width, passthrough.height)
            graph = rendition_outputs(video, size, others, self.keyframe_options) if others else null_output(video)
            duration = self.recorded.span.duration
            ffmpeg.run(graph, ffmpeg.FfmpegJob(files[passthrough], duration, self.progress, exits_on_error=True))
        except MediaError:
            return "a decoder finds errors in it"
        return ""


def _with_reencoded_duration(
    renditions: Sequence[PackagedRendition], parts: Sequence[EncodedVideoPart]
) -> tuple[PackagedRendition, ...]:
    reencoded_s = sum((part.span.duration for part in parts if part.passthrough_blocker), 0.0)
    return tuple(
        replace(packaged, reencoded_duration=reencoded_s) if packaged.rendition.is_passthrough else packaged
        for packaged in renditions
    )


def _passthrough_warnings(parts: Sequence[EncodedVideoPart]) -> tuple[str, ...]:
    """A warning for people where parts of a passthrough rendition had to be encoded."""
    encoded = [part for part in parts if part.passthrough_blocker]
    if not encoded:
        return ()
    first = encoded[0]
    where = f"the first at {first.span.start:.0f} s of the replay: {first.passthrough_blocker}"
    return (f"{len(encoded)} of {len(parts)} parts of the recording could not be copied and are encoded; {where}",)


def _check_last_frame(video: EncodedVideo, recorded: RecordedSpan, source_file: Path) -> None:
    """MediaError unless the part shows its last key frame or a later frame: ffmpeg may end early without an error."""
    track, span = recorded.info.video, recorded.span
    end = span.end - CUT_TOLERANCE_TICKS / TICKS_PER_SECOND
    last_keyframe = max((t for t in track.keyframe_times if span.start <= t < end), default=span.start)
    is_first = not any(
        run.start < last_keyframe - FRAME_TIME_TOLERANCE_S and run.end > span.start for run in track.gapless_spans
    )
    expected_s = (
        0.0 if is_first else last_keyframe - span.start
    )  # the first frame is shown from the start, even if late
    if video.last_frame_time + FRAME_TIME_TOLERANCE_S < expected_s:
        at, keyframe_time = span.start + video.last_frame_time, span.start + expected_s
        what = f"gives no picture after {at:.3f} s, though a key frame is promised at {keyframe_time:.3f} s"
        raise MediaError(source_file, what, "copy the recording again, or encode it anew with a tool that you trust")
