"""Highlights in the formats of other tools. Suggestions are never among them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from domain.highlight import HighlightsFile
from pipeline.exports.json_ld import json_ld
from pipeline.exports.label_studio import label_studio
from pipeline.exports.otio import otio
from pipeline.exports.spreadsheet import spreadsheet

ExportFormat: TypeAlias = Literal["csv", "otio", "json-ld", "label-studio"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


@dataclass(frozen=True, slots=True)
class Places:
    """Where others find the show: the page that plays it, and the media itself. Empty where nobody said."""

    page: str = ""
    media: str = ""


_WRITERS: Mapping[ExportFormat, Callable[[HighlightsFile, Places], bytes]] = {
    "csv": lambda file, _: spreadsheet(file),
    "otio": lambda file, places: otio(file, places.media),
    "json-ld": lambda file, places: json_ld(file, places.page),
    "label-studio": lambda file, places: label_studio(file, places.media),
}


def export(file: HighlightsFile, kind: ExportFormat, places: Places = Places()) -> bytes:
    """The highlights as a file of that format, UTF-8."""
    return _WRITERS[kind](file, places)
