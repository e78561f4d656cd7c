"""Digests of recordings: computed once, then cached by path, size, time and inode. The cache may be deleted."""

import hashlib
import json
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from domain.errors import MediaError
from domain.session import Recording, RecordingFile
from pipeline.engine.atomic_files import write_whole

DIGEST_CACHE_FOLDER = ".digests"
BLOCK_BYTES = 1 << 20


def load_recording(files: Sequence[Path], store_root: Path) -> Recording:
    """The recording that these files make, in this order. Raises MediaError where one cannot be read or is empty."""
    return Recording(tuple(_recording_file(file.absolute(), store_root / DIGEST_CACHE_FOLDER) for file in files))


def _recording_file(path: Path, cache_folder: Path) -> RecordingFile:
    with _as_media_error(path):
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(path, "is not a file", "give a file: a pipe or a device may have no end")
    if status.st_size == 0:
        raise MediaError(path, "is empty (0 bytes)", "record or copy it again")
    fingerprint = f"{path}|{status.st_size}|{status.st_mtime_ns}|{status.st_ino}"
    cache_file = cache_folder / f"{hashlib.sha256(fingerprint.encode()).hexdigest()[:32]}.json"
    digest = _cached_digest(fingerprint, cache_file)
    if digest is None:
        digest = _file_digest(path, status.st_size)
        _cache_digest(fingerprint, digest, cache_file)
    return RecordingFile(path, digest, status.st_size)


@contextmanager
def _as_media_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MediaError(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error


def _file_digest(path: Path, size_bytes: int) -> str:
    """MediaError for a file that another program is still writing: it might never end."""
    digest = hashlib.sha256()
    with _as_media_error(path), path.open("rb") as stream:
        while stream.tell() <= size_bytes and (block := stream.read(BLOCK_BYTES)):
            digest.update(block)
        if stream.tell() != size_bytes:
            raise MediaError(path, "changes while it is read", "wait until it is whole, then run the command again")
    return digest.hexdigest()


def _cached_digest(fingerprint: str, cache_file: Path) -> str | None:
    try:
        entry = json.loads(cache_file.read_text())
        return str(entry["sha256"]) if entry["mark"] == fingerprint else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not there, or damaged: it is only a cache


def _cache_digest(fingerprint: str, digest: str, cache_file: Path) -> None:
    """Raises OSError where the store cannot be written: the disk's fault, not the recording's."""
    write_whole(cache_file, json.dumps({"mark": fingerprint, "sha256": digest}, ensure_ascii=False).encode())
