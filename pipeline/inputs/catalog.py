"""catalog.json and catalog.csv: the products of a show, all of them right or none of them."""

from dataclasses import dataclass
from pathlib import Path

from domain.catalog import Catalog
from domain.errors import CatalogError, InputError
from domain.session import Language, Script
from pipeline.inputs.parsing.plain_text import title_mended
from pipeline.inputs.parsing.values import as_language, as_script, as_text
from pipeline.inputs.product_rows import CatalogRows, read_rows
from pipeline.inputs.products import read_products

CURRENCY_OF: dict[Language | None, str] = {"zh": "CNY", "en": "USD", None: "CNY"}
MOST_PROBLEMS = 5  # as many as people mend at a time; the rest often has the same cause


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
    script: Script | None = None


def read_catalog(file: Path, language: Language | None) -> CatalogFile:
    """Read a catalogue. `language`, where given, goes before the file's own. Raises CatalogError."""
    rows = read_rows(file)
    spoken = language or _language(rows, file)
    read = read_products(rows.rows, CURRENCY_OF[spoken])
    _refuse(file, read.problems)
    if not rows.rows:
        raise CatalogError(f"{file}: products", "the list is empty", "list at least one product")
    warnings = [*rows.warnings, *read.warnings, *_currency_guessed(rows, spoken), *title_mended(rows.head)]
    said = {name: _text(rows, file, name) for name in ("stream_id", "title")}
    told = tuple(f"{file.name}: {warning}" for warning in warnings)
    script = as_script("language", rows.head["language"]) if rows.head.get("language") else None
    head = (said["stream_id"], spoken, said["title"])
    return CatalogFile(Catalog(read.products), *head, told, file.parent, script)


def _refuse(file: Path, problems: tuple[InputError, ...]) -> None:
    """Raise one CatalogError for all problems, if there are any."""
    if not problems:
        return
    if len(problems) == 1:
        only = problems[0]
        raise CatalogError(f"{file}: {only.where}", only.what, only.remedy)
    count = f"{len(problems)} problems" + (f", the first {MOST_PROBLEMS}" * (len(problems) > MOST_PROBLEMS))
    listed = "".join(f"\n  {problem}" for problem in problems[:MOST_PROBLEMS])
    raise CatalogError(file, f"{count}:{listed}\n", "mend them and run again")


def _language(rows: CatalogRows, file: Path) -> Language | None:
    given = rows.head.get("language")
    if given in (None, ""):
        return None
    try:
        return as_language("language", given)
    except InputError as problem:
        raise CatalogError(f"{file}: language", problem.what, problem.remedy) from None


def _text(rows: CatalogRows, file: Path, name: str) -> str:
    given = rows.head.get(name)
    try:
        return "" if given is None else as_text(name, given)
    except InputError as problem:
        raise CatalogError(f"{file}: {name}", problem.what, problem.remedy) from None


def _currency_guessed(rows: CatalogRows, language: Language | None) -> list[str]:
    priced = [row for row in rows.rows if row.fields.get("price") or row.fields.get("list_price")]
    guessed = any(not row.fields.get("currency") for row in priced)
    return ["neither a currency nor a language is given; prices are taken as CNY"] * (guessed and language is None)
