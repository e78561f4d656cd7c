"""TypeScript types of the API's requests and answers, made from its OpenAPI document; and that document as a file.

`python -m web.api_types`, called in a checkout, writes both; a test checks that they are current.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from domain.errors import InvalidValue
from web.app import openapi_document

OPENAPI_FILE, TYPES_FILE = Path("docs/openapi.json"), Path("web/types/api.ts")
PRIMITIVE_TYPES = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}
FILE_HEADER = "// Made by `make schema` from the API's OpenAPI document; not to be edited by hand.\n"
COMMENT_END = "*/"

Schema = Mapping[str, Any]


def typescript_type(schema: Schema) -> str:
    """The TypeScript type of a schema. Raises InvalidValue for a kind of schema that is not supported yet."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return " | ".join(typescript_type(each) for each in schema[keyword])
    match schema.get("type"):
        case "array":
            return f"readonly {_parenthesized(typescript_type(schema['items']))}[]"
        case "object":
            return f"Readonly<Record<string, {typescript_type(schema['additionalProperties'])}>>"
        case str(kind) if kind in PRIMITIVE_TYPES:
            return PRIMITIVE_TYPES[kind]
    raise InvalidValue(f"no TypeScript type is known for {schema}; teach it to web/api_types.py")


def typescript_module(schemas: Mapping[str, Schema]) -> str:
    """The text of a module with a type for each schema, sorted by name."""
    return "\n".join([FILE_HEADER, *(_declaration(name, schemas[name]) for name in sorted(schemas))])


def _declaration(name: str, schema: Schema) -> str:
    comment = "".join(_comment(str(schema.get("description", ""))))
    if "properties" not in schema:
        return f"{comment}export type {name} = {typescript_type(schema)};\n"
    required = frozenset(schema.get("required", ()))
    lines = [
        f"  readonly {key}{'' if key in required else '?'}: {typescript_type(value)};"
        for key, value in schema["properties"].items()
    ]
    return "\n".join([f"{comment}export interface {name} {{", *lines, "}", ""])


def _comment(text: str) -> Iterator[str]:
    if text:
        yield "/**\n"
        yield from (f" * {line}".rstrip() + "\n" for line in text.replace(COMMENT_END, "* /").splitlines())
        yield " */\n"


def _parenthesized(type_text: str) -> str:
    return f"({type_text})" if " | " in type_text else type_text


def generated_files() -> Mapping[Path, str]:
    """The text of both files, by their path in a checkout."""
    document = openapi_document()
    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    return {OPENAPI_FILE: text, TYPES_FILE: typescript_module(document["components"]["schemas"])}


if __name__ == "__main__":
    for file, text in generated_files().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
