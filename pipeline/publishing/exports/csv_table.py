"""CSV for people: a row a highlight and product, with the mark by which Excel knows UTF-8."""

import csv
import io

from domain.highlight import Highlight, HighlightsFile

COLUMNS = (
    *("session_id", "highlight_id", "product_id", "link_no", "product", "is_main"),
    *("start", "end", "seek", "confidence", "take", "best_take", "status", "title", "summary"),
)
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate: titles come from strangers
BYTE_ORDER_MARK = "\ufeff"


def render_csv(file: HighlightsFile) -> bytes:
    """Times are seconds of the replay. Text that a spreadsheet would take for a formula begins with an apostrophe."""
    products = {product.product_id: product for product in file.products}
    output = io.StringIO(BYTE_ORDER_MARK, newline="")
    output.seek(0, io.SEEK_END)
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for highlight in file.highlights:
        for index, product_id in enumerate(highlight.product_ids):
            product = products.get(product_id)
            product_values = (
                product_id,
                product.link_no if product else None,
                product.title if product else "",
                index == 0,
            )
            writer.writerow(
                [
                    _escape_cell(cell)
                    for cell in (file.session_id, highlight.id, *product_values, *_remaining_values(highlight))
                ]
            )
    return output.getvalue().encode()


def _remaining_values(highlight: Highlight) -> tuple[object, ...]:
    return tuple(getattr(highlight, name) for name in COLUMNS[6:])


def _escape_cell(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_PREFIXES)
    return f"'{value}" if is_formula else value
