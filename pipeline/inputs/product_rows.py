"""Products as written in a catalogue file: rows of named fields with their location, from JSON or CSV."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from domain.catalog import Product
from domain.errors import CatalogError, InputError
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.suggestions import did_you_mean
from pipeline.inputs.parsing.tally import unknown_key_warnings
from pipeline.inputs.parsing.text_file import read_text
from pipeline.inputs.parsing.values import located, quote_value

PRODUCT_KEYS = tuple(field.name for field in fields(Product))
CATALOG_KEYS = ("stream_id", "language", "title", "products")
MAX_CELL_CHARS = 2**20  # the csv module's own bound, 131072, is below a long list of attributes


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product as written. `location` is where: "product 3" in JSON, "line 4" in CSV. Empty cells are left out."""

    location: str
    fields: Mapping[str, object]

    @property
    def label(self) -> str:
        """The location, with the product's id if there is one."""
        product_id = self.fields.get("product_id")
        if product_id in (None, ""):
            return self.location
        return f"{self.location} (id {quote_value(product_id).strip(chr(34))})"


@dataclass(frozen=True, slots=True)
class CatalogRows:
    """A catalogue file as written. `head` has the keys of the whole show; CSV has none."""

    head: Mapping[str, object]
    rows: tuple[ProductRow, ...]
    warnings: tuple[str, ...]


def read_rows(file: Path) -> CatalogRows:
    """The rows of catalog.json or catalog.csv. Raises CatalogError with line and column."""
    text = read_text(file, CatalogError)
    return _csv_rows(text, file) if file.suffix.lower() == ".csv" else _json_rows(text, file)


def _json_rows(text: str, file: Path) -> CatalogRows:
    head = parse_object(text, file, CatalogError)
    products = head.get("products")
    if not isinstance(products, list):
        hints = (did_you_mean(key, CATALOG_KEYS) for key in head if key not in CATALOG_KEYS)
        what = f"has no list of products{next((hint for hint in hints if 'products' in hint), '')}"
        raise CatalogError(file, what, 'write {"products": [{"product_id": "...", "title": "..."}, ...]}')
    rows = tuple(_json_row(number, product, file) for number, product in enumerate(products, start=1))
    return CatalogRows(head, rows, unknown_key_warnings(head, CATALOG_KEYS))


def _json_row(number: int, product: object, file: Path) -> ProductRow:
    if not isinstance(product, dict):
        where = f"{file}: product {number}"
        raise CatalogError(where, f"is not an object but {quote_value(product)}", 'write {"product_id": "...", ...}')
    return ProductRow(f"product {number}", product)


def _csv_rows(text: str, file: Path) -> CatalogRows:
    lines = _csv_lines(text, file)
    _, header = next(lines, (1, []))
    columns = [cell.strip() for cell in header]
    _check_header(columns, file)
    rows = tuple(_csv_row(number, cells, columns, file) for number, cells in lines)
    unknown = [column for column in columns if column and column not in PRODUCT_KEYS]
    warnings = tuple(f"unknown column {quote_value(column)}{did_you_mean(column, PRODUCT_KEYS)}" for column in unknown)
    return CatalogRows({}, rows, warnings)


def _csv_lines(text: str, file: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the number of its first line (a quoted cell may span lines)."""
    csv.field_size_limit(MAX_CELL_CHARS)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start_line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start_line, cells
            start_line = reader.line_num + 1
    except csv.Error as problem:
        what = f"is not CSV ({problem})"
        raise CatalogError(
            f"{file}: line {start_line}", what, "put quotes around cells with commas or quotes"
        ) from None


def _check_header(columns: Sequence[str], file: Path) -> None:
    where = f"{file}: line 1"
    repeated = [column for column in columns if column and columns.count(column) > 1]
    if repeated:
        raise CatalogError(where, f"column {quote_value(repeated[0])} stands twice", "keep one of them")
    if "product_id" not in columns or "title" not in columns:
        column_names = ", ".join(filter(None, columns))
        what = f"the columns product_id and title are not both there (found: {quote_value(column_names)})"
        raise CatalogError(where, what, "name the columns in the first line, with commas between them")


def _csv_row(number: int, cells: list[str], columns: list[str], file: Path) -> ProductRow:
    if any(cell.strip() for cell in cells[len(columns) :]):
        what = f"has {len(cells)} cells for {len(columns)} columns"
        raise CatalogError(f"{file}: line {number}", what, "put quotes around cells that hold commas")
    named_cells = zip(columns, cells, strict=False)
    texts = {column: text for column, cell in named_cells if column in PRODUCT_KEYS and (text := cell.strip())}
    row = ProductRow(f"line {number}", texts)
    with located(CatalogError, f"{file}: {row.label}"):
        return ProductRow(row.location, {column: _cell_value(column, text) for column, text in texts.items()})


def _cell_value(column: str, text: str) -> object:
    """A cell as JSON would have it: aliases as a list, attributes as an object, the rest as text."""
    if column == "aliases":
        return [alias for part in text.replace("；", ";").replace("|", ";").split(";") if (alias := part.strip())]
    return _parse_attributes(text) if column == "attributes" else text


def _parse_attributes(text: str) -> Mapping[str, object]:
    if text.startswith("{"):
        try:
            return json.loads(text, parse_int=str, parse_float=str)  # type: ignore[no-any-return]
        except (ValueError, RecursionError):
            raise InputError("attributes", f"{quote_value(text)} is not JSON", "write k=v;k=v") from None
    pairs = [pair.partition("=") for pair in text.replace("；", ";").split(";") if pair.strip()]
    for name, separator, _ in pairs:
        if not separator or not name.strip():
            raise InputError("attributes", f'{quote_value(name)} has no "="', "write k=v;k=v")
    return {name.strip(): value.strip() for name, _, value in pairs}
