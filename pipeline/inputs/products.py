"""Products of the domain from the rows of a catalogue; every mistake keeps its row and field."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from domain.catalog import Product
from domain.errors import InputError
from pipeline.inputs.parsing.money import as_currency, as_minor_units
from pipeline.inputs.parsing.plain_text import had_hidden
from pipeline.inputs.parsing.tally import Tally
from pipeline.inputs.parsing.values import as_id, as_text, is_number, shown
from pipeline.inputs.product_rows import PRODUCT_KEYS, Row

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PRICES = ("price", "list_price")
KNOWN_KEYS = frozenset(PRODUCT_KEYS)
TEXTS = ("title", "short_name", "brand", "category", "image", "url", "service_url")


@dataclass(frozen=True, slots=True)
class Products:
    """What could be read, and what could not: problems have the row and the field as their place."""

    products: tuple[Product, ...]
    problems: tuple[InputError, ...]
    warnings: tuple[str, ...]


def read_products(rows: Iterable[Row], default_currency: str) -> Products:
    """Products in the order of `rows`, each id once. `default_currency` is that of rows that name none."""
    tally = Tally("product")
    places: dict[str, Row] = {}
    products, problems = [], []
    for row in rows:
        fields, wrong = _fields(row, default_currency)
        found = wrong + _doubled(row, fields.get("product_id"), places)
        _remark(row, tally)
        try:
            products += [] if found else [_product(fields)]
        except InputError as problem:
            found = [problem]
        problems += [InputError(_place(row, problem), problem.what, problem.remedy) for problem in found]
    links = _shared_links(products)
    return Products(tuple(products), tuple(problems), (*tally.told(), *links))


def _place(row: Row, problem: InputError) -> str:
    return f"{row.label}: {problem.where}" if problem.where else row.label


def _fields(row: Row, default_currency: str) -> tuple[dict[str, object], list[InputError]]:
    """The row's fields as the domain wants them, and the problems of those that can't be."""
    given = {name: value for name, value in row.fields.items() if value is not None and value != ""}
    fields: dict[str, object] = {"currency": default_currency}
    problems: list[InputError] = []
    for name in READERS:  # the currency comes before the prices
        try:
            if name in given:
                fields[name] = READERS[name](name, given[name])
            if name in PRICES and name in given:
                fields[name] = as_minor_units(name, given[name], str(fields["currency"]))
        except InputError as problem:
            problems.append(problem)
    return fields, problems + [
        InputError(name, "is missing or empty", f"give every product a {name}")
        for name in ("product_id", "title")
        if name not in given or fields.get(name) == ""
    ]


def _doubled(row: Row, product_id: object, places: dict[str, Row]) -> list[InputError]:
    first = places.setdefault(str(product_id), row) if product_id else row
    if first is row:
        return []
    return [InputError("product_id", f"stands already at {first.place}", "give each product an id of its own")]


@cache
def _adapter() -> "TypeAdapter[Product]":
    from pydantic import TypeAdapter

    return TypeAdapter(Product)


def _product(fields: Mapping[str, object]) -> Product:
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(json.dumps(fields))
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        what = str(first.get("ctx", {}).get("error", first["msg"]))
        raise InputError(".".join(map(str, first["loc"])), what, "mend this product") from None


def _remark(row: Row, tally: Tally) -> None:
    """Count what is odd in a row, yet understood."""
    if not KNOWN_KEYS.issuperset(row.fields):
        tally.add_unknown(row.fields, PRODUCT_KEYS)
    if is_number(row.fields.get("product_id")):
        tally.add("product_id is a number, taken as text,")
    for name in (*TEXTS, "aliases", "attributes"):
        if any(isinstance(text, str) and had_hidden(text) for text in _parts(row.fields.get(name))):
            tally.add(f"control characters taken out of {name}")
    if row.fields.get("currency") == "RMB":
        tally.add('currency "RMB" taken as CNY')


def _parts(value: object) -> Iterable[object]:
    """The texts in a field: itself, the parts of a list, or the values of an object."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else (value,)


def _shared_links(products: Iterable[Product]) -> tuple[str, ...]:
    """Link numbers that point to more than one product: hearing one of them tells little."""
    holders: dict[int, list[str]] = {}
    for product in products:
        if product.link_no is not None:
            holders.setdefault(product.link_no, []).append(product.product_id)
    shared = {number: ids for number, ids in holders.items() if len(ids) > 1}
    tally = Tally("place")
    for number, ids in shared.items():
        tally.add(f"link_no {number} is that of {len(ids)} products ({', '.join(ids[:3])})")
    return tuple(line.removesuffix(" in 1 place") for line in tally.told())


def _as_link_no(name: str, value: object) -> int:
    digits = value.strip() if isinstance(value, str) else str(value)
    digits = digits.removesuffix(".0")  # spreadsheets write whole numbers so
    if not (is_number(value) or isinstance(value, str)) or not digits.isdecimal() or len(digits) > 9:
        raise InputError(name, f"{shown(value)} is not a link number", "write a whole number from 1, such as 3")
    return int(digits)


def _as_aliases(name: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise InputError(name, f"{shown(value)} is not a list", 'write ["one", "two"]')
    return [alias for part in value if (alias := as_text(name, part))]


def _as_attributes(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise InputError(name, f"{shown(value)} is not an object", 'write {"name": "value"}')
    given = {key: part for key, part in value.items() if part is not None}
    return {as_text(name, key): _attribute(f"{name}.{as_text(name, key)}", part) for key, part in given.items()}


def _attribute(name: str, value: object) -> str:
    """Attributes are told in words later, so numbers and truth values read well as they stand."""
    return shown(value) if is_number(value) or isinstance(value, bool) else as_text(name, value)


def _as_given(name: str, value: object) -> object:  # noqa: ARG001  # as the other readers
    return value


READERS: Mapping[str, Callable[[str, object], object]] = {
    "product_id": as_id,
    **dict.fromkeys(TEXTS, as_text),
    "link_no": _as_link_no,
    "aliases": _as_aliases,
    "attributes": _as_attributes,
    "currency": as_currency,
    **dict.fromkeys(PRICES, _as_given),
}
