"""TypeScript types of what the API takes and gives, from its OpenAPI document; and that document as a file.

`python -m web.api_types`, called in a checkout, writes both; a test holds them current.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from domain.errors import InvalidValue
from web.app import openapi_document

DOCUMENT, TYPES = Path("docs/openapi.json"), Path("web/types/api.ts")
SIMPLE = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}
HEAD = "// Made by `make schema` from the API's OpenAPI document; not to be edited by hand.\n"
COMMENT_END = "*/"

Schema = Mapping[str, Any]


def type_of(schema: Schema) -> str:
    """A TypeScript type. Raises InvalidValue for a schema that this does not know yet."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(type_of(each) for each in schema[several])
    match schema.get("type"):
        case "array":
            return f"readonly {_grouped(type_of(schema['items']))}[]"
        case "object":
            return f"Readonly<Record<string, {type_of(schema['additionalProperties'])}>>"
        case str(kind) if kind in SIMPLE:
            return SIMPLE[kind]
    raise InvalidValue(f"no TypeScript type is known for {schema}; teach it to web/api_types.py")


def typescript(schemas: Mapping[str, Schema]) -> str:
    """A module with a type for each schema, by name."""
    return "\n".join([HEAD, *(_declared(name, schemas[name]) for name in sorted(schemas))])


def _declared(name: str, schema: Schema) -> str:
    about = "".join(_comment(str(schema.get("description", ""))))
    if "properties" not in schema:
        return f"{about}export type {name} = {type_of(schema)};\n"
    needed = frozenset(schema.get("required", ()))
    lines = [
        f"  readonly {key}{'' if key in needed else '?'}: {type_of(value)};"
        for key, value in schema["properties"].items()
    ]
    return "\n".join([f"{about}export interface {name} {{", *lines, "}", ""])


def _comment(text: str) -> Iterator[str]:
    if text:
        yield "/**\n"
        yield from (f" * {line}".rstrip() + "\n" for line in text.replace(COMMENT_END, "* /").splitlines())
        yield " */\n"


def _grouped(kind: str) -> str:
    return f"({kind})" if " | " in kind else kind


def written() -> Mapping[Path, str]:
    """Both files, by their place in a checkout."""
    document = openapi_document()
    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    return {DOCUMENT: text, TYPES: typescript(document["components"]["schemas"])}


if __name__ == "__main__":
    for file, text in written().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
