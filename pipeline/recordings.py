"""Digests of recordings: read once, then remembered by path, size, time and inode. It may be deleted."""

import hashlib
import json
import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from domain.errors import MediaError
from domain.session import Recording, RecordingFile

MEMORY = ".digests"


def recording_of(files: Sequence[Path], store_root: Path) -> Recording:
    """The recording that these files make, in this order. Raises MediaError where one cannot be read or is empty."""
    return Recording(tuple(_file_of(file.absolute(), store_root / MEMORY) for file in files))


def _file_of(path: Path, memory: Path) -> RecordingFile:
    try:
        status = path.stat()
        if status.st_size == 0:
            raise MediaError(path, "is empty (0 bytes)", "record or copy it again")
        mark = f"{path}|{status.st_size}|{status.st_mtime_ns}|{status.st_ino}"
        return RecordingFile(path, _remembered(path, mark, memory), status.st_size)
    except OSError as error:
        raise MediaError(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error


def _remembered(path: Path, mark: str, memory: Path) -> str:
    note = memory / f"{hashlib.sha256(mark.encode()).hexdigest()[:32]}.json"
    try:
        known = json.loads(note.read_text())
        if known["mark"] == mark:
            return str(known["sha256"])
    except (OSError, ValueError, KeyError):
        pass  # not there, or not whole: it is only a memory
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    memory.mkdir(parents=True, exist_ok=True)
    aside = note.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}")
    aside.write_text(json.dumps({"mark": mark, "sha256": digest}, ensure_ascii=False))
    aside.replace(note)
    return digest
