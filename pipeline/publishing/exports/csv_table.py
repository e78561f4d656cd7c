"""CSV for people: a row for each highlight and product, with the mark by which Excel recognises UTF-8."""

import csv
import io

from domain.highlight import HighlightsFile

PRODUCT_COLUMNS = ("session_id", "highlight_id", "product_id", "link_no", "product", "is_main")
HIGHLIGHT_COLUMNS = (
    *("start", "end", "seek", "confidence", "take", "best_take", "status", "title", "summary"),
    *("product_confidence", "start_confidence"),  # last: who reads columns by their place still finds the others
)
FORMULA_PREFIXES = tuple("=+-@\t\r")  # a spreadsheet would calculate these, and titles come from strangers
BYTE_ORDER_MARK = "\ufeff"


def render_csv(file: HighlightsFile) -> bytes:
    """Times are seconds of the replay. Text that a spreadsheet would take for a formula begins with an apostrophe."""
    products = {product.product_id: product for product in file.products}
    output = io.StringIO(BYTE_ORDER_MARK, newline="")
    output.seek(0, io.SEEK_END)
    writer = csv.writer(output)
    writer.writerow((*PRODUCT_COLUMNS, *HIGHLIGHT_COLUMNS))
    for highlight in file.highlights:
        for index, product_id in enumerate(highlight.product_ids):
            product = products.get(product_id)
            link_no, title = (product.link_no, product.title) if product else (None, "")
            row = (file.session_id, highlight.id, product_id, link_no, title, index == 0)
            writer.writerow(map(_escape_cell, (*row, *(getattr(highlight, name) for name in HIGHLIGHT_COLUMNS))))
    return output.getvalue().encode()


def _escape_cell(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_PREFIXES)
    return f"'{value}" if is_formula else value
