"""What every row of a show's timeline is drawn from: the show, its predictions, colours of products, and a scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.speech import Transcript
from domain.text import format_hms
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Predictions

PRODUCT_COLOURS = 9
"""Classes c0 to c8 of style.css."""
MIN_WIDTH_PX = 1036.0  # fills the page on a screen 1280 pixels wide
MIN_PX_PER_S = 0.8  # with less, short explanations cannot be seen; longer shows scroll
MAX_EXCERPT_CHARS = 90  # two lines of a hover title
EXCERPT_LEAD_S: Seconds = 0.5  # how long before its span a sentence of an excerpt may begin


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Maps `duration` seconds to `width` pixels."""

    duration: Seconds

    @property
    def width(self) -> float:
        return max(MIN_WIDTH_PX, MIN_PX_PER_S * self.duration)

    def x(self, time: Seconds) -> float:
        """The pixel of `time`; times outside the show go to its edges."""
        return min(max(time, 0.0), self.duration) / self.duration * self.width

    def x_and_width(self, span: Span) -> dict[str, float]:
        """`x` and `width` of a rectangle, at least two pixels wide."""
        return {"x": self.x(span.start), "width": max(2.0, self.x(span.end) - self.x(span.start))}


@dataclass(frozen=True, slots=True)
class ProductLegend:
    """The products of a timeline, in order: each has a colour, a label and a title."""

    catalog: Catalog
    ids: tuple[str, ...]

    def colour_index(self, product_id: str) -> int:
        return self.ids.index(product_id) % PRODUCT_COLOURS

    def label(self, product_id: str) -> str:
        """Link number and short name; the id where the catalogue does not know it."""
        product = self.catalog.by_id.get(product_id)
        if product is None:
            return product_id
        return product.name if product.link_no is None else f"{product.link_no} {product.name}"

    def labels(self, product_ids: Sequence[str]) -> str:
        return " + ".join(map(self.label, product_ids))

    def title(self, product_id: str) -> str:
        product = self.catalog.by_id.get(product_id)
        return f"{product_id} {product.title if product else 'is not in the catalogue'}"


@dataclass(frozen=True)
class ShowFigure:
    """The input of every row: what is true, and what was found."""

    show: GoldShow
    predictions: Predictions

    @cached_property
    def scale(self) -> TimeScale:
        return TimeScale(self.show.truth.duration)

    @cached_property
    def products(self) -> ProductLegend:
        """The products of the truth, then those of the takes, by time."""
        spans = [(highlight.start, highlight.product_ids) for highlight in self.show.truth.highlights]
        spans += sorted((take.span.start, take.product_ids) for take in self.predictions.all)
        ordered_ids = dict.fromkeys(product_id for _, product_ids in spans for product_id in product_ids)
        return ProductLegend(self.show.catalog, tuple(ordered_ids))


@dataclass(frozen=True)
class TimelineRow:
    """`name` stands to the left. `marks` are relative to the row's top left corner. `colour`: that of its product."""

    name: str
    height: float
    marks: Sequence[Element]
    title: str = ""
    colour: int | None = None


def excerpt(transcript: Transcript, span: Span) -> str:
    """The first words spoken in `span`, in quotes; empty where nothing was recognised."""
    separator = "" if transcript.language == "zh" else " "
    start_range = Span(max(0.0, span.start - EXCERPT_LEAD_S), span.end)
    text = separator.join(s.text.strip() for s in transcript.sentences if start_range.contains(s.start))
    return f"“{text[:MAX_EXCERPT_CHARS]}{'…' if len(text) > MAX_EXCERPT_CHARS else ''}”" if text else ""


def format_span(span: Span) -> str:
    return f"{format_hms(span.start)} to {format_hms(span.end)}, {span.duration:.0f} s"
