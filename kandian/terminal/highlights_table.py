"""What `kandian show` prints: a show's highlights as a table, and its timeline as a chart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.highlight import Highlight, HighlightsFile, PublicProduct, TakesFile
from domain.text import format_hms, is_unicode, printable
from kandian.terminal.timeline_chart import draw_timeline
from kandian.terminal.why import JudgedShow, print_why, terminal_language

MAX_UNEXPLAINED_NAMES = 10  # a catalogue may have thousands, and most are never explained


def print_highlights(
    file: HighlightsFile, console: Console, takes: TakesFile | None = None, *, is_why_whole: bool = False
) -> None:
    """Print `file` to `console`: a heading, the table, the chart, and the products without an explanation.

    With `takes`, of which the file was made, also why: a line a take, or with `is_why_whole` all of it.
    """
    names = _product_names(file.products, console.encoding)
    console.print(_heading(file, console.encoding))
    console.print(highlights_table(file.highlights, names, console.encoding))
    if file.suggestions:
        console.print(Text("Suggestions for editors, not shown to viewers", "dim"))
        console.print(highlights_table(file.suggestions, names, console.encoding, style="dim"))
    if takes is not None:
        show = JudgedShow(file, takes, names, terminal_language(console.encoding))
        print_why(show, console, is_whole=is_why_whole)
    for line in draw_timeline(file, console.width, console.encoding):
        console.print(line, soft_wrap=True)
    console.print(_unexplained_line(file, names, console.encoding))


def _product_names(products: Iterable[PublicProduct], encoding: str) -> Mapping[str, str]:
    """What people call each product, by id, fit to print."""
    return {product.product_id: printable(product.short_name or product.title, encoding) for product in products}


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    is_number: bool = False


COLUMNS = (
    _Column("start", True),
    _Column("end", True),
    _Column("seek", True),
    _Column("product"),
    _Column("conf", True),
    _Column("title"),
    _Column("take", True),
)


def highlights_table(
    entries: Iterable[Highlight], names: Mapping[str, str], encoding: str = "utf-8", *, style: str = ""
) -> Table:
    """A row for each of `entries`, by time: times as h:mm:ss, products by id and name, a star at the best take.

    `names` of products by id are printable already; ids without one stand alone. `encoding` is the terminal's.
    """
    table_box = box.SIMPLE_HEAD if is_unicode(encoding) else box.ASCII2
    table = Table(box=table_box, padding=0, pad_edge=False, show_edge=False, row_styles=[style])
    for column in COLUMNS:
        justify: Literal["right", "left"] = "right" if column.is_number else "left"
        table.add_column(column.heading, justify=justify, no_wrap=column.is_number, overflow="fold")
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.end)):
        table.add_row(*_cells(entry, names, encoding))
    return table


def _cells(entry: Highlight, names: Mapping[str, str], encoding: str) -> Iterable[Text]:
    """`Text` throughout: plain strings would be read as rich's markup, and titles come from strangers."""
    star = "★" if is_unicode(encoding) else "*"
    products = "\n".join(_product_label(product_id, names, encoding) for product_id in entry.product_ids)
    times = (format_hms(entry.start), format_hms(entry.end), format_hms(entry.seek))
    take = f"{star} {entry.take}" if entry.best_take else str(entry.take)
    return map(Text, (*times, products, f"{entry.confidence:.2f}", printable(entry.title, encoding), take))


def _product_label(product_id: str, names: Mapping[str, str], encoding: str) -> str:
    return f"{printable(product_id, encoding)} {names.get(product_id, '')}".rstrip()


def _heading(file: HighlightsFile, encoding: str) -> Text:
    published = f"revision {file.revision}" if file.revision else "not published"
    counts = f"{len(file.highlights)} highlights, {len(file.suggestions)} suggestions"
    facts = f": {format_hms(file.duration)}, {file.language}, {counts}, {published}"
    return Text.assemble((printable(file.session_id, encoding), "bold"), facts)


def _unexplained_line(file: HighlightsFile, names: Mapping[str, str], encoding: str) -> Text:
    """How many products were never explained, and the first few of them."""
    labels = [_product_label(product_id, names, encoding) for product_id in file.unexplained[:MAX_UNEXPLAINED_NAMES]]
    omitted = len(file.unexplained) - len(labels)
    listed = ", ".join([*labels, *([f"and {omitted} more"] if omitted else [])])
    summary = f"{len(file.unexplained)} of {len(file.products)} products never explained"
    return Text(f"{summary}: {listed}" if listed else summary, "dim")
