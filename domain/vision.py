"""What the pictures show: text burned into them, and the products that were seen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.evidence import FloatArray


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A rectangle in shares of the picture's width and height, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise InvalidValue(f"a box lies inside [0, 1] and is not empty, not {self}")


@dataclass(frozen=True, slots=True)
class OverlayText:
    """Text that stood in `box` of the picture throughout `span`, read once. `confidence`: the reader's, in [0, 1]."""

    span: Span
    box: BoundingBox
    lines: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class OverlayTexts:
    """Every text burned into a show's pictures, by time. The catalogue is no input."""

    texts: tuple[OverlayText, ...]


@dataclass(frozen=True, eq=False)
class ForegroundObjects:
    """Things that came into the picture and moved in it: mostly products that are held up. A row a picture and thing.

    `starts`, `ends`: (things,), seconds, midway to the pictures before and after. `boxes`: (things, 4): left, top,
    right and bottom in shares of the picture. `colour_histograms`: (things, colours), shares of the thing's area.
    `background_histograms`: of the same shape, shares of the scene behind it. The catalogue is no input.
    """

    starts: FloatArray
    ends: FloatArray
    boxes: FloatArray
    colour_histograms: FloatArray
    background_histograms: FloatArray


@dataclass(frozen=True, slots=True)
class ProductPhoto:
    """The catalogue's photo of a product. `digest` is the SHA-256 of its bytes; `path` is where it lies now."""

    product_id: str
    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class ProductPhotos:
    """The photos of a catalogue that lie on this machine, in its order. Their bytes count, not their places."""

    photos: tuple[ProductPhoto, ...] = ()

    def content_digest(self) -> str:
        """What keys are made of instead of the value's own bytes."""
        return "+".join(f"{photo.product_id}={photo.digest}" for photo in self.photos)


SightingKind = Literal["card", "sticker", "photo"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A product seen in the pictures: its pushed card, a sticker that names it, or itself, held up.

    `weight` is the evidence in nats, shared by all of `product_ids`: several when the picture does not tell them apart.
    """

    kind: SightingKind
    product_ids: tuple[str, ...]
    span: Span
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Sightings:
    """Every sighting in a show, by time; empty where nothing was seen, which speaks neither for nor against."""

    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """One sampled picture: a JPEG of what the replay shows at `time`."""

    time: Seconds
    file: Path


@dataclass(frozen=True, slots=True)
class SampledFrames:
    """Key frames of the show, about one every few seconds, in order, decoded once for all that look at pictures."""

    frames: tuple[SampledFrame, ...]
    width: int
    height: int
