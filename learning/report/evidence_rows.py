"""The rows between truth and takes: what was said, logged and seen of each product, and all that was said."""

from collections import Counter
from collections.abc import Iterable
from math import sqrt
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from domain.evidence import Mention
from domain.text import format_hms
from learning.report.html_tree import Attributes, element, with_tooltip
from learning.report.rows import ShowView, TimelineRow, TimeScale

EVIDENCE_LANE_HEIGHT_PX = 26.0  # px
SPEECH_ROW_HEIGHT_PX = 16.0  # px
MENTION_BASELINE_PX = 20.0  # px from the lane's top to the foot of mentions
NAME_TICK_HEIGHT_PX, WORD_TICK_HEIGHT_PX = 13.0, 7.0  # px: a name said stands out, a word of the title less
MIN_OPACITY = 0.15  # opacity
FULL_OPACITY_NATS = 4.0  # a mention of a name that no other product has; such are black
HOST_EVENT_TYPES = ("product_push", "explain_start")  # the host's own acts; viewers' acts are shown by their density
DENSITY_BIN_S = 10.0
MAX_DENSITY_HEIGHT_PX = 10.0  # px of the busiest bin
SIGHTING_HEIGHT_PX = 4.0  # px


def evidence_rows(view: ShowView, scale: TimeScale) -> Iterable[TimelineRow]:
    """A lane a product: its truth as a band behind, its highlights as a line below, and the evidence on top."""
    for product in view.ids:
        marks = [
            *_truth_and_highlight_marks(product, view, scale),
            *_viewer_event_density(product, view, scale),
            *_sighting_marks(product, view, scale),
            *(
                mark
                for m in view.show.mentions.mentions
                if product in m.product_ids
                for mark in _mention_marks(m, scale)
            ),
            *_host_event_marks(product, view, scale),
        ]
        yield TimelineRow(
            view.product_label(product),
            EVIDENCE_LANE_HEIGHT_PX,
            marks,
            view.product_title(product),
            view.colour_index(product),
        )


def speech_row(view: ShowView, scale: TimeScale) -> TimelineRow:
    """Every sentence, to be read by hovering; paler where it was not heard reliably."""
    marks = [
        with_tooltip(
            element(
                "rect",
                {
                    "class": "said" if sentence.is_reliable else "said unsure",
                    "y": 3.0,
                    "height": SPEECH_ROW_HEIGHT_PX - 6,
                    **scale.x_and_width(sentence.span),
                },
            ),
            format_hms(sentence.start),
            sentence.text,
        )
        for sentence in view.show.transcript.sentences
    ]
    return TimelineRow("speech", SPEECH_ROW_HEIGHT_PX, marks)


def _truth_and_highlight_marks(product: str, view: ShowView, scale: TimeScale) -> Iterable[Element]:
    css_class = f"c{view.colour_index(product)}"
    for truth in view.show.truth.highlights:
        if product in truth.product_ids:
            yield element(
                "rect",
                {
                    "class": f"band {css_class}",
                    "y": 0.0,
                    "height": EVIDENCE_LANE_HEIGHT_PX,
                    **scale.x_and_width(truth.span),
                },
            )
    for take in view.predictions.highlights:
        if product in take.product_ids:
            line_ends = {"x1": scale.x(take.span.start), "x2": scale.x(take.span.end)}
            yield element(
                "line",
                {
                    "class": f"under {css_class}",
                    "y1": EVIDENCE_LANE_HEIGHT_PX - 2,
                    "y2": EVIDENCE_LANE_HEIGHT_PX - 2,
                    **line_ends,
                },
            )


def _mention_marks(mention: Mention, scale: TimeScale) -> Iterable[Element]:
    """Names are tall ticks, words of titles and brands short ones, link numbers circles, prices diamonds."""
    x = scale.x(mention.span.start)
    style_attributes: Attributes = {"class": "mention", "opacity": f"{_opacity(mention):.2f}"}
    if mention.kind == "link":
        mark = element("circle", {"cx": x, "cy": MENTION_BASELINE_PX - 4, "r": 3.5, **style_attributes})
    elif mention.kind == "price":
        mark = element(
            "path", {"d": f"M{x:.1f} {MENTION_BASELINE_PX - 9:.1f} l4 4.5 l-4 4.5 l-4 -4.5 z", **style_attributes}
        )
    else:
        height = NAME_TICK_HEIGHT_PX if mention.kind in ("name", "alias") else WORD_TICK_HEIGHT_PX
        mark = element(
            "rect", {"x": x - 1, "y": MENTION_BASELINE_PX - height, "width": 2.0, "height": height, **style_attributes}
        )
    shared_note = f"shared by {len(mention.product_ids)} products" if len(mention.product_ids) > 1 else ""
    yield with_tooltip(
        mark, f"{format_hms(mention.span.start)} {mention.kind}, {mention.weight:.1f} nats", mention.text, shared_note
    )


def _opacity(mention: Mention) -> float:
    """The more a mention says for this very product, the darker."""
    return min(1.0, MIN_OPACITY + mention.weight / (FULL_OPACITY_NATS * len(mention.product_ids)))


def _host_event_marks(product: str, view: ShowView, scale: TimeScale) -> Iterable[Element]:
    for event in view.show.events:
        if event.product_id == product and event.type in HOST_EVENT_TYPES:
            path_data = f"M{scale.x(event.time) - 5:.1f} 0 l10 0 l-5 8 z"
            mark = element("path", {"class": f"c{view.colour_index(product)}", "d": path_data})
            yield with_tooltip(mark, f"{format_hms(event.time)} {event.type}")


def _viewer_event_density(product: str, view: ShowView, scale: TimeScale) -> Iterable[Element]:
    """How many clicks, orders and the like each ten seconds saw, against the busiest of all products."""
    viewer_events = [event for event in view.show.events if event.type not in HOST_EVENT_TYPES]
    bins = Counter((event.product_id, int(event.time // DENSITY_BIN_S)) for event in viewer_events)
    for (event_product_id, bin_index), count in bins.items():
        if event_product_id == product:
            start: Seconds = bin_index * DENSITY_BIN_S
            height = MAX_DENSITY_HEIGHT_PX * sqrt(count / max(bins.values()))  # one click among many is still seen
            box = {
                "y": EVIDENCE_LANE_HEIGHT_PX - 4 - height,
                "height": height,
                **scale.x_and_width(Span(start, start + DENSITY_BIN_S)),
            }
            mark = element("rect", {"class": "crowd", **box})
            yield with_tooltip(
                mark, f"{format_hms(start)} {count} clicks, orders and the like in {DENSITY_BIN_S:.0f} s"
            )


def _sighting_marks(product: str, view: ShowView, scale: TimeScale) -> Iterable[Element]:
    for sighting in view.show.sightings.sightings:
        if product in sighting.product_ids:
            box = {"y": 1.0, "height": SIGHTING_HEIGHT_PX, **scale.x_and_width(sighting.span)}
            mark = element("rect", {"class": f"c{view.colour_index(product)}", "rx": 2.0, **box})
            yield with_tooltip(
                mark,
                f"{format_hms(sighting.span.start)} {sighting.kind} seen, {sighting.weight:.1f} nats",
                sighting.text,
            )
