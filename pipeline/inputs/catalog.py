"""catalog.json and catalog.csv: the products of a show. One wrong product refuses the file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from domain.catalog import Catalog
from domain.errors import CatalogError, InputError
from domain.session import Language, WritingSystem
from pipeline.inputs.parsing.plain_text import title_warnings
from pipeline.inputs.parsing.values import as_language, as_text, as_writing_system, located
from pipeline.inputs.product_rows import CatalogRows, read_rows
from pipeline.inputs.products import read_products

DEFAULT_CURRENCIES: dict[Language | None, str] = {"zh": "CNY", "en": "USD", None: "CNY"}
MAX_PROBLEMS = 5  # as many as people correct at a time; the rest often has the same cause

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """A catalogue file, read. `stream_id` and `title` are "" where it has none, as CSV.

    `folder` holds the file: the images of its products lie there or below.
    """

    catalog: Catalog
    stream_id: str
    language: Language | None
    title: str
    warnings: tuple[str, ...]
    folder: Path
    writing_system: WritingSystem | None = None


def read_catalog(file: Path, language: Language | None) -> CatalogFile:
    """Read a catalogue. `language`, if given, goes before that of the file. Raises CatalogError."""
    rows = read_rows(file)
    show_language = language or _head_value(rows, file, "language", as_language)
    parsed = read_products(rows.rows, DEFAULT_CURRENCIES[show_language])
    _raise_problems(file, parsed.problems)
    if not rows.rows:
        raise CatalogError(f"{file}: products", "the list is empty", "list at least one product")
    warnings = [*rows.warnings, *parsed.warnings, *_currency_warnings(rows, show_language), *title_warnings(rows.head)]
    return CatalogFile(
        catalog=Catalog(parsed.products),
        stream_id=_head_value(rows, file, "stream_id", as_text) or "",
        language=show_language,
        title=_head_value(rows, file, "title", as_text) or "",
        warnings=tuple(f"{file.name}: {warning}" for warning in warnings),
        folder=file.parent,
        writing_system=_head_value(rows, file, "language", as_writing_system),
    )


def _raise_problems(file: Path, problems: tuple[InputError, ...]) -> None:
    """Raise one CatalogError for all problems, if there are any."""
    if not problems:
        return
    if len(problems) == 1:
        only = problems[0]
        raise CatalogError(f"{file}: {only.where}", only.what, only.remedy)
    count = f"{len(problems)} problems" + (f", the first {MAX_PROBLEMS}" * (len(problems) > MAX_PROBLEMS))
    listed = "".join(f"\n  {problem}" for problem in problems[:MAX_PROBLEMS])
    raise CatalogError(file, f"{count}:{listed}\n", "mend them and run again")


def _head_value(rows: CatalogRows, file: Path, key: str, parse: Callable[[str, object], T | None]) -> T | None:
    """What the file says of the whole show under `key`; None where it says nothing."""
    value = rows.head.get(key)
    if value in (None, ""):
        return None
    with located(CatalogError, file):
        return parse(key, value)


def _currency_warnings(rows: CatalogRows, language: Language | None) -> list[str]:
    priced = [row for row in rows.rows if row.fields.get("price") or row.fields.get("list_price")]
    is_currency_missing = any(not row.fields.get("currency") for row in priced)
    return ["neither a currency nor a language is given; prices are taken as CNY"] * (
        is_currency_missing and language is None
    )
