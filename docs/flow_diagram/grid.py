"""Where nodes stand in the grid of the picture, and which edges are arrows there.

The lanes are columns beside each other. In a column, a node stands below all whose artefacts it takes. The last lane
takes from all others: its inputs stand in the last column, its stages below all columns, across them like text.
An edge is an arrow where that is short; else a badge of two letters stands at both of its ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from docs.flow_diagram.graph import Edge, Node, flow_edges

MAX_ARROW_ROWS = 4  # a longer arrow is hard to follow


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid. Columns count from the left, rows from the top."""

    column: int
    row: int


@dataclass(frozen=True)
class FlowGrid:
    """All nodes, makers before takers, and their places."""

    nodes: tuple[Node, ...]

    @cached_property
    def lanes(self) -> tuple[str, ...]:
        """The lanes from the left, in the order of their first stages."""
        return tuple(dict.fromkeys(node.lane for node in self.nodes if node.kind == "stage"))

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """Each node's place, by its name."""
        across = [node for node in self.nodes if self.is_across(node)]
        cells = _stacked([node for node in self.nodes if not self.is_across(node)], self.lanes)
        first_row = 1 + max(cell.row for cell in cells.values())
        return cells | {
            node.name: Cell(number % len(self.lanes), first_row + number // len(self.lanes))
            for number, node in enumerate(across)
        }

    @cached_property
    def first_row_across(self) -> int:
        """The first row of the last lane's stages."""
        return min(self.cells[node.name].row for node in self.nodes if self.is_across(node))

    @cached_property
    def row_count(self) -> int:
        return 1 + max(cell.row for cell in self.cells.values())

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        return flow_edges(self.nodes)

    @cached_property
    def arrows(self) -> tuple[Edge, ...]:
        return tuple(edge for edge in self.edges if self._is_arrow(edge))

    @cached_property
    def badges(self) -> tuple[Edge, ...]:
        """The edges that are no arrows."""
        arrows = frozenset(self.arrows)
        return tuple(edge for edge in self.edges if edge not in arrows)

    @cached_property
    def codes(self) -> dict[str, str]:
        """Two letters for each artefact that has badges, no two the same, by the artefact's name, sorted."""
        codes: dict[str, str] = {}
        for name in sorted({edge.maker.gives for edge in self.badges}):
            codes[name] = next(code for code in _possible_codes(name) if code not in codes.values())
        return codes

    def codes_taken(self, node: Node) -> tuple[str, ...]:
        """The badges of what a node takes."""
        names = {edge.maker.gives for edge in self.badges if edge.taker == node}
        return tuple(code for name, code in self.codes.items() if name in names)

    def is_across(self, node: Node) -> bool:
        """Whether a node is one of those below the columns."""
        return node.lane == self.lanes[-1] and node.kind != "input"

    def ends(self, edge: Edge) -> tuple[Cell, Cell]:
        return self.cells[edge.maker.name], self.cells[edge.taker.name]

    def is_beside(self, edge: Edge) -> bool:
        """Whether the taker stands right of its maker."""
        start, end = self.ends(edge)
        return start.row == end.row and end.column == start.column + 1

    def is_free(self, column: int, rows: Iterable[int]) -> bool:
        """Whether no node stands in these rows of a column."""
        return {cell.row for cell in self.cells.values() if cell.column == column}.isdisjoint(rows)

    def length(self, edge: Edge) -> int:
        """How many places the taker stands behind its maker: rows, or, in the last lane, nodes."""
        if self.is_across(edge.maker):
            return self.nodes.index(edge.taker) - self.nodes.index(edge.maker)
        start, end = self.ends(edge)
        return end.row - start.row

    def _is_arrow(self, edge: Edge) -> bool:
        """Arrows lead to results and next neighbours; if not too far, to the first taker and from the last maker."""
        length = self.length(edge)
        if edge.taker.kind == "result":
            return not self.is_across(edge.taker) or length == 1
        if self.is_across(edge.maker) or length <= 1 or length > MAX_ARROW_ROWS:
            return length == 1
        to_takers = [self.length(each) for each in self.edges if each.maker == edge.maker]
        from_makers = [self.length(each) for each in self.edges if each.taker == edge.taker]
        return length in (min(to_takers), min(from_makers))


def _stacked(nodes: Sequence[Node], lanes: Sequence[str]) -> dict[str, Cell]:
    """Each node in the first free row of its lane's column that is below all its makers.

    A second maker of an artefact stands below the first; results stand at the bottom.
    """
    cells: dict[str, Cell] = {}
    rows_in_use: dict[int, set[int]] = defaultdict(set)
    row_by_artefact: dict[str, int] = {}
    for node in nodes:
        column = lanes.index(node.lane)
        above = [row_by_artefact.get(name, -1) for name in (*node.takes, node.gives)]
        if node.kind == "result":
            above.append(max(rows_in_use[column]))
        row = _first_free(rows_in_use[column], max(above) + 1)
        cells[node.name] = Cell(column, row)
        rows_in_use[column].add(row)
        row_by_artefact[node.gives] = row
    return cells


def _first_free(rows_in_use: set[int], row: int) -> int:
    while row in rows_in_use:
        row += 1
    return row


def _possible_codes(name: str) -> Iterator[str]:
    """The initials of the first two words, then the first letter with each of the letters after it, then numbers."""
    initials = "".join(letter for letter in name if letter.isupper())
    if len(initials) > 1:
        yield initials[:2]
    yield from (name[0] + letter.lower() for letter in name[1:])
    yield from (f"{name[0]}{number}" for number in range(2, 1000))
