"""Highlights in the formats of other tools. Suggestions are never among them."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, get_args

from domain.highlight import HighlightsFile
from pipeline.publishing.exports.addresses import Places
from pipeline.publishing.exports.csv_table import spreadsheet
from pipeline.publishing.exports.json_ld import json_ld
from pipeline.publishing.exports.label_studio import label_studio
from pipeline.publishing.exports.otio import otio
from pipeline.publishing.exports.show_facts import ShowFacts

ExportFormat: TypeAlias = Literal["csv", "otio", "json-ld", "label-studio"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


NOWHERE, NOTHING = Places(), ShowFacts()

_WRITERS: Mapping[ExportFormat, Callable[[HighlightsFile, Places, ShowFacts], bytes]] = {
    "csv": lambda file, _, __: spreadsheet(file),
    "otio": lambda file, places, _: otio(file, places.media),
    "json-ld": json_ld,
    "label-studio": lambda file, places, _: label_studio(file, places.media),
}


def export(file: HighlightsFile, kind: ExportFormat, places: Places = NOWHERE, facts: ShowFacts = NOTHING) -> bytes:
    """The highlights as a file of that format, UTF-8."""
    return _WRITERS[kind](file, places, facts)
