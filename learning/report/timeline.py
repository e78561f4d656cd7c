"""One show's timeline: truth above, takes below, evidence between."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from learning.evaluation.error_types import JudgedTake, JudgedTruth
from learning.report.bar_rows import take_rows, truth_row
from learning.report.evidence_rows import evidence_rows, speech_row
from learning.report.html_tree import element
from learning.report.rows import AXIS_HEIGHT, Cast, Row, Scale, axis


def timeline(cast: Cast, truths: Sequence[JudgedTruth], takes: Sequence[JudgedTake]) -> Element:
    """Names to the left, which stay; the picture to the right, which scrolls in its own box where it is too wide."""
    scale = Scale(cast.show.truth.duration)
    rows = [
        axis(scale),
        truth_row(truths, cast, scale),
        speech_row(cast, scale),
        *evidence_rows(cast, scale),
        *take_rows(takes, cast, scale),
    ]
    names = element("div", {"class": "names"}, *map(_name, rows))
    picture = element("div", {"class": "scroll", "tabindex": "0", "role": "group"}, _picture(rows, cast, scale))
    return element("div", {"class": "timeline"}, names, picture)


def _name(row: Row) -> Element:
    swatch = [] if row.colour is None else [element("i", {"class": f"c{row.colour}"})]
    words = element("b" if row.colour is None else "span", {}, row.name)
    return element("div", {"style": f"height:{row.height:.0f}px", "title": row.title}, *swatch, words)


def _picture(rows: Sequence[Row], cast: Cast, scale: Scale) -> Element:
    height = sum(row.height for row in rows)
    size = {"width": scale.width, "height": height, "viewBox": f"0 0 {scale.width:.0f} {height:.0f}"}
    label = (
        f"timeline of {len(cast.show.truth.highlights)} true explanations and {len(cast.found.highlights)} highlights"
    )
    return element(
        "svg", {"role": "img", "aria-label": label, **size}, *_guides(cast, scale, height), *_stacked(rows, scale)
    )


def _guides(cast: Cast, scale: Scale, height: float) -> Iterable[Element]:
    """A line down from the start of each truth, so that the eye finds the take that belongs to it."""
    for truth in cast.show.truth.highlights:
        x = scale.x(truth.start)
        yield element("line", {"class": "guide", "x1": x, "y1": AXIS_HEIGHT, "x2": x, "y2": height})


def _stacked(rows: Sequence[Row], scale: Scale) -> Iterable[Element]:
    top = 0.0
    for row in rows:
        yield element("line", {"class": "rule", "x1": 0.0, "y1": top, "x2": scale.width, "y2": top})
        yield element("g", {"transform": f"translate(0 {top:.0f})"}, *row.marks)
        top += row.height
