"""What the replay's picture is encoded as: its renditions, each with the settings of its encoder, and why these."""

from dataclasses import dataclass
from typing import Literal

from domain.errors import InvalidValue

Codec = Literal["h264", "av1"]
"""H.264 plays on every device; AV1 is smaller and plays on new ones."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of the replay's picture. `preset`, `params` and `crf` are the encoder's own words.

    `width` and `height` are in pixels, both even. A lower `crf` is better and larger. A copy is the recording's own
    picture, taken over as it is; its settings are for parts that can't be copied after all.
    """

    codec: Codec
    width: int
    height: int
    preset: str
    params: str
    crf: int
    is_copy: bool = False

    def __post_init__(self) -> None:
        if self.is_copy and self.codec != "h264":
            raise InvalidValue(f"only H.264 is copied, not {self.codec}")
        if self.width < 2 or self.height < 2 or self.width % 2 or self.height % 2:
            raise InvalidValue(f"a rendition needs even sides above 0, not {self.width}x{self.height}")

    @property
    def name(self) -> str:
        """What its folder is called, such as h264-720p: codec and shorter side."""
        return f"{self.codec}-{min(self.width, self.height)}p"


@dataclass(frozen=True, slots=True)
class Vmaf:
    """How much like the recording pictures look, 0 to 100: the mean over frames, and that of the lowest 5 % of them."""

    mean: float
    low: float


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rendition gave on the samples, at its chosen crf. Rates count pictures alone, without packaging.

    `vmaf` is None for a copy, which loses nothing. `saved_to_veryfast` is the share of bits spared of what plain x264
    veryfast takes for the same VMAF; None where the two were too far apart to compare. `cpu_seconds` is what encoding
    the samples took. `missed` says why the target was not reached; empty where it was.
    """

    name: str
    kilobits_per_second: float
    vmaf: Vmaf | None
    saved_to_veryfast: float | None
    cpu_seconds: float
    missed: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rendition that was not made, by name, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Encoding:
    """The renditions of a replay, the one that players begin with first, with a key frame every so many seconds.

    `measures` are of the renditions in `sampled_s` seconds of samples, in which the recording's picture takes
    `source_kbps`. `unmeasured` says why there are none.
    """

    renditions: tuple[Rendition, ...]
    key_frame_every_s: float = 2.0
    measures: tuple[Measure, ...] = ()
    sampled_s: float = 0.0
    source_kbps: float = 0.0
    unmeasured: str = ""
    left_out: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        if len({rendition.name for rendition in self.renditions}) != len(self.renditions) or not self.renditions:
            raise InvalidValue("a replay needs renditions, and each a name of its own")
        if sum(rendition.is_copy for rendition in self.renditions) > 1:
            raise InvalidValue("a replay can have one copy of the recording, not more")

    def content_digest(self) -> str:
        """What is encoded, and nothing that was only measured: processor time differs from run to run."""
        return repr((self.renditions, self.key_frame_every_s))
