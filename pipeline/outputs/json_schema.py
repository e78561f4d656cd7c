"""JSON Schema 2020-12 of the files that others read or write, made from the classes that write and read them.

`python -m pipeline.outputs.json_schema`, called in a checkout, writes them into docs/schema; a test holds them current.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from domain.highlight import HighlightsFile, TakesFile
from domain.speech import Transcript
from pipeline.engine.serialization import type_adapter
from pipeline.outputs.report import Report

Mode: TypeAlias = Literal["serialization", "validation"]

SCHEMA_FOLDER = Path("docs/schema")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMA_CLASSES: Mapping[str, tuple[type, Mode]] = {
    "highlights-1.0.json": (HighlightsFile, "serialization"),
    "report-1.0.json": (Report, "serialization"),
    "takes-1.0.json": (TakesFile, "serialization"),
    "transcript-1.0.json": (Transcript, "validation"),
}
"""Class by file name. Files that kandian writes have every field; files that it reads may omit those with defaults."""


class DocumentedSchema(GenerateJsonSchema):
    """Takes descriptions from the docstrings of dataclasses, which pydantic leaves out."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        json_schema = super().dataclass_schema(schema)
        documented: JsonSchemaValue = self.resolve_ref_schema(json_schema)
        documented["description"] = inspect.cleandoc(schema["cls"].__doc__ or "")
        return json_schema


def schema_texts() -> dict[str, str]:
    """The text of every schema by file name: keys sorted, UTF-8, ending in a line break."""
    return {name: _schema_text(kind, mode) for name, (kind, mode) in SCHEMA_CLASSES.items()}


def write_schemas(folder: Path) -> None:
    """Write every schema into `folder`, which must be there."""
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema_text(kind: type, mode: Mode) -> str:
    schema = type_adapter(kind).json_schema(schema_generator=DocumentedSchema, mode=mode)
    return json.dumps({"$schema": DIALECT, **schema}, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_schemas(SCHEMA_FOLDER)
