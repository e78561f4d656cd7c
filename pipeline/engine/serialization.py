"""Artefacts to folders and back: value.json by pydantic, arrays as .npy files beside it, paths relative to the folder.

The cache of pydantic's adapters is here too: `type_adapter` of a class, `strict_adapter` of a plain type.
"""

import dataclasses
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import numpy as np

from pipeline.engine.stage import Artefact

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
VALUE_FILE = "value.json"


def write_artefact(artefact: Artefact, folder: Path) -> None:
    """Write `artefact` into `folder`, where the files that it names already are. ValueError where a number is NaN."""
    kind = type(artefact)
    if _array_fields(kind):  # type: ignore[arg-type]  # to mypy, classes may not hash
        value = _write_arrays(artefact, folder)
    else:
        relocated = _map_paths(artefact, lambda path: _relative(path, folder))
        value = _dump_json(type_adapter(kind).dump_python(relocated, mode="json"))
    (folder / VALUE_FILE).write_bytes(value)


def read_artefact(kind: type, folder: Path) -> Artefact:
    """The artefact of class `kind` in `folder`; its paths are absolute."""
    value = (folder / VALUE_FILE).read_bytes()
    if _array_fields(kind):
        return _read_arrays(kind, folder, value)
    artefact: Artefact = type_adapter(kind).validate_json(value)
    return _map_paths(artefact, lambda path: folder / path)


def _write_arrays(artefact: Artefact, folder: Path) -> bytes:
    arrays = _array_fields(type(artefact))  # type: ignore[arg-type]  # to mypy, classes may not hash
    for name in arrays:
        np.save(folder / f"{name}.npy", getattr(artefact, name), allow_pickle=False)
    hints = get_type_hints(type(artefact))
    other_fields = {
        name: type_adapter(hint).dump_python(getattr(artefact, name), mode="json")
        for name, hint in hints.items()
        if name not in arrays
    }
    return _dump_json(other_fields)


def _dump_json(value: object) -> bytes:
    """Raises ValueError for NaN: JSON has none, and an artefact that cannot be read again must not be kept."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _read_arrays(kind: type, folder: Path, value: bytes) -> Artefact:
    hints = get_type_hints(kind)
    arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in _array_fields(kind)}
    other_fields = {
        name: type_adapter(hints[name]).validate_json(json.dumps(part)) for name, part in json.loads(value).items()
    }
    return kind(**arrays, **other_fields)


def type_adapter(kind: type[T]) -> "TypeAdapter[T]":
    """pydantic's adapter of a class, built once a process: building one costs milliseconds."""
    any_kind: Any = kind  # to mypy, classes may not hash
    adapter: TypeAdapter[T] = _build_adapter(any_kind)
    return adapter


@cache
def strict_adapter(kind: Any) -> "TypeAdapter[Any]":
    """An adapter of a plain type that converts nothing and takes no NaN or infinity."""
    from pydantic import ConfigDict, TypeAdapter

    return TypeAdapter(kind, config=ConfigDict(strict=True, allow_inf_nan=False))


@cache
def _build_adapter(kind: Any) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


@cache
def _array_fields(kind: Any) -> tuple[str, ...]:
    return tuple(name for name, hint in get_type_hints(kind).items() if getattr(hint, "__origin__", None) is np.ndarray)


@cache
def _contains_paths(hint: Any) -> bool:
    if hint is Path:
        return True
    if dataclasses.is_dataclass(hint):
        return any(_contains_paths(part) for part in get_type_hints(hint).values())
    return any(_contains_paths(part) for part in get_args(hint))


def _map_paths(value: Any, transform: Callable[[Path], Path]) -> Any:
    """`value` with `transform` applied to every path in it."""
    if isinstance(value, Path):
        return transform(value)
    if isinstance(value, tuple):
        return tuple(_map_paths(part, transform) for part in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    hints = get_type_hints(type(value))
    changed = {
        field.name: _map_paths(getattr(value, field.name), transform)
        for field in dataclasses.fields(value)
        if _contains_paths(hints[field.name])
    }
    return dataclasses.replace(value, **changed) if changed else value


def _relative(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path
