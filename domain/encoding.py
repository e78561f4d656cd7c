"""What the replay's picture is encoded as: its renditions, each with the settings of its encoder."""

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
class Encoding:
    """The renditions of a replay, the one that players begin with first."""

    renditions: tuple[Rendition, ...]

    def __post_init__(self) -> None:
        if len({rendition.name for rendition in self.renditions}) != len(self.renditions) or not self.renditions:
            raise InvalidValue("a replay needs renditions, and each a name of its own")
        if sum(rendition.is_copy for rendition in self.renditions) > 1:
            raise InvalidValue("a replay can have one copy of the recording, not more")
