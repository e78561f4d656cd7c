"""catalog.json and catalog.csv: the products of a show, all of them right or none of them."""

from dataclasses import dataclass
from pathlib import Path

from domain.catalog import Catalog
from domain.errors import CatalogError, InputError
from domain.session import Language, WritingSystem
from pipeline.inputs.parsing.plain_text import title_warnings
from pipeline.inputs.parsing.values import as_language, as_text, as_writing_system
from pipeline.inputs.product_rows import CatalogRows, read_rows
from pipeline.inputs.products import read_products

DEFAULT_CURRENCIES: dict[Language | None, str] = {"zh": "CNY", "en": "USD", None: "CNY"}
MAX_PROBLEMS = 5  # as many as people mend at a time; the rest often has the same cause


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """A catalogue file, read. `stream_id` and `title` are "" where it says nothing of the show itself.

    `folder` holds the file: what its products name as `image` lies there or below.
    """

    catalog: Catalog
    stream_id: str
    language: Language | None
    title: str
    warnings: tuple[str, ...]
    folder: Path
    writing_system: WritingSystem | None = None


def read_catalog(file: Path, language: Language | None) -> CatalogFile:
    """Read a catalogue. `language`, where given, goes before the file's own. Raises CatalogError."""
    rows = read_rows(file)
    show_language = language or _head_language(rows, file)
    parsed = read_products(rows.rows, DEFAULT_CURRENCIES[show_language])
    _raise_problems(file, parsed.problems)
    if not rows.rows:
        raise CatalogError(f"{file}: products", "the list is empty", "list at least one product")
    warnings = [*rows.warnings, *parsed.warnings, *_currency_warnings(rows, show_language), *title_warnings(rows.head)]
    head_texts = {name: _head_text(rows, file, name) for name in ("stream_id", "title")}
    file_warnings = tuple(f"{file.name}: {warning}" for warning in warnings)
    writing_system = as_writing_system("language", rows.head["language"]) if rows.head.get("language") else None
    head_values = (head_texts["stream_id"], show_language, head_texts["title"])
    return CatalogFile(Catalog(parsed.products), *head_values, file_warnings, file.parent, writing_system)


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


def _head_language(rows: CatalogRows, file: Path) -> Language | None:
    value = rows.head.get("language")
    if value in (None, ""):
        return None
    try:
        return as_language("language", value)
    except InputError as problem:
        raise CatalogError(f"{file}: language", problem.what, problem.remedy) from None


def _head_text(rows: CatalogRows, file: Path, name: str) -> str:
    value = rows.head.get(name)
    try:
        return "" if value is None else as_text(name, value)
    except InputError as problem:
        raise CatalogError(f"{file}: {name}", problem.what, problem.remedy) from None


def _currency_warnings(rows: CatalogRows, language: Language | None) -> list[str]:
    priced = [row for row in rows.rows if row.fields.get("price") or row.fields.get("list_price")]
    is_currency_missing = any(not row.fields.get("currency") for row in priced)
    return ["neither a currency nor a language is given; prices are taken as CNY"] * (
        is_currency_missing and language is None
    )
