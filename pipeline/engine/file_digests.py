"""Digests of recordings: read once, then remembered by path, size, time and inode. It may be deleted."""

import hashlib
import json
import os
import stat
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from domain.errors import MediaError
from domain.session import Recording, RecordingFile

MEMORY = ".digests"
BLOCK_BYTES = 1 << 20


def recording_of(files: Sequence[Path], store_root: Path) -> Recording:
    """The recording that these files make, in this order. Raises MediaError where one cannot be read or is empty."""
    return Recording(tuple(_file_of(file.absolute(), store_root / MEMORY) for file in files))


def _file_of(path: Path, memory: Path) -> RecordingFile:
    with _reading(path):
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(path, "is not a file", "give a file: a pipe or a device may have no end")
    if status.st_size == 0:
        raise MediaError(path, "is empty (0 bytes)", "record or copy it again")
    mark = f"{path}|{status.st_size}|{status.st_mtime_ns}|{status.st_ino}"
    note = memory / f"{hashlib.sha256(mark.encode()).hexdigest()[:32]}.json"
    digest = _remembered(mark, note)
    if digest is None:
        digest = _digest_of(path, status.st_size)
        _remember(mark, digest, note)
    return RecordingFile(path, digest, status.st_size)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MediaError(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error


def _digest_of(path: Path, size_bytes: int) -> str:
    """MediaError for a file that another program is still writing: it might never end."""
    digest = hashlib.sha256()
    with _reading(path), path.open("rb") as stream:
        while stream.tell() <= size_bytes and (block := stream.read(BLOCK_BYTES)):
            digest.update(block)
        if stream.tell() != size_bytes:
            raise MediaError(path, "changes while it is read", "wait until it is whole, then run the command again")
    return digest.hexdigest()


def _remembered(mark: str, note: Path) -> str | None:
    try:
        known = json.loads(note.read_text())
        return str(known["sha256"]) if known["mark"] == mark else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not there, or not whole: it is only a memory


def _remember(mark: str, digest: str, note: Path) -> None:
    """Raises OSError where the store cannot be written: the disk's fault, not the recording's."""
    note.parent.mkdir(parents=True, exist_ok=True)
    aside = note.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}")
    aside.write_text(json.dumps({"mark": mark, "sha256": digest}, ensure_ascii=False))
    aside.replace(note)
