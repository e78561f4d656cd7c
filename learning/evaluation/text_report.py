"""The score card as text for terminals and Markdown pages."""

from collections.abc import Sequence

from rich.cells import cell_len

from learning.evaluation.scorecard import ScoreCard
from learning.evaluation.tables import LEGEND, Table, tables_of


def render_text(card: ScoreCard) -> str:
    """The card as aligned Markdown tables, and what it all means."""
    return "\n\n".join([*map(_rendered, tables_of(card)), "\n".join(f"- {line}" for line in LEGEND)]) + "\n"


def _rendered(table: Table) -> str:
    """Widths in cells, so that the table is straight in a terminal too, where Chinese takes two."""
    lines = [(table.name, *table.headings), *table.rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    rule = [":" + "-" * (widths[0] + 1)] + ["-" * (width + 1) + ":" for width in widths[1:]]
    head, *body = (_line(line, widths) for line in lines)
    return "\n".join([head, "|" + "|".join(rule) + "|", *body])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    gaps = [" " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    numbers = [f" {gap}{cell} " for cell, gap in zip(cells[1:], gaps[1:], strict=True)]
    return "|" + "|".join([f" {cells[0]}{gaps[0]} ", *numbers]) + "|"
