"""Errors of a full or broken disk, as ToolError."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import ToolError


@contextmanager
def translate_write_errors(path: Path) -> Iterator[None]:
    """Raise the operating system's refusal to write at `path` as a ToolError: the input is not to blame."""
    try:
        yield
    except OSError as error:
        raise ToolError(path, f"cannot be written ({error.strerror})", "free some space and try again") from error
