"""What a timeline is made of: a scale from seconds to pixels, and rows with a name beside each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from domain.speech import Transcript
from kandian.terminal.cells import clock
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Found
from learning.report.html_tree import element
from learning.report.style import PRODUCT_COLOURS

NARROWEST = 1036.0  # px: a timeline that fills the page on a screen 1280 wide
PX_PER_S = 0.8  # at least, or short explanations cannot be seen; longer shows scroll
AXIS_HEIGHT = 22.0  # px
TICK_GAP = 56.0  # px between labels of the axis, at least
TICK_STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)
LONGEST_EXCERPT = 90  # characters: two lines of a hover title
EXCERPT_LEAD: Seconds = 0.5  # a sentence may begin that much before the stretch that it belongs to


@dataclass(frozen=True, slots=True)
class Scale:
    """Where things are: `width` pixels for `duration` seconds."""

    duration: Seconds

    @property
    def width(self) -> float:
        return max(NARROWEST, PX_PER_S * self.duration)

    def x(self, time: Seconds) -> float:
        """The pixel of `time`; times outside the show go to its edges."""
        return min(max(time, 0.0), self.duration) / self.duration * self.width

    def across(self, span: Span) -> dict[str, float]:
        """`x` and `width` of a rectangle, at least two pixels wide."""
        return {"x": self.x(span.start), "width": max(2.0, self.x(span.end) - self.x(span.start))}


@dataclass(frozen=True)
class Row:
    """`name` stands to the left; `marks` are placed from the row's own top left corner. `colour`: its product's."""

    name: str
    height: float
    marks: Sequence[Element]
    title: str = ""
    colour: int | None = None


@dataclass(frozen=True)
class Cast:
    """The products that matter in a show - in its truth or in what was found - each with a colour and a name."""

    show: GoldShow
    found: Found
    ids: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        spans = [(t.start, t.product_ids) for t in self.show.truth.highlights]
        spans += sorted((take.span.start, take.product_ids) for take in self.found.all)
        in_order = dict.fromkeys(product for _, products in spans for product in products)
        object.__setattr__(self, "ids", tuple(in_order))

    def colour(self, product_id: str) -> int:
        return self.ids.index(product_id) % PRODUCT_COLOURS

    def name(self, product_id: str) -> str:
        """The link number and what people call it; the id where the catalogue does not know it."""
        product = self.show.catalog.by_id.get(product_id)
        if product is None:
            return product_id
        return product.name if product.link_no is None else f"{product.link_no} {product.name}"

    def title(self, product_id: str) -> str:
        product = self.show.catalog.by_id.get(product_id)
        return f"{product_id} {product.title if product else 'is not in the catalogue'}"

    def names(self, product_ids: Sequence[str]) -> str:
        return " + ".join(map(self.name, product_ids))


def axis(scale: Scale) -> Row:
    """Times at round places."""
    least = TICK_GAP * scale.duration / scale.width
    step = next((step for step in TICK_STEPS_S if step >= least), TICK_STEPS_S[-1])
    marks = []
    for time in range(0, int(scale.duration) + 1, step):
        x = scale.x(time)
        marks.append(element("line", {"class": "rule", "x1": x, "y1": AXIS_HEIGHT - 5, "x2": x, "y2": AXIS_HEIGHT}))
        if x + TICK_GAP / 2 < scale.width:
            marks.append(element("text", {"class": "soft", "x": x + 3, "y": AXIS_HEIGHT - 6}, clock(time)))
    return Row("", AXIS_HEIGHT, marks)


def excerpt(transcript: Transcript, span: Span) -> str:
    """The first words said in `span`, in quotes; nothing where nothing was heard."""
    joint = "" if transcript.language == "zh" else " "
    begins = Span(max(0.0, span.start - EXCERPT_LEAD), span.end)
    said = joint.join(s.text.strip() for s in transcript.sentences if begins.holds(s.start))
    return f"“{said[:LONGEST_EXCERPT]}{'…' if len(said) > LONGEST_EXCERPT else ''}”" if said else ""


def times(span: Span) -> str:
    return f"{clock(span.start)} to {clock(span.end)}, {span.duration:.0f} s"
