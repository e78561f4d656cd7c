"""The rows of truth and of takes: a bar each, with the sign of its verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from domain.clock import Seconds, Span
from learning.evaluation.error_types import JudgedTake, JudgedTruth
from learning.report.badges import RADIUS, TONES, Verdict, badge
from learning.report.html_tree import element, titled
from learning.report.rows import Cast, Row, Scale, excerpt, times

BAR_HEIGHT = 24.0  # px
STRIP_HEIGHT = 20.0  # px beside the bars: signs and start errors
GAP = 4.0  # px
LANE_HEIGHT = BAR_HEIGHT + STRIP_HEIGHT + GAP
LABEL_INSET = 5.0  # px
ERROR_WIDTH = 50.0  # px that a badge and its start error take


@dataclass(frozen=True, slots=True)
class _Bar:
    """`words` are the lines of its hover title. `time` is where its sign stands."""

    span: Span
    time: Seconds
    product_ids: tuple[str, ...]
    verdict: Verdict
    start_error: Seconds | None
    is_faint: bool
    words: tuple[str, ...]


def truth_row(truths: Sequence[JudgedTruth], cast: Cast, scale: Scale) -> Row:
    """What is true: a bar an explanation, and above it what became of it."""
    bars = [_of_truth(judged, cast) for judged in truths]
    ignored = [
        titled(
            element("rect", {"class": "ignored", "y": STRIP_HEIGHT, "height": BAR_HEIGHT, **scale.across(span)}),
            "ignored",
        )
        for span in cast.show.truth.ignored
    ]
    marks, height = _drawn(bars, cast, scale, signs_above=True)
    return Row("truth", height, [*ignored, *marks])


def take_rows(takes: Sequence[JudgedTake], cast: Cast, scale: Scale) -> Iterable[Row]:
    """What was found: highlights, and below them what is only suggested; a sign below each bar."""
    for name, is_published in (("highlights", True), ("suggestions", False)):
        bars = [_of_take(judged, cast) for judged in takes if judged.is_published == is_published]
        if bars or is_published:
            marks, height = _drawn(bars, cast, scale, signs_above=False)
            yield Row(name, height, marks)


def said_error(error: Seconds | None) -> str:
    """A start error as people say it, with its sign."""
    return "" if error is None else f"{error:+.0f} s"


def _of_truth(judged: JudgedTruth, cast: Cast) -> _Bar:
    truth = judged.truth
    words = (
        f"truth: {cast.names(truth.product_ids)}",
        *map(cast.title, truth.product_ids),
        times(truth.span),
        f"{judged.verdict} {said_error(judged.start_error)}",
        excerpt(cast.show.transcript, truth.span),
    )
    return _Bar(truth.span, truth.start, truth.product_ids, judged.verdict, judged.start_error, False, words)


def _of_take(judged: JudgedTake, cast: Cast) -> _Bar:
    take = judged.take
    words = (
        f"{'highlight' if judged.is_published else 'suggestion'}: {cast.names(take.product_ids)}",
        *map(cast.title, take.product_ids),
        f"{times(take.span)}, confidence {take.confidence:.2f}",
        f"{judged.verdict} {said_error(judged.start_error)}",
        excerpt(cast.show.transcript, take.span),
    )
    faint = not judged.is_published
    return _Bar(take.span, take.seek, take.product_ids, judged.verdict, judged.start_error, faint, words)


def _drawn(bars: Sequence[_Bar], cast: Cast, scale: Scale, *, signs_above: bool) -> tuple[list[Element], float]:
    """The bars in as few lanes as keep them apart, and the height of all lanes."""
    lanes = packed([bar.span for bar in bars])
    marks: list[Element] = []
    for bar, lane in zip(bars, lanes, strict=True):
        top = lane * LANE_HEIGHT + GAP / 2
        bar_top, strip = (top + STRIP_HEIGHT, top) if signs_above else (top, top + BAR_HEIGHT)
        marks += _bar(bar, cast, scale, bar_top)
        if not signs_above:
            marks += _shift(bar, scale, strip + STRIP_HEIGHT / 2)
    for lane in set(lanes):
        top = lane * LANE_HEIGHT + GAP / 2 + (0 if signs_above else BAR_HEIGHT)
        marks += _signs(
            [bar for bar, own in zip(bars, lanes, strict=True) if own == lane], scale, top + STRIP_HEIGHT / 2
        )
    return marks, (max(lanes, default=0) + 1) * LANE_HEIGHT


def packed(spans: Sequence[Span]) -> list[int]:
    """For each span the first lane in which it meets no earlier one."""
    ends: list[Seconds] = []
    lanes = [0] * len(spans)
    for place in sorted(range(len(spans)), key=lambda i: spans[i]):
        lane = next((lane for lane, end in enumerate(ends) if end <= spans[place].start), len(ends))
        ends[lane : lane + 1] = [spans[place].end]
        lanes[place] = lane
    return lanes


def _bar(bar: _Bar, cast: Cast, scale: Scale, top: float) -> Iterable[Element]:
    box = {"y": top, "height": BAR_HEIGHT, **scale.across(bar.span)}
    tone = TONES[bar.verdict]
    looks = (
        "bar",
        f"c{cast.colour(bar.product_ids[0])}",
        "faint" if bar.is_faint else "",
        "missed" * (tone == "missed"),
    )
    yield titled(element("rect", {"class": " ".join(filter(None, looks)), "rx": 2.0, **box}), *bar.words)
    if tone in ("wrong", "missed"):
        pattern = "url(#wrong)" if tone == "wrong" else "url(#missed)"
        yield element("rect", {"class": "hatch", "fill": pattern, **box})
    inside = {
        "x": box["x"] + LABEL_INSET,
        "y": top,
        "width": max(0.0, box["width"] - 2 * LABEL_INSET),
        "height": BAR_HEIGHT,
    }
    label = element("text", {"x": 0.0, "y": BAR_HEIGHT / 2 + 4}, cast.names(bar.product_ids))
    yield element("svg", {"class": "hatch", **inside}, label)


def _shift(bar: _Bar, scale: Scale, middle: float) -> Iterable[Element]:
    """A line from where a viewer should land to where one lands."""
    if bar.start_error is not None and TONES[bar.verdict] == "off":
        x, should = scale.x(bar.time), scale.x(bar.time - bar.start_error)
        yield element("line", {"class": "shift", "x1": should, "y1": middle, "x2": x, "y2": middle})
        yield element("line", {"class": "shift", "x1": should, "y1": middle - 6, "x2": should, "y2": middle + 6})


def _signs(bars: Sequence[_Bar], scale: Scale, middle: float) -> Iterable[Element]:
    """The badges of one lane, and the start errors for which there is room."""
    places = [min(max(scale.x(bar.time), RADIUS + 1), scale.width - RADIUS - 1) for bar in bars]
    for bar, x in zip(bars, places, strict=True):
        yield badge(bar.verdict, x, middle)
        is_off = bar.start_error is not None and TONES[bar.verdict] == "off"
        if is_off and not any(0 < other - x < ERROR_WIDTH for other in (*places, scale.width)):
            words = said_error(bar.start_error)
            yield element("text", {"x": x + RADIUS + 3, "y": middle + 4, "class": "error"}, words)
