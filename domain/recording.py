"""What is in the files of a recording: their tracks, what is wrong with them, and which parts of them are clean."""

from dataclasses import dataclass
from pathlib import Path

from domain.audio import AudioTrackInfo
from domain.clock import FaultKind, Span
from domain.session import Recording


@dataclass(frozen=True, slots=True)
class H264Config:
    """How an H.264 track is coded: its sequence and picture parameter sets, NAL units in hexadecimal.

    `has_closed_gops`: every key frame is an IDR frame with no other parameter sets than these, and every frame that
    follows it is shown after it.
    """

    parameter_sets: tuple[str, ...]
    has_closed_gops: bool


@dataclass(frozen=True, slots=True)
class VideoTrackInfo:
    """The video track of one file. `keyframe_times`: file times, rising. `frame_rate`: an average, which times nothing.

    `width` and `height`: pixels as shown, upright and square. `is_interlaced` and `is_rotated_or_mirrored` (players
    turn or mirror what is stored) are those of the first frame. `gapless_spans`: stretches of file time without a gap
    in the video. `h264_config`: None for other codecs, and where the header is broken.
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
    """A key frame near an end of a file: its file time and a checksum of its bytes, by which a repeat is known."""

    time: float
    checksum: int


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong in one file from `start` on, in file time. `Repair` is the same on the recording clock."""

    kind: FaultKind
    start: float
    duration: float
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class MediaFileInfo:
    """One probed file. `container`: the demuxer's name. `gapless_spans`: stretches of file time without a gap.

    `start_pts`: the presentation time in the file, in seconds, at which file time is 0. `source_index`: the index of
    the recorded file that this is, or was remuxed from. A remuxed file lies at `remuxed_path`, and its times are
    `timestamp_offset` seconds earlier than the recorder's. A repeat is known by the fingerprints of its key frames.
    `duplicate_of`: the index of an earlier recorded file with the same bytes, if there is one.
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
    """Packets of one byte range that make a file with valid times: those of the timestamp chains with these indices.

    `timestamp_offset`: seconds that are taken off all times. `chain_delays_s`: seconds by which the packets of each
    chain are shown later. `timestamp_jumps`: the clock resets that are the reason, at times of the first chain.
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
    """One probed file: what it holds or, where its times or its coding break, the sections to remux."""

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
    """What there is to decode, in order: every whole file, and every file remuxed from a broken one."""

    files: tuple[MediaFileInfo, ...]

    @property
    def has_audio(self) -> bool:
        """Whether any file has an audio track."""
        return any(file.audio for file in self.files)

    def path_of(self, file_index: int, recording: Recording) -> Path:
        """Where the file with this index lies."""
        info = self.files[file_index]
        return info.remuxed_path or recording.files[info.source_index].path
