"""The rows of truth and of takes: a bar each, with the badge of its outcome; and the same as text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from domain.text import format_hms
from learning.evaluation.error_types import evaluate_takes, evaluate_truths
from learning.report.badges import BADGE_RADIUS_PX, BADGES, EvaluationOutcome, badge, inline_badge
from learning.report.figure import ShowFigure, TimelineRow, TimeScale, excerpt, format_span
from learning.report.html_tree import bullet_list, element, line, mark

BarKind: TypeAlias = Literal["truth", "highlight", "suggestion"]

BAR_HEIGHT_PX = 24.0
STRIP_HEIGHT_PX = 20.0  # beside the bars: badges and start errors
LANE_GAP_PX = 4.0
LANE_HEIGHT_PX = BAR_HEIGHT_PX + STRIP_HEIGHT_PX + LANE_GAP_PX
LABEL_INSET_PX = 5.0
ERROR_LABEL_WIDTH_PX = 50.0  # of a badge and its start error


@dataclass(frozen=True, slots=True)
class OutcomeBar:
    """A truth or a take. `time`: where its badge stands. `start_error`: seconds, signed. `confidence` and
    `reasons`, a line each: of takes.
    """

    kind: BarKind
    span: Span
    time: Seconds
    product_ids: tuple[str, ...]
    outcome: EvaluationOutcome
    start_error: Seconds | None
    confidence: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        return BADGES[self.outcome].tone

    @property
    def error_text(self) -> str:
        return "" if self.start_error is None else f"{self.start_error:+.0f} s"

    @property
    def outcome_text(self) -> str:
        return f"{self.outcome} {self.error_text}"


def outcome_bars(figure: ShowFigure) -> tuple[OutcomeBar, ...]:
    """All truths, then all takes, each by time."""
    truths = (
        OutcomeBar("truth", each.truth.span, each.truth.start, each.truth.product_ids, each.outcome, each.start_error)
        for each in evaluate_truths(figure.show, figure.predictions)
    )
    takes = (
        OutcomeBar(
            "highlight" if each.is_published else "suggestion",
            each.take.span,
            each.take.seek,
            each.take.product_ids,
            each.outcome,
            each.start_error,
            f", confidence {each.take.confidence:.2f}",
            each.take.reasons,
        )
        for each in evaluate_takes(figure.show, figure.predictions)
    )
    return (*truths, *takes)


def truth_row(bars: Sequence[OutcomeBar], figure: ShowFigure) -> TimelineRow:
    """A bar for each explanation. Its badge, above, says what became of it."""
    ignored = [
        mark(
            "rect", "ignored", class_="ignored", y=STRIP_HEIGHT_PX, height=BAR_HEIGHT_PX, **figure.scale.x_and_width(s)
        )
        for s in figure.show.truth.ignored
    ]
    row = _bar_row("truth", [bar for bar in bars if bar.kind == "truth"], figure)
    return TimelineRow(row.name, row.height, [*ignored, *row.marks])


def take_rows(bars: Sequence[OutcomeBar], figure: ShowFigure) -> Iterator[TimelineRow]:
    """Highlights and, where there are any, suggestions; badges below the bars."""
    highlights, suggestions = ([bar for bar in bars if bar.kind == kind] for kind in ("highlight", "suggestion"))
    yield _bar_row("highlights", highlights, figure)
    if suggestions:
        yield _bar_row("suggestions", suggestions, figure)


def text_alternative(bars: Iterable[OutcomeBar], figure: ShowFigure) -> Element:
    """What the bars' hover titles say, as lists: for screens without hovering, and for reading aloud. Folded."""
    lists: dict[str, list[Element]] = {"Truths": [], "Highlights and suggestions": []}
    for bar in bars:
        is_truth = bar.kind == "truth"
        detail = excerpt(figure.show.transcript, bar.span) if is_truth else f"{bar.kind}{bar.confidence}"
        words = element(
            "div",
            element("b", f"{format_hms(bar.time)} {figure.products.labels(bar.product_ids)}"),
            element("span", bar.outcome_text),
            element("span", detail, class_="soft"),
            *(element("div", reason, class_="soft") for reason in bar.reasons),
        )
        lists["Truths" if is_truth else "Highlights and suggestions"].append(
            element("li", inline_badge(bar.outcome), words)
        )
    columns = (element("div", element("h3", name), bullet_list(items, "words")) for name, items in lists.items())
    return element("details", element("summary", "In words, and why"), element("div", *columns, class_="charts"))


