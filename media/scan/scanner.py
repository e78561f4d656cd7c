"""Reads every packet of a file once and collects what they say, chain by chain. One frame is decoded, for its size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import TimestampRules
from media.keyframes import FrameFormat, probe_key_frame, select_video_track, track_codec
from media.limits import (
    AUDIO_CODECS,
    MAX_CONTINUOUS_RUNS,
    MAX_KEY_FRAMES,
    MAX_PACKET_DURATION_S,
)
from media.scan.random_access import RandomAccessCheck
from media.scan.timestamp_chains import TimestampChains
from media.scan.track_stats import ChainStats, PacketSpacing, TrackStats

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer
    from av.stream import Stream as Track

PROGRESS_INTERVAL_PACKETS = 5000  # about 30 s of a show
MAX_CHAINS = 200  # in one file: no clock is reset so often, and each chain may become a file
REENCODE_VIDEO_REMEDY = "encode it anew as H.264, HEVC or AV1, and use that"


@dataclass(frozen=True, slots=True)
class SelectedTracks:
    """The video track and the audio track that are used."""

    video: VideoStream
    audio: AudioStream | None

    @property
    def selected(self) -> list[Track]:
        return [track for track in (self.video, self.audio) if track is not None]

    def time_bases_s(self) -> dict[int, float]:
        """Seconds in a tick, by track index: as floats, because fractions cost more than all the rest of a scan."""
        return {track.index: float(track.time_base or 0) for track in self.selected}


@dataclass
class FileScan:
    """What the packets of a file, or of a stretch of its bytes, say. `is_truncated`: reading it ended in an error."""

    tracks: SelectedTracks
    rules: TimestampRules
    time_bases_s: dict[int, float]
    chains: list[ChainStats] = field(default_factory=list)
    frame_format: FrameFormat | None = None
    random_access: RandomAccessCheck | None = None
    corrupt_times: list[float] = field(default_factory=list)
    is_truncated: bool = False

    def add_packet(self, chain_index: int, packet: Packet[Any], packet_index: int) -> None:
        """Take note of the next packet."""
        if chain_index == len(self.chains):
            video, audio = (TrackStats(PacketSpacing(self.rules.max_gap_s)) for _ in range(2))
            self.chains.append(ChainStats(video, audio, packet_index))
        chain = self.chains[chain_index]
        is_video = packet.stream_index == self.tracks.video.index
        stats = chain.video if is_video else chain.audio
        time_base_s = self.time_bases_s[packet.stream_index]
        start = (packet.pts or 0) * time_base_s
        if packet.dts is not None:
            stats.spacing.add(packet.dts * time_base_s)
        duration_s = (packet.duration or 0) * time_base_s
        is_valid_duration = 0 < duration_s <= MAX_PACKET_DURATION_S
        stats.add_packet(start, duration_s if is_valid_duration else 0.0, is_key_frame=packet.is_keyframe)
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
        """MediaError where the file has too much of something, or has grown while it was read."""
        if read_bytes > size_bytes:
            raise MediaError(file, "grows while it is read", "wait until the recording is finished")
        video_run_count = sum(len(chain.video.runs) for chain in self.chains)
        if max(video_run_count, sum(len(chain.audio.runs) for chain in self.chains)) > MAX_CONTINUOUS_RUNS:
            what = f"has more than {MAX_CONTINUOUS_RUNS} gaps"
            raise MediaError(file, what, "copy it with a tool that makes new time stamps, and use that")
        if sum(len(chain.video.key_frames) for chain in self.chains) > MAX_KEY_FRAMES:
            what = f"has more than {MAX_KEY_FRAMES} key frames"
            raise MediaError(file, what, "split it, or encode it with fewer, and use that")

    @property
    def frame_count(self) -> int:
        """How many packets of the video track were read."""
        return sum(chain.video.packet_count for chain in self.chains)

    @property
    def video_duration_s(self) -> float:
        """For how many seconds they are shown."""
        return sum(end - start for chain in self.chains for start, end in chain.video.runs)


def packets_with_chains(
    recording: InputContainer, tracks: SelectedTracks, rules: TimestampRules, file: Path
) -> Iterator[tuple[int, int, Packet[Any]]]:
    """Every packet that has a time, in file order: the index of its chain, its own index, and the packet.

    They end where the file breaks off. MediaError where its times jump too often.
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
    with suppress(StopIteration, IndexError):  # IndexError: PyAV 18 on a track that began after the file's head
        while True:
            yield next(packets)


def scan_file(recording: InputContainer, file: Path, rules: TimestampRules, progress: Progress) -> FileScan:
    """Read an open file to its end. MediaError where it has no video track or no packet that can be read."""
    from av import FFmpegError

    tracks = select_tracks(recording, file)
    scan = FileScan(tracks, rules, tracks.time_bases_s())
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
    """The video track and the first audio track of an open file. MediaError where their codecs are not read."""
    video = select_video_track(recording)
    if video is None:
        codecs = ", ".join(sorted({track_codec(track) for track in recording.streams.video} - {""}))
        if codecs:
            raise MediaError(file, f"has its picture coded as {codecs}, which is not read", REENCODE_VIDEO_REMEDY)
        raise MediaError(file, "has no video track that can be read", "give the recording of the show's picture")
    return SelectedTracks(video, _select_audio_track(recording, file))


def _select_audio_track(recording: InputContainer, file: Path) -> AudioStream | None:
    """The first track in a codec that is read; None where there is no audio. MediaError where all codecs are others."""
    for track in recording.streams.audio:
        if track_codec(track) in AUDIO_CODECS:
            return track
    codecs = ", ".join(sorted({track_codec(track) or "something unknown" for track in recording.streams.audio}))
    if codecs:
        raise MediaError(file, f"has its sound coded as {codecs}, which is not read", "encode it anew as AAC")
    return None
