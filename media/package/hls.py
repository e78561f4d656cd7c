"""HLS folders: fragmented MP4 segments, playlists of each rendition, and the master playlist that names them all.

    master.m3u8       h264-720p/index.m3u8  iframes.m3u8  init.mp4  00000.m4s ...
    h264.m3u8         av1-720p/ ...  h264-360p/ ...
                      audio/index.m3u8  init.mp4  00000.m4s ...

h264.m3u8 names the H.264 renditions alone, for players that do not keep to one codec. Audio is a rendition of its own
that all video renditions share, cut where they are. A segment holds a fragment for each of its key frames;
iframes.m3u8 names the bytes of the key frames alone, for players that show frames while they seek. Where the date
jumps, because the replay leaves something out, a segment begins, so that every instant has its right date.

By hand, although Shaka Packager makes segments and playlists: it has no dates that jump at cuts, and does not keep a
fragment for each key frame and times exact to the tick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from domain.audio import ReplayAudio
from domain.clock import Seconds
from domain.errors import ToolError
from domain.replay import EncodedVideoPart, PackagedRendition, Rendition, RenditionLadder
from media.demuxer import generated_mp4_duration
from media.disk_errors import translate_write_errors
from media.formats.fmp4 import Fragment
from media.package.audio_segments import write_audio_segments
from media.package.codec_strings import channel_count, codec_string, video_range
from media.package.concat_video import EncodedPart, write_fragments
from media.package.playlists import (
    AUDIO_FOLDER,
    INIT_SEGMENT,
    KEY_FRAME_PLAYLIST,
    PLAYLIST,
    HlsSegment,
    KeyFrameRange,
    PackagedAudio,
    PackagedVideo,
    ReplayDates,
    key_frame_playlist,
    master_playlist,
    media_playlist,
    segment_name,
    target_duration,
)
from media.timebase import TICKS_PER_SECOND

MASTER_PLAYLIST, H264_PLAYLIST = "master.m3u8", "h264.m3u8"
MAX_DURATION_ERROR_S = 0.5  # the writer counts the decoding delay, 2 frames or so, into a lone segment
MAX_AUDIO_SEGMENT_RATIO = 1.5  # of `segment_s`: where the video stands still, its audio is cut all the same


@dataclass(frozen=True, slots=True)
class HlsOptions:
    """Segments of about `segment_s` seconds, and the dates of the replay."""

    segment_s: float
    dates: ReplayDates


def package_hls(
    parts: Sequence[EncodedVideoPart], encoding: RenditionLadder, audio: ReplayAudio, folder: Path, options: HlsOptions
) -> tuple[PackagedRendition, ...]:
    """Write the HLS folder of these parts, in order, and the audio. ToolError if a duration is wrong.

    Passthrough parts hold recorded packets: run it sandboxed.
    """
    videos = []
    for number, rendition in enumerate(encoding.renditions):
        rendition_parts = [EncodedPart(part.files[number], part.span.start, part.span.end) for part in parts]
        videos.append(_package_video(rendition_parts, rendition, folder / rendition.name, options))
    packaged_audio = PackagedAudio()
    if audio.file is not None:
        packaged_audio = _package_audio(audio.file, folder / AUDIO_FOLDER, videos[0].segments, options.segment_s)
    with translate_write_errors(folder):
        _write_playlists(folder, videos, packaged_audio, options.dates)
    return tuple(_packaged_rendition(video, parts, number) for number, video in enumerate(videos))


def _packaged_rendition(video: PackagedVideo, parts: Sequence[EncodedVideoPart], number: int) -> PackagedRendition:
    size_bytes = sum(segment.size_bytes for segment in video.segments)
    video_bytes = sum(part.video_bytes[number] for part in parts)
    raised_parts = sum(part.crfs[number] > video.rendition.crf for part in parts)
    return PackagedRendition(video.rendition, size_bytes, video.frame_rate, video_bytes, raised_parts)


def _package_video(
    parts: Sequence[EncodedPart], rendition: Rendition, folder: Path, options: HlsOptions
) -> PackagedVideo:
    folder.mkdir(parents=True)
    durations_ticks: list[int] = []
    frame_counts: list[int] = []
    key_frames: list[KeyFrameRange] = []
    start_ticks = 0
    for fragment in write_fragments(parts, folder / INIT_SEGMENT):
        if not durations_ticks or _begins_segment(fragment, durations_ticks[-1], start_ticks, options):
            durations_ticks.append(0)
            frame_counts.append(0)
        key_frames.append(_append_fragment(folder / segment_name(len(durations_ticks) - 1), fragment))
        durations_ticks[-1] += fragment.duration_ticks
        frame_counts[-1] += fragment.frame_count
        start_ticks += fragment.duration_ticks
    segments = tuple(_measure_segments(folder, [t / TICKS_PER_SECOND for t in durations_ticks]))
    _check_duration(folder, segments, parts[-1].end)
    frame_rate = max(count * TICKS_PER_SECOND / time for count, time in zip(frame_counts, durations_ticks, strict=True))
    init = folder / INIT_SEGMENT
    return PackagedVideo(rendition, segments, tuple(key_frames), frame_rate, codec_string(init), video_range(init))


def _begins_segment(fragment: Fragment, segment_ticks: int, start_ticks: int, options: HlsOptions) -> bool:
    """Whether a fragment begins the next segment: the last one, of `segment_ticks`, is full, or the date jumps."""
    is_full = segment_ticks + fragment.duration_ticks / 2 >= options.segment_s * TICKS_PER_SECOND
    segment_start, fragment_start = (ticks / TICKS_PER_SECOND for ticks in (start_ticks - segment_ticks, start_ticks))
    return is_full or options.dates.has_jump(segment_start, fragment_start)


def _measure_segments(folder: Path, durations: Sequence[float]) -> list[HlsSegment]:
    sizes = [(folder / segment_name(number)).stat().st_size for number in range(len(durations))]
    return [HlsSegment(duration, size) for duration, size in zip(durations, sizes, strict=True)]


def _append_fragment(file: Path, fragment: Fragment) -> KeyFrameRange:
    with translate_write_errors(file), file.open("ab") as segment:
        start = segment.tell()
        segment.write(fragment.content)
    size_bytes = fragment.key_frame_end - fragment.key_frame_start
    return KeyFrameRange(
        file.name, start + fragment.key_frame_start, size_bytes, fragment.duration_ticks / TICKS_PER_SECOND
    )


def _package_audio(file: Path, folder: Path, video_segments: Sequence[HlsSegment], segment_s: float) -> PackagedAudio:
    """`video_segments`: audio is cut where they are."""
    folder.mkdir(parents=True)
    duration = generated_mp4_duration(file)
    durations = []
    for number, segment in enumerate(
        write_audio_segments(file, folder / INIT_SEGMENT, _audio_boundaries(video_segments, duration, segment_s))
    ):
        with translate_write_errors(folder):
            (folder / segment_name(number)).write_bytes(segment.content)
        durations.append(segment.duration)
    segments = _measure_segments(folder, durations)
    _check_duration(folder, segments, duration)
    return PackagedAudio(tuple(segments), channel_count(folder / INIT_SEGMENT))


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


def _write_playlists(folder: Path, videos: Sequence[PackagedVideo], audio: PackagedAudio, dates: ReplayDates) -> None:
    """RFC 8216, 6.2.4: all have the same target duration; playlists of key frames may have another."""
    segment_lists = [video.segments for video in videos] + ([audio.segments] if audio.segments else [])
    target = max(map(target_duration, segment_lists))
    texts = {f"{video.rendition.name}/{PLAYLIST}": media_playlist(video.segments, target, dates) for video in videos}
    for video in videos:
        texts[f"{video.rendition.name}/{KEY_FRAME_PLAYLIST}"] = key_frame_playlist(video.key_frames, dates)
    if audio.segments:
        texts[f"{AUDIO_FOLDER}/{PLAYLIST}"] = media_playlist(audio.segments, target, dates)
    h264 = [video for video in videos if video.rendition.codec == "h264"]
    for name, listed in ((MASTER_PLAYLIST, videos), (H264_PLAYLIST, h264)):
        if listed:
            texts[name] = master_playlist(listed, audio, target)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
