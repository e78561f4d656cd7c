"""The rows between truth and takes: what was said, logged and seen of each product, and all that was said."""

from collections import Counter
from collections.abc import Iterable
from math import sqrt
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from domain.evidence import Mention
from kandian.terminal.cells import clock
from learning.report.html_tree import Attributes, element, titled
from learning.report.rows import Cast, Row, Scale

LANE_HEIGHT = 26.0  # px
SPEECH_HEIGHT = 16.0  # px
BASE = 20.0  # px from the lane's top to the foot of mentions
NAME_HEIGHT, WORD_HEIGHT = 13.0, 7.0  # px: a name said stands out, a word of the title less
PALEST = 0.15  # opacity
TELLING_NATS = 4.0  # a mention of a name that no other product has; such are black
PRESSES = ("product_push", "explain_start")  # the host's own acts; viewers' acts are shown by their density
DENSITY_BIN_S = 10.0
DENSITY_HEIGHT = 10.0  # px of the busiest bin
SIGHTING_HEIGHT = 4.0  # px


def evidence_rows(cast: Cast, scale: Scale) -> Iterable[Row]:
    """A lane a product: its truth as a band behind, its highlights as a line below, and the evidence on top."""
    for product in cast.ids:
        marks = [
            *_background(product, cast, scale),
            *_density(product, cast, scale),
            *_sightings(product, cast, scale),
            *(mark for m in cast.show.mentions.mentions if product in m.product_ids for mark in _mention(m, scale)),
            *_presses(product, cast, scale),
        ]
        yield Row(cast.name(product), LANE_HEIGHT, marks, cast.title(product), cast.colour(product))


def speech_row(cast: Cast, scale: Scale) -> Row:
    """Every sentence, to be read by hovering; paler where it was not heard reliably."""
    marks = [
        titled(
            element(
                "rect",
                {
                    "class": "said" if sentence.is_reliable else "said unsure",
                    "y": 3.0,
                    "height": SPEECH_HEIGHT - 6,
                    **scale.across(sentence.span),
                },
            ),
            clock(sentence.start),
            sentence.text,
        )
        for sentence in cast.show.transcript.sentences
    ]
    return Row("speech", SPEECH_HEIGHT, marks)


def _background(product: str, cast: Cast, scale: Scale) -> Iterable[Element]:
    kind = f"c{cast.colour(product)}"
    for truth in cast.show.truth.highlights:
        if product in truth.product_ids:
            yield element(
                "rect", {"class": f"band {kind}", "y": 0.0, "height": LANE_HEIGHT, **scale.across(truth.span)}
            )
    for take in cast.found.highlights:
        if product in take.product_ids:
            ends = {"x1": scale.x(take.span.start), "x2": scale.x(take.span.end)}
            yield element("line", {"class": f"under {kind}", "y1": LANE_HEIGHT - 2, "y2": LANE_HEIGHT - 2, **ends})


def _mention(mention: Mention, scale: Scale) -> Iterable[Element]:
    """Names are tall ticks, words of titles and brands short ones, link numbers circles, prices diamonds."""
    x = scale.x(mention.span.start)
    ink: Attributes = {"class": "mention", "opacity": f"{_opacity(mention):.2f}"}
    if mention.kind == "link":
        mark = element("circle", {"cx": x, "cy": BASE - 4, "r": 3.5, **ink})
    elif mention.kind == "price":
        mark = element("path", {"d": f"M{x:.1f} {BASE - 9:.1f} l4 4.5 l-4 4.5 l-4 -4.5 z", **ink})
    else:
        height = NAME_HEIGHT if mention.kind in ("name", "alias") else WORD_HEIGHT
        mark = element("rect", {"x": x - 1, "y": BASE - height, "width": 2.0, "height": height, **ink})
    shared = f"shared by {len(mention.product_ids)} products" if len(mention.product_ids) > 1 else ""
    yield titled(mark, f"{clock(mention.span.start)} {mention.kind}, {mention.weight:.1f} nats", mention.text, shared)


def _opacity(mention: Mention) -> float:
    """The more a mention says for this very product, the darker."""
    return min(1.0, PALEST + mention.weight / (TELLING_NATS * len(mention.product_ids)))


def _presses(product: str, cast: Cast, scale: Scale) -> Iterable[Element]:
    for event in cast.show.events:
        if event.product_id == product and event.type in PRESSES:
            d = f"M{scale.x(event.time) - 5:.1f} 0 l10 0 l-5 8 z"
            mark = element("path", {"class": f"c{cast.colour(product)}", "d": d})
            yield titled(mark, f"{clock(event.time)} {event.type}")


def _density(product: str, cast: Cast, scale: Scale) -> Iterable[Element]:
    """How many clicks, orders and the like each ten seconds saw, against the busiest of all products."""
    lesser = [event for event in cast.show.events if event.type not in PRESSES]
    bins = Counter((event.product_id, int(event.time // DENSITY_BIN_S)) for event in lesser)
    for (of, number), count in bins.items():
        if of == product:
            start: Seconds = number * DENSITY_BIN_S
            height = DENSITY_HEIGHT * sqrt(count / max(bins.values()))  # one click among many is still seen
            box = {"y": LANE_HEIGHT - 4 - height, "height": height, **scale.across(Span(start, start + DENSITY_BIN_S))}
            mark = element("rect", {"class": "crowd", **box})
            yield titled(mark, f"{clock(start)} {count} clicks, orders and the like in {DENSITY_BIN_S:.0f} s")


def _sightings(product: str, cast: Cast, scale: Scale) -> Iterable[Element]:
    for sighting in cast.show.sightings.sightings:
        if product in sighting.product_ids:
            box = {"y": 1.0, "height": SIGHTING_HEIGHT, **scale.across(sighting.span)}
            mark = element("rect", {"class": f"c{cast.colour(product)}", "rx": 2.0, **box})
            yield titled(
                mark, f"{clock(sighting.span.start)} {sighting.kind} seen, {sighting.weight:.1f} nats", sighting.text
            )
