"""HLS folders: fragmented MP4 segments, playlists of each rendition, and the master playlist that names them all.

    master.m3u8       h264-720p/index.m3u8  iframes.m3u8  init.mp4  00000.m4s ...
    h264.m3u8         av1-720p/ ...  h264-360p/ ...
                      audio/index.m3u8  init.mp4  00000.m4s ...

h264.m3u8 names the H.264 renditions alone, for players that do not keep to one codec. Sound is a rendition of its own
that all video renditions share, cut where they are. A segment holds a fragment for each of its key frames;
iframes.m3u8 names the bytes of the key frames alone, for players that show pictures while they seek. Where the date
jumps, because the replay leaves something out, a segment begins: so every instant has its right date.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import ceil, floor
from pathlib import Path

from domain.audio import ReplayAudio
from domain.clock import Seconds
from domain.errors import ToolError
from domain.replay import EncodedVideoPart, PackagedRendition, Rendition, RenditionLadder
from media.demuxer import generated_mp4_duration
from media.disk_errors import translate_write_errors
from media.formats.fmp4 import Fragment
from media.package.audio_segments import write_audio_segments
from media.package.codec_strings import AAC_CODEC, channel_count, codec_string, video_range
from media.package.concat_video import EncodedPart, write_fragments
from media.timebase import TICKS_PER_SECOND

PLAYLIST, KEY_FRAME_PLAYLIST, INIT_SEGMENT, AUDIO_FOLDER = "index.m3u8", "iframes.m3u8", "init.mp4", "audio"
MAX_DURATION_ERROR_S = 0.5  # the writer counts the decoding delay, 2 frames or so, into a lone segment
MIN_PEAK_WINDOW_TARGETS, MAX_PEAK_WINDOW_TARGETS = 0.5, 1.5  # RFC 8216, 4.1: over so much the peak rate is measured
MAX_AUDIO_SEGMENT_RATIO = 1.5  # of `segment_s`: where the picture stands still, its sound is cut all the same
DATE_TOLERANCE_S = 0.001  # as exact as dates are told
PLAYLIST_HEADER = ("#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS")


@dataclass(frozen=True, slots=True)
class HlsOptions:
    """How the replay is cut: segments of about `segment_s`, and the date of an instant of the replay, where known."""

    segment_s: float
    date_at: Callable[[Seconds], datetime | None]


@dataclass(frozen=True, slots=True)
class HlsSegment:
    """One segment of a playlist: seconds and bytes."""

    duration: float
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeyFrameRange:
    """Where in which segment file a key frame lies, in bytes, and for how many seconds it stands for the picture."""

    file: str
    start_byte: int
    size_bytes: int
    duration: float


@dataclass(frozen=True, slots=True)
class _PackagedVideo:
    """One packaged video rendition."""

    rendition: Rendition
    segments: tuple[HlsSegment, ...]
    key_frames: tuple[KeyFrameRange, ...]
    frame_rate: float


@dataclass(frozen=True, slots=True)
class _PackagedAudio:
    """The packaged sound, if there is any."""

    segments: tuple[HlsSegment, ...] = ()
    channels: int = 0


def package_hls(
    parts: Sequence[EncodedVideoPart], encoding: RenditionLadder, audio: ReplayAudio, folder: Path, options: HlsOptions
) -> tuple[PackagedRendition, ...]:
    """Make the HLS folder of these parts, in order, and their sound, as encoded. ToolError if it isn't whole."""
    videos = []
    for number, rendition in enumerate(encoding.renditions):
        rendition_parts = [EncodedPart(part.files[number], part.span.start, part.span.end) for part in parts]
        videos.append(_package_video(rendition_parts, rendition, folder / rendition.name, options))
    packaged_audio = _PackagedAudio()
    if audio.file is not None:
        packaged_audio = _package_audio(audio.file, folder / AUDIO_FOLDER, videos[0].segments, options.segment_s)
    with translate_write_errors(folder):
        _write_playlists(folder, videos, packaged_audio, options)
    return tuple(_made_rendition(one, parts, number) for number, one in enumerate(videos))


