"""The replay's video: renditions, how they were chosen, encoded parts, and what is packaged for players."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue

VideoCodec = Literal["h264", "av1"]
"""H.264 plays on every device; AV1 is smaller and plays on new ones."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of the replay's video. `preset`, `params` and `crf` are options of the encoder.

    `width`, `height`: pixels, both even. A lower `crf` is better and larger. A passthrough rendition is the recorded
    video itself; its options are for parts that can't be passed through.
    """

    codec: VideoCodec
    width: int
    height: int
    preset: str
    params: str
    crf: int
    is_passthrough: bool = False

    def __post_init__(self) -> None:
        if self.is_passthrough and self.codec != "h264":
            raise InvalidValue(f"only H.264 is copied, not {self.codec}")
        if self.width < 2 or self.height < 2 or self.width % 2 or self.height % 2:
            raise InvalidValue(f"a rendition needs even sides above 0, not {self.width}x{self.height}")

    @property
    def name(self) -> str:
        """The name of its folder, such as h264-720p: codec and shorter side."""
        return f"{self.codec}-{min(self.width, self.height)}p"


@dataclass(frozen=True, slots=True)
class VmafScore:
    """How much frames look like the recording, 0 to 100: the mean, and that of the lowest 5 % of frames."""

    mean: float
    worst_5_percent: float


@dataclass(frozen=True, slots=True)
class RenditionMeasurement:
    """Measurements of a rendition on the samples, at its chosen CRF. Bitrates count the video alone, without packaging.

    `vmaf` is None for passthrough, which loses nothing. `saving_over_veryfast` is the share of bits saved over plain
    x264 veryfast at the same VMAF; None where the two were too far apart to compare. `cpu_seconds`: of encoding the
    samples. `missed_target_reason` says why the target was not reached; "" where it was.
    """

    name: str
    kilobits_per_second: float
    vmaf: VmafScore | None
    saving_over_veryfast: float | None
    cpu_seconds: float
    missed_target_reason: str = ""


@dataclass(frozen=True, slots=True)
class SkippedRendition:
    """A rendition that is left out, by name, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RenditionLadder:
    """The renditions of a replay, the one that players start with first, with the seconds between key frames.

    `measurements`: of the renditions, on `sampled_s` seconds of samples in which the recorded video takes
    `source_kbps`. `unmeasured_reason` says why there are none.
    """

    renditions: tuple[Rendition, ...]
    keyframe_interval_s: float = 2.0
    measurements: tuple[RenditionMeasurement, ...] = ()
    sampled_s: float = 0.0
    source_kbps: float = 0.0
    unmeasured_reason: str = ""
    skipped_renditions: tuple[SkippedRendition, ...] = ()

    def __post_init__(self) -> None:
        if len({rendition.name for rendition in self.renditions}) != len(self.renditions) or not self.renditions:
            raise InvalidValue("a replay needs renditions, and each a name of its own")
        if sum(rendition.is_passthrough for rendition in self.renditions) > 1:
            raise InvalidValue("a replay can have one copy of the recording, not more")

    def content_digest(self) -> str:
        """Identifies what is encoded, without measurements: processor time differs from run to run."""
        return repr((self.renditions, self.keyframe_interval_s))


@dataclass(frozen=True, slots=True)
class EncodedVideoPart:
    """One part of the replay's video: an MP4 file for each rendition, whose time 0 is `span.start` of the replay.

    For each: the bytes of its video and its CRF. `source_video_bytes`: of the recorded video. `passthrough_blocker`
    says why the passthrough rendition had to be encoded here; "" where it had not.
    """

    span: Span
    files: tuple[Path, ...]
    video_bytes: tuple[int, ...] = ()
    crfs: tuple[int, ...] = ()
    source_video_bytes: int = 0
    passthrough_blocker: str = ""


@dataclass(frozen=True, slots=True)
class PackagedRendition:
    """A packaged rendition. `size_bytes`: of its segments; `frame_rate`: the highest of a segment.

    `video_bytes`: of its video alone; `raised_crf_parts`: how many parts needed a higher CRF to be no larger than the
    recording; `reencoded_duration`: how much of a passthrough rendition had to be encoded.
    """

    rendition: Rendition
    size_bytes: int
    frame_rate: float
    video_bytes: int = 0
    raised_crf_parts: int = 0
    reencoded_duration: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """The packaged replay. `folder` holds master.m3u8 and all it names; `width`, `height`: the first rendition's.

    `source_video_bytes`: of the recorded video that it shows. `skipped_renditions`: those that came out larger.
    """

    folder: Path
    duration: Seconds
    width: int
    height: int
    size_bytes: int
    renditions: tuple[PackagedRendition, ...] = ()
    source_video_bytes: int = 0
    skipped_renditions: tuple[SkippedRendition, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpriteTile:
    """One seek thumbnail: the image for `span`, at (x, y) pixels of the sheet of this index."""

    span: Span
    sheet_index: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class SpriteSheets:
    """Seek thumbnails: JPEG sheets and the position of every tile. `width`, `height`: a tile's, in pixels."""

    sheets: tuple[Path, ...]
    tiles: tuple[SpriteTile, ...]
    width: int
    height: int
