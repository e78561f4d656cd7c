"""One show's timeline: truth above, takes below, evidence between."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from domain.text import format_hms
from learning.report.bars import OutcomeBar, take_rows, truth_row
from learning.report.evidence_rows import evidence_rows, speech_row
from learning.report.figure import ShowFigure, TimelineRow, TimeScale
from learning.report.html_tree import element, line

AXIS_HEIGHT_PX = 22.0
MIN_TICK_GAP_PX = 56.0  # between labels of the axis
TICK_STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)


def timeline_element(bars: Sequence[OutcomeBar], figure: ShowFigure) -> Element:
    """Names to the left, which stay; the chart to the right, which scrolls in its own box where it is too wide."""
    rows = [
        axis_row(figure.scale),
        truth_row(bars, figure),
        speech_row(figure),
        *evidence_rows(figure),
        *take_rows(bars, figure),
    ]
    names = element("div", *map(_row_label, rows), class_="names")
    chart = element("div", _timeline_svg(rows, figure), class_="scroll", tabindex="0", role="group")
    return element("div", names, chart, class_="timeline")


def axis_row(scale: TimeScale) -> TimelineRow:
    """Times at round steps."""
    min_step_s = MIN_TICK_GAP_PX * scale.duration / scale.width
    step = next((step for step in TICK_STEPS_S if step >= min_step_s), TICK_STEPS_S[-1])
    marks = []
    for time in range(0, int(scale.duration) + 1, step):
        x = scale.x(time)
        marks.append(line("rule", (x, AXIS_HEIGHT_PX - 5), (x, AXIS_HEIGHT_PX)))
        if x + MIN_TICK_GAP_PX / 2 < scale.width:
            marks.append(element("text", format_hms(time), class_="soft", x=x + 3, y=AXIS_HEIGHT_PX - 6))
    return TimelineRow("", AXIS_HEIGHT_PX, marks)


def _row_label(row: TimelineRow) -> Element:
    swatch = [] if row.colour is None else [element("i", class_=f"c{row.colour}")]
    label = element("b" if row.colour is None else "span", row.name)
    return element("div", *swatch, label, style=f"height:{row.height:.0f}px", title=row.title)


def _timeline_svg(rows: Sequence[TimelineRow], figure: ShowFigure) -> Element:
    width, height = figure.scale.width, sum(row.height for row in rows)
    truths = figure.show.truth.highlights
    # A line down from the start of each truth leads the eye to its take.
    starts = (figure.scale.x(truth.start) for truth in truths)
    guides = (line("guide", (x, AXIS_HEIGHT_PX), (x, height)) for x in starts)
    return element(
        "svg",
        *guides,
        *_stack_rows(rows, width),
        role="img",
        aria_label=f"timeline of {len(truths)} true explanations and {len(figure.predictions.highlights)} highlights",
        width=width,
        height=height,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
    )


def _stack_rows(rows: Sequence[TimelineRow], width: float) -> Iterator[Element]:
    top = 0.0
    for row in rows:
        yield line("rule", (0.0, top), (width, top))
        yield element("g", *row.marks, transform=f"translate(0 {top:.0f})")
        top += row.height
