"""Short samples spread over a show, decoded once: what settings of an encoder are tried on."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.clock import Seconds, Span, Timeline
from domain.errors import MediaError
from domain.recording import MediaFileInfo, MediaInfo
from domain.session import Recording
from media import ffmpeg
from media.disk_errors import translate_write_errors
from media.encode.filters import replay_video
from media.encode.packet_bytes import recorded_video_bytes
from media.keyframes import PixelSize
from media.timebase import TICKS_PER_SECOND

CONCAT_LIST_NAME = "samples.txt"
RAW_VIDEO_OPTIONS = {"vcodec": "rawvideo", "format": "nut"}


@dataclass(frozen=True, slots=True)
class VideoSamples:
    """Uncompressed pictures of one size, `duration_s` seconds of them. `concat_list` is a list for ffmpeg's concat
    demuxer.

    `source_kbps` is the rate of the recording's picture there.
    """

    concat_list: Path
    size: PixelSize
    duration_s: float
    source_kbps: float

    def concat_input(self) -> Any:
        """The pictures, as an input of a graph."""
        import ffmpeg as graph

        return graph.input(str(self.concat_list), format="concat", safe=0, protocol_whitelist="file")["v:0"]


def choose_sample_starts(media: MediaInfo, timeline: Timeline, count: int, duration_s: float) -> tuple[Seconds, ...]:
    """Up to `count` starts of samples over the replay: source key frames with `duration_s` seconds behind them."""
    starts = [
        start
        for piece in timeline.clips
        for key in media.files[piece.file_index].video.keyframe_times
        if (start := key - piece.file_start + piece.replay_start) >= piece.replay_span.start
        and start + duration_s <= piece.replay_span.end
    ]
    target_times = [timeline.duration * (number + 0.5) / count for number in range(count)]
    return tuple(sorted({min(starts, key=lambda start: abs(start - near)) for near in target_times} if starts else ()))


def decode_samples(
    recording: Recording, media: MediaInfo, timeline: Timeline, spans: Iterable[Span], destination: "SampleDestination"
) -> VideoSamples | None:
    """Decode the samples into `destination.folder`. One that can't be decoded is left out; None where none can."""
    sample_files: list[Path] = []
    source_rates_kbps: list[float] = []
    duration_s = 0.0
    for number, span in enumerate(spans):
        piece, file_span = max(timeline.clips_in(span), key=lambda piece_and_span: piece_and_span[1].duration)
        info, source = media.files[piece.file_index], media.path_of(piece.file_index, recording)
        file = destination.folder / f"{number:03d}.nut"
        if _decode_sample(source, info, file_span, destination.size, file):
            sample_files.append(file)
            source_rates_kbps.append(_source_kbps(source, info, file_span))
            duration_s += span.duration
    if not sample_files:
        return None
    concat_list = destination.folder / CONCAT_LIST_NAME
    with translate_write_errors(concat_list):
        lines = [f"file {file.name}\nduration {duration_s / len(sample_files):.6f}\n" for file in sample_files]
        concat_list.write_text("".join(["ffconcat version 1.0\n", *lines]), encoding="utf-8")
    return VideoSamples(concat_list, destination.size, duration_s, sum(source_rates_kbps) / len(source_rates_kbps))


@dataclass(frozen=True, slots=True)
class SampleDestination:
    """Where samples go, and the size that they get."""

    folder: Path
    size: PixelSize


def _decode_sample(source: Path, info: MediaFileInfo, file_span: Span, size: PixelSize, file: Path) -> bool:
    """Whether the sample has pictures. They are those that EncodeVideo would encode."""
    timing = {"fps_mode": "passthrough", "enc_time_base": f"1:{TICKS_PER_SECOND}"}
    video = replay_video(source, info, file_span, size)
    try:
        ffmpeg.run(
            ffmpeg.reproducible_output(video, str(file), **RAW_VIDEO_OPTIONS, **timing),
            ffmpeg.FfmpegJob(source, file_span.duration),
        )
    except MediaError:  # the show goes on without this sample: encoding will tell what is wrong with the recording
        return False
    return file.stat().st_size > size.width * size.height  # more than a header


def _source_kbps(source: Path, info: MediaFileInfo, file_span: Span) -> float:
    """The rate of the recorded picture from the sample's key frame to the first one at or behind its end.

    Whole groups count: a key frame takes many times what the frames after it do.
    """
    key_frames = info.video.keyframe_times
    next_index = bisect_left(key_frames, file_span.end - 1e-6)
    end = key_frames[next_index] if next_index < len(key_frames) else max(info.duration, file_span.end)
    return (
        recorded_video_bytes(source, info, Span(file_span.start, end), file_span.start)
        * 8
        / 1000
        / (end - file_span.start)
    )