def _made_rendition(video: _PackagedVideo, parts: Sequence[EncodedVideoPart], number: int) -> PackagedRendition:
    size_bytes = sum(segment.size_bytes for segment in video.segments)
    picture_bytes = sum(part.video_bytes[number] for part in parts)
    raised_parts = sum(part.crfs[number] > video.rendition.crf for part in parts)
    return PackagedRendition(video.rendition, size_bytes, video.frame_rate, picture_bytes, raised_parts)


def read_segments(folder: Path) -> list[HlsSegment]:
    """The segments of a rendition, in order, with the sizes of their files."""
    lines = (folder / PLAYLIST).read_text(encoding="utf-8").splitlines()
    durations = [float(line.removeprefix("#EXTINF:").split(",")[0]) for line in lines if line.startswith("#EXTINF:")]
    names = [line for line in lines if line and not line.startswith("#")]
    return [HlsSegment(s, (folder / name).stat().st_size) for s, name in zip(durations, names, strict=True)]


def _package_video(
    parts: Sequence[EncodedPart], rendition: Rendition, folder: Path, options: HlsOptions
) -> _PackagedVideo:
    folder.mkdir(parents=True)
    durations_ticks: list[int] = []
    frame_counts: list[int] = []
    key_frames: list[KeyFrameRange] = []
    start_ticks = 0
    for fragment in write_fragments(parts, folder / INIT_SEGMENT):
        is_full = (
            bool(durations_ticks)
            and durations_ticks[-1] + fragment.duration_ticks / 2 >= options.segment_s * TICKS_PER_SECOND
        )
        if (
            not durations_ticks
            or is_full
            or _has_date_jump(
                options, (start_ticks - durations_ticks[-1]) / TICKS_PER_SECOND, start_ticks / TICKS_PER_SECOND
            )
        ):
            durations_ticks.append(0)
            frame_counts.append(0)
        key_frames.append(_append_fragment(folder / _file_name(len(durations_ticks) - 1), fragment))
        durations_ticks[-1] += fragment.duration_ticks
        frame_counts[-1] += fragment.frame_count
        start_ticks += fragment.duration_ticks
    segments = tuple(_measure_segments(folder, [t / TICKS_PER_SECOND for t in durations_ticks]))
    _check_duration(folder, segments, parts[-1].end)
    frame_rate = max(count * TICKS_PER_SECOND / time for count, time in zip(frame_counts, durations_ticks, strict=True))
    return _PackagedVideo(rendition, segments, tuple(key_frames), frame_rate)


def _has_date_jump(options: HlsOptions, start: Seconds, end: Seconds) -> bool:
    """Whether between the two instants of the replay more or less wall-clock time passes than in the replay."""
    start_date, end_date = options.date_at(start), options.date_at(end)
    if start_date is None or end_date is None:
        return False
    return abs((end_date - start_date).total_seconds() - (end - start)) > DATE_TOLERANCE_S


def _file_name(number: int) -> str:
    return f"{number:05d}.m4s"


def _measure_segments(folder: Path, durations: Sequence[float]) -> list[HlsSegment]:
    sizes = [(folder / _file_name(number)).stat().st_size for number in range(len(durations))]
    return [HlsSegment(duration, size) for duration, size in zip(durations, sizes, strict=True)]


def _append_fragment(file: Path, fragment: Fragment) -> KeyFrameRange:
    with translate_write_errors(file), file.open("ab") as segment:
        start = segment.tell()
        segment.write(fragment.content)
    size_bytes = fragment.key_frame_end - fragment.key_frame_start
    return KeyFrameRange(
        file.name, start + fragment.key_frame_start, size_bytes, fragment.duration_ticks / TICKS_PER_SECOND
    )