def _bar_row(name: str, bars: Sequence[OutcomeBar], figure: ShowFigure) -> TimelineRow:
    """The bars in as few lanes as keep them apart."""
    bar_top, strip_top = (STRIP_HEIGHT_PX, 0.0) if name == "truth" else (0.0, BAR_HEIGHT_PX)
    lanes = assign_lanes([bar.span for bar in bars])
    marks: list[Element] = []
    for bar, lane in zip(bars, lanes, strict=True):
        top = lane * LANE_HEIGHT_PX + LANE_GAP_PX / 2
        marks += _bar_elements(bar, figure, top + bar_top)
        if bar.kind != "truth":
            marks += _seek_error_lines(bar, figure.scale, top + strip_top + STRIP_HEIGHT_PX / 2)
    for lane in set(lanes):
        middle_y = lane * LANE_HEIGHT_PX + LANE_GAP_PX / 2 + strip_top + STRIP_HEIGHT_PX / 2
        lane_bars = [bar for bar, bar_lane in zip(bars, lanes, strict=True) if bar_lane == lane]
        marks += _badges(lane_bars, figure.scale, middle_y)
    return TimelineRow(name, (max(lanes, default=0) + 1) * LANE_HEIGHT_PX, marks)


def assign_lanes(spans: Sequence[Span]) -> list[int]:
    """For each span the first lane in which it overlaps no earlier one."""
    ends: list[Seconds] = []
    lanes = [0] * len(spans)
    for span_index in sorted(range(len(spans)), key=lambda i: spans[i]):
        lane = next((lane for lane, end in enumerate(ends) if end <= spans[span_index].start), len(ends))
        ends[lane : lane + 1] = [spans[span_index].end]
        lanes[span_index] = lane
    return lanes


def _bar_elements(bar: OutcomeBar, figure: ShowFigure, top: float) -> Iterator[Element]:
    products, box = figure.products, {"y": top, "height": BAR_HEIGHT_PX, **figure.scale.x_and_width(bar.span)}
    tooltip_lines = (
        f"{bar.kind}: {products.labels(bar.product_ids)}",
        *map(products.title, bar.product_ids),
        f"{format_span(bar.span)}{bar.confidence}",
        bar.outcome_text,
        *bar.reasons,
        excerpt(figure.show.transcript, bar.span),
    )
    colour = f"c{products.colour_index(bar.product_ids[0])}"
    faint, missed = "faint" * (bar.kind == "suggestion"), "missed" * (bar.tone == "missed")
    css_classes = " ".join(filter(None, ("bar", colour, faint, missed)))
    yield mark("rect", *tooltip_lines, class_=css_classes, rx=2.0, **box)
    if bar.tone in ("wrong", "missed"):
        yield element("rect", class_="hatch", fill=f"url(#{bar.tone})", **box)
    label = element("text", products.labels(bar.product_ids), x=0.0, y=BAR_HEIGHT_PX / 2 + 4)
    label_box = box | {"x": box["x"] + LABEL_INSET_PX, "width": max(0.0, box["width"] - 2 * LABEL_INSET_PX)}
    yield element("svg", label, class_="hatch", **label_box)


def _seek_error_lines(bar: OutcomeBar, scale: TimeScale, y: float) -> Iterator[Element]:
    """A line from where a viewer should land to where one lands."""
    if bar.start_error is not None and bar.tone == "off":
        target_x = scale.x(bar.time - bar.start_error)
        yield line("shift", (target_x, y), (scale.x(bar.time), y))
        yield line("shift", (target_x, y - 6), (target_x, y + 6))


def _badges(bars: Sequence[OutcomeBar], scale: TimeScale, y: float) -> Iterator[Element]:
    """The badges of one lane, and the start errors for which there is room."""
    margin = BADGE_RADIUS_PX + 1
    badge_xs = [min(max(scale.x(bar.time), margin), scale.width - margin) for bar in bars]
    for bar, x in zip(bars, badge_xs, strict=True):
        yield badge(bar.outcome, x, y)
        has_room = not any(0 < other - x < ERROR_LABEL_WIDTH_PX for other in (*badge_xs, scale.width))
        if bar.error_text and bar.tone == "off" and has_room:
            yield element("text", bar.error_text, x=x + BADGE_RADIUS_PX + 3, y=y + 4, class_="error")
