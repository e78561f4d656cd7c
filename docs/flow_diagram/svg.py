"""The flow's picture as an SVG file, for light and dark pages."""

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from docs.flow_diagram.graph import Edge, Node
from docs.flow_diagram.grid import FlowGrid
from docs.flow_diagram.layout import (
    BADGE_PITCH,
    BADGE_ROW_HEIGHT,
    LEGEND_KEYS,
    LEGEND_ROW_HEIGHT,
    FlowLayout,
    Point,
    Rectangle,
)
from docs.flow_diagram.routes import LANE_PADDING, WIDTH
from docs.flow_diagram.style import LANE_COLOURS, STYLE

BADGE_WIDTH, BADGE_HEIGHT = 22, 14
CORNER_RADIUS = 6
TIP_LENGTH = 7
TITLE = "The flow of kandian: from recording, catalogue and room log to replay and highlights"
LETTER_WIDTHS = {"name": 7.0, "gives": 6.1, "word": 6.2}  # pixels, about the mean of Helvetica's at these sizes
CHINESE_WIDTH = 12.5
FIRST_CHINESE = 0x2E80
BADGE_ROOM, BOX_PADDING = 30, 8


class FlowPicture:
    """Writes one layout as SVG. `terms`: a word that follows an artefact's name, by that name."""

    def __init__(self, grid: FlowGrid, terms: Mapping[str, str]) -> None:
        self._grid = grid
        self._layout = FlowLayout(grid)
        self._terms = terms
        self._maker = {node.gives: node for node in reversed(grid.nodes)}

    def text(self) -> str:
        """The file's text."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        height = number(self._layout.height)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            'aria-labelledby="title description">'
        )
        yield f'  <title id="title">{TITLE}</title>'
        yield f'  <desc id="description">{escape(self._description())}</desc>'
        yield f"  <style>{STYLE}  </style>"
        yield f'  <rect class="paper" width="{WIDTH}" height="{height}"/>'
        yield from self._lane_lines()
        for edge, corners in self._layout.arrows.items():
            yield from self._arrow_lines(edge, corners)
        for node in self._grid.nodes:
            yield from self._node_lines(node)
        yield from self._legend_lines()
        yield "</svg>"

    def _description(self) -> str:
        """What the picture shows, in words: every stage with what it takes and gives."""
        return " ".join(
            f"{node.name} takes {', '.join(node.takes) or 'nothing'} and gives {node.gives}."
            for node in self._grid.nodes
            if node.kind == "stage"
        )

    def _colour(self, node: Node) -> str:
        """The CSS class that colours a node, its arrows and its badges."""
        return _lane_class(self._grid.lanes.index(node.lane)) if node.kind == "stage" else node.kind

    def _lane_lines(self) -> Iterator[str]:
        last = len(self._grid.lanes) - 1
        yield f'  <rect class="{_lane_class(last)} lane" {placed(self._layout.band)} rx="12"/>'
        for index, (name, lane) in enumerate(self._layout.lanes.items()):
            yield f'  <g class="{_lane_class(index)}">'
            yield f'    <rect class="lane" {placed(lane)} rx="12"/>'
            yield _word("lane-name", escape(name), (lane.x + LANE_PADDING, lane.y + 20))
            yield "  </g>"

    def _arrow_lines(self, edge: Edge, corners: Sequence[Point]) -> Iterator[str]:
        optional = " optional" if edge.maker.is_optional or edge.taker.is_optional else ""
        is_level = corners[-2][1] == corners[-1][1]
        x, y = corners[-1]
        end = (x - TIP_LENGTH, y) if is_level else (x, y - TIP_LENGTH)
        ends = f'data-from="{edge.maker.name}" data-to="{edge.taker.name}"'
        yield f'  <g class="{self._colour(edge.maker)}" {ends}>'
        yield f'    <path class="arrow{optional}" d="{rounded_path([*corners[:-1], end])}"/>'
        tip = f"l-{TIP_LENGTH},-4 v8 z" if is_level else f"l-4,-{TIP_LENGTH} h8 z"
        yield f'    <path class="tip" d="M{point(x, y)} {tip}"/>'
        yield "  </g>"

    def _node_lines(self, node: Node) -> Iterator[str]:
        box = self._layout.boxes[node.name]
        yield f'  <g class="{self._colour(node)}" data-{node.kind}="{node.name}">'
        yield f'    <rect class="box{" optional" if node.is_optional else ""}" {placed(box)} rx="7"/>'
        yield from self._taken_lines(node, box)
        if node.kind == "stage":
            yield _fitted("name", node.name, box, box.bottom - 26)
            yield _fitted("gives", self._with_term("gives", node.gives, box.width), box, box.bottom - 11)
        else:
            yield _fitted("name", self._with_term("name", node.gives, box.width), box, box.bottom - 11)
        if node.gives in self._grid.codes and node.kind != "result":
            yield from _badge_lines("given", self._grid.codes[node.gives], (box.right - 16, box.bottom))
        yield "  </g>"

    def _taken_lines(self, node: Node, box: Rectangle) -> Iterator[str]:
        """The badges of what the node takes: rows from the top of its box, each in the middle."""
        codes, per_row = self._grid.codes_taken(node), self._layout.badges_per_row
        makers = {code: self._maker[name] for name, code in self._grid.codes.items()}
        for index, code in enumerate(codes):
            row, column = divmod(index, per_row)
            in_row = min(per_row, len(codes) - row * per_row)
            x = box.middle + (column - (in_row - 1) / 2) * BADGE_PITCH
            yield f'    <g class="{self._colour(makers[code])}">'
            yield from _badge_lines("taken", code, (x, box.y + 14 + row * BADGE_ROW_HEIGHT))
            yield "    </g>"

    def _with_term(self, kind: str, name: str, room: float) -> str:
        """An artefact's name with its term, where both fit in."""
        both = f"{name} {self._terms.get(name, '')}".strip()
        return both if _width(kind, both) <= room - BOX_PADDING else name

    def _legend_lines(self) -> Iterator[str]:
        legend = self._layout.legend
        yield from _key_lines(legend)
        for index, (name, code) in enumerate(self._grid.codes.items()):
            y = legend.y + (LEGEND_KEYS + index) * LEGEND_ROW_HEIGHT
            yield f'  <g class="{self._colour(self._maker[name])}">'
            yield from _badge_lines("given", code, (legend.x + BADGE_WIDTH / 2, y))
            words = self._with_term("word", name, legend.width - BADGE_ROOM + LANE_PADDING)
            yield _word("word", escape(words), (legend.x + BADGE_ROOM, y + 4))
            yield "  </g>"


