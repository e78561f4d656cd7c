"""What is in the recording, and what is made of it: tracks, sampled frames, sprites, the replay."""

from dataclasses import dataclass
from pathlib import Path

from domain.clock import Seconds, Span


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The picture of one file. `key_frames` are file times, rising; `frame_rate` is an average and times nothing.

    `width` and `height` are as shown: upright, with square pixels.
    """

    codec: str
    width: int
    height: int
    frame_rate: float
    key_frames: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The sound of one file, as recorded."""

    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One probed file. `container` is the demuxer's name; `runs` are stretches of file time without a gap.

    `origin` is the presentation time in the file, in seconds, at which file time is 0.
    """

    container: str
    duration: float
    runs: tuple[Span, ...]
    video: VideoTrack
    sound: SoundTrack | None
    origin: float = 0.0


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What Probe found, a `FileInfo` for each file of the recording, in order."""

    files: tuple[FileInfo, ...]

    @property
    def has_sound(self) -> bool:
        return any(file.sound for file in self.files)


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """The show's sound for machines: 16 kHz mono 16-bit WAV on the replay clock, as long as the replay.

    `pauses` are the quietest instants, about one every 10 s, rising: good places to cut.
    """

    file: Path
    duration: Seconds
    pauses: tuple[Seconds, ...]


@dataclass(frozen=True, slots=True)
class ReplayAudio:
    """The replay's one audio rendition, encoded in one pass: AAC in an MP4 file, or None for a show without sound."""

    file: Path | None


@dataclass(frozen=True, slots=True)
class VideoPart:
    """One encoded part of the replay's picture: an MP4 file whose time 0 is `span.start` of the replay."""

    file: Path
    span: Span
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Replay:
    """The packaged replay. `folder` holds master.m3u8 and everything it names."""

    folder: Path
    duration: Seconds
    width: int
    height: int
    size_bytes: int


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
