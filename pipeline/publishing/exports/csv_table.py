"""CSV for people: a row a highlight and product, with the mark by which Excel knows UTF-8."""

import csv
import io

from domain.highlight import Highlight, HighlightsFile

COLUMNS = (
    *("session_id", "highlight_id", "product_id", "link_no", "product", "is_main"),
    *("start", "end", "seek", "confidence", "take", "best_take", "status", "title", "summary"),
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate: titles come from strangers
BYTE_ORDER_MARK = "\ufeff"


def spreadsheet(file: HighlightsFile) -> bytes:
    """Times are seconds of the replay. Text that a spreadsheet would take for a formula begins with an apostrophe."""
    products = {product.product_id: product for product in file.products}
    rows = io.StringIO(BYTE_ORDER_MARK, newline="")
    rows.seek(0, io.SEEK_END)
    writer = csv.writer(rows)
    writer.writerow(COLUMNS)
    for highlight in file.highlights:
        for place, product_id in enumerate(highlight.product_ids):
            product = products.get(product_id)
            what = (product_id, product.link_no if product else None, product.title if product else "", place == 0)
            writer.writerow([_cell(cell) for cell in (file.session_id, highlight.id, *what, *_rest(highlight))])
    return rows.getvalue().encode()


def _rest(highlight: Highlight) -> tuple[object, ...]:
    return tuple(getattr(highlight, name) for name in COLUMNS[6:])


def _cell(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value
