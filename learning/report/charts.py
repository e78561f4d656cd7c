"""The charts of confidence: the reliability diagram, and what other thresholds would give."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from learning.evaluation.operating_points import OperatingPoint
from learning.evaluation.reliability import CalibrationMetrics
from learning.report.html_tree import Attributes, element, with_tooltip

CHART_SIDE_PX = 240.0  # px of a chart's square
LEFT_MARGIN_PX, BOTTOM_MARGIN_PX, TOP_MARGIN_PX = 50.0, 36.0, 8.0
RIGHT_MARGIN_PX = 12.0
MAX_POINT_RADIUS_PX, MIN_POINT_RADIUS_PX = 9.0, 3.5  # px of radius


def reliability_diagram(calibration_metrics: CalibrationMetrics) -> Element:
    """What was promised and what was kept, a point a bin, its size by its takes; the gap to the diagonal is marked."""
    marks = [element("line", {"class": "ideal", **_line_attributes((0, 0), (1, 1))})]
    max_takes = max((each.takes for each in calibration_metrics.bins), default=1)
    for each in calibration_metrics.bins:
        mean_confidence, correct_share = each.mean_confidence, each.right_share
        x, y, radius = (
            _x_px(mean_confidence),
            _y_px(correct_share),
            MIN_POINT_RADIUS_PX + (MAX_POINT_RADIUS_PX - MIN_POINT_RADIUS_PX) * each.takes / max_takes,
        )
        top, bottom = sorted((_y_px(mean_confidence), y))
        marks.append(element("rect", {"class": "gap", "x": x - 3, "y": top, "width": 6.0, "height": bottom - top}))
        tooltip_lines = (
            f"promised {mean_confidence:.2f}, kept {correct_share:.2f}",
            f"{each.takes} takes of {each.lowest:.2f} to {each.highest:.2f}",
        )
        marks.append(with_tooltip(element("circle", {"class": "point", "cx": x, "cy": y, "r": radius}), *tooltip_lines))
    return _chart_svg("confidence promised", "share kept", marks)


def risk_coverage_chart(calibration_metrics: CalibrationMetrics) -> Element:
    """The share of right takes as ever less sure ones are kept."""
    points = [(point.coverage, point.precision) for point in calibration_metrics.risk_coverage]
    tooltips = [
        f"confidence from {p.threshold:.2f}: {p.coverage:.0%} kept, {p.precision:.0%} right"
        for p in calibration_metrics.risk_coverage
    ]
    return _chart_svg("share of takes kept", "share of them right", _curve_elements(points, tooltips, "curve"))


def operating_point_chart(points: Sequence[OperatingPoint]) -> Element:
    """Seek precision over seek recall, as the threshold falls."""
    recall_precision_points = [(point.seek_recall, point.seek_precision) for point in points]
    tooltips = [
        f"{p.threshold:.2f}: {p.highlights} highlights, {p.seek_precision:.2f} precision, {p.seek_recall:.2f} recall"
        for p in points
    ]
    return _chart_svg("seek recall", "seek precision", _curve_elements(recall_precision_points, tooltips, "curve"))


def _curve_elements(points: Sequence[tuple[float, float]], tooltips: Sequence[str], css_class: str) -> list[Element]:
    lines = [element("line", {"class": css_class, **_line_attributes(a, b)}) for a, b in pairwise(points)]
    dots = [
        with_tooltip(element("circle", {"class": "point", "cx": _x_px(x), "cy": _y_px(y), "r": 3.0}), tooltip)
        for (x, y), tooltip in zip(points, tooltips, strict=True)
    ]
    return [*lines, *dots]


def _chart_svg(x_label: str, y_label: str, marks: Iterable[Element]) -> Element:
    width, height = LEFT_MARGIN_PX + CHART_SIDE_PX + RIGHT_MARGIN_PX, TOP_MARGIN_PX + CHART_SIDE_PX + BOTTOM_MARGIN_PX
    svg_attributes: Attributes = {
        "class": "chart",
        "viewBox": f"0 0 {width:.0f} {height:.0f}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-label": f"{y_label} over {x_label}",
    }
    y_label_rotation = f"rotate(-90 12 {_y_px(0.5):.0f})"
    labels = [
        element("text", {"x": _x_px(0.5), "y": height - 4, "text-anchor": "middle"}, x_label),
        element("text", {"x": 12.0, "y": _y_px(0.5), "text-anchor": "middle", "transform": y_label_rotation}, y_label),
    ]
    return element("svg", svg_attributes, *_grid_lines(), *labels, *marks)


def _grid_lines() -> Iterable[Element]:
    for quarter in range(5):
        share = quarter / 4
        yield element("line", {"class": "rule", **_line_attributes((share, 0), (share, 1))})
        yield element("line", {"class": "rule", **_line_attributes((0, share), (1, share))})
        yield element(
            "text", {"class": "soft", "x": _x_px(share), "y": _y_px(0) + 15, "text-anchor": "middle"}, f"{share:g}"
        )
        yield element(
            "text",
            {"class": "soft", "x": LEFT_MARGIN_PX - 6, "y": _y_px(share) + 4, "text-anchor": "end"},
            f"{share:g}",
        )


def _line_attributes(a: tuple[float, float], b: tuple[float, float]) -> Attributes:
    return {"x1": _x_px(a[0]), "y1": _y_px(a[1]), "x2": _x_px(b[0]), "y2": _y_px(b[1])}


def _x_px(share: float) -> float:
    return LEFT_MARGIN_PX + share * CHART_SIDE_PX


def _y_px(share: float) -> float:
    return TOP_MARGIN_PX + (1 - share) * CHART_SIDE_PX
