"""What is in the recording, and what is made of it: tracks, sampled frames, sprites, the replay."""

from dataclasses import dataclass
from pathlib import Path

from domain.clock import RepairKind, Seconds, Span
from domain.replay import LeftOut, Rendition
from domain.session import Recording


@dataclass(frozen=True, slots=True)
class H264Coding:
    """How an H.264 picture is coded: its sequence and picture parameter sets, NAL units in hexadecimal.

    `is_closed`: every key frame is an IDR picture with no other sets than these, and what comes after it is shown
    after it.
    """

    parameter_sets: tuple[str, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The picture of one file. `key_frames` are file times, rising; `frame_rate` is an average and times nothing.

    `width` and `height` are as shown: upright, with square pixels. `is_interlaced` is told by the first picture, and
    so is `is_turned`: players turn or mirror what is stored. `runs` are stretches of file time without a gap in the
    picture. `h264` is None for other codecs, and where the header is broken.
    """

    codec: str
    width: int
    height: int
    frame_rate: float
    key_frames: tuple[float, ...]
    is_interlaced: bool = False
    is_turned: bool = False
    runs: tuple[Span, ...] = ()
    h264: H264Coding | None = None


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The sound of one file, as recorded. `number` is its place among the file's sounds: others may be unreadable."""

    codec: str
    sample_rate: int
    channels: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class KeyMark:
    """A key frame near an end of a file: its file time, and a checksum of its bytes that tells it from others."""

    time: float
    checksum: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong within one file, from `start` of its own file time on. As `Repair`, which is made of it."""

    kind: RepairKind
    start: float
    duration: float
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One probed file. `container` is the demuxer's name; `runs` are stretches of file time without a gap.

    `origin` is the presentation time in the file, in seconds, at which file time is 0. `source` is the number of the
    recorded file that it is, or is part of: then `copy` is where it lies, and its times are `clock_shift` seconds
    earlier than the recorder's. `head` and `tail` are what a repeat is known by; `twin_of` is the number of an earlier
    recorded file with the same bytes, if there is one.
    """

    container: str
    duration: float
    runs: tuple[Span, ...]
    video: VideoTrack
    sound: SoundTrack | None
    origin: float = 0.0
    source: int = 0
    copy: Path | None = None
    clock_shift: float = 0.0
    head: tuple[KeyMark, ...] = ()
    tail: tuple[KeyMark, ...] = ()
    faults: tuple[Fault, ...] = ()
    twin_of: int | None = None

    @property
    def clock_start(self) -> float:
        """The recorder's own time, in seconds, at which file time is 0."""
        return self.origin + self.clock_shift


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A stretch of a file's bytes in which nothing changes how sound or picture are coded.

    `spoilt` are bytes within it that are not to be read: from the first of each pair up to the second, rising.
    """

    start: int
    end: int
    spoilt: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Packets of one byte range that make a file with sane times: those of the strands with these numbers.

    A strand is a chain of packets whose times follow on each other; `ahead_s` are seconds by which the packets of
    each are to be shown later. `jumps` tell why, with times as recorded of the first strand.
    """

    within: ByteRange
    strands: tuple[int, ...]
    clock_shift: float
    ahead_s: tuple[float, ...]
    jumps: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSurvey:
    """One scanned file: what it is, or, where its times or its coding break, the sections to copy out of it."""

    info: FileInfo | None
    sections: tuple[Section, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What Probe found, a `FileSurvey` for each file of the recording, in order."""

    files: tuple[FileSurvey, ...]


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What there is to decode, in order: a `FileInfo` for each whole file, and for each copy out of a broken one."""

    files: tuple[FileInfo, ...]

    @property
    def has_sound(self) -> bool:
        return any(file.sound for file in self.files)

    def path(self, number: int, recording: Recording) -> Path:
        """Where the file of this number lies."""
        info = self.files[number]
        return info.copy or recording.files[info.source].path


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """The show's sound for machines: 16 kHz mono 16-bit WAV on the replay clock, as long as the replay.

    `pauses` are the quietest instants, about one every 10 s, rising: good places to cut.
    """

    file: Path
    duration: Seconds
    pauses: tuple[Seconds, ...]


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """The show's sound on the replay clock, without loss, in a FLAC file, or None for a show without sound.

    `instants`: how many samples a channel it has. `recorded_lufs`: see ReplayAudio.
    """

    file: Path | None
    sample_rate: int = 0
    channels: int = 0
    instants: int = 0
    recorded_lufs: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AudioPart:
    """One encoded part of the replay's sound: AAC in an MP4 file that reaches beyond the part on both sides.

    `first_instant`: the sample of the replay at the file's time 0; `border`: the one at which the part begins.
    """

    file: Path
    first_instant: int
    border: int


@dataclass(frozen=True, slots=True)
class ReplayAudio:
    """The replay's one audio rendition, AAC in an MP4 file, or None for a show without sound.

    `recorded_lufs` is the loudness of the recording (ITU-R BS.1770, integrated), None where it is silent; `gain_db`
    is what was added to it throughout.
    """

    file: Path | None
    recorded_lufs: float | None = None
    gain_db: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoPart:
    """One part of the replay's picture: an MP4 file a rendition, whose time 0 is `span.start` of the replay.

    For each: the bytes of its pictures and the CRF that it was encoded at. `recorded_bytes`: of the recorded pictures.
    `not_copied` says why the rendition that is a copy had to be encoded here; "" where it hadn't.
    """

    span: Span
    files: tuple[Path, ...]
    picture_bytes: tuple[int, ...] = ()
    crfs: tuple[int, ...] = ()
    recorded_bytes: int = 0
    not_copied: str = ""


@dataclass(frozen=True, slots=True)
class MadeRendition:
    """A packaged rendition. `size_bytes` is its segments'; `frame_rate` is that of its busiest segment.

    `picture_bytes` are its pictures' alone; `raised_parts` counts parts that fit below the recording at a higher CRF.
    `encoded` is how much of a copy could not be copied and was encoded.
    """

    rendition: Rendition
    size_bytes: int
    frame_rate: float
    picture_bytes: int = 0
    raised_parts: int = 0
    encoded: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """The packaged replay. `folder` holds master.m3u8 and everything it names; sizes are of the first rendition.

    `recorded_bytes` are those of the recorded pictures that it shows. `left_out`: renditions larger than they.
    """

    folder: Path
    duration: Seconds
    width: int
    height: int
    size_bytes: int
    renditions: tuple[MadeRendition, ...] = ()
    recorded_bytes: int = 0
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled picture: a JPEG of what the replay shows at `time`."""

    time: Seconds
    file: Path


@dataclass(frozen=True, slots=True)
class Frames:
    """Key frames of the show, about one every few seconds, in order, decoded once for all that look at pictures."""

    frames: tuple[Frame, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One seek thumbnail: the picture shown for `span`, at (x, y) of sprite number `sprite`. Pixels."""

    span: Span
    sprite: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Sprites:
    """Seek thumbnails: JPEG sheets and the place of every tile on them. `width`, `height`: a tile's, in pixels."""

    sheets: tuple[Path, ...]
    tiles: tuple[Tile, ...]
    width: int
    height: int
