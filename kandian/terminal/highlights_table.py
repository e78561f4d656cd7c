"""What `kandian show` prints: the highlights of a show as a table, and where they lie as a picture of its timeline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.highlight import Highlight, HighlightsFile, PublicProduct
from kandian.terminal.cells import clock, is_unicode, printable
from kandian.terminal.timeline_chart import timeline_picture

MOST_UNEXPLAINED_NAMES = 10  # a catalogue may have thousands, and most are never explained


def show(highlights: HighlightsFile, console: Console) -> None:
    """Print `highlights` to `console`: what it is, the table, the picture, and what was never explained."""
    names = _names(highlights.products, console.encoding)
    console.print(_heading(highlights, console.encoding))
    console.print(highlights_table(highlights.highlights, names, console.encoding))
    if highlights.suggestions:
        console.print(Text("Suggestions for editors, not shown to viewers", "dim"))
        console.print(highlights_table(highlights.suggestions, names, console.encoding, style="dim"))
    for line in timeline_picture(highlights, console.width, console.encoding):
        console.print(line, soft_wrap=True)
    console.print(_unexplained(highlights, names, console.encoding))


def _names(products: Iterable[PublicProduct], encoding: str) -> Mapping[str, str]:
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
    products = "\n".join(_label(product_id, names, encoding) for product_id in entry.product_ids)
    times = (clock(entry.start), clock(entry.end), clock(entry.seek))
    take = f"{star} {entry.take}" if entry.best_take else str(entry.take)
    return map(Text, (*times, products, f"{entry.confidence:.2f}", printable(entry.title, encoding), take))


def _label(product_id: str, names: Mapping[str, str], encoding: str) -> str:
    return f"{printable(product_id, encoding)} {names.get(product_id, '')}".rstrip()


def _heading(file: HighlightsFile, encoding: str) -> Text:
    published = f"revision {file.revision}" if file.revision else "not published"
    found = f"{len(file.highlights)} highlights, {len(file.suggestions)} suggestions"
    facts = f": {clock(file.duration)}, {file.language}, {found}, {published}"
    return Text.assemble((printable(file.session_id, encoding), "bold"), facts)


def _unexplained(file: HighlightsFile, names: Mapping[str, str], encoding: str) -> Text:
    """How many products were never explained, and the first few of them."""
    first = [_label(product_id, names, encoding) for product_id in file.unexplained[:MOST_UNEXPLAINED_NAMES]]
    more = len(file.unexplained) - len(first)
    which = ", ".join([*first, *([f"and {more} more"] if more else [])])
    said = f"{len(file.unexplained)} of {len(file.products)} products never explained"
    return Text(f"{said}: {which}" if which else said, "dim")
