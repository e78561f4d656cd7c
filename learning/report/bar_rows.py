"""The rows of truth and of takes: a bar each, with the sign of its verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from learning.evaluation.error_types import EvaluatedTake, EvaluatedTruth
from learning.report.badges import BADGE_RADIUS_PX, TONE_BY_OUTCOME, EvaluationOutcome, badge
from learning.report.html_tree import element, with_tooltip
from learning.report.rows import ShowView, TimelineRow, TimeScale, excerpt, format_span

BAR_HEIGHT_PX = 24.0  # px
STRIP_HEIGHT_PX = 20.0  # px beside the bars: signs and start errors
LANE_GAP_PX = 4.0  # px
BAR_LANE_HEIGHT_PX = BAR_HEIGHT_PX + STRIP_HEIGHT_PX + LANE_GAP_PX
LABEL_INSET_PX = 5.0  # px
ERROR_LABEL_WIDTH_PX = 50.0  # px that a badge and its start error take


@dataclass(frozen=True, slots=True)
class _OutcomeBar:
    """`tooltip_lines` are the lines of its hover title. `badge_time` is where its sign stands."""

    span: Span
    badge_time: Seconds
    product_ids: tuple[str, ...]
    outcome: EvaluationOutcome
    start_error: Seconds | None
    is_faint: bool
    tooltip_lines: tuple[str, ...]


def truth_row(truths: Sequence[EvaluatedTruth], view: ShowView, scale: TimeScale) -> TimelineRow:
    """What is true: a bar an explanation, and above it what became of it."""
    bars = [_truth_bar(evaluated, view) for evaluated in truths]
    ignored = [
        with_tooltip(
            element(
                "rect", {"class": "ignored", "y": STRIP_HEIGHT_PX, "height": BAR_HEIGHT_PX, **scale.x_and_width(span)}
            ),
            "ignored",
        )
        for span in view.show.truth.ignored
    ]
    marks, height = _draw_bars(bars, view, scale, badges_above=True)
    return TimelineRow("truth", height, [*ignored, *marks])


def take_rows(takes: Sequence[EvaluatedTake], view: ShowView, scale: TimeScale) -> Iterable[TimelineRow]:
    """What was found: highlights, and below them what is only suggested; a sign below each bar."""
    for name, is_published in (("highlights", True), ("suggestions", False)):
        bars = [_take_bar(evaluated, view) for evaluated in takes if evaluated.is_published == is_published]
        if bars or is_published:
            marks, height = _draw_bars(bars, view, scale, badges_above=False)
            yield TimelineRow(name, height, marks)


def format_start_error(error: Seconds | None) -> str:
    """A start error as people say it, with its sign."""
    return "" if error is None else f"{error:+.0f} s"


def _truth_bar(evaluated: EvaluatedTruth, view: ShowView) -> _OutcomeBar:
    truth = evaluated.truth
    tooltip_lines = (
        f"truth: {view.product_labels(truth.product_ids)}",
        *map(view.product_title, truth.product_ids),
        format_span(truth.span),
        f"{evaluated.outcome} {format_start_error(evaluated.start_error)}",
        excerpt(view.show.transcript, truth.span),
    )
    return _OutcomeBar(
        truth.span, truth.start, truth.product_ids, evaluated.outcome, evaluated.start_error, False, tooltip_lines
    )


def _take_bar(evaluated: EvaluatedTake, view: ShowView) -> _OutcomeBar:
    take = evaluated.take
    tooltip_lines = (
        f"{'highlight' if evaluated.is_published else 'suggestion'}: {view.product_labels(take.product_ids)}",
        *map(view.product_title, take.product_ids),
        f"{format_span(take.span)}, confidence {take.confidence:.2f}",
        f"{evaluated.outcome} {format_start_error(evaluated.start_error)}",
        excerpt(view.show.transcript, take.span),
    )
    is_faint = not evaluated.is_published
    return _OutcomeBar(
        take.span, take.seek, take.product_ids, evaluated.outcome, evaluated.start_error, is_faint, tooltip_lines
    )


def _draw_bars(
    bars: Sequence[_OutcomeBar], view: ShowView, scale: TimeScale, *, badges_above: bool
) -> tuple[list[Element], float]:
    """The bars in as few lanes as keep them apart, and the height of all lanes."""
    lanes = assign_lanes([bar.span for bar in bars])
    marks: list[Element] = []
    for bar, lane in zip(bars, lanes, strict=True):
        top = lane * BAR_LANE_HEIGHT_PX + LANE_GAP_PX / 2
        bar_top, strip_top = (top + STRIP_HEIGHT_PX, top) if badges_above else (top, top + BAR_HEIGHT_PX)
        marks += _bar_elements(bar, view, scale, bar_top)
        if not badges_above:
            marks += _seek_error_line(bar, scale, strip_top + STRIP_HEIGHT_PX / 2)
    for lane in set(lanes):
        top = lane * BAR_LANE_HEIGHT_PX + LANE_GAP_PX / 2 + (0 if badges_above else BAR_HEIGHT_PX)
        marks += _badges(
            [bar for bar, own in zip(bars, lanes, strict=True) if own == lane], scale, top + STRIP_HEIGHT_PX / 2
        )
    return marks, (max(lanes, default=0) + 1) * BAR_LANE_HEIGHT_PX


def assign_lanes(spans: Sequence[Span]) -> list[int]:
    """For each span the first lane in which it meets no earlier one."""
    ends: list[Seconds] = []
    lanes = [0] * len(spans)
    for span_index in sorted(range(len(spans)), key=lambda i: spans[i]):
        lane = next((lane for lane, end in enumerate(ends) if end <= spans[span_index].start), len(ends))
        ends[lane : lane + 1] = [spans[span_index].end]
        lanes[span_index] = lane
    return lanes


def _bar_elements(bar: _OutcomeBar, view: ShowView, scale: TimeScale, top: float) -> Iterable[Element]:
    box = {"y": top, "height": BAR_HEIGHT_PX, **scale.x_and_width(bar.span)}
    tone = TONE_BY_OUTCOME[bar.outcome]
    css_classes = (
        "bar",
        f"c{view.colour_index(bar.product_ids[0])}",
        "faint" if bar.is_faint else "",
        "missed" * (tone == "missed"),
    )
    yield with_tooltip(
        element("rect", {"class": " ".join(filter(None, css_classes)), "rx": 2.0, **box}), *bar.tooltip_lines
    )
    if tone in ("wrong", "missed"):
        pattern = "url(#wrong)" if tone == "wrong" else "url(#missed)"
        yield element("rect", {"class": "hatch", "fill": pattern, **box})
    label_box = {
        "x": box["x"] + LABEL_INSET_PX,
        "y": top,
        "width": max(0.0, box["width"] - 2 * LABEL_INSET_PX),
        "height": BAR_HEIGHT_PX,
    }
    label = element("text", {"x": 0.0, "y": BAR_HEIGHT_PX / 2 + 4}, view.product_labels(bar.product_ids))
    yield element("svg", {"class": "hatch", **label_box}, label)


def _seek_error_line(bar: _OutcomeBar, scale: TimeScale, middle_y: float) -> Iterable[Element]:
    """A line from where a viewer should land to where one lands."""
    if bar.start_error is not None and TONE_BY_OUTCOME[bar.outcome] == "off":
        x, target_x = scale.x(bar.badge_time), scale.x(bar.badge_time - bar.start_error)
        yield element("line", {"class": "shift", "x1": target_x, "y1": middle_y, "x2": x, "y2": middle_y})
        yield element(
            "line", {"class": "shift", "x1": target_x, "y1": middle_y - 6, "x2": target_x, "y2": middle_y + 6}
        )


def _badges(bars: Sequence[_OutcomeBar], scale: TimeScale, middle_y: float) -> Iterable[Element]:
    """The badges of one lane, and the start errors for which there is room."""
    badge_xs = [
        min(max(scale.x(bar.badge_time), BADGE_RADIUS_PX + 1), scale.width - BADGE_RADIUS_PX - 1) for bar in bars
    ]
    for bar, x in zip(bars, badge_xs, strict=True):
        yield badge(bar.outcome, x, middle_y)
        is_off = bar.start_error is not None and TONE_BY_OUTCOME[bar.outcome] == "off"
        if is_off and not any(0 < other - x < ERROR_LABEL_WIDTH_PX for other in (*badge_xs, scale.width)):
            error_text = format_start_error(bar.start_error)
            yield element("text", {"x": x + BADGE_RADIUS_PX + 3, "y": middle_y + 4, "class": "error"}, error_text)