def _package_audio(file: Path, folder: Path, video_segments: Sequence[HlsSegment], segment_s: float) -> _PackagedAudio:
    """`video_segments`: the segments of the picture, which those of the sound begin with."""
    folder.mkdir(parents=True)
    duration = generated_mp4_duration(file)
    durations = []
    for number, segment in enumerate(
        write_audio_segments(file, folder / INIT_SEGMENT, _audio_boundaries(video_segments, duration, segment_s))
    ):
        with translate_write_errors(folder):
            (folder / _file_name(number)).write_bytes(segment.content)
        durations.append(segment.duration)
    segments = _measure_segments(folder, durations)
    _check_duration(folder, segments, duration)
    return _PackagedAudio(tuple(segments), channel_count(folder / INIT_SEGMENT))


def _audio_boundaries(video_segments: Sequence[HlsSegment], duration: float, segment_s: float) -> list[Seconds]:
    boundaries: list[Seconds] = [0.0]
    for boundary in (*accumulate(segment.duration for segment in video_segments), duration):
        while boundary - boundaries[-1] > MAX_AUDIO_SEGMENT_RATIO * segment_s:
            boundaries.append(boundaries[-1] + segment_s)
        boundaries.append(boundary)
    return boundaries[:-1]


def _check_duration(folder: Path, segments: Sequence[HlsSegment], duration: float) -> None:
    """ToolError unless the segments last `duration` seconds in all."""
    total = sum(segment.duration for segment in segments)
    if abs(total - duration) > MAX_DURATION_ERROR_S:
        raise ToolError(folder, f"holds {total:.3f} s instead of {duration:.3f} s", "run the command again")


def _write_playlists(
    folder: Path, videos: Sequence[_PackagedVideo], audio: _PackagedAudio, options: HlsOptions
) -> None:
    """RFC 8216, 6.2.4: all have the same target duration, but those of key frames may have another."""
    segment_lists = [video.segments for video in videos] + ([audio.segments] if audio.segments else [])
    target = max(_target_duration(segments) for segments in segment_lists)
    for picture in videos:
        rendition_folder = folder / picture.rendition.name
        (rendition_folder / PLAYLIST).write_text(_media_playlist(picture.segments, target, options), encoding="utf-8")
        (rendition_folder / KEY_FRAME_PLAYLIST).write_text(
            _key_frame_playlist(picture.key_frames, options), encoding="utf-8"
        )
    if audio.segments:
        (folder / AUDIO_FOLDER / PLAYLIST).write_text(
            _media_playlist(audio.segments, target, options), encoding="utf-8"
        )
    h264 = [picture for picture in videos if picture.rendition.codec == "h264"]
    for name, listed in (("master.m3u8", videos), ("h264.m3u8", h264)):
        if listed:
            (folder / name).write_text(_master_playlist(folder, listed, audio, target), encoding="utf-8")


def _media_playlist(segments: Sequence[HlsSegment], target: int, options: HlsOptions) -> str:
    lines = [*PLAYLIST_HEADER, *_playlist_tags(target), f'#EXT-X-MAP:URI="{INIT_SEGMENT}"']
    start = 0.0
    for number, segment in enumerate(segments):
        lines += [*_date_tags(start, options), f"#EXTINF:{segment.duration:.6f},", _file_name(number)]
        start += segment.duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _key_frame_playlist(key_frames: Sequence[KeyFrameRange], options: HlsOptions) -> str:
    lines = [
        *PLAYLIST_HEADER,
        *_playlist_tags(_target_duration(key_frames)),
        "#EXT-X-I-FRAMES-ONLY",
        f'#EXT-X-MAP:URI="{INIT_SEGMENT}"',
    ]
    start = 0.0
    for number, frame in enumerate(key_frames):
        if number == 0 or _has_date_jump(options, start - key_frames[number - 1].duration, start):
            lines += _date_tags(start, options)
        lines += [
            f"#EXTINF:{frame.duration:.6f},",
            f"#EXT-X-BYTERANGE:{frame.size_bytes}@{frame.start_byte}",
            frame.file,
        ]
        start += frame.duration
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _target_duration(segments: Iterable[HlsSegment | KeyFrameRange]) -> int:
    """Whole seconds that no duration exceeds after rounding (RFC 8216, 4.3.3.1)."""
    return max(1, *(floor(round(one.duration, 6) + 0.5) for one in segments))


