"""highlights.json and takes.json: written, read back and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from math import isfinite
from pathlib import Path
from typing import Any

from domain.clock import Span
from domain.errors import InputError, InvalidValue
from domain.highlight import (
    Highlight,
    HighlightsFile,
    MachineTake,
    PublishingThresholds,
    TakeJudgement,
    TakesFile,
)
from pipeline.engine.serialization import type_adapter
from pipeline.inputs.parsing.json_file import read_json

REMEDY = "write it anew with kandian run"


def read_highlights(path: Path) -> HighlightsFile:
    """The highlights.json at `path`, or a takes.json without its judgements. Raises InputError, which names the entry,
    where it is none or a time is wrong.
    """
    file = read_json(HighlightsFile, path, InputError, REMEDY)
    _check_file(file, path)
    return file


def read_takes(path: Path) -> TakesFile:
    """The takes.json at `path`. Raises InputError as `read_highlights` does."""
    file = read_json(TakesFile, path, InputError, REMEDY)
    _check_file(file, path)
    return file


def _check_file(file: HighlightsFile | TakesFile, path: Path) -> None:
    if not (isfinite(file.duration) and file.duration > 0):
        raise InputError(f"{path}: duration", f"must be above 0, not {file.duration}", REMEDY)
    for section, entries in (("highlights", file.highlights), ("suggestions", file.suggestions)):
        for index, entry in enumerate(entries):
            _check(entry, f"{path}: {section}[{index}]")


def _check(entry: Highlight, where: str) -> None:
    try:
        Span(entry.start, entry.end)
    except InvalidValue as problem:
        raise InputError(where, str(problem), REMEDY) from problem
    if not isfinite(entry.seek):
        raise InputError(where, f"seek must be finite, not {entry.seek}", REMEDY)
    for name in ("confidence", "product_confidence", "start_confidence"):
        if not 0 <= getattr(entry, name) <= 1:
            raise InputError(where, f"{name} lies in [0, 1], not {getattr(entry, name)}", REMEDY)
    if not entry.product_ids:
        raise InputError(where, "product_ids is empty", REMEDY)


def with_entries(
    file: HighlightsFile, highlights: Sequence[Highlight], suggestions: Sequence[Highlight]
) -> HighlightsFile:
    """`file` with other entries, and the products that these leave unexplained."""
    explained = {product_id for highlight in highlights for product_id in highlight.product_ids}
    unexplained = tuple(p.product_id for p in file.products if p.product_id not in explained)
    return replace(file, highlights=tuple(highlights), suggestions=tuple(suggestions), unexplained=unexplained)


def highlights_json(file: HighlightsFile) -> bytes:
    """`file` as UTF-8 JSON, Chinese as Chinese, ending in a line break."""
    return type_adapter(HighlightsFile).dump_json(file, indent=1) + b"\n"


def build_takes_file(
    file: HighlightsFile, judgements: Mapping[str, TakeJudgement], thresholds: PublishingThresholds | None
) -> TakesFile:
    """What the machine found, `file`, with why. `judgements`: of every entry, by its id."""

    def machine_take(entry: Highlight) -> MachineTake:
        return MachineTake(**_shallow_fields(entry), judgement=judgements[entry.id])

    entries = {name: tuple(map(machine_take, getattr(file, name))) for name in ("highlights", "suggestions")}
    return TakesFile(**{**_shallow_fields(file), **entries}, thresholds=thresholds)


def takes_json(file: TakesFile) -> bytes:
    """`file` as UTF-8 JSON, as `highlights_json`."""
    return type_adapter(TakesFile).dump_json(file, indent=1) + b"\n"


def _shallow_fields(value: Highlight | HighlightsFile) -> dict[str, Any]:
    """The fields by name; what they hold is not copied."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
