"""Files and folders that appear whole or not at all: made under a hidden name beside, then renamed."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARTIAL_SUFFIX = ".partial"  # a killed process leaves such names behind; nothing reads them


def partial_path(folder: Path) -> Path:
    """A new hidden name in `folder`."""
    return folder / f".{uuid.uuid4().hex}{PARTIAL_SUFFIX}"


def write_whole(file: Path, content: bytes) -> None:
    """Write `file` or replace it. Readers see the old content or the new one, never a part."""
    with _moved_into_place(file) as partial:
        partial.write_bytes(content)


def link_or_copy(source: Path, target: Path) -> None:
    """Let `target` be a link to `source`, in place of what is there; a copy where the file system cannot link."""
    with _moved_into_place(target) as partial:
        try:
            os.link(source, partial)
        except OSError:
            shutil.copy2(source, partial)


@contextmanager
def partial_folder(parent: Path) -> Iterator[Path]:
    """A new hidden folder in `parent`; what the block has not moved out of it is removed at its end."""
    folder = partial_path(parent)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rename_unless_there(partial: Path, folder: Path) -> None:
    """Rename a whole folder to `folder`, unless another process was first with the same: then `partial` stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        partial.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


@contextmanager
def _moved_into_place(file: Path) -> Iterator[Path]:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_path(file.parent)
    try:
        yield partial
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