def _key_lines(legend: Rectangle) -> Iterator[str]:
    """How to read the picture: a badge given, a badge taken, a dashed box."""
    yield '  <g class="key">'
    left = legend.x + BADGE_WIDTH / 2
    yield from _badge_lines("given", "Aa", (left, legend.y))
    yield _word("word", "comes from here", (legend.x + BADGE_ROOM, legend.y + 4))
    yield from _badge_lines("taken", "Aa", (left, legend.y + LEGEND_ROW_HEIGHT))
    yield _word("word", "goes in here", (legend.x + BADGE_ROOM, legend.y + LEGEND_ROW_HEIGHT + 4))
    y = legend.y + 2 * LEGEND_ROW_HEIGHT
    sample = Rectangle(legend.x, y - BADGE_HEIGHT / 2, BADGE_WIDTH, BADGE_HEIGHT)
    yield f'    <rect class="box optional" {placed(sample)} rx="3"/>'
    yield _word("word", "in some sessions only", (legend.x + BADGE_ROOM, y + 4))
    yield "  </g>"


def _badge_lines(kind: str, code: str, middle: Point) -> Iterator[str]:
    x, y = middle
    area = Rectangle(x - BADGE_WIDTH / 2, y - BADGE_HEIGHT / 2, BADGE_WIDTH, BADGE_HEIGHT)
    yield f'    <rect class="{kind}" {placed(area)} rx="7"/>'
    yield _word(f"code {kind}-code", code, (x, y + 3.7))


def _word(kind: str, text: str, start: Point) -> str:
    return f'    <text class="{kind}" x="{number(start[0])}" y="{number(start[1])}">{text}</text>'


def _fitted(kind: str, words: str, box: Rectangle, y: float) -> str:
    """Words in the middle of a box, squeezed where they are too wide for it."""
    room = box.width - BOX_PADDING
    limit = f' textLength="{number(room)}" lengthAdjust="spacingAndGlyphs"' if _width(kind, words) > room else ""
    return f'    <text class="{kind}" x="{number(box.middle)}" y="{number(y)}"{limit}>{escape(words)}</text>'


def _width(kind: str, words: str) -> float:
    """About how wide words are, in pixels."""
    return sum(CHINESE_WIDTH if ord(letter) > FIRST_CHINESE else LETTER_WIDTHS[kind] for letter in words)


def _lane_class(index: int) -> str:
    return f"lane-{index % LANE_COLOURS}"


def rounded_path(corners: Sequence[Point]) -> str:
    """An SVG path along corners, which it rounds off."""
    parts = [f"M{point(*corners[0])}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(CORNER_RADIUS, _distance(before, corner) / 2, _distance(corner, after) / 2)
        parts.append(f"L{_towards(corner, before, radius)} Q{point(*corner)} {_towards(corner, after, radius)}")
    return " ".join([*parts, f"L{point(*corners[-1])}"])


def _distance(start: Point, end: Point) -> float:
    return abs(start[0] - end[0]) + abs(start[1] - end[1])


def _towards(start: Point, end: Point, length: float) -> str:
    share = length / (_distance(start, end) or 1.0)
    return point(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def placed(area: Rectangle) -> str:
    """The attributes of an SVG rectangle."""
    x, y, width, height = (number(value) for value in (area.x, area.y, area.width, area.height))
    return f'x="{x}" y="{y}" width="{width}" height="{height}"'


def point(x: float, y: float) -> str:
    return f"{number(x)},{number(y)}"


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
