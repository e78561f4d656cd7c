"""The score card as text for terminals and Markdown pages."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from learning.evaluation.scorecard import ScoreCard
from learning.report.tables import LEGEND, Table, score_card_tables


def render_score_card(card: ScoreCard) -> str:
    """The card as aligned Markdown tables, with the legend."""
    return f"{render_tables(score_card_tables(card))}\n{render_legend()}"


def render_tables(tables: Iterable[Table]) -> str:
    """The tables, one below the other."""
    return "\n".join(f"{_render_table(table)}\n" for table in tables)


def render_legend() -> str:
    """What the columns mean, as a list."""
    return "".join(f"- {line}\n" for line in LEGEND)


def _render_table(table: Table) -> str:
    """Widths are in terminal cells, because Chinese characters take two."""
    lines = [(table.name, *table.headings), *table.rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    separator_row = [":" + "-" * (widths[0] + 1)] + ["-" * (width + 1) + ":" for width in widths[1:]]
    header_row, *body_rows = (_render_row(line, widths) for line in lines)
    return "\n".join([header_row, "|" + "|".join(separator_row) + "|", *body_rows])


def _render_row(cells: Sequence[str], widths: Sequence[int]) -> str:
    paddings = [" " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    number_cells = [f" {gap}{cell} " for cell, gap in zip(cells[1:], paddings[1:], strict=True)]
    return "|" + "|".join([f" {cells[0]}{paddings[0]} ", *number_cells]) + "|"
