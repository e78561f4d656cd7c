"""Read every packet of every file once: what is in it, where key frames are, where nothing was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from domain.clock import Span
from domain.errors import MediaError
from domain.media import FileInfo, MediaInfo, SoundTrack, VideoTrack
from domain.session import Recording
from pipeline.containers import container_name, opened
from pipeline.frames import MICROSECOND_DIGITS, Size, picture_track, shown_size
from pipeline.stage import Needs, Progress, no_progress

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer
    from av.stream import Stream as Track

PACKETS_A_TELLING = 5000  # about 30 s of a show


@dataclass(frozen=True)
class Probe:
    """Scan the packets of all files: tracks, key frames and runs. One picture a file is decoded, for its size."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("av",)

    longest_gap_s: float = 2.0
    largest_jump_back_s: float = 3.0

    def __call__(self, recording: Recording, progress: Progress) -> MediaInfo:
        files = []
        total_bytes = sum(file.size_bytes for file in recording.files)
        read_bytes = 0
        for file in recording.files:
            share = _Share(read_bytes / max(1, total_bytes), file.size_bytes / max(1, total_bytes), progress)
            files.append(self.probe_file(file.path, share))
            read_bytes += file.size_bytes
        return MediaInfo(tuple(files))

    def probe_file(self, file: Path, progress: Progress = no_progress) -> FileInfo:
        """What is in one file. MediaError when it is no recording, or its times jump back."""
        with opened(file) as recording:
            video, audio = _tracks(recording, file)
            picture = _Reading(video, self, file)
            sound = _Reading(audio, self, file) if audio else None
            size = _scan(recording, file, picture, sound, progress)
            return _file_info(recording, picture, sound, size, self.longest_gap_s)


@dataclass(frozen=True)
class _Share:
    """The progress of one file, as a share of all."""

    before: float
    share: float
    progress: Progress

    def __call__(self, done: float) -> None:
        self.progress(self.before + self.share * done)


@dataclass
class _Reading:
    """What the packets of one track have told so far. Times are presentation seconds as recorded; memory: the runs."""

    track: Track
    limits: Probe
    file: Path
    runs: list[list[float]] = field(default_factory=list)
    key_frames: list[float] = field(default_factory=list)
    count: int = 0
    step_s: float = 0.0
    decoded_at: float | None = None
    unit_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.unit_s = float(self.track.time_base or 0)

    def add(self, packet: Packet[Track]) -> None:
        pts, dts, duration, unit = packet.pts, packet.dts, packet.duration, self.unit_s
        if pts is None:
            return
        self._follow((pts if dts is None else dts) * unit)
        start = pts * unit
        end = start + (duration * unit if duration else self.step_s)
        self.count += 1
        if packet.is_keyframe:
            self.key_frames.append(start)
        gap = self.limits.longest_gap_s
        if self.runs and self.runs[-1][0] - gap <= start <= self.runs[-1][1] + gap:
            self.runs[-1] = [min(self.runs[-1][0], start), max(self.runs[-1][1], end)]
        else:
            self.runs.append([start, end])

    def _follow(self, time: float) -> None:
        """Take note of a decoding time. Raises MediaError when it is far before the last one."""
        if self.decoded_at is not None:
            if time < self.decoded_at - self.limits.largest_jump_back_s:
                what = f"its times jump back from {self.decoded_at:.3f} s to {time:.3f} s"
                remedy = "split the file there, and give the parts as recording-000, recording-001 ... in order"
                raise MediaError(self.file, what, remedy)
            if 0 < time - self.decoded_at <= self.limits.longest_gap_s:
                self.step_s = time - self.decoded_at
        self.decoded_at = time


def _tracks(recording: InputContainer, file: Path) -> tuple[VideoStream, AudioStream | None]:
    picture = picture_track(recording)
    if picture is None:
        raise MediaError(file, "has no video track", "give the recording of the show's picture")
    return picture, next(iter(recording.streams.audio), None)


def _scan(recording: InputContainer, file: Path, picture: _Reading, sound: _Reading | None, progress: Progress) -> Size:
    """Feed every packet to its reading; returns the size of the first picture that can be decoded."""
    from av import FFmpegError

    size_bytes = file.stat().st_size
    size: Size | None = None
    wanted = [reading.track for reading in (picture, sound) if reading]
    picture_index = picture.track.index
    for count, packet in enumerate(recording.demux(wanted)):
        reading = picture if sound is None or packet.stream_index == picture_index else sound
        reading.add(packet)
        if size is None and reading is picture and packet.is_keyframe:
            try:
                size = shown_size(cast("Packet[VideoStream]", packet))
            except FFmpegError:
                continue  # a damaged picture; the next key frame may be whole
        if count % PACKETS_A_TELLING == 0 and packet.pos:
            progress(min(1.0, packet.pos / size_bytes))
    if size is None:
        raise MediaError(file, "has no key frame that can be decoded", "record or copy it again")
    return size


def _file_info(
    recording: InputContainer, picture: _Reading, sound: _Reading | None, size: Size, longest_gap_s: float
) -> FileInfo:
    if sound is not None and not sound.count:
        sound = None
    readings = [reading for reading in (picture, sound) if reading]
    origin = min(_first_instant(reading) for reading in readings)
    runs = _merged([run for reading in readings for run in reading.runs], origin, longest_gap_s)
    key_frames = sorted({round(time - origin, MICROSECOND_DIGITS) for time in picture.key_frames})
    seen_s = sum(end - start for start, end in picture.runs)
    rate = picture.count / seen_s if seen_s > 0 else 0.0
    codec = picture.track.codec_context.name
    video = VideoTrack(codec, size.width, size.height, rate, tuple(time for time in key_frames if time >= 0))
    origin = round(origin, MICROSECOND_DIGITS)
    return FileInfo(container_name(recording), runs[-1].end, runs, video, _sound_track(sound), origin)


def _first_instant(reading: _Reading) -> float:
    """When the track is first presented: the demuxer knows of samples that only warm up the decoder."""
    track, first = reading.track, min(start for start, _ in reading.runs)
    if track.start_time is None or track.time_base is None:
        return first
    told = float(track.start_time * track.time_base)
    return told if abs(told - first) < reading.limits.longest_gap_s else first


def _merged(runs: Iterable[list[float]], origin: float, longest_gap_s: float) -> tuple[Span, ...]:
    """The stretches, in file time, in which no track has a gap that the others don't fill."""
    merged: list[list[float]] = []
    for start, end in sorted(runs):
        if merged and start <= merged[-1][1] + longest_gap_s:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    rounded = [[round(max(0.0, time - origin), MICROSECOND_DIGITS) for time in run] for run in merged]
    return tuple(Span(start, end) for start, end in rounded)


def _sound_track(sound: _Reading | None) -> SoundTrack | None:
    from av import AudioStream

    if sound is None or not isinstance(sound.track, AudioStream):
        return None
    return SoundTrack(sound.track.codec_context.name, sound.track.sample_rate or 0, sound.track.channels)
