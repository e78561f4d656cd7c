"""Bytes of pictures without what a container adds, to compare a recording with what is made of it."""

from contextlib import suppress
from pathlib import Path

from domain.clock import Span
from domain.recording import MediaFileInfo
from media.demuxer import open_generated_mp4, open_media
from media.keyframes import select_video_track

MICROSECONDS_PER_SECOND = 1_000_000  # a second, on the clock by which PyAV seeks
MAX_REORDER_S = 2.0  # packets of a stretch come no longer than that after packets shown later


def recorded_video_bytes(file: Path, info: MediaFileInfo, span: Span, key_frame_time: float) -> int:
    """Bytes of the recorded picture packets presented in `span`; `key_frame_time` is one at or before it. File
    times.
    """
    from av import FFmpegError

    size_bytes = 0
    with open_media(file, info.container) as recording:
        track = select_video_track(recording)
        if track is None:
            return 0
        recording.seek(
            max(0, round((info.start_pts + key_frame_time - MAX_REORDER_S) * MICROSECONDS_PER_SECOND)), backward=True
        )
        with suppress(FFmpegError, IndexError):  # where reading breaks off, as in PyAV 18 at a track that comes late
            for packet in recording.demux(track):
                if packet.pts is None or packet.time_base is None:
                    continue
                time = float(packet.pts * packet.time_base) - info.start_pts
                if time >= span.end + MAX_REORDER_S:
                    break
                size_bytes += packet.size if span.contains(max(0.0, time)) else 0
    return size_bytes


def encoded_video_bytes(file: Path) -> int:
    """Bytes of the picture packets of an MP4 file of our own making."""
    with open_generated_mp4(file) as encoded:
        return sum(packet.size for packet in encoded.demux(encoded.streams.video[0]))
