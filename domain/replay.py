"""What the replay's picture is encoded as: its renditions, each with the settings of its encoder, and why these."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue

VideoCodec = Literal["h264", "av1"]
"""H.264 plays on every device; AV1 is smaller and plays on new ones."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of the replay's picture. `preset`, `params` and `crf` are the encoder's own words.

    `width` and `height` are in pixels, both even. A lower `crf` is better and larger. A copy is the recording's own
    picture, taken over as it is; its settings are for parts that can't be copied after all.
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
        """What its folder is called, such as h264-720p: codec and shorter side."""
        return f"{self.codec}-{min(self.width, self.height)}p"


@dataclass(frozen=True, slots=True)
class VmafScore:
    """How much like the recording pictures look, 0 to 100: the mean over frames, and that of the lowest 5 % of them."""

    mean: float
    worst_5_percent: float


@dataclass(frozen=True, slots=True)
class RenditionMeasurement:
    """What a rendition gave on the samples, at its chosen crf. Rates count pictures alone, without packaging.

    `vmaf` is None for a copy, which loses nothing. `saving_over_veryfast` is the share of bits spared of what plain
    x264 veryfast takes for the same VMAF; None where the two were too far apart to compare. `cpu_seconds` is what
    encoding the samples took. `missed_target_reason` says why the target was not reached; empty where it was.
    """

    name: str
    kilobits_per_second: float
    vmaf: VmafScore | None
    saving_over_veryfast: float | None
    cpu_seconds: float
    missed_target_reason: str = ""


@dataclass(frozen=True, slots=True)
class SkippedRendition:
    """A rendition that was not made, by name, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RenditionLadder:
    """The renditions of a replay, the one that players begin with first, with a key frame every so many seconds.

    `measurements` are of the renditions in `sampled_s` seconds of samples, in which the recording's picture takes
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
        """What is encoded, and nothing that was only measured: processor time differs from run to run."""
        return repr((self.renditions, self.keyframe_interval_s))


@dataclass(frozen=True, slots=True)
class EncodedVideoPart:
    """One part of the replay's picture: an MP4 file a rendition, whose time 0 is `span.start` of the replay.

    For each: the bytes of its pictures and the CRF that it was encoded at. `source_video_bytes`: of the recorded
    pictures. `passthrough_blocker` says why the rendition that is a copy had to be encoded here; "" where it hadn't.
    """

    span: Span
    files: tuple[Path, ...]
    video_bytes: tuple[int, ...] = ()
    crfs: tuple[int, ...] = ()
    source_video_bytes: int = 0
    passthrough_blocker: str = ""


@dataclass(frozen=True, slots=True)
class PackagedRendition:
    """A packaged rendition. `size_bytes` is its segments'; `frame_rate` is that of its busiest segment.

    `video_bytes` are its pictures' alone; `raised_crf_parts` counts parts that fit below the recording at a higher CRF.
    `reencoded_duration` is how much of a copy could not be copied and was encoded.
    """

    rendition: Rendition
    size_bytes: int
    frame_rate: float
    video_bytes: int = 0
    raised_crf_parts: int = 0
    reencoded_duration: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """The packaged replay. `folder` holds master.m3u8 and everything it names; sizes are of the first rendition.

    `source_video_bytes` are those of the recorded pictures that it shows. `skipped_renditions`: renditions larger than
    they.
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
    """One seek thumbnail: the picture shown for `span`, at (x, y) of sprite number `sheet_index`. Pixels."""

    span: Span
    sheet_index: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class SpriteSheets:
    """Seek thumbnails: JPEG sheets and the place of every tile on them. `width`, `height`: a tile's, in pixels."""

    sheets: tuple[Path, ...]
    tiles: tuple[SpriteTile, ...]
    width: int
    height: int
