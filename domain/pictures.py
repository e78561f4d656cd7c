"""What the pictures show: text burned into them, and the products that were seen."""

from dataclasses import dataclass
from typing import Literal

from domain.clock import Span
from domain.errors import InvalidValue


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
