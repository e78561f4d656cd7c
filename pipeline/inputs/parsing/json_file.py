"""JSON files read into the class that describes them, strictly; every error names the field."""

from pathlib import Path
from typing import TypeVar

from domain.errors import InputError
from pipeline.engine.serialization import type_adapter

T = TypeVar("T")


def read_json(value_type: type[T], path: Path, error_type: type[InputError], remedy: str) -> T:
    """The value of class `value_type` in the file. Raises `error_type`, with the file, the field and `remedy`."""
    from pydantic import ValidationError

    try:
        return type_adapter(value_type).validate_json(path.read_bytes(), strict=True)
    except OSError as problem:
        raise error_type(path, f"cannot be read ({problem.strerror})", remedy) from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise error_type(_location(path, first["loc"]), first["msg"], remedy) from None


def _location(path: Path, json_path: tuple[int | str, ...]) -> str:
    """`file: highlights[2].start`; the file alone where all of it is wrong."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in json_path)
    return f"{path}: {steps.lstrip('.')}" if steps else str(path)
