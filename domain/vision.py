"""What frames show: overlay texts, foreground objects, and sightings of products."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.evidence import FloatArray


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A rectangle in shares of the frame's width and height, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise InvalidValue(f"a box lies inside [0, 1] and is not empty, not {self}")


@dataclass(frozen=True, slots=True)
class OverlayText:
    """Text in `box` of the frame throughout `span`, read once. `confidence`: that of OCR, in [0, 1]."""

    span: Span
    box: BoundingBox
    lines: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class OverlayTexts:
    """Every overlay text of a show, by time. The catalogue is no input."""

    texts: tuple[OverlayText, ...]


@dataclass(frozen=True, eq=False)
class ForegroundObjects:
    """Objects that come into the frame and move in it: mostly products that are held up. A row a frame and object.

    `starts`, `ends`: (objects,), seconds, midway to the frames before and after. `boxes`: (objects, 4): left, top,
    right and bottom in shares of the frame. `colour_histograms`: (objects, colours), shares of the object's area.
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
    """The photos of a catalogue, in its order. Cache keys hold their bytes' digests, not their paths."""

    photos: tuple[ProductPhoto, ...] = ()

    def content_digest(self) -> str:
        """What cache keys hold instead of this value."""
        return "+".join(f"{photo.product_id}={photo.digest}" for photo in self.photos)


SightingKind = Literal["card", "sticker", "photo"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A product seen in the video: its pushed card, a sticker that names it, or the product itself, held up.

    `weight` is the evidence in nats, shared by all of `product_ids`: several where the frames do not distinguish them.
    """

    kind: SightingKind
    product_ids: tuple[str, ...]
    span: Span
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Sightings:
    """Every sighting in a show, by time; empty where nothing was seen, which is no evidence."""

    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """One sampled frame: a JPEG of what the replay shows at `time`."""

    time: Seconds
    file: Path


@dataclass(frozen=True, slots=True)
class SampledFrames:
    """Key frames of the show, about one every few seconds, in order, decoded once for all stages that need frames."""

    frames: tuple[SampledFrame, ...]
    width: int
    height: int
