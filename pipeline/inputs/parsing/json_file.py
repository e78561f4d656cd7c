"""Reading JSON into the class that describes it: strict, and with the place in every error."""

from pathlib import Path
from typing import TypeVar

from domain.errors import InputError
from pipeline.engine.serialization import adapter_of

T = TypeVar("T")


def read_json(kind: type[T], path: Path, error: type[InputError], remedy: str) -> T:
    """The value of class `kind` in the file. Raises `error`, which names the file, the place in it and `remedy`."""
    from pydantic import ValidationError

    try:
        return adapter_of(kind).validate_json(path.read_bytes(), strict=True)
    except OSError as problem:
        raise error(path, f"cannot be read ({problem.strerror})", remedy) from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise error(_where(path, first["loc"]), first["msg"], remedy) from None


def _where(path: Path, place: tuple[int | str, ...]) -> str:
    """`file: highlights[2].start`; only the file where the whole of it is wrong."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return f"{path}: {steps.lstrip('.')}" if steps else str(path)
