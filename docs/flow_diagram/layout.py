"""Where everything in the flow's picture lies, in pixels from its top left corner."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from docs.flow_diagram.graph import Edge, Node
from docs.flow_diagram.grid import FlowGrid
from docs.flow_diagram.routes import LANE_GAP, LANE_PADDING, MARGIN, WIDTH, Routes

LANE_TITLE_HEIGHT = 30
SLIM_HEIGHT, STAGE_HEIGHT, BADGE_ROW_HEIGHT = 28, 43, 19
BADGE_PITCH = 25
CHANNEL_CLEARANCE, TRACK_PITCH = 12, 7
LEGEND_ROW_HEIGHT, LEGEND_KEYS = 19, 4

Point: TypeAlias = tuple[float, float]
"""x and y."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """x and y are those of the top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class FlowLayout:
    """A rectangle for each box, lane and the legend, and the corners of each arrow."""

    grid: FlowGrid

    @cached_property
    def boxes(self) -> dict[str, Rectangle]:
        """The box of each node, by its name."""
        return {node.name: self._box(node) for node in self.grid.nodes}

    @cached_property
    def lanes(self) -> dict[str, Rectangle]:
        """The columns by lane. The last is as high as the picture."""
        columns = [self._column(number) for number in range(len(self.grid.lanes))]
        return dict(zip(self.grid.lanes, columns, strict=True))

    @cached_property
    def band(self) -> Rectangle:
        """What the last lane has besides its column: all below the other columns."""
        top = self._row_tops[self.grid.first_row_across] - LANE_PADDING
        return Rectangle(MARGIN, top, WIDTH - 2 * MARGIN, self.height - MARGIN - top)

    @cached_property
    def legend(self) -> Rectangle:
        """In the last column, below its inputs."""
        inputs = [node for node in self.grid.nodes if node.lane == self.grid.lanes[-1] and node.kind == "input"]
        rows = [self.grid.cells[node.name].row for node in inputs]
        top = self._close_tops[max(rows, default=-1) + 1]
        return Rectangle(self._routes.box_x(len(self.grid.lanes) - 1), top, self._routes.box_width, self._legend_height)

    @cached_property
    def arrows(self) -> dict[Edge, tuple[Point, ...]]:
        return {edge: self._corners(edge) for edge in self.grid.arrows}

    @cached_property
    def height(self) -> float:
        """That of the whole picture."""
        return max(box.bottom for box in self.boxes.values()) + LANE_PADDING + MARGIN

    @cached_property
    def badges_per_row(self) -> int:
        """How many badges fit beside each other in a box."""
        return int(self._routes.box_width // BADGE_PITCH)

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.grid)

    @property
    def _legend_height(self) -> float:
        return LEGEND_ROW_HEIGHT * (LEGEND_KEYS + len(self.grid.codes))

    def _height(self, node: Node) -> float:
        badge_rows = -(-len(self.grid.codes_taken(node)) // self.badges_per_row)
        return (STAGE_HEIGHT if node.kind == "stage" else SLIM_HEIGHT) + BADGE_ROW_HEIGHT * badge_rows

    def _box(self, node: Node) -> Rectangle:
        cell = self.grid.cells[node.name]
        x, width = self._routes.box_x(cell.column), self._routes.box_width
        return Rectangle(x, self._row_tops[cell.row], width, self._height(node))

    def _column(self, number: int) -> Rectangle:
        x = self._routes.box_x(number) - LANE_PADDING
        names = [node.name for node in self.grid.nodes if node.lane == self.grid.lanes[number]]
        bottom = max(self.boxes[name].bottom for name in names) + LANE_PADDING
        return Rectangle(x, MARGIN, self._routes.lane_width, bottom - MARGIN)

    @cached_property
    def _row_heights(self) -> list[float]:
        heights = [0.0] * self.grid.row_count
        for node in self.grid.nodes:
            row = self.grid.cells[node.name].row
            heights[row] = max(heights[row], self._height(node))
        return heights

    @cached_property
    def _row_tops(self) -> list[float]:
        """The top of each row, and of the one after the last: below the columns also below the legend."""
        first = self.grid.first_row_across
        shift = max(0.0, self.legend.bottom + LANE_GAP + LANE_PADDING - self._close_tops[first])
        return [top + (shift if row >= first else 0.0) for row, top in enumerate(self._close_tops)]

    @cached_property
    def _close_tops(self) -> list[float]:
        """The top of each row if there were no legend."""
        tops = [float(MARGIN + LANE_TITLE_HEIGHT)]
        for row, height in enumerate(self._row_heights):
            last_track = max(self._routes.channel_tracks[row].values(), default=0)
            below_columns = LANE_GAP + LANE_PADDING if row + 1 == self.grid.first_row_across else 0
            tops.append(tops[-1] + height + 2 * CHANNEL_CLEARANCE + TRACK_PITCH * last_track + below_columns)
        return tops

    def _corners(self, edge: Edge) -> tuple[Point, ...]:
        start, end = self.boxes[edge.maker.name], self.boxes[edge.taker.name]
        if self.grid.is_beside(edge):
            y = start.y + min(start.height, end.height) / 2
            return (start.right, y), (end.x, y)
        points = [(start.middle, start.bottom)]
        for turn in self._routes.turns(edge):
            track = self._routes.channel_tracks[turn.row][edge.maker.name]
            y = self._row_tops[turn.row] + self._row_heights[turn.row] + CHANNEL_CLEARANCE + TRACK_PITCH * track
            points += [(turn.before, y), (turn.after, y)]
        return (*points, (self._routes.port_x[edge], end.y))
