"""The charts of confidence: reliability diagram, risk and coverage, and operating points."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from learning.evaluation.operating_points import OperatingPoint
from learning.evaluation.reliability import CalibrationMetrics
from learning.report.html_tree import element, line, mark

SIDE_PX = 240.0  # of a chart's square
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 50.0, 12.0, 8.0, 36.0  # margins
MIN_RADIUS_PX, MAX_RADIUS_PX = 3.5, 9.0


def reliability_diagram(calibration: CalibrationMetrics) -> Element:
    """The share kept over the confidence promised. A point is a bin, its size the number of takes; a bar marks the gap
    to the diagonal.
    """
    marks = [line("ideal", _point(0, 0), _point(1, 1))]
    max_takes = max((each.takes for each in calibration.bins), default=1)
    for each in calibration.bins:
        x, ideal_y = _point(each.mean_confidence, each.mean_confidence)
        y = _point(0, each.right_share)[1]
        marks.append(element("rect", class_="gap", x=x - 3, y=min(y, ideal_y), width=6.0, height=abs(y - ideal_y)))
        tooltip = f"promised {each.mean_confidence:.2f}, kept {each.right_share:.2f}"
        takes = f"{each.takes} takes of {each.lowest:.2f} to {each.highest:.2f}"
        radius = MIN_RADIUS_PX + (MAX_RADIUS_PX - MIN_RADIUS_PX) * each.takes / max_takes
        marks.append(mark("circle", tooltip, takes, class_="point", cx=x, cy=y, r=radius))
    return _chart("confidence promised", "share kept", marks)


def risk_coverage_chart(calibration: CalibrationMetrics) -> Element:
    """The share of right takes over the share kept, as the threshold of confidence falls."""
    kept = calibration.risk_coverage
    tooltips = [f"confidence from {p.threshold:.2f}: {p.coverage:.0%} kept, {p.precision:.0%} right" for p in kept]
    curve = _curve(tooltips, [_point(p.coverage, p.precision) for p in kept])
    return _chart("share of takes kept", "share of them right", curve)


def operating_point_chart(points: Sequence[OperatingPoint]) -> Element:
    """Seek precision over seek recall, as the threshold of confidence falls."""
    tooltips = [
        f"{p.threshold:.2f}: {p.highlights} highlights, {p.seek_precision:.2f} precision, {p.seek_recall:.2f} recall"
        for p in points
    ]
    curve = _curve(tooltips, [_point(p.seek_recall, p.seek_precision) for p in points])
    return _chart("seek recall", "seek precision", curve)


def _curve(tooltips: Sequence[str], points: Sequence[tuple[float, float]]) -> list[Element]:
    """A curve through points, (x, y) in pixels, each with a tooltip."""
    lines = [line("curve", start, end) for start, end in pairwise(points)]
    dots = zip(tooltips, points, strict=True)
    return lines + [mark("circle", tooltip, class_="point", cx=x, cy=y, r=3.0) for tooltip, (x, y) in dots]


def _chart(x_label: str, y_label: str, marks: Sequence[Element]) -> Element:
    width, height = LEFT_PX + SIDE_PX + RIGHT_PX, TOP_PX + SIDE_PX + BOTTOM_PX
    middle_x, middle_y = _point(0.5, 0.5)
    return element(
        "svg",
        *_grid(),
        element("text", x_label, x=middle_x, y=height - 4, text_anchor="middle"),
        element("text", y_label, x=12.0, y=middle_y, text_anchor="middle", transform=f"rotate(-90 12 {middle_y:.0f})"),
        *marks,
        class_="chart",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=width,
        height=height,
        role="img",
        aria_label=f"{y_label} over {x_label}",
    )


def _grid() -> Iterator[Element]:
    for quarter in range(5):
        share = quarter / 4
        yield line("rule", _point(share, 0), _point(share, 1))
        yield line("rule", _point(0, share), _point(1, share))
        (x, bottom), (left, y) = _point(share, 0), _point(0, share)
        yield element("text", f"{share:g}", class_="soft", x=x, y=bottom + 15, text_anchor="middle")
        yield element("text", f"{share:g}", class_="soft", x=left - 6, y=y + 4, text_anchor="end")


def _point(x_share: float, y_share: float) -> tuple[float, float]:
    """Pixels of two shares in [0, 1]."""
    return LEFT_PX + x_share * SIDE_PX, TOP_PX + (1 - y_share) * SIDE_PX
