"""What is in a file that was scanned: its tracks, its runs without a gap, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from domain.audio import AudioTrackInfo
from domain.clock import Span
from domain.errors import MediaError
from domain.recording import MediaFileInfo, TimestampRules, VideoTrackInfo
from media.demuxer import container_name
from media.formats.containers import FORMATS
from media.keyframes import MICROSECOND_DECIMALS, FrameFormat
from media.limits import MAX_CHANNELS, SAMPLE_RATE_RANGE_HZ
from media.scan.faults import ScannedDamage, find_faults
from media.scan.file_alignment import MAX_AUDIO_OVERHANG_S
from media.scan.scanner import FileScan
from media.scan.track_stats import TrackSummary, summarize_track

if TYPE_CHECKING:
    from av import AudioStream
    from av.container import InputContainer
    from av.stream import Stream as Track


def build_file_info(
    recording: InputContainer, scan: FileScan, chain_indices: Sequence[int], file: Path
) -> MediaFileInfo:
    """What is in an open file that was scanned, its chains taken as one. MediaError without a key frame to decode."""
    if scan.frame_format is None:
        raise MediaError(file, "has no key frame that can be decoded", "record or copy it again")
    chains = [scan.chains[index] for index in chain_indices]
    video = summarize_track([chain.video for chain in chains]).with_undecodable_start()
    audio = summarize_track([chain.audio for chain in chains])
    audio_track = scan.tracks.audio if audio.packet_count else None
    tracks: list[tuple[Track, TrackSummary]] = [(scan.tracks.video, video)]
    tracks += [(audio_track, audio)] if audio_track is not None else []
    origin = min(_first_presentation_time(track, summary, scan.rules) for track, summary in tracks if summary.runs)
    runs = _merge_runs([run for _, summary in tracks for run in _trim_overhang(summary, video)], origin, scan.rules)
    video_in_file_time = video.earlier_by(origin)
    container = container_name(recording)
    is_truncated = scan.is_truncated or FORMATS[container].is_truncated(file)
    damage = ScannedDamage(is_truncated, tuple(time - origin for time in scan.corrupt_times))
    return MediaFileInfo(
        container,
        runs[-1].end,
        runs,
        _build_video_track(scan, video, scan.frame_format, origin),
        _build_audio_track(recording, audio_track, file) if audio_track is not None else None,
        round(origin, MICROSECOND_DECIMALS),
        head_fingerprints=video_in_file_time.head_fingerprints,
        tail_fingerprints=video_in_file_time.tail_fingerprints,
        faults=find_faults(damage, video_in_file_time, audio.earlier_by(origin) if audio_track else None, runs),
    )


def _build_video_track(
    scan: FileScan, summary: TrackSummary, frame_format: FrameFormat, origin: float
) -> VideoTrackInfo:
    key_frames = sorted({round(time - origin, MICROSECOND_DECIMALS) for time in summary.key_frames})
    h264_config = None
    if scan.random_access is not None:
        h264_config = scan.random_access.h264_config(has_leading_frames=summary.has_leading_frames)
    return VideoTrackInfo(
        scan.tracks.video.codec_context.name,
        frame_format.size.width,
        frame_format.size.height,
        summary.packet_count / summary.duration_s if summary.duration_s > 0 else 0.0,
        tuple(time for time in key_frames if time >= 0),
        frame_format.is_interlaced,
        frame_format.is_rotated_or_mirrored,
        _merge_runs(summary.runs, origin, scan.rules),
        h264_config,
    )


def _build_audio_track(recording: InputContainer, track: AudioStream, file: Path) -> AudioTrackInfo:
    """Its shape as declared. MediaError for one that no recorder makes."""
    sample_rate, channels = track.sample_rate or 0, track.channels
    min_rate_hz, max_rate_hz = SAMPLE_RATE_RANGE_HZ
    if not (min_rate_hz <= sample_rate <= max_rate_hz and 1 <= channels <= MAX_CHANNELS):
        what = f"claims sound of {sample_rate} samples a second in {channels} channels"
        raise MediaError(file, what, "encode its sound anew, or leave it out and give captions")
    return AudioTrackInfo(track.codec_context.name, sample_rate, channels, recording.streams.audio.index(track))


def _first_presentation_time(track: Track, summary: TrackSummary, rules: TimestampRules) -> float:
    """When the track is first presented: the demuxer knows which samples only warm up the decoder."""
    first = min(start for start, _ in summary.runs)
    if track.start_time is None or track.time_base is None:
        return first
    declared_start = float(track.start_time * track.time_base)
    return declared_start if abs(declared_start - first) < rules.max_gap_s else first


def _trim_overhang(summary: TrackSummary, video: TrackSummary) -> list[tuple[float, float]]:
    """Runs of a track, without what its last packet has beyond the video: the next file begins there."""
    video_end = video.runs[-1][1] if video.runs else 0.0
    *earlier_runs, (start, end) = summary.runs
    is_overhang = video_end > start and 0 < end - video_end <= MAX_AUDIO_OVERHANG_S
    return [*earlier_runs, (start, video_end if is_overhang else end)]


def _merge_runs(runs: Iterable[tuple[float, float]], origin: float, rules: TimestampRules) -> tuple[Span, ...]:
    """The stretches, in file time, in which no track has a gap that the others don't fill."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(runs):
        if merged and start <= merged[-1][1] + rules.max_gap_s:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    rounded = [[round(max(0.0, time - origin), MICROSECOND_DECIMALS) for time in run] for run in merged]
    return tuple(Span(start, end) for start, end in rounded)
