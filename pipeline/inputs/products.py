"""Products from the rows of a catalogue; every problem names its row and field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.catalog import Product
from domain.errors import InputError, InvalidValue
from pipeline.inputs.parsing.money import as_currency, as_minor_units
from pipeline.inputs.parsing.plain_text import has_hidden_characters
from pipeline.inputs.parsing.tally import Tally, limit_lines
from pipeline.inputs.parsing.values import as_id, as_text, is_number, quote_value, relocated
from pipeline.inputs.product_rows import PRODUCT_KEYS, ProductRow

PRICE_FIELDS = ("price", "list_price")
KNOWN_KEYS = frozenset(PRODUCT_KEYS)
TEXT_FIELDS = ("title", "short_name", "brand", "category", "image", "url", "service_url")


@dataclass(frozen=True, slots=True)
class ParsedProducts:
    """The products that could be read, and the problems of the others, which name the row and the field."""

    products: tuple[Product, ...]
    problems: tuple[InputError, ...]
    warnings: tuple[str, ...]


def read_products(rows: Iterable[ProductRow], default_currency: str) -> ParsedProducts:
    """Products in the order of `rows`, each id once. Rows without a currency have `default_currency`."""
    tally = Tally("product")
    first_rows: dict[object, ProductRow] = {}
    products: list[Product] = []
    problems: list[InputError] = []
    for row in rows:
        _tally_oddities(row, tally)
        fields, row_problems = _read_fields(row, default_currency)
        product_id = fields.get("product_id")
        first_row = first_rows.setdefault(product_id, row) if product_id else row
        if first_row is not row:
            what = f"stands already at {first_row.location}"
            row_problems.append(InputError("product_id", what, "give each product an id of its own"))
        if not row_problems:
            try:
                products.append(Product(**fields))  # the readers below give every field its type
            except InvalidValue as problem:
                row_problems.append(InputError("", str(problem), "mend this product"))
        problems += [relocated(problem, row.label) for problem in row_problems]
    return ParsedProducts(tuple(products), tuple(problems), (*tally.warnings(), *_shared_link_warnings(products)))


def _read_fields(row: ProductRow, default_currency: str) -> tuple[dict[str, Any], list[InputError]]:
    """The row's fields as Product takes them, and the problems of those that cannot be read."""
    present = {name: value for name, value in row.fields.items() if value is not None and value != ""}
    fields: dict[str, Any] = {"currency": default_currency}
    problems: list[InputError] = []
    for name in FIELD_READERS:  # the currency comes before the prices
        try:
            if name in present:
                fields[name] = FIELD_READERS[name](name, present[name])
            if name in PRICE_FIELDS and name in present:
                fields[name] = as_minor_units(name, present[name], fields["currency"])
        except InputError as problem:
            problems.append(problem)
    return fields, problems + [
        InputError(name, "is missing or empty", f"give every product a {name}")
        for name in ("product_id", "title")
        if name not in present or fields.get(name) == ""
    ]


def _tally_oddities(row: ProductRow, tally: Tally) -> None:
    """Count what is odd in a row, but understood."""
    if not KNOWN_KEYS.issuperset(row.fields):
        tally.add_unknown_keys(row.fields, PRODUCT_KEYS)
    if is_number(row.fields.get("product_id")):
        tally.add("product_id is a number, taken as text,")
    for name in (*TEXT_FIELDS, "aliases", "attributes"):
        if any(isinstance(text, str) and has_hidden_characters(text) for text in _texts_in(row.fields.get(name))):
            tally.add(f"control characters taken out of {name}")
    if row.fields.get("currency") == "RMB":
        tally.add('currency "RMB" taken as CNY')


def _texts_in(value: object) -> Iterable[object]:
    """The texts in a field: itself, the parts of a list, or the values of an object."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else (value,)


def _shared_link_warnings(products: Iterable[Product]) -> tuple[str, ...]:
    """Link numbers of more than one product: as evidence they are weak."""
    ids_by_link_no: dict[int, list[str]] = {}
    for product in products:
        if product.link_no is not None:
            ids_by_link_no.setdefault(product.link_no, []).append(product.product_id)
    lines = [
        f"link_no {number} is that of {len(ids)} products ({', '.join(ids[:3])})"
        for number, ids in ids_by_link_no.items()
        if len(ids) > 1
    ]
    return limit_lines(lines)


def _as_link_no(name: str, value: object) -> int:
    digits = value.strip() if isinstance(value, str) else str(value)
    digits = digits.removesuffix(".0")  # as spreadsheets write whole numbers
    if not (is_number(value) or isinstance(value, str)) or not digits.isdecimal() or len(digits) > 9:
        raise InputError(name, f"{quote_value(value)} is not a link number", "write a whole number from 1, such as 3")
    return int(digits)


def _as_aliases(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InputError(name, f"{quote_value(value)} is not a list", 'write ["one", "two"]')
    return tuple(alias for part in value if (alias := as_text(name, part)))


def _as_attributes(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise InputError(name, f"{quote_value(value)} is not an object", 'write {"name": "value"}')
    present = {key: part for key, part in value.items() if part is not None}
    return {as_text(name, key): _attribute_text(f"{name}.{as_text(name, key)}", part) for key, part in present.items()}


def _attribute_text(name: str, value: object) -> str:
    """Attributes are shown as text, so numbers, true and false are taken as they are written."""
    return quote_value(value) if is_number(value) or isinstance(value, bool) else as_text(name, value)


def _unchanged(name: str, value: object) -> object:  # noqa: ARG001  # the signature of all readers
    return value


FIELD_READERS: Mapping[str, Callable[[str, object], object]] = {
    "product_id": as_id,
    **dict.fromkeys(TEXT_FIELDS, as_text),
    "link_no": _as_link_no,
    "aliases": _as_aliases,
    "attributes": _as_attributes,
    "currency": as_currency,
    **dict.fromkeys(PRICE_FIELDS, _unchanged),
}
