"""What the pictures show: text burned into them, and the products that were seen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.clock import Span
from domain.errors import InvalidValue
from domain.evidence import FloatArray


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in shares of the picture's width and height, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise InvalidValue(f"a box lies inside [0, 1] and is not empty, not {self}")


@dataclass(frozen=True, slots=True)
class ScreenText:
    """Text that stood in `box` of the picture throughout `span`, read once. `confidence`: the reader's, in [0, 1]."""

    span: Span
    box: Box
    lines: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class ScreenTexts:
    """Every text burned into a show's pictures, by time. The catalogue is no input."""

    texts: tuple[ScreenText, ...]


@dataclass(frozen=True, eq=False)
class HeldThings:
    """Things that came into the picture and moved in it: mostly products that are held up. A row a picture and thing.

    `starts`, `ends`: (things,), seconds, midway to the pictures before and after. `boxes`: (things, 4): left, top,
    right and bottom in shares of the picture. `colours`: (things, colours), shares of the thing's area. `scenery`: of
    the same shape, shares of the scene behind it. The catalogue is no input.
    """

    starts: FloatArray
    ends: FloatArray
    boxes: FloatArray
    colours: FloatArray
    scenery: FloatArray


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
