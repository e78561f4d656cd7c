"""Read every packet once: what is in a file, strand by strand. One picture is decoded, for its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from domain.audio import AudioTrackInfo
from domain.clock import Span
from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import FileFault, KeyframeFingerprint, MediaFileInfo, TimestampRules, VideoTrackInfo
from media.demuxer import container_name, is_truncated
from media.keyframes import MICROSECOND_DECIMALS, FrameFormat, probe_key_frame, select_video_track, track_codec
from media.limits import (
    AUDIO_CODECS,
    MAX_CHANNELS,
    MAX_CONTINUOUS_RUNS,
    MAX_KEY_FRAMES,
    MAX_PACKET_DURATION_S,
    SAMPLE_RATE_RANGE_HZ,
)
from media.scan.random_access import RandomAccessCheck
from media.scan.timestamp_chains import TimestampChains
from media.scan.track_stats import MIN_DROPOUT_S, ChainStats, TrackStats

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer
    from av.stream import Stream as Track

PROGRESS_INTERVAL_PACKETS = 5000  # about 30 s of a show
MAX_CHAINS = 200  # in one file: no clock is set so often, and each may become a file
MAX_AUDIO_OVERHANG_S = 0.1  # the last sound of a file lasts as much longer than the picture, by the size of its packets
EDGE_TOLERANCE_S = 0.5  # MPEG-TS counts its packets, and a recorder that went on after a gap counts anew
REENCODE_VIDEO_REMEDY = "encode it anew as H.264, HEVC or AV1, and use that"
TRUNCATED_MESSAGE = "the file breaks off; what came before is used"


@dataclass(frozen=True, slots=True)
class SelectedTracks:
    """The picture and the sound that are used."""

    video: VideoStream
    audio: AudioStream | None

    @property
    def selected(self) -> list[Track]:
        return [track for track in (self.video, self.audio) if track is not None]

    def time_bases_s(self) -> dict[int, float]:
        """Seconds a tick, by track: as floats, for fractions cost more than all the rest of a scan."""
        return {track.index: float(track.time_base or 0) for track in self.selected}


@dataclass
class FileScan:
    """A file, or a stretch of its bytes, read."""

    tracks: SelectedTracks
    rules: TimestampRules
    time_bases_s: dict[int, float]
    chains: list[ChainStats] = field(default_factory=list)
    frame_format: FrameFormat | None = None
    random_access: RandomAccessCheck | None = None
    corrupt_times: list[float] = field(default_factory=list)
    is_truncated: bool = False

    def add_packet(self, chain_index: int, packet: Packet[Any], packet_index: int) -> None:
        if chain_index == len(self.chains):
            max_gap_s = self.rules.max_gap_s
            self.chains.append(ChainStats(TrackStats(max_gap_s), TrackStats(max_gap_s), packet_index))
        chain = self.chains[chain_index]
        is_video = packet.stream_index == self.tracks.video.index
        stats = chain.video if is_video else chain.audio
        time_base_s = self.time_bases_s[packet.stream_index]
        if not stats.packet_count:
            stats.starts_mid_gop = not packet.is_keyframe
        start = (packet.pts or 0) * time_base_s
        if packet.dts is not None:
            stats.add_dts(packet.dts * time_base_s)
        duration_s = (packet.duration or 0) * time_base_s
        stats.add_packet(start, duration_s if 0 < duration_s <= MAX_PACKET_DURATION_S else 0.0)
        chain.last_packet = packet_index
        if is_video and packet.is_keyframe:
            content = bytes(packet)
            stats.add_key_frame(content, start)
            if self.random_access is not None:
                self.random_access.observe(content)
            if self.frame_format is None:
                self.frame_format = probe_key_frame(cast("Packet[VideoStream]", packet))
        if packet.is_corrupt:
            self.corrupt_times.append(start)

    def check_limits(self, file: Path, size_bytes: int, read_bytes: int) -> None:
        """MediaError where there is too much of something, or where the file grows as it is read."""
        if read_bytes > size_bytes:
            raise MediaError(file, "grows while it is read", "wait until the recording is finished")
        video_stats, audio_stats = [each.video for each in self.chains], [each.audio for each in self.chains]
        if max(sum(len(reading.runs) for reading in some) for some in (video_stats, audio_stats)) > MAX_CONTINUOUS_RUNS:
            what = f"has more than {MAX_CONTINUOUS_RUNS} gaps"
            raise MediaError(file, what, "copy it with a tool that makes new time stamps, and use that")
        if sum(len(reading.key_frames) for reading in video_stats) > MAX_KEY_FRAMES:
            what = f"has more than {MAX_KEY_FRAMES} key frames"
            raise MediaError(file, what, "split it, or encode it with fewer, and use that")

    @property
    def frame_count(self) -> int:
        """How many pictures were read."""
        return sum(strand.video.packet_count for strand in self.chains)

    @property
    def video_duration_s(self) -> float:
        """How long they are shown, seconds."""
        return sum(end - start for strand in self.chains for start, end in strand.video.runs)


def packets_with_chains(
    recording: InputContainer, tracks: SelectedTracks, rules: TimestampRules, file: Path
) -> Iterator[tuple[int, int, Packet[Any]]]:
    """Every packet that has a time, in the order of the file: the number of its strand, its own number, and itself.

    A file that breaks off ends there. MediaError when its times jump again and again.
    """
    chains, time_bases_s = TimestampChains(rules), tracks.time_bases_s()
    for packet_index, packet in enumerate(_demux(recording, tracks)):
        if packet.pts is None:
            continue
        dts = None if packet.dts is None else packet.dts * time_bases_s[packet.stream_index]
        yield chains.assign(packet.stream_index, dts), packet_index, packet
        if len(chains.chains) > MAX_CHAINS:
            what = f"its times jump more than {MAX_CHAINS} times"
            raise MediaError(file, what, "copy it with a tool that makes new time stamps, and use that")


def _demux(recording: InputContainer, tracks: SelectedTracks) -> Iterator[Packet[Any]]:
    packets = iter(recording.demux(tracks.selected))
    with suppress(StopIteration, IndexError):  # IndexError: PyAV 18 meets a track that came after the file's head
        while True:
            yield next(packets)


def scan_file(recording: InputContainer, file: Path, rules: TimestampRules, progress: Progress) -> FileScan:
    """Read an open file to its end. MediaError without a picture that can be decoded."""
    from av import FFmpegError

    tracks = select_tracks(recording, file)
    scan = FileScan(tracks, rules, tracks.time_bases_s(), is_truncated=is_truncated(file, container_name(recording)))
    if tracks.video.codec_context.name == "h264":
        scan.random_access = RandomAccessCheck(tracks.video.codec_context.extradata or b"")
    size_bytes = file.stat().st_size
    try:
        for chain_index, packet_index, packet in packets_with_chains(recording, tracks, rules, file):
            scan.add_packet(chain_index, packet, packet_index)
            if packet_index % PROGRESS_INTERVAL_PACKETS == 0 and packet.pos:
                progress(min(1.0, packet.pos / size_bytes))
                scan.check_limits(file, size_bytes, packet.pos)
    except FFmpegError:
        scan.is_truncated = True
    if not scan.chains:
        raise MediaError(file, "has no packet that can be read", "record or copy it again")
    scan.check_limits(file, size_bytes, 0)
    return scan


def select_tracks(recording: InputContainer, file: Path) -> SelectedTracks:
    """The picture and the first sound of an open file. MediaError where there is none that is read."""
    video = select_video_track(recording)
    if video is None:
        codecs = ", ".join(sorted({track_codec(track) for track in recording.streams.video} - {""}))
        if codecs:
            raise MediaError(file, f"has its picture coded as {codecs}, which is not read", REENCODE_VIDEO_REMEDY)
        raise MediaError(file, "has no video track that can be read", "give the recording of the show's picture")
    return SelectedTracks(video, _select_audio_track(recording, file))


def _select_audio_track(recording: InputContainer, file: Path) -> AudioStream | None:
    """The first sound that is read. MediaError where there is sound, but none that is."""
    for track in recording.streams.audio:
        if track_codec(track) in AUDIO_CODECS:
            return track
    codecs = ", ".join(sorted({track_codec(track) or "something unknown" for track in recording.streams.audio}))
    if codecs:
        raise MediaError(file, f"has its sound coded as {codecs}, which is not read", "encode it anew as AAC")
    return None


def build_file_info(
    recording: InputContainer, scan: FileScan, chain_indices: Sequence[int], file: Path
) -> MediaFileInfo:
    """What is in an open file that was scanned, its strands taken as one. MediaError without a key frame to decode."""
    if scan.frame_format is None:
        raise MediaError(file, "has no key frame that can be decoded", "record or copy it again")
    first, *others = (scan.chains[number] for number in chain_indices)
    for other in others:
        first.video.merge(other.video)
        first.audio.merge(other.audio)
    first.video.record_undecodable_start()
    video_stats, audio_stats = first.video, first.audio if first.audio.packet_count else None
    optional_tracks = [
        (track, reading) for track, reading in ((scan.tracks.video, video_stats), (scan.tracks.audio, audio_stats))
    ]
    present_tracks = [
        (track, reading) for track, reading in optional_tracks if track is not None and reading is not None
    ]
    origin = min(_first_presentation_time(track, reading) for track, reading in present_tracks if reading.runs)
    runs = _merge_runs(
        [run for _, reading in present_tracks for run in _trim_overhang(reading, video_stats)], origin, scan.rules
    )
    video = _build_video_track(scan, video_stats, scan.frame_format, origin)
    head, tail = (
        tuple(KeyframeFingerprint(mark.time - origin, mark.checksum) for mark in m)
        for m in (video_stats.head_marks, video_stats.tail_marks)
    )
    return MediaFileInfo(
        container_name(recording),
        runs[-1].end,
        runs,
        video,
        _build_audio_track(recording, scan.tracks.audio, file) if audio_stats else None,
        round(origin, MICROSECOND_DECIMALS),
        head_fingerprints=head,
        tail_fingerprints=tail,
        faults=_find_faults(scan, video_stats, audio_stats, origin, runs),
    )


def _build_video_track(scan: FileScan, stats: TrackStats, frame_format: FrameFormat, origin: float) -> VideoTrackInfo:
    key_frames = sorted({round(time - origin, MICROSECOND_DECIMALS) for time in stats.key_frames})
    duration_s = sum(end - start for start, end in stats.runs)
    return VideoTrackInfo(
        scan.tracks.video.codec_context.name,
        frame_format.size.width,
        frame_format.size.height,
        stats.packet_count / duration_s if duration_s > 0 else 0.0,
        tuple(time for time in key_frames if time >= 0),
        frame_format.is_interlaced,
        frame_format.is_rotated_or_mirrored,
        _merge_runs(stats.runs, origin, scan.rules),
        scan.random_access.h264_coding(has_leading_frames=stats.has_leading_frames)
        if scan.random_access is not None
        else None,
    )


def _first_presentation_time(track: Track, stats: TrackStats) -> float:
    """When the track is first presented: the demuxer knows of samples that only warm up the decoder."""
    first = min(start for start, _ in stats.runs)
    if track.start_time is None or track.time_base is None:
        return first
    declared_start = float(track.start_time * track.time_base)
    return declared_start if abs(declared_start - first) < stats.max_gap_s else first


def _trim_overhang(stats: TrackStats, video_stats: TrackStats) -> list[list[float]]:
    """Runs of a track, without what its last packet has beyond the picture: the next file begins there."""
    video_end = video_stats.runs[-1][1] if video_stats.runs else 0.0
    *earlier_runs, (start, end) = stats.runs
    return [
        *earlier_runs,
        [start, video_end if video_end > start and 0 < end - video_end <= MAX_AUDIO_OVERHANG_S else end],
    ]


def _merge_runs(runs: Iterable[list[float]], origin: float, rules: TimestampRules) -> tuple[Span, ...]:
    """The stretches, in file time, in which no track has a gap that the others don't fill."""
    merged: list[list[float]] = []
    for start, end in sorted(runs):
        if merged and start <= merged[-1][1] + rules.max_gap_s:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    rounded = [[round(max(0.0, time - origin), MICROSECOND_DECIMALS) for time in run] for run in merged]
    return tuple(Span(start, end) for start, end in rounded)


