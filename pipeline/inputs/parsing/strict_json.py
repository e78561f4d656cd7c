"""JSON from outside: every error names its line, and an object must not hold a key twice."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from domain.errors import InputError, InvalidValue
from pipeline.inputs.parsing.values import quote_value


def parse_json(text: str, file: Path, error_type: type[InputError], line: int | None = None) -> object:
    """The value in `text`: the whole of `file`, or its `line`. Numbers with a point are Decimals, as written.

    NaN and Infinity come as Decimals, so that the reader of the field can refuse them with its name.
    """
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as problem:
        location = f"{file}: line {line or problem.lineno}, column {problem.colno}"
        raise error_type(location, f"is not JSON ({_reason(problem)})", "mend it there") from None
    except InvalidValue as problem:
        raise error_type(_location(file, line), str(problem), "keep one of them") from None
    except RecursionError:
        raise error_type(_location(file, line), "is nested too deep", "write it as kandian's README shows") from None
    except ValueError:  # Python refuses whole numbers of more than 4300 digits
        raise error_type(
            _location(file, line), "holds a number of thousands of digits", "write numbers as people do"
        ) from None


def parse_object(text: str, file: Path, error_type: type[InputError], line: int | None = None) -> Mapping[str, object]:
    """As `parse_json`, for text that must be one JSON object."""
    value = parse_json(text, file, error_type, line)
    if isinstance(value, dict):
        return value
    raise error_type(
        _location(file, line), f"is not a JSON object but {quote_value(value)}", 'write {"key": value, ...}'
    )


def _location(file: Path, line: int | None) -> str:
    return str(file) if line is None else f"{file}: line {line}"


def _reason(problem: json.JSONDecodeError) -> str:
    if not problem.doc.strip():
        return "there is nothing but spaces"
    return problem.msg[0].lower() + problem.msg[1:]


def _parse_number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent too large for Decimal
        return Decimal("Infinity")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    seen: set[str] = set()
    repeated_key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    product_hint = next((f" of product {quote_value(fields[key])}" for key in ("product_id",) if key in fields), "")
    raise InvalidValue(f"key {quote_value(repeated_key)}{product_hint} stands twice in one object")


DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_float=_parse_number, parse_constant=Decimal)
