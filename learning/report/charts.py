"""The charts of confidence: the reliability diagram, and what other thresholds would give."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from learning.evaluation.operating_points import OperatingPoint
from learning.evaluation.reliability import Calibration
from learning.report.html_tree import Attributes, element, titled

SIDE = 240.0  # px of a chart's square
LEFT, BOTTOM, TOP = 50.0, 36.0, 8.0
RIGHT = 12.0
LARGEST_POINT, SMALLEST_POINT = 9.0, 3.5  # px of radius


def reliability_diagram(taken: Calibration) -> Element:
    """What was promised and what was kept, a point a bin, its size by its takes; the gap to the diagonal is marked."""
    marks = [element("line", {"class": "ideal", **_ends((0, 0), (1, 1))})]
    most = max((each.takes for each in taken.bins), default=1)
    for each in taken.bins:
        promised, kept = each.mean_confidence, each.right_share
        x, y, radius = _x(promised), _y(kept), SMALLEST_POINT + (LARGEST_POINT - SMALLEST_POINT) * each.takes / most
        top, bottom = sorted((_y(promised), y))
        marks.append(element("rect", {"class": "gap", "x": x - 3, "y": top, "width": 6.0, "height": bottom - top}))
        words = (
            f"promised {promised:.2f}, kept {kept:.2f}",
            f"{each.takes} takes of {each.lowest:.2f} to {each.highest:.2f}",
        )
        marks.append(titled(element("circle", {"class": "point", "cx": x, "cy": y, "r": radius}), *words))
    return _chart("confidence promised", "share kept", marks)


def risk_coverage_chart(taken: Calibration) -> Element:
    """The share of right takes as ever less sure ones are kept."""
    points = [(point.coverage, point.precision) for point in taken.risk_coverage]
    words = [
        f"confidence from {p.threshold:.2f}: {p.coverage:.0%} kept, {p.precision:.0%} right"
        for p in taken.risk_coverage
    ]
    return _chart("share of takes kept", "share of them right", _curve(points, words, "curve"))


def operating_chart(points: Sequence[OperatingPoint]) -> Element:
    """Seek precision over seek recall, as the threshold falls."""
    places = [(point.seek_recall, point.seek_precision) for point in points]
    words = [
        f"{p.threshold:.2f}: {p.highlights} highlights, {p.seek_precision:.2f} precision, {p.seek_recall:.2f} recall"
        for p in points
    ]
    return _chart("seek recall", "seek precision", _curve(places, words, "curve"))


def _curve(points: Sequence[tuple[float, float]], words: Sequence[str], kind: str) -> list[Element]:
    lines = [element("line", {"class": kind, **_ends(a, b)}) for a, b in pairwise(points)]
    dots = [
        titled(element("circle", {"class": "point", "cx": _x(x), "cy": _y(y), "r": 3.0}), said)
        for (x, y), said in zip(points, words, strict=True)
    ]
    return [*lines, *dots]


def _chart(across: str, up: str, marks: Iterable[Element]) -> Element:
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
    frame: Attributes = {
        "class": "chart",
        "viewBox": f"0 0 {width:.0f} {height:.0f}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-label": f"{up} over {across}",
    }
    upright = f"rotate(-90 12 {_y(0.5):.0f})"
    labels = [
        element("text", {"x": _x(0.5), "y": height - 4, "text-anchor": "middle"}, across),
        element("text", {"x": 12.0, "y": _y(0.5), "text-anchor": "middle", "transform": upright}, up),
    ]
    return element("svg", frame, *_grid(), *labels, *marks)


def _grid() -> Iterable[Element]:
    for quarter in range(5):
        share = quarter / 4
        yield element("line", {"class": "rule", **_ends((share, 0), (share, 1))})
        yield element("line", {"class": "rule", **_ends((0, share), (1, share))})
        yield element("text", {"class": "soft", "x": _x(share), "y": _y(0) + 15, "text-anchor": "middle"}, f"{share:g}")
        yield element("text", {"class": "soft", "x": LEFT - 6, "y": _y(share) + 4, "text-anchor": "end"}, f"{share:g}")


def _ends(a: tuple[float, float], b: tuple[float, float]) -> Attributes:
    return {"x1": _x(a[0]), "y1": _y(a[1]), "x2": _x(b[0]), "y2": _y(b[1])}


def _x(share: float) -> float:
    return LEFT + share * SIDE


def _y(share: float) -> float:
    return TOP + (1 - share) * SIDE
