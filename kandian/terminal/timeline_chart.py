"""A show's timeline drawn in characters: a row for each explained product, its takes as bars, and a time axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from domain.clock import Seconds
from domain.highlight import Highlight, HighlightsFile
from domain.text import format_hms, is_unicode, printable
from kandian.terminal.cells import ASCII_ELLIPSIS, ELLIPSIS, fit_to_width

MAX_LABEL_SHARE = 1 / 3  # of the width; the bars need the rest
TICK_STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800)  # what people count time in
LABEL_GAP_CELLS = 2  # between two time labels


@dataclass(frozen=True, slots=True)
class TakeStyle:
    """How one kind of take is drawn. `body` and `seek`, the cell where a player lands, are one cell wide."""

    body: str
    seek: str
    body_style: str
    seek_style: str


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """The characters of a chart. `rule` and `tick`, one cell wide each, make the axis."""

    take: TakeStyle
    suggestion: TakeStyle
    rule: str
    tick: str
    ellipsis: str


UNICODE_STYLE = ChartStyle(
    TakeStyle("█", "▶", "green", "bold yellow"), TakeStyle("░", "▷", "dim", "dim"), "─", "┬", ELLIPSIS
)
ASCII_STYLE = ChartStyle(
    TakeStyle("#", ">", "green", "bold yellow"), TakeStyle(".", ":", "dim", "dim"), "-", "+", ASCII_ELLIPSIS
)


@dataclass(frozen=True, slots=True)
class _ChartLayout:
    """Labels in the first `label_cells` cells, a space, then `bar_cells` cells for `duration` seconds."""

    label_cells: int
    bar_cells: int
    duration: Seconds
    style: ChartStyle

    def cell(self, time: Seconds) -> int:
        """The cell of the bar that shows `time`; times outside the show go to its edges."""
        return min(self.bar_cells - 1, max(0, int(time / self.duration * self.bar_cells)))


def draw_timeline(file: HighlightsFile, width: int, encoding: str = "utf-8") -> tuple[Text, ...]:
    """The lines of the chart, none wider than `width` cells; none for a show without highlights.

    Products stand in the order in which they first appear; a bundle stands in the row of each of its products.
    `encoding` is that of the terminal: without Unicode the bars are ASCII characters.
    """
    rows = _product_ids_by_time(file)
    if not rows or width < 1:
        return ()
    names = {product.product_id: product.short_name or product.title for product in file.products}
    labels = {product: printable(names.get(product) or product, encoding) for product in rows}
    style = UNICODE_STYLE if is_unicode(encoding) else ASCII_STYLE
    layout = _make_layout(labels.values(), width, file.duration, style)
    bars = [_draw_row(labels[product], _draw_bar(file, product, layout), layout) for product in rows]
    return *bars, *_draw_axis(layout)


def _product_ids_by_time(file: HighlightsFile) -> Sequence[str]:
    entries = sorted((*file.highlights, *file.suggestions), key=lambda entry: entry.start)
    return list(dict.fromkeys(product for entry in entries for product in entry.product_ids))


def _make_layout(labels: Iterable[str], width: int, duration: Seconds, style: ChartStyle) -> _ChartLayout:
    label_cells = min(max(map(cell_len, labels)), int(width * MAX_LABEL_SHARE))
    return _ChartLayout(label_cells, max(1, width - label_cells - 1) if label_cells else width, duration, style)


def _draw_row(label: str, bar: Text, layout: _ChartLayout) -> Text:
    """No space is left behind the last take, so that a wrapping terminal has nothing to wrap."""
    row = Text(no_wrap=True).append(
        fit_to_width(label, layout.label_cells, layout.style.ellipsis) + " " if layout.label_cells else ""
    )
    row.append_text(bar)
    row.rstrip()
    return row


def _draw_bar(file: HighlightsFile, product: str, layout: _ChartLayout) -> Text:
    """Suggestions first, then highlights over them: what viewers see must not be hidden."""
    cells = [(" ", "")] * layout.bar_cells
    for entries, style in ((file.suggestions, layout.style.suggestion), (file.highlights, layout.style.take)):
        for entry in entries:
            if product in entry.product_ids:
                _draw_take(cells, entry, layout, style)
    return Text.assemble(*cells)


def _draw_take(cells: list[tuple[str, str]], entry: Highlight, layout: _ChartLayout, style: TakeStyle) -> None:
    """Draw `entry` into `cells`, at least one cell wide."""
    start_cell = layout.cell(entry.start)
    end_cell = max(start_cell + 1, round(entry.end / layout.duration * layout.bar_cells))
    for cell in range(start_cell, min(end_cell, layout.bar_cells)):
        cells[cell] = (style.body, style.body_style)
    cells[layout.cell(entry.seek)] = (style.seek, style.seek_style)


def _draw_axis(layout: _ChartLayout) -> tuple[Text, Text]:
    """A rule with ticks at round times, and the times under it, each beginning at its tick."""
    indent = " " * (layout.label_cells + 1 if layout.label_cells else 0)
    rule, times = [layout.style.rule] * layout.bar_cells, ""
    for time in _tick_times(layout):
        cell = layout.cell(time)
        if cell + len(format_hms(time)) <= layout.bar_cells:
            rule[cell] = layout.style.tick
            times = times.ljust(cell) + format_hms(time)
    return Text(indent + "".join(rule), "dim", no_wrap=True), Text(indent + times, "dim", no_wrap=True)


def _tick_times(layout: _ChartLayout) -> Iterable[Seconds]:
    """Times from 0 in the smallest of the usual steps whose labels do not overlap."""
    cells_per_label = len(format_hms(layout.duration)) + LABEL_GAP_CELLS
    min_step_s = cells_per_label * layout.duration / layout.bar_cells
    step = next((step for step in TICK_STEPS_S if step >= min_step_s), TICK_STEPS_S[-1] * 2)
    return [float(time) for time in range(0, int(layout.duration) + 1, step)] if min_step_s <= step else [0.0]
