"""What is in the recording, and what is made of it: tracks, sampled frames, sprites, the replay."""

from dataclasses import dataclass
from pathlib import Path

from domain.audio import AudioTrackInfo
from domain.clock import FaultKind, Span
from domain.session import Recording


@dataclass(frozen=True, slots=True)
class H264Config:
    """How an H.264 picture is coded: its sequence and picture parameter sets, NAL units in hexadecimal.

    `has_closed_gops`: every key frame is an IDR picture with no other sets than these, and what comes after it is shown
    after it.
    """

    parameter_sets: tuple[str, ...]
    has_closed_gops: bool


@dataclass(frozen=True, slots=True)
class VideoTrackInfo:
    """The picture of one file. `keyframe_times` are file times, rising; `frame_rate` is an average and times nothing.

    `width` and `height` are as shown: upright, with square pixels. `is_interlaced` is told by the first picture, and so
    is `is_rotated_or_mirrored`: players turn or mirror what is stored. `gapless_spans` are stretches of file time
    without a gap in the picture. `h264_config` is None for other codecs, and where the header is broken.
    """

    codec: str
    width: int
    height: int
    frame_rate: float
    keyframe_times: tuple[float, ...]
    is_interlaced: bool = False
    is_rotated_or_mirrored: bool = False
    gapless_spans: tuple[Span, ...] = ()
    h264_config: H264Config | None = None


@dataclass(frozen=True, slots=True)
class KeyframeFingerprint:
    """A key frame near an end of a file: its file time, and a checksum of its bytes that tells it from others."""

    time: float
    checksum: int


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong within one file, from `start` of its own file time on. As `Repair`, which is made of it."""

    kind: FaultKind
    start: float
    duration: float
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class MediaFileInfo:
    """One probed file. `container` is the demuxer's name; `gapless_spans` are stretches of file time without a gap.

    `start_pts` is the presentation time in the file, in seconds, at which file time is 0. `source_index` is the number
    of the recorded file that it is, or is part of: then `remuxed_path` is where it lies, and its times are
    `timestamp_offset` seconds earlier than the recorder's. `head_fingerprints` and `tail_fingerprints` are what a
    repeat is known by; `duplicate_of` is the number of an earlier recorded file with the same bytes, if there is one.
    """

    container: str
    duration: float
    gapless_spans: tuple[Span, ...]
    video: VideoTrackInfo
    audio: AudioTrackInfo | None
    start_pts: float = 0.0
    source_index: int = 0
    remuxed_path: Path | None = None
    timestamp_offset: float = 0.0
    head_fingerprints: tuple[KeyframeFingerprint, ...] = ()
    tail_fingerprints: tuple[KeyframeFingerprint, ...] = ()
    faults: tuple[FileFault, ...] = ()
    duplicate_of: int | None = None

    @property
    def recorder_start(self) -> float:
        """The recorder's own time, in seconds, at which file time is 0."""
        return self.start_pts + self.timestamp_offset


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A stretch of a file's bytes in which nothing changes how audio or video are coded. `container`: its demuxer.

    Damage within it is from the first byte of each pair up to the second, rising: `damaged_packets` are skipped,
    `damaged_boxes` of an MP4 file are read as if an empty box were there.
    """

    container: str
    start: int
    end: int
    damaged_packets: tuple[tuple[int, int], ...] = ()
    damaged_boxes: tuple[tuple[int, int], ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether nothing in it is damaged."""
        return not self.damaged_packets and not self.damaged_boxes


@dataclass(frozen=True, slots=True)
class CleanSection:
    """Packets of one byte range that make a file with sane times: those of the strands with these numbers.

    A strand is a chain of packets whose times follow on each other; `chain_delays_s` are seconds by which the packets
    of each are to be shown later. `timestamp_jumps` tell why, with times as recorded of the first strand.
    """

    byte_range: ByteRange
    chain_indices: tuple[int, ...]
    timestamp_offset: float
    chain_delays_s: tuple[float, ...]
    timestamp_jumps: tuple[FileFault, ...] = ()


@dataclass(frozen=True, slots=True)
class TimestampRules:
    """How the times of packets are read: by all stages in the same way, so Probe's settings travel with its result.

    `max_gap_s`: a longer stretch without a packet is a gap. `max_jump_back_s`: by how much times may jitter back.
    `max_outage_s`: a jump ahead by more is a clock reset, not a gap.
    """

    max_gap_s: float
    max_jump_back_s: float
    max_outage_s: float


@dataclass(frozen=True, slots=True)
class ProbedFile:
    """One scanned file: what it is, or, where its times or its coding break, the sections to copy out of it."""

    info: MediaFileInfo | None
    sections: tuple[CleanSection, ...] = ()
    faults: tuple[FileFault, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the files of a recording hold, in order, and the rules by which their times were read."""

    files: tuple[ProbedFile, ...]
    rules: TimestampRules


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What there is to decode, in order: a `MediaFileInfo` for each whole file, and for each copy out of a broken
    one.
    """

    files: tuple[MediaFileInfo, ...]

    @property
    def has_audio(self) -> bool:
        return any(file.audio for file in self.files)

    def path_of(self, file_index: int, recording: Recording) -> Path:
        """Where the file of this number lies."""
        info = self.files[file_index]
        return info.remuxed_path or recording.files[info.source_index].path
