"""One show's timeline: truth above, takes below, evidence between."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from learning.evaluation.error_types import EvaluatedTake, EvaluatedTruth
from learning.report.bar_rows import take_rows, truth_row
from learning.report.evidence_rows import evidence_rows, speech_row
from learning.report.html_tree import element
from learning.report.rows import AXIS_HEIGHT_PX, ShowView, TimelineRow, TimeScale, axis_row


def timeline_element(view: ShowView, truths: Sequence[EvaluatedTruth], takes: Sequence[EvaluatedTake]) -> Element:
    """Names to the left, which stay; the picture to the right, which scrolls in its own box where it is too wide."""
    scale = TimeScale(view.show.truth.duration)
    rows = [
        axis_row(scale),
        truth_row(truths, view, scale),
        speech_row(view, scale),
        *evidence_rows(view, scale),
        *take_rows(takes, view, scale),
    ]
    names = element("div", {"class": "names"}, *map(_row_label, rows))
    scroll_box = element("div", {"class": "scroll", "tabindex": "0", "role": "group"}, _timeline_svg(rows, view, scale))
    return element("div", {"class": "timeline"}, names, scroll_box)


def _row_label(row: TimelineRow) -> Element:
    swatch = [] if row.colour is None else [element("i", {"class": f"c{row.colour}"})]
    label = element("b" if row.colour is None else "span", {}, row.name)
    return element("div", {"style": f"height:{row.height:.0f}px", "title": row.title}, *swatch, label)


def _timeline_svg(rows: Sequence[TimelineRow], view: ShowView, scale: TimeScale) -> Element:
    height = sum(row.height for row in rows)
    size = {"width": scale.width, "height": height, "viewBox": f"0 0 {scale.width:.0f} {height:.0f}"}
    label = (
        f"timeline of {len(view.show.truth.highlights)} true "
        f"explanations and {len(view.predictions.highlights)} highlights"
    )
    return element(
        "svg",
        {"role": "img", "aria-label": label, **size},
        *_truth_guides(view, scale, height),
        *_stack_rows(rows, scale),
    )


def _truth_guides(view: ShowView, scale: TimeScale, height: float) -> Iterable[Element]:
    """A line down from the start of each truth, so that the eye finds the take that belongs to it."""
    for truth in view.show.truth.highlights:
        x = scale.x(truth.start)
        yield element("line", {"class": "guide", "x1": x, "y1": AXIS_HEIGHT_PX, "x2": x, "y2": height})


def _stack_rows(rows: Sequence[TimelineRow], scale: TimeScale) -> Iterable[Element]:
    top = 0.0
    for row in rows:
        yield element("line", {"class": "rule", "x1": 0.0, "y1": top, "x2": scale.width, "y2": top})
        yield element("g", {"transform": f"translate(0 {top:.0f})"}, *row.marks)
        top += row.height
