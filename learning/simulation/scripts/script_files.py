"""Reads scripts, and the utterances in a development show's truth.json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.errors import InputError, InvalidValue, ScriptError
from domain.session import Language
from learning.evaluation.manners import MANNERS, Manner
from learning.simulation.scripts.script import ShowScript, Utterance
from learning.simulation.scripts.speech_timing import TimedUtterance
from pipeline.engine.serialization import type_adapter
from pipeline.inputs.catalog import DEFAULT_CURRENCIES
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.suggestions import did_you_mean
from pipeline.inputs.parsing.text_file import read_text
from pipeline.inputs.parsing.values import as_language, as_text, quote_value
from pipeline.inputs.product_rows import ProductRow
from pipeline.inputs.products import read_products

SCRIPT_KEYS = ("id", "language", "title", "hosts", "manners", "catalog", "utterances")
UTTERANCE_KEYS = tuple(field.name for field in fields(Utterance))
T = TypeVar("T")
REMEDY = "mend the script, or leave it out"


@dataclass(frozen=True, slots=True)
class _UtteranceTimes:
    """The times of an utterance in truth.json, on the recording clock."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    start: Seconds
    end: Seconds


def read_scripts(folder: Path) -> tuple[ShowScript, ...]:
    """Every *.json of `folder`, by name. Raises ScriptError, which says where in which file."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise ScriptError(folder, "holds no script (*.json)", "name a folder of scripts")
    return tuple(read_script(file) for file in files)


def read_script(file: Path) -> ShowScript:
    """The labelled script in `file`. Raises ScriptError."""
    document = parse_object(read_text(file, ScriptError), file, ScriptError)
    _refuse_unknown_keys(document, SCRIPT_KEYS, file, "")
    language = _read_language(document, file)
    catalog = _read_product_list(_read_objects(document, "catalog", file), language, file)
    utterances = _read_utterances(_read_objects(document, "utterances", file), file)
    text_fields = {name: _read_text_field(document, name, file) for name in ("id", "title")}
    name, title, manners = text_fields["id"] or file.stem, text_fields["title"], _read_manners(document, file)
    return _build_script(file, name, language, title, catalog, utterances, manners)


def read_timed_utterances(folder: Path) -> tuple[TimedUtterance, ...]:
    """The utterances in `folder`/truth.json with their times. Raises ScriptError."""
    file = folder / "truth.json"
    document = parse_object(read_text(file, ScriptError), file, ScriptError)
    rows = _read_objects(document, "utterances", file)
    texts = [{name: value for name, value in row.items() if name not in ("start", "end")} for row in rows]
    utterances = _read_utterances(texts, file)
    return tuple(
        TimedUtterance(utterance, _read_span(row, file, number))
        for number, (utterance, row) in enumerate(zip(utterances, rows, strict=True))
    )


def _build_script(location: Path, *parts: Any) -> ShowScript:
    try:
        return ShowScript(*parts)
    except InvalidValue as problem:
        raise ScriptError(location, str(problem), REMEDY) from None


def _read_objects(document: Mapping[str, object], name: str, file: Path) -> list[Mapping[str, object]]:
    rows = document.get(name)
    if not isinstance(rows, list) or not rows:
        raise ScriptError(f"{file}: {name}", "is not a list with something in it", REMEDY)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise ScriptError(f"{file}: {name}[{number}]", f"is not an object but {quote_value(row)}", REMEDY)
    return rows


def _refuse_unknown_keys(row: Mapping[str, object], known_keys: tuple[str, ...], file: Path, location: str) -> None:
    unknown_keys = [key for key in row if key not in known_keys]
    if unknown_keys:
        where = f"{file}: {location}" if location else file
        raise ScriptError(
            where, f"unknown key {quote_value(unknown_keys[0])}{did_you_mean(unknown_keys[0], known_keys)}", REMEDY
        )


def _read_language(document: Mapping[str, object], file: Path) -> Language:
    try:
        return as_language("language", document.get("language"))
    except InputError as problem:
        raise ScriptError(f"{file}: language", problem.what, problem.remedy) from None


def _read_text_field(document: Mapping[str, object], name: str, file: Path) -> str:
    try:
        return as_text(name, document.get(name) or "")
    except InputError as problem:
        raise ScriptError(f"{file}: {name}", problem.what, problem.remedy) from None


def _read_manners(document: Mapping[str, object], file: Path) -> tuple[Manner, ...]:
    codes = document.get("manners", [])
    if not isinstance(codes, list):
        raise ScriptError(f"{file}: manners", f"is not a list but {quote_value(codes)}", REMEDY)
    return tuple(_read_manner(code, codes[:number], f"{file}: manners[{number}]") for number, code in enumerate(codes))


def _read_manner(code: object, codes_before: Sequence[object], where: str) -> Manner:
    known_code = next((manner for manner in MANNERS if manner == code), None)
    if known_code is None:
        hint = did_you_mean(code, MANNERS) if isinstance(code, str) else ""
        raise ScriptError(where, f"unknown manner {quote_value(code)}{hint}", f"write one of {', '.join(MANNERS)}")
    if known_code in codes_before:
        raise ScriptError(where, f"names {known_code} a second time", "write each manner once")
    return known_code


def _read_product_list(rows: Sequence[Mapping[str, object]], language: Language, file: Path) -> Catalog:
    product_rows = [ProductRow(f"product {number}", row) for number, row in enumerate(rows, start=1)]
    parsed = read_products(product_rows, DEFAULT_CURRENCIES[language])
    for problem in parsed.problems:
        raise ScriptError(f"{file}: {problem.where}", problem.what, problem.remedy)
    return Catalog(parsed.products)


def _read_utterances(rows: Sequence[Mapping[str, object]], file: Path) -> tuple[Utterance, ...]:
    for number, row in enumerate(rows):
        _refuse_unknown_keys(row, UTTERANCE_KEYS, file, f"utterances[{number}]")
    return tuple(_validate(Utterance, row, file, f"utterances[{number}]") for number, row in enumerate(rows))


def _read_span(row: Mapping[str, object], file: Path, number: int) -> Span:
    location = f"utterances[{number}]"
    times = _validate(_UtteranceTimes, {name: row[name] for name in ("start", "end") if name in row}, file, location)
    try:
        return Span(times.start, times.end)
    except InvalidValue as problem:
        raise ScriptError(f"{file}: {location}", str(problem), REMEDY) from None


def _validate(kind: type[T], row: Mapping[str, object], file: Path, location: str) -> T:
    from pydantic import ValidationError

    try:
        return type_adapter(kind).validate_json(json.dumps(row, default=float), strict=True)
    except ValidationError as problem:
        first_error = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join([location, *map(str, first_error["loc"])])
        raise ScriptError(
            f"{file}: {where}", str(first_error.get("ctx", {}).get("error", first_error["msg"])), REMEDY
        ) from None