def _playlist_tags(target: int) -> tuple[str, ...]:
    return f"#EXT-X-TARGETDURATION:{target}", "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"


def _date_tags(time: Seconds, options: HlsOptions) -> list[str]:
    """On every segment: the replay leaves stretches out, so one date doesn't tell the others."""
    date = options.date_at(time)
    return [f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds')}"] if date else []


def _master_playlist(folder: Path, videos: Sequence[_PackagedVideo], audio: _PackagedAudio, target: int) -> str:
    lines = [*PLAYLIST_HEADER, *_audio_media_tags(audio)]
    for video in videos:
        codec = codec_string(folder / video.rendition.name / INIT_SEGMENT)
        stream = [
            f"BANDWIDTH={_peak_bps(video.segments, target) + _peak_bps(audio.segments, target)}",
            f"AVERAGE-BANDWIDTH={_average_bps(video.segments) + _average_bps(audio.segments)}",
            f'CODECS="{",".join([codec, *([AAC_CODEC] if audio.segments else [])])}"',
            f"RESOLUTION={video.rendition.width}x{video.rendition.height}",
            f"FRAME-RATE={video.frame_rate:.3f}",
            f"VIDEO-RANGE={video_range(folder / video.rendition.name / INIT_SEGMENT)}",
            *(['AUDIO="audio"'] if audio.segments else []),
            "CLOSED-CAPTIONS=NONE",
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(stream)}", f"{video.rendition.name}/{PLAYLIST}"]
    lines += [_key_frame_stream_tag(one, folder / one.rendition.name / INIT_SEGMENT) for one in videos]
    return "\n".join(lines) + "\n"


def _audio_media_tags(audio: _PackagedAudio) -> list[str]:
    if not audio.segments:
        return []
    media = 'TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES'
    return [f'#EXT-X-MEDIA:{media},CHANNELS="{audio.channels}",URI="{AUDIO_FOLDER}/{PLAYLIST}"']


def _key_frame_stream_tag(video: _PackagedVideo, init: Path) -> str:
    frames = [HlsSegment(frame.duration, frame.size_bytes) for frame in video.key_frames]
    stream = [
        f"BANDWIDTH={_peak_bps(frames, _target_duration(frames))}",
        f"AVERAGE-BANDWIDTH={_average_bps(frames)}",
        f'CODECS="{codec_string(init)}"',
        f"RESOLUTION={video.rendition.width}x{video.rendition.height}",
        f"VIDEO-RANGE={video_range(init)}",
        f'URI="{video.rendition.name}/{KEY_FRAME_PLAYLIST}"',
    ]
    return f"#EXT-X-I-FRAME-STREAM-INF:{','.join(stream)}"


def _peak_bps(segments: Sequence[HlsSegment], target: int) -> int:
    """Bits a second of the fattest run of segments that lasts half to one and a half targets (RFC 8216, 4.1).

    At least the average, which counts what no such run holds: a last segment that is short and fat.
    """
    rates = [_average_bps(segments)]
    for first in range(len(segments)):
        seconds = size_bytes = 0.0
        for segment in segments[first:]:
            seconds, size_bytes = seconds + segment.duration, size_bytes + segment.size_bytes
            if seconds > MAX_PEAK_WINDOW_TARGETS * target:
                break
            if seconds >= MIN_PEAK_WINDOW_TARGETS * target:
                rates.append(ceil(size_bytes * 8 / seconds))
    return max(rates)


def _average_bps(segments: Sequence[HlsSegment]) -> int:
    return ceil(sum(one.size_bytes for one in segments) * 8 / sum(one.duration for one in segments)) if segments else 0
