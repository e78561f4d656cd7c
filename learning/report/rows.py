"""What a timeline is made of: a scale from seconds to pixels, and rows with a name beside each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from domain.speech import Transcript
from domain.text import format_hms
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Predictions
from learning.report.html_tree import element
from learning.report.style import PRODUCT_COLOURS

MIN_WIDTH_PX = 1036.0  # px: a timeline that fills the page on a screen 1280 wide
MIN_PX_PER_S = 0.8  # at least, or short explanations cannot be seen; longer shows scroll
AXIS_HEIGHT_PX = 22.0  # px
MIN_TICK_GAP_PX = 56.0  # px between labels of the axis, at least
TICK_STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)
MAX_EXCERPT_CHARS = 90  # characters: two lines of a hover title
EXCERPT_LEAD_S: Seconds = 0.5  # a sentence may begin that much before the stretch that it belongs to


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Where things are: `width` pixels for `duration` seconds."""

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


@dataclass(frozen=True)
class TimelineRow:
    """`name` stands to the left; `marks` are placed from the row's own top left corner. `colour`: its product's."""

    name: str
    height: float
    marks: Sequence[Element]
    title: str = ""
    colour: int | None = None


@dataclass(frozen=True)
class ShowView:
    """The products that matter in a show - in its truth or in what was found - each with a colour and a name."""

    show: GoldShow
    predictions: Predictions
    ids: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        spans = [(t.start, t.product_ids) for t in self.show.truth.highlights]
        spans += sorted((take.span.start, take.product_ids) for take in self.predictions.all)
        ordered_ids = dict.fromkeys(product for _, products in spans for product in products)
        object.__setattr__(self, "ids", tuple(ordered_ids))

    def colour_index(self, product_id: str) -> int:
        return self.ids.index(product_id) % PRODUCT_COLOURS

    def product_label(self, product_id: str) -> str:
        """The link number and what people call it; the id where the catalogue does not know it."""
        product = self.show.catalog.by_id.get(product_id)
        if product is None:
            return product_id
        return product.name if product.link_no is None else f"{product.link_no} {product.name}"

    def product_title(self, product_id: str) -> str:
        product = self.show.catalog.by_id.get(product_id)
        return f"{product_id} {product.title if product else 'is not in the catalogue'}"

    def product_labels(self, product_ids: Sequence[str]) -> str:
        return " + ".join(map(self.product_label, product_ids))


def axis_row(scale: TimeScale) -> TimelineRow:
    """Times at round places."""
    min_step_s = MIN_TICK_GAP_PX * scale.duration / scale.width
    step = next((step for step in TICK_STEPS_S if step >= min_step_s), TICK_STEPS_S[-1])
    marks = []
    for time in range(0, int(scale.duration) + 1, step):
        x = scale.x(time)
        marks.append(
            element("line", {"class": "rule", "x1": x, "y1": AXIS_HEIGHT_PX - 5, "x2": x, "y2": AXIS_HEIGHT_PX})
        )
        if x + MIN_TICK_GAP_PX / 2 < scale.width:
            marks.append(element("text", {"class": "soft", "x": x + 3, "y": AXIS_HEIGHT_PX - 6}, format_hms(time)))
    return TimelineRow("", AXIS_HEIGHT_PX, marks)


def excerpt(transcript: Transcript, span: Span) -> str:
    """The first words said in `span`, in quotes; nothing where nothing was heard."""
    separator = "" if transcript.language == "zh" else " "
    start_range = Span(max(0.0, span.start - EXCERPT_LEAD_S), span.end)
    text = separator.join(s.text.strip() for s in transcript.sentences if start_range.contains(s.start))
    return f"“{text[:MAX_EXCERPT_CHARS]}{'…' if len(text) > MAX_EXCERPT_CHARS else ''}”" if text else ""


def format_span(span: Span) -> str:
    return f"{format_hms(span.start)} to {format_hms(span.end)}, {span.duration:.0f} s"
