"""Which way arrows take: channels between rows, gutters between columns, and empty cells, so that none crosses a box.

Arrows of one maker share a track there; those of others have tracks of their own. Distances are in pixels.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from docs.flow_diagram.graph import Edge, Node
from docs.flow_diagram.grid import FlowGrid

WIDTH = 880
MARGIN, LANE_GAP, LANE_PADDING = 12, 12, 20
PORT_PITCH = 18
GUTTER_CLEARANCE, GUTTER_PITCH = 8, 6


@dataclass(frozen=True, slots=True)
class Turn:
    """An arrow goes sideways in the channel below `row`: from x = `before` to x = `after`."""

    row: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Track:
    """What the arrows of a maker need of a channel (x) or of a gutter (rows)."""

    maker: str
    start: float
    end: float


@dataclass(frozen=True)
class Routes:
    """The ways of all arrows, as far as they do not depend on how high the rows are."""

    grid: FlowGrid

    @cached_property
    def lane_width(self) -> float:
        count = len(self.grid.lanes)
        return (WIDTH - 2 * MARGIN - (count - 1) * LANE_GAP) / count

    @cached_property
    def box_width(self) -> float:
        return self.lane_width - 2 * LANE_PADDING

    def box_x(self, column: int) -> float:
        """The left side of a column's boxes."""
        return MARGIN + LANE_PADDING + column * (self.lane_width + LANE_GAP)

    def middle(self, node: Node) -> float:
        return self.box_x(self.grid.cells[node.name].column) + self.box_width / 2

    def is_straight(self, edge: Edge) -> bool:
        """Whether the taker stands right below its maker, but for empty cells."""
        start, end = self.grid.ends(edge)
        return start.column == end.column and self.grid.is_free(start.column, range(start.row + 1, end.row))

    @cached_property
    def port_x(self) -> dict[Edge, float]:
        """Where each arrow meets the top of its taker: in the middle if straight, else on the side it comes from."""
        by_side: dict[tuple[Node, int], list[Edge]] = defaultdict(list)
        for edge in self.grid.arrows:
            by_side[edge.taker, 0 if self.is_straight(edge) else self._side(edge)].append(edge)
        return {
            edge: self.middle(taker) + side * PORT_PITCH * (1 + number)
            for (taker, side), edges in by_side.items()
            for number, edge in enumerate(edges)
        }

    def turns(self, edge: Edge) -> Iterator[Turn]:
        """From the top. None if the arrow is straight or leads to the box beside."""
        if self.is_straight(edge) or self.grid.is_beside(edge):
            return
        start, end = (cell.row for cell in self.grid.ends(edge))
        maker_x, taker_x = self.middle(edge.maker), self.port_x[edge]
        down_x = taker_x if end == start + 1 else self._down_x(edge)
        turns = (Turn(start, maker_x, down_x), Turn(end - 1, down_x, taker_x))
        yield from (turn for turn in turns if turn.before != turn.after)

    @cached_property
    def channel_tracks(self) -> Mapping[int, Mapping[str, int]]:
        """The track of each maker's arrows in the channel below each row, numbered from the top."""
        tracks: dict[int, list[Track]] = {row: [] for row in range(self.grid.row_count)}
        for edge in self.grid.arrows:
            for turn in self.turns(edge):
                start, end = sorted((turn.before, turn.after))
                tracks[turn.row].append(Track(edge.maker.name, start, end))
        return {row: track_numbers(each, PORT_PITCH / 2) for row, each in tracks.items()}

    def _side(self, edge: Edge) -> int:
        """-1: the arrow comes from the left, 1: from the right."""
        start, end = self.grid.ends(edge)
        return 1 if start.column > end.column else -1

    def _down_x(self, edge: Edge) -> float:
        """Where the arrow leads down: below its maker or above its taker if cells are empty there, or in the gutter."""
        open_x = self._open_x(edge)
        return self._gutter_x(edge) if open_x is None else open_x

    def _open_x(self, edge: Edge) -> float | None:
        start, end = self.grid.ends(edge)
        rows_between = range(start.row + 1, end.row)
        if self.grid.is_free(start.column, rows_between):
            return self.middle(edge.maker)
        return self.port_x[edge] if self.grid.is_free(end.column, rows_between) else None

    def _gutter(self, edge: Edge) -> int:
        """The gutter next to the taker, on the side that the arrow comes from: `n` is left of column `n`."""
        _, end = self.grid.ends(edge)
        return end.column + (1 if self._side(edge) > 0 else 0)

    @cached_property
    def _gutter_tracks(self) -> dict[int, dict[str, int]]:
        """The track of each maker's arrows in each gutter, numbered from the right."""
        tracks: dict[int, list[Track]] = defaultdict(list)
        for edge in self.grid.arrows:
            start, end = self.grid.ends(edge)
            if end.row > start.row + 1 and not self.is_straight(edge) and self._open_x(edge) is None:
                tracks[self._gutter(edge)].append(Track(edge.maker.name, start.row, end.row))
        return {gutter: track_numbers(each, 0.0) for gutter, each in tracks.items()}

    def _gutter_x(self, edge: Edge) -> float:
        gutter = self._gutter(edge)
        numbers = self._gutter_tracks[gutter]
        room = (LANE_GAP + LANE_PADDING if gutter else MARGIN) + LANE_PADDING - 2 * GUTTER_CLEARANCE
        pitch = min(GUTTER_PITCH, room / max(numbers.values())) if any(numbers.values()) else 0.0
        return self.box_x(gutter) - GUTTER_CLEARANCE - pitch * numbers[edge.maker.name]


def track_numbers(tracks: Iterable[Track], clearance: float) -> dict[str, int]:
    """For each maker's tracks together the lowest number at which they keep `clearance` from the others there."""
    spans: dict[str, tuple[float, float]] = {}
    for track in tracks:
        start, end = spans.get(track.maker, (track.start, track.end))
        spans[track.maker] = min(start, track.start), max(end, track.end)
    numbers: dict[str, int] = {}
    for maker, (start, end) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        near = [name for name in numbers if start < spans[name][1] + clearance and spans[name][0] < end + clearance]
        taken = {numbers[name] for name in near}
        numbers[maker] = next(number for number in range(len(spans)) if number not in taken)
    return numbers
