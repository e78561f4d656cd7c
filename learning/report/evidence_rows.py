"""The rows between truth and takes: the evidence for each product, and all speech."""

from collections import Counter
from collections.abc import Iterator
from math import sqrt
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from domain.evidence import Mention
from domain.text import format_hms
from learning.report.figure import ShowFigure, TimelineRow, TimeScale
from learning.report.html_tree import element, line, mark

LANE_HEIGHT_PX = 26.0
SPEECH_HEIGHT_PX = 16.0
MENTION_BASELINE_PX = 20.0  # from the lane's top to the foot of mentions
NAME_TICK_HEIGHT_PX, WORD_TICK_HEIGHT_PX = 13.0, 7.0  # a name stands out; a word of the title does less
MIN_OPACITY = 0.15
FULL_OPACITY_NATS = 4.0  # a mention of a name that no other product has is black
HOST_EVENT_TYPES = ("product_push", "explain_start")  # viewers' events are shown by their density
DENSITY_BIN_S: Seconds = 10.0
MAX_DENSITY_HEIGHT_PX = 10.0  # of the busiest bin
SIGHTING_HEIGHT_PX = 4.0


def speech_row(figure: ShowFigure) -> TimelineRow:
    """Every sentence, as a hover title; paler where the transcript is unreliable."""
    marks = [
        mark(
            "rect",
            format_hms(sentence.start),
            sentence.text,
            class_="said" if sentence.is_reliable else "said unsure",
            y=3.0,
            height=SPEECH_HEIGHT_PX - 6,
            **figure.scale.x_and_width(sentence.span),
        )
        for sentence in figure.show.transcript.sentences
    ]
    return TimelineRow("speech", SPEECH_HEIGHT_PX, marks)


def evidence_rows(figure: ShowFigure) -> Iterator[TimelineRow]:
    """A lane for each product: its truth as a band, its highlights as a line below, and the evidence on top."""
    products = figure.products
    for product_id in products.ids:
        marks = [
            *_truth_and_highlight_marks(product_id, figure),
            *_viewer_event_density(product_id, figure),
            *_sighting_marks(product_id, figure),
            *(_mention_mark(m, figure.scale) for m in figure.show.mentions.mentions if product_id in m.product_ids),
            *_host_event_marks(product_id, figure),
        ]
        colour = products.colour_index(product_id)
        yield TimelineRow(products.label(product_id), LANE_HEIGHT_PX, marks, products.title(product_id), colour)


def _truth_and_highlight_marks(product_id: str, figure: ShowFigure) -> Iterator[Element]:
    colour, scale, y = f"c{figure.products.colour_index(product_id)}", figure.scale, LANE_HEIGHT_PX - 2
    for truth in figure.show.truth.highlights:
        if product_id in truth.product_ids:
            box = scale.x_and_width(truth.span)
            yield element("rect", class_=f"band {colour}", y=0.0, height=LANE_HEIGHT_PX, **box)
    for take in figure.predictions.highlights:
        if product_id in take.product_ids:
            yield line(f"under {colour}", (scale.x(take.span.start), y), (scale.x(take.span.end), y))


def _mention_mark(mention: Mention, scale: TimeScale) -> Element:
    """A name is a tall tick, a word of a title or a brand a short one, a link number a circle, a price a diamond."""
    x, foot = scale.x(mention.span.start), MENTION_BASELINE_PX
    tag, shape = "rect", dict[str, str | float]()
    if mention.kind == "link":
        tag, shape = "circle", {"cx": x, "cy": foot - 4, "r": 3.5}
    elif mention.kind == "price":
        tag, shape = "path", {"d": f"M{x:.1f} {foot - 9:.1f} l4 4.5 l-4 4.5 l-4 -4.5 z"}
    else:
        height = NAME_TICK_HEIGHT_PX if mention.kind in ("name", "alias") else WORD_TICK_HEIGHT_PX
        shape = {"x": x - 1, "y": foot - height, "width": 2.0, "height": height}
    count = len(mention.product_ids)
    # The more a mention says for this very product, the darker it is.
    opacity = min(1.0, MIN_OPACITY + mention.weight / (FULL_OPACITY_NATS * count))
    return mark(
        tag,
        f"{format_hms(mention.span.start)} {mention.kind}, {mention.weight:.1f} nats",
        mention.text,
        f"shared by {count} products" if count > 1 else "",
        class_="mention",
        opacity=f"{opacity:.2f}",
        **shape,
    )


def _host_event_marks(product_id: str, figure: ShowFigure) -> Iterator[Element]:
    for event in figure.show.events:
        if event.product_id == product_id and event.type in HOST_EVENT_TYPES:
            triangle = f"M{figure.scale.x(event.time) - 5:.1f} 0 l10 0 l-5 8 z"
            colour = f"c{figure.products.colour_index(product_id)}"
            yield mark("path", f"{format_hms(event.time)} {event.type}", class_=colour, d=triangle)


def _viewer_event_density(product_id: str, figure: ShowFigure) -> Iterator[Element]:
    """How many clicks, orders and the like there are in every ten seconds, relative to the busiest of all products."""
    viewer_events = [event for event in figure.show.events if event.type not in HOST_EVENT_TYPES]
    counts = Counter((event.product_id, int(event.time // DENSITY_BIN_S)) for event in viewer_events)
    for (event_product_id, bin_index), count in counts.items():
        if event_product_id == product_id:
            start = bin_index * DENSITY_BIN_S
            height = MAX_DENSITY_HEIGHT_PX * sqrt(count / max(counts.values()))  # so that one among many is still seen
            tooltip = f"{format_hms(start)} {count} clicks, orders and the like in {DENSITY_BIN_S:.0f} s"
            box = figure.scale.x_and_width(Span(start, start + DENSITY_BIN_S))
            yield mark("rect", tooltip, class_="crowd", y=LANE_HEIGHT_PX - 4 - height, height=height, **box)


def _sighting_marks(product_id: str, figure: ShowFigure) -> Iterator[Element]:
    for sighting in figure.show.sightings.sightings:
        if product_id in sighting.product_ids:
            title = f"{format_hms(sighting.span.start)} {sighting.kind} seen, {sighting.weight:.1f} nats"
            colour = f"c{figure.products.colour_index(product_id)}"
            box = {"y": 1.0, "height": SIGHTING_HEIGHT_PX, **figure.scale.x_and_width(sighting.span)}
            yield mark("rect", title, sighting.text, class_=colour, rx=2.0, **box)
