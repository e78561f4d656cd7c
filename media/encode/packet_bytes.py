"""Bytes of pictures without what a container adds, to compare a recording with what is made of it."""

from contextlib import suppress
from pathlib import Path

from domain.clock import Span
from domain.recording import FileInfo
from media.demuxer import made, opened
from media.keyframes import picture_track

MICROSECONDS = 1_000_000  # a second, on the clock by which PyAV seeks
REORDERED_S = 2.0  # packets of a stretch come no longer than that after packets shown later


def recorded_bytes(file: Path, info: FileInfo, shown: Span, key_frame: float) -> int:
    """Bytes of the recorded picture packets presented in `shown`; `key_frame` is one at or before it. File times."""
    from av import FFmpegError

    count = 0
    with opened(file, info.container) as recording:
        track = picture_track(recording)
        if track is None:
            return 0
        recording.seek(max(0, round((info.origin + key_frame - REORDERED_S) * MICROSECONDS)), backward=True)
        with suppress(FFmpegError, IndexError):  # where reading breaks off, as in PyAV 18 at a track that comes late
            for packet in recording.demux(track):
                if packet.pts is None or packet.time_base is None:
                    continue
                time = float(packet.pts * packet.time_base) - info.origin
                if time >= shown.end + REORDERED_S:
                    break
                count += packet.size if shown.holds(max(0.0, time)) else 0
    return count


def encoded_bytes(file: Path) -> int:
    """Bytes of the picture packets of an MP4 file of our own making."""
    with made(file) as encoded:
        return sum(packet.size for packet in encoded.demux(encoded.streams.video[0]))
