"""Short samples spread over a show, decoded once: encoder settings are tried on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.clock import Seconds, Timeline
from domain.errors import MediaError
from domain.recording import MediaInfo
from media import ffmpeg
from media.disk_errors import translate_write_errors
from media.encode.filters import replay_video
from media.encode.recorded_span import RecordedSpan
from media.images import PixelSize
from media.timebase import TICKS_PER_SECOND

CONCAT_LIST_NAME = "samples.txt"
RAW_VIDEO_OPTIONS = {"vcodec": "rawvideo", "format": "nut"}


@dataclass(frozen=True, slots=True)
class VideoSamples:
    """Uncompressed frames of one size, `duration_s` seconds of them, decoded from `sources`.

    `concat_list` is a list for ffmpeg's concat demuxer.
    """

    concat_list: Path
    size: PixelSize
    duration_s: float
    sources: tuple[RecordedSpan, ...]

    def concat_input(self) -> Any:
        """The frames, as an input of a graph."""
        import ffmpeg as graph

        return graph.input(str(self.concat_list), format="concat", safe=0, protocol_whitelist="file")["v:0"]


@dataclass(frozen=True, slots=True)
class SampleFormat:
    """How samples are decoded: the folder they are written to, their size in pixels, and seconds of each."""

    folder: Path
    size: PixelSize
    duration_s: float


def choose_sample_starts(media: MediaInfo, timeline: Timeline, count: int, duration_s: float) -> tuple[Seconds, ...]:
    """Up to `count` starts of samples over the replay: source key frames with `duration_s` seconds behind them."""
    starts = [
        start
        for clip in timeline.clips
        for key in media.files[clip.file_index].video.keyframe_times
        if (start := key - clip.file_start + clip.replay_start) >= clip.replay_span.start
        and start + duration_s <= clip.replay_span.end
    ]
    target_times = [timeline.duration * (number + 0.5) / count for number in range(count)]
    return tuple(sorted({min(starts, key=lambda start: abs(start - near)) for near in target_times} if starts else ()))


def decode_samples(sources: Sequence[RecordedSpan], sample_format: SampleFormat) -> VideoSamples | None:
    """Decode the samples. One that can't be decoded is left out; None where none can."""
    files = [sample_format.folder / f"{number:03d}.nut" for number in range(len(sources))]
    decoded = [
        (source, file)
        for source, file in zip(sources, files, strict=True)
        if _decode_sample(source, sample_format.size, file)
    ]
    if not decoded:
        return None
    concat_list = sample_format.folder / CONCAT_LIST_NAME
    lines = [f"file {file.name}\nduration {sample_format.duration_s:.6f}\n" for _, file in decoded]
    with translate_write_errors(concat_list):
        concat_list.write_text("".join(["ffconcat version 1.0\n", *lines]), encoding="utf-8")
    duration_s = len(decoded) * sample_format.duration_s
    return VideoSamples(concat_list, sample_format.size, duration_s, tuple(source for source, _ in decoded))


def _decode_sample(source: RecordedSpan, size: PixelSize, file: Path) -> bool:
    """Whether the sample has frames. They are those that EncodeVideo would encode."""
    timing = {"fps_mode": "passthrough", "enc_time_base": f"1:{TICKS_PER_SECOND}"}
    try:
        ffmpeg.run(
            ffmpeg.reproducible_output(replay_video(source, size), str(file), **RAW_VIDEO_OPTIONS, **timing),
            ffmpeg.FfmpegJob(source.path, source.span.duration),
        )
    except MediaError:  # the show goes on without this sample: encoding reports what is wrong with the recording
        return False
    return file.stat().st_size > size.width * size.height  # more than a header