def _find_faults(
    scan: FileScan, video_stats: TrackStats, audio_stats: TrackStats | None, origin: float, runs: tuple[Span, ...]
) -> tuple[FileFault, ...]:
    """What is wrong within a file and told, each kind once."""
    faults = []
    if scan.is_truncated or any(time - origin > runs[-1].end - EDGE_TOLERANCE_S for time in scan.corrupt_times):
        faults.append(FileFault("cut_off", runs[-1].end, 0.0, TRUNCATED_MESSAGE))
    corrupt_times = [max(0.0, time - origin) for time in scan.corrupt_times]
    inner_corrupt_times = sorted(time for time in corrupt_times if not _is_near_run_edge(time, runs))
    if inner_corrupt_times:
        what = "damaged packets: the picture or the sound may be disturbed there"
        faults.append(
            FileFault(
                "damaged",
                inner_corrupt_times[0],
                inner_corrupt_times[-1] - inner_corrupt_times[0],
                what,
                len(inner_corrupt_times),
            )
        )
    faults += _dropout_faults(video_stats, origin, runs, ("held", "the picture is missing and the last one is held"))
    runs_with_key_frames = tuple(
        run for run in runs if any(run.contains(max(0.0, time - origin)) for time in video_stats.key_frames)
    )
    faults += _early_end_faults(
        video_stats, origin, runs_with_key_frames, ("held", "the picture ends here and the last one is held")
    )
    if audio_stats is not None:
        faults += _dropout_faults(audio_stats, origin, runs, ("silent", "the sound is missing and there is silence"))
        faults += _early_end_faults(audio_stats, origin, runs, ("silent", "the sound ends here and there is silence"))
    return tuple(faults)


