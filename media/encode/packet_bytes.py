"""Bytes of video packets without what a container adds, to compare a recording with its renditions."""

from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from domain.clock import Span
from domain.errors import ToolError
from media.demuxer import open_generated_mp4, open_media
from media.encode.recorded_span import RecordedSpan
from media.keyframes import select_video_track

MICROSECONDS_PER_SECOND = 1_000_000  # the clock by which PyAV seeks
MAX_REORDER_S = 2.0  # a packet comes no longer than that after packets that are shown later
KEY_FRAME_TOLERANCE_S = 1e-6  # file times are kept to the microsecond


@dataclass(frozen=True, slots=True)
class EncodedVideo:
    """The video of an MP4 file of our own: bytes of its packets, and when its last frame is shown, in seconds."""

    packet_bytes: int
    last_frame_time: float


def recorded_video_bytes(recorded: RecordedSpan) -> int:
    """Bytes of the recorded video packets that are presented in the stretch. Opens the recording: run it sandboxed."""
    from av import FFmpegError

    size_bytes, info = 0, recorded.info
    with open_media(recorded.path, info.container) as recording:
        track = select_video_track(recording)
        if track is None:
            return 0
        seek_time = info.start_pts + recorded.preceding_key_frame - MAX_REORDER_S
        recording.seek(max(0, round(seek_time * MICROSECONDS_PER_SECOND)), backward=True)
        with suppress(FFmpegError, IndexError):  # where reading breaks off, as in PyAV 18 at a track that comes late
            for packet in recording.demux(track):
                if packet.pts is None or packet.time_base is None:
                    continue
                time = float(packet.pts * packet.time_base) - info.start_pts
                if time >= recorded.span.end + MAX_REORDER_S:
                    break
                size_bytes += packet.size if recorded.span.contains(max(0.0, time)) else 0
    return size_bytes


def recorded_video_kbps(samples: Sequence[RecordedSpan]) -> float:
    """The mean bitrate of the recorded video in these samples. Opens the recording: run it sandboxed.

    Each is measured from its key frame to the first key frame at or behind its end: whole groups count, because a key
    frame takes many times what the frames after it do.
    """
    rates_kbps = []
    for sample in samples:
        key_frames, end = sample.info.video.keyframe_times, sample.span.end
        next_index = bisect_left(key_frames, end - KEY_FRAME_TOLERANCE_S)
        gop_end = key_frames[next_index] if next_index < len(key_frames) else max(sample.info.duration, end)
        whole_gops = replace(sample, span=Span(sample.span.start, gop_end))
        rates_kbps.append(recorded_video_bytes(whole_gops) * 8 / 1000 / (gop_end - sample.span.start))
    return sum(rates_kbps) / len(rates_kbps)


def encoded_video_bytes(file: Path) -> int:
    """Bytes of the video packets of an MP4 file of our own making."""
    with open_generated_mp4(file) as encoded:
        return sum(packet.size for packet in encoded.demux(encoded.streams.video[0]))


def measure_encoded_videos(files: Sequence[Path]) -> tuple[EncodedVideo, ...]:
    """What is in MP4 files of our own making. A passthrough part holds recorded packets: run it sandboxed."""
    return tuple(map(_measure_encoded_video, files))


def _measure_encoded_video(file: Path) -> EncodedVideo:
    size_bytes, times = 0, []
    with open_generated_mp4(file) as encoded:
        track = encoded.streams.video[0]
        for packet in encoded.demux(track):
            size_bytes += packet.size
            if packet.pts is not None:
                times.append(packet.pts)
        if not times or track.time_base is None:
            raise ToolError(file, "has no picture", "run the command again")
        return EncodedVideo(size_bytes, float(max(times) * track.time_base))
