"""Scripts from files: labelled scripts, and the shows of a development set, whose truth holds their utterances."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.errors import InputError, InvalidValue, ScriptError
from domain.session import Language
from learning.simulation.scripts.script import Script, Utterance
from learning.simulation.scripts.speech_timing import BREATH, Spoken
from pipeline.engine.serialization import adapter_of
from pipeline.inputs.catalog import CURRENCY_OF, read_catalog
from pipeline.inputs.events import read_events
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.suggestions import did_you_mean
from pipeline.inputs.parsing.text_file import read_text
from pipeline.inputs.parsing.values import as_language, as_text, shown
from pipeline.inputs.product_rows import Row
from pipeline.inputs.products import read_products

SCRIPT_KEYS = ("id", "language", "title", "hosts", "catalog", "utterances")
UTTERANCE_KEYS = tuple(field.name for field in fields(Utterance))
T = TypeVar("T")
REMEDY = "mend the script, or leave it out"


@dataclass(frozen=True, slots=True)
class _Timed:
    """When an utterance of truth.json was spoken, on the recording clock."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    start: Seconds
    end: Seconds


def read_scripts(folder: Path) -> tuple[Script, ...]:
    """Every *.json of `folder`, by name. Raises ScriptError, which names the file and the place in it."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise ScriptError(folder, "holds no script (*.json)", "name a folder of scripts")
    return tuple(read_script(file) for file in files)


def read_script(file: Path) -> Script:
    """The labelled script in `file`. Raises ScriptError."""
    head = parse_object(read_text(file, ScriptError), file, ScriptError)
    _refuse_unknown(head, SCRIPT_KEYS, file, "")
    language = _language(head, file)
    catalog = _catalog(_objects(head, "catalog", file), language, file)
    utterances = _utterances(_objects(head, "utterances", file), file)
    said = {name: _text(head, name, file) for name in ("id", "title")}
    return _script(file, said["id"] or file.stem, language, said["title"], catalog, utterances)


def spoken_of_truth(folder: Path) -> tuple[Spoken, ...]:
    """The utterances in `folder`/truth.json, when they were spoken. Raises ScriptError."""
    file = folder / "truth.json"
    head = parse_object(read_text(file, ScriptError), file, ScriptError)
    rows = _objects(head, "utterances", file)
    texts = [{name: value for name, value in row.items() if name not in ("start", "end")} for row in rows]
    utterances = _utterances(texts, file)
    return tuple(
        Spoken(utterance, _span(row, file, number))
        for number, (utterance, row) in enumerate(zip(utterances, rows, strict=True))
    )


def script_of_truth(folder: Path) -> Script:
    """The script of a show with truth: pauses as they were, cards pushed where the room's log has them."""
    spoken = spoken_of_truth(folder)
    catalog = read_catalog(folder / "catalog.json", None)
    pushes = _pushes(folder / "events.jsonl", catalog.catalog)
    utterances = []
    for now, after in zip(spoken, [*spoken[1:], spoken[-1]], strict=True):
        pause = max(0.0, after.span.start - now.span.end - BREATH)
        push = next((product for time, product in pushes if now.span.start <= time < after.span.start), None)
        utterances.append(replace(now.utterance, pause_after=pause, push=push))
    language = catalog.language or "zh"
    return _script(folder, folder.name, language, catalog.title, catalog.catalog, tuple(utterances))


def _script(place: Path, *parts: Any) -> Script:
    try:
        return Script(*parts)
    except InvalidValue as problem:
        raise ScriptError(place, str(problem), REMEDY) from None


def _pushes(file: Path, catalog: Catalog) -> list[tuple[float, str]]:
    if not file.exists():
        return []
    events = read_events(file, catalog.by_id, None).log.events
    return [
        (event.recording_time, event.product_id)
        for event in events
        if event.type == "product_push" and event.recording_time is not None and event.product_id in catalog.by_id
    ]


def _objects(head: Mapping[str, object], name: str, file: Path) -> list[Mapping[str, object]]:
    rows = head.get(name)
    if not isinstance(rows, list) or not rows:
        raise ScriptError(f"{file}: {name}", "is not a list with something in it", REMEDY)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise ScriptError(f"{file}: {name}[{number}]", f"is not an object but {shown(row)}", REMEDY)
    return rows


def _refuse_unknown(row: Mapping[str, object], known: tuple[str, ...], file: Path, place: str) -> None:
    unknown = [key for key in row if key not in known]
    if unknown:
        where = f"{file}: {place}" if place else file
        raise ScriptError(where, f"unknown key {shown(unknown[0])}{did_you_mean(unknown[0], known)}", REMEDY)


def _language(head: Mapping[str, object], file: Path) -> Language:
    try:
        return as_language("language", head.get("language"))
    except InputError as problem:
        raise ScriptError(f"{file}: language", problem.what, problem.remedy) from None


def _text(head: Mapping[str, object], name: str, file: Path) -> str:
    try:
        return as_text(name, head.get(name) or "")
    except InputError as problem:
        raise ScriptError(f"{file}: {name}", problem.what, problem.remedy) from None


def _catalog(rows: Sequence[Mapping[str, object]], language: Language, file: Path) -> Catalog:
    numbered = [Row(f"product {number}", row) for number, row in enumerate(rows, start=1)]
    read = read_products(numbered, CURRENCY_OF[language])
    for problem in read.problems:
        raise ScriptError(f"{file}: {problem.where}", problem.what, problem.remedy)
    return Catalog(read.products)


def _utterances(rows: Sequence[Mapping[str, object]], file: Path) -> tuple[Utterance, ...]:
    for number, row in enumerate(rows):
        _refuse_unknown(row, UTTERANCE_KEYS, file, f"utterances[{number}]")
    return tuple(_read(Utterance, row, file, f"utterances[{number}]") for number, row in enumerate(rows))


def _span(row: Mapping[str, object], file: Path, number: int) -> Span:
    place = f"utterances[{number}]"
    timed = _read(_Timed, {name: row[name] for name in ("start", "end") if name in row}, file, place)
    try:
        return Span(timed.start, timed.end)
    except InvalidValue as problem:
        raise ScriptError(f"{file}: {place}", str(problem), REMEDY) from None


def _read(kind: type[T], row: Mapping[str, object], file: Path, place: str) -> T:
    from pydantic import ValidationError

    try:
        return adapter_of(kind).validate_json(json.dumps(row, default=float), strict=True)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join([place, *map(str, first["loc"])])
        raise ScriptError(f"{file}: {where}", str(first.get("ctx", {}).get("error", first["msg"])), REMEDY) from None
