"""A show's timeline drawn in characters: a row for each explained product, its takes as bars, and a time axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from domain.clock import Seconds
from domain.highlight import Highlight, HighlightsFile
from kandian.terminal.cells import ASCII_ELLIPSIS, ELLIPSIS, clock, fit, is_unicode, printable

LONGEST_LABEL = 1 / 3  # of the width; the bars need the rest
TICK_STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800)  # what people count time in
LABEL_GAP_CELLS = 2  # between two time labels


@dataclass(frozen=True, slots=True)
class Pen:
    """How one kind of take is drawn. `body` and `seek`, the cell where a player lands, are one cell wide."""

    body: str
    seek: str
    style: str
    seek_style: str


@dataclass(frozen=True, slots=True)
class Look:
    """The characters of a picture. `rule` and `tick`, one cell wide each, make the axis."""

    take: Pen
    suggestion: Pen
    rule: str
    tick: str
    ellipsis: str


UNICODE_LOOK = Look(Pen("█", "▶", "green", "bold yellow"), Pen("░", "▷", "dim", "dim"), "─", "┬", ELLIPSIS)
ASCII_LOOK = Look(Pen("#", ">", "green", "bold yellow"), Pen(".", ":", "dim", "dim"), "-", "+", ASCII_ELLIPSIS)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things are: labels in the first `label` cells, a space, then `bar` cells for `duration` seconds."""

    label: int
    bar: int
    duration: Seconds
    look: Look

    def cell(self, time: Seconds) -> int:
        """The cell of the bar that shows `time`; times outside the show go to its edges."""
        return min(self.bar - 1, max(0, int(time / self.duration * self.bar)))


def timeline_picture(file: HighlightsFile, width: int, encoding: str = "utf-8") -> tuple[Text, ...]:
    """The lines of the picture, none wider than `width` cells; none at all where nothing was found.

    Products stand in the order in which they first appear; a bundle stands in the row of each of its products.
    `encoding` is the terminal's: without Unicode the bars are made of ASCII.
    """
    rows = _products_by_time(file)
    if not rows or width < 1:
        return ()
    names = {product.product_id: product.short_name or product.title for product in file.products}
    labels = {product: printable(names.get(product) or product, encoding) for product in rows}
    look = UNICODE_LOOK if is_unicode(encoding) else ASCII_LOOK
    frame = _frame(labels.values(), width, file.duration, look)
    bars = [_row(labels[product], _bar(file, product, frame), frame) for product in rows]
    return *bars, *_axis(frame)


def _products_by_time(file: HighlightsFile) -> Sequence[str]:
    entries = sorted((*file.highlights, *file.suggestions), key=lambda entry: entry.start)
    return list(dict.fromkeys(product for entry in entries for product in entry.product_ids))


def _frame(labels: Iterable[str], width: int, duration: Seconds, look: Look) -> _Frame:
    label = min(max(map(cell_len, labels)), int(width * LONGEST_LABEL))
    return _Frame(label, max(1, width - label - 1) if label else width, duration, look)


def _row(label: str, bar: Text, frame: _Frame) -> Text:
    """No space is left behind the last take, so that a wrapping terminal has nothing to wrap."""
    row = Text(no_wrap=True).append(fit(label, frame.label, frame.look.ellipsis) + " " if frame.label else "")
    row.append_text(bar)
    row.rstrip()
    return row


def _bar(file: HighlightsFile, product: str, frame: _Frame) -> Text:
    """Suggestions first, then highlights over them: what viewers see must not be hidden."""
    cells = [(" ", "")] * frame.bar
    for entries, pen in ((file.suggestions, frame.look.suggestion), (file.highlights, frame.look.take)):
        for entry in entries:
            if product in entry.product_ids:
                _draw(cells, entry, frame, pen)
    return Text.assemble(*cells)


def _draw(cells: list[tuple[str, str]], entry: Highlight, frame: _Frame, pen: Pen) -> None:
    """Draw `entry` into `cells`, at least one cell wide."""
    first = frame.cell(entry.start)
    after = max(first + 1, round(entry.end / frame.duration * frame.bar))
    for cell in range(first, min(after, frame.bar)):
        cells[cell] = (pen.body, pen.style)
    cells[frame.cell(entry.seek)] = (pen.seek, pen.seek_style)


def _axis(frame: _Frame) -> tuple[Text, Text]:
    """A rule with ticks at round times, and the times under it, each beginning at its tick."""
    indent = " " * (frame.label + 1 if frame.label else 0)
    rule, times = [frame.look.rule] * frame.bar, ""
    for time in _ticks(frame):
        cell = frame.cell(time)
        if cell + len(clock(time)) <= frame.bar:
            rule[cell] = frame.look.tick
            times = times.ljust(cell) + clock(time)
    return Text(indent + "".join(rule), "dim", no_wrap=True), Text(indent + times, "dim", no_wrap=True)


def _ticks(frame: _Frame) -> Iterable[Seconds]:
    """Times from 0 in the smallest of the usual steps whose labels don't run into each other."""
    cells_a_label = len(clock(frame.duration)) + LABEL_GAP_CELLS
    least_step = cells_a_label * frame.duration / frame.bar
    step = next((step for step in TICK_STEPS_S if step >= least_step), TICK_STEPS_S[-1] * 2)
    return [float(time) for time in range(0, int(frame.duration) + 1, step)] if least_step <= step else [0.0]
