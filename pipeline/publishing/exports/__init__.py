"""Exports: highlights in the formats of other tools. Suggestions are never among them.

Begin with `export_highlights`. Each format has a module that renders it as bytes; `addresses.py` says where others find
the show, `show_facts.py` what is known of it. The command line and the web import this package.
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, get_args

from domain.highlight import HighlightsFile
from pipeline.publishing.exports.addresses import ShowAddresses
from pipeline.publishing.exports.csv_table import render_csv
from pipeline.publishing.exports.json_ld import render_json_ld
from pipeline.publishing.exports.label_studio import render_label_studio
from pipeline.publishing.exports.otio import render_otio
from pipeline.publishing.exports.show_facts import ShowFacts

ExportFormat: TypeAlias = Literal["csv", "otio", "json-ld", "label-studio"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
NO_ADDRESSES, NO_FACTS = ShowAddresses(), ShowFacts()

_RENDERERS: Mapping[ExportFormat, Callable[[HighlightsFile, ShowAddresses, ShowFacts], bytes]] = {
    "csv": lambda file, _, __: render_csv(file),
    "otio": lambda file, addresses, _: render_otio(file, addresses.media_url),
    "json-ld": render_json_ld,
    "label-studio": lambda file, addresses, _: render_label_studio(file, addresses.media_url),
}


def export_highlights(
    file: HighlightsFile,
    export_format: ExportFormat,
    addresses: ShowAddresses = NO_ADDRESSES,
    facts: ShowFacts = NO_FACTS,
) -> bytes:
    """The highlights as the bytes of a file in `export_format`, UTF-8."""
    return _RENDERERS[export_format](file, addresses, facts)
