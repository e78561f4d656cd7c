"""highlights.json: written, read back and checked."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path

from domain.clock import Span
from domain.errors import InputError, InvalidValue
from domain.highlight import Highlight, HighlightsFile
from pipeline.engine.serialization import type_adapter
from pipeline.inputs.parsing.json_file import read_json

REMEDY = "write it anew with kandian run"


def read_highlights(path: Path) -> HighlightsFile:
    """The highlights.json at `path`. Raises InputError, which names the entry, where it is none or a time is wrong."""
    file = read_json(HighlightsFile, path, InputError, REMEDY)
    if not (isfinite(file.duration) and file.duration > 0):
        raise InputError(f"{path}: duration", f"must be above 0, not {file.duration}", REMEDY)
    for section, entries in (("highlights", file.highlights), ("suggestions", file.suggestions)):
        for index, entry in enumerate(entries):
            _check(entry, f"{path}: {section}[{index}]")
    return file


def _check(entry: Highlight, where: str) -> None:
    try:
        Span(entry.start, entry.end)
    except InvalidValue as problem:
        raise InputError(where, str(problem), REMEDY) from problem
    if not isfinite(entry.seek):
        raise InputError(where, f"seek must be finite, not {entry.seek}", REMEDY)
    if not 0 <= entry.confidence <= 1:
        raise InputError(where, f"confidence lies in [0, 1], not {entry.confidence}", REMEDY)
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