def _is_near_run_edge(time: float, runs: Iterable[Span]) -> bool:
    return any(min(abs(time - run.start), abs(time - run.end)) < EDGE_TOLERANCE_S for run in runs)


def _dropout_faults(
    stats: TrackStats, origin: float, runs: tuple[Span, ...], kind_and_message: tuple[Any, str]
) -> list[FileFault]:
    """Where a track has nothing while the replay goes on, taken together."""
    run_edges = [(runs[0].start + origin, runs[0].start + origin), *map(tuple, stats.runs)]
    absent = [(a[1], b[0]) for a, b in pairwise(run_edges)] + stats.dropouts
    replayed_dropouts = [
        hole for start, end in sorted(absent) for hole in _replayed_spans(start - origin, end - origin, runs)
    ]
    if not replayed_dropouts:
        return []
    return [
        FileFault(
            kind_and_message[0],
            replayed_dropouts[0].start,
            sum(hole.duration for hole in replayed_dropouts),
            kind_and_message[1],
            len(replayed_dropouts),
        )
    ]


def _early_end_faults(
    stats: TrackStats, origin: float, runs: tuple[Span, ...], kind_and_message: tuple[Any, str]
) -> list[FileFault]:
    """Where a track has come to its end while the replay goes on: apart from holes, for nothing hangs on that."""
    end = max((end for _, end in stats.runs), default=origin) - origin
    replayed_rest = _replayed_spans(end, max((run.end for run in runs), default=end), runs)
    return (
        [
            FileFault(
                kind_and_message[0],
                replayed_rest[0].start,
                sum(rest.duration for rest in replayed_rest),
                kind_and_message[1],
            )
        ]
        if replayed_rest
        else []
    )


def _replayed_spans(start: float, end: float, runs: tuple[Span, ...]) -> list[Span]:
    """What of a stretch of file time the replay goes on in, where that is long enough to be noticed."""
    if end - start <= MIN_DROPOUT_S:
        return []
    absent = Span(max(0.0, start), max(0.0, end))
    return [replayed for run in runs if (replayed := absent.clipped_to(run)).duration > MIN_DROPOUT_S]


def _build_audio_track(recording: InputContainer, track: AudioStream | None, file: Path) -> AudioTrackInfo | None:
    """Its shape as declared. MediaError for one that no recorder makes."""
    if track is None:
        return None
    sample_rate, channels = track.sample_rate or 0, track.channels
    min_rate_hz, max_rate_hz = SAMPLE_RATE_RANGE_HZ
    if not (min_rate_hz <= sample_rate <= max_rate_hz and 1 <= channels <= MAX_CHANNELS):
        what = f"claims sound of {sample_rate} samples a second in {channels} channels"
        raise MediaError(file, what, "encode its sound anew, or leave it out and give captions")
    return AudioTrackInfo(track.codec_context.name, sample_rate, channels, recording.streams.audio.index(track))
