"""HLS playlists as text (RFC 8216). Written by hand: m3u8 writes 2.000000 s as 2, and players sum up durations."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from domain.clock import Seconds
from domain.replay import Rendition
from media.package.codec_strings import AAC_CODEC

PLAYLIST, KEY_FRAME_PLAYLIST, INIT_SEGMENT, AUDIO_FOLDER = "index.m3u8", "iframes.m3u8", "init.mp4", "audio"
PLAYLIST_HEADER = ("#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS")
MIN_PEAK_WINDOW_TARGETS, MAX_PEAK_WINDOW_TARGETS = 0.5, 1.5  # target durations over which the peak is taken (4.1)
DATE_TOLERANCE_S = 0.001  # dates are written in milliseconds


@dataclass(frozen=True, slots=True)
class HlsSegment:
    """One segment of a playlist: seconds and bytes."""

    duration: float
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeyFrameRange:
    """A key frame: its bytes within a segment file, and the seconds until the next one."""

    file: str
    start_byte: int
    size_bytes: int
    duration: float


@dataclass(frozen=True, slots=True)
class PackagedVideo:
    """One packaged video rendition; `codec` and `video_range` as its initialization segment declares them."""

    rendition: Rendition
    segments: tuple[HlsSegment, ...]
    key_frames: tuple[KeyFrameRange, ...]
    frame_rate: float
    codec: str
    video_range: str


@dataclass(frozen=True, slots=True)
class PackagedAudio:
    """The packaged audio; no segments for a show without any."""

    segments: tuple[HlsSegment, ...] = ()
    channels: int = 0


@dataclass(frozen=True, slots=True)
class ReplayDates:
    """The date of each instant of the replay, None where it is unknown."""

    date_at: Callable[[Seconds], datetime | None]

    def has_jump(self, start: Seconds, end: Seconds) -> bool:
        """Whether wall clock and replay advance differently between two instants of the replay."""
        start_date, end_date = self.date_at(start), self.date_at(end)
        if start_date is None or end_date is None:
            return False
        return abs((end_date - start_date).total_seconds() - (end - start)) > DATE_TOLERANCE_S

    def tags(self, time: Seconds) -> list[str]:
        date = self.date_at(time)
        return [f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds')}"] if date else []


def segment_name(number: int) -> str:
    """The file of a rendition's segment, counted from 0."""
    return f"{number:05d}.m4s"


def media_playlist(segments: Sequence[HlsSegment], target: int, dates: ReplayDates) -> str:
    """The playlist of one rendition. Each segment has its date, because the replay leaves stretches out."""
    lines = [*PLAYLIST_HEADER, *_playlist_tags(target), f'#EXT-X-MAP:URI="{INIT_SEGMENT}"']
    start = 0.0
    for number, segment in enumerate(segments):
        lines += [*dates.tags(start), f"#EXTINF:{segment.duration:.6f},", segment_name(number)]
        start += segment.duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def key_frame_playlist(key_frames: Sequence[KeyFrameRange], dates: ReplayDates) -> str:
    """The I-frame playlist of one rendition, with a date at the start and at each jump."""
    lines = [
        *PLAYLIST_HEADER,
        *_playlist_tags(target_duration(key_frames)),
        "#EXT-X-I-FRAMES-ONLY",
        f'#EXT-X-MAP:URI="{INIT_SEGMENT}"',
    ]
    start = 0.0
    for number, frame in enumerate(key_frames):
        if number == 0 or dates.has_jump(start - key_frames[number - 1].duration, start):
            lines += dates.tags(start)
        byte_range = f"#EXT-X-BYTERANGE:{frame.size_bytes}@{frame.start_byte}"
        lines += [f"#EXTINF:{frame.duration:.6f},", byte_range, frame.file]
        start += frame.duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def master_playlist(videos: Sequence[PackagedVideo], audio: PackagedAudio, target: int) -> str:
    """The master playlist of these renditions. `target`: the target duration of their playlists."""
    lines = [*PLAYLIST_HEADER, *_audio_media_tags(audio)]
    for video in videos:
        stream = [
            f"BANDWIDTH={peak_bps(video.segments, target) + peak_bps(audio.segments, target)}",
            f"AVERAGE-BANDWIDTH={average_bps(video.segments) + average_bps(audio.segments)}",
            f'CODECS="{",".join([video.codec, *([AAC_CODEC] if audio.segments else [])])}"',
            f"RESOLUTION={video.rendition.width}x{video.rendition.height}",
            f"FRAME-RATE={video.frame_rate:.3f}",
            f"VIDEO-RANGE={video.video_range}",
            *(['AUDIO="audio"'] if audio.segments else []),
            "CLOSED-CAPTIONS=NONE",
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(stream)}", f"{video.rendition.name}/{PLAYLIST}"]
    lines += [_key_frame_stream_tag(video) for video in videos]
    return "\n".join(lines) + "\n"


def target_duration(segments: Iterable[HlsSegment | KeyFrameRange]) -> int:
    """Whole seconds that no rounded duration exceeds (4.3.3.1)."""
    return max(1, *(floor(round(segment.duration, 6) + 0.5) for segment in segments))


def peak_bps(segments: Sequence[HlsSegment], target: int) -> int:
    """The highest bitrate of contiguous segments that last half to one and a half targets (4.1).

    At least the average, which counts what no such run holds: a last segment that is short and large.
    """
    rates = [average_bps(segments)]
    for first in range(len(segments)):
        seconds = size_bytes = 0.0
        for segment in segments[first:]:
            seconds, size_bytes = seconds + segment.duration, size_bytes + segment.size_bytes
            if seconds > MAX_PEAK_WINDOW_TARGETS * target:
                break
            if seconds >= MIN_PEAK_WINDOW_TARGETS * target:
                rates.append(ceil(size_bytes * 8 / seconds))
    return max(rates)


def average_bps(segments: Sequence[HlsSegment]) -> int:
    """Bits a second over all segments; 0 for none."""
    seconds = sum(segment.duration for segment in segments)
    return ceil(sum(segment.size_bytes for segment in segments) * 8 / seconds) if segments else 0


def _playlist_tags(target: int) -> tuple[str, ...]:
    return f"#EXT-X-TARGETDURATION:{target}", "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"


def _audio_media_tags(audio: PackagedAudio) -> list[str]:
    if not audio.segments:
        return []
    media = 'TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES'
    return [f'#EXT-X-MEDIA:{media},CHANNELS="{audio.channels}",URI="{AUDIO_FOLDER}/{PLAYLIST}"']


def _key_frame_stream_tag(video: PackagedVideo) -> str:
    frames = [HlsSegment(frame.duration, frame.size_bytes) for frame in video.key_frames]
    stream = [
        f"BANDWIDTH={peak_bps(frames, target_duration(frames))}",
        f"AVERAGE-BANDWIDTH={average_bps(frames)}",
        f'CODECS="{video.codec}"',
        f"RESOLUTION={video.rendition.width}x{video.rendition.height}",
        f"VIDEO-RANGE={video.video_range}",
        f'URI="{video.rendition.name}/{KEY_FRAME_PLAYLIST}"',
    ]
    return f"#EXT-X-I-FRAME-STREAM-INF:{','.join(stream)}"
