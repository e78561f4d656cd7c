"""Where artefacts are kept: a folder for each, named by its key, there whole or not at all.

    ROOT/SESSION/ARTEFACT/KEY/value.json, receipt.json, its files
    ROOT/SESSION/.partial/...      workspaces in use, swept when their process is gone
    ROOT/SESSION/.failures/...     one record a failed stage, which only `kandian status` reads

An artefact is done when its folder is there. Nothing is locked: of two workers with one key, the second's copy is
dropped.
"""

import hashlib
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from domain.errors import ToolError
from pipeline.engine.atomic_files import rename_unless_there
from pipeline.engine.serialization import read_artefact, type_adapter, write_artefact
from pipeline.engine.stage import Artefact

WORK_FOLDER = ".partial"
INPUT_STAGE = "given"  # the stage that receipts of inputs name
RECEIPT_FILE = "receipt.json"
PROGRESS_FILE = "progress"
KEY_LENGTH = 24  # hex digits: 96 bits, no collision in any number of shows


@dataclass(frozen=True, slots=True)
class ArtefactRef:
    """The name of one artefact in a store: small enough to travel anywhere."""

    session_id: str
    kind: type
    key: str

    def __str__(self) -> str:
        return f"{self.session_id}/{self.kind.__name__}/{self.key}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """How an artefact was made. `content_digest` is the digest of its content; `inputs` are keys by parameter."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True}

    stage: str
    version: int
    content_digest: str
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    pieces: tuple[str, ...] = ()
    part: tuple[float, float] | None = None
    tools: dict[str, str] = field(default_factory=dict)
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    host: str = ""
    finished_at: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder in which one artefact is made. `scratch` starts empty."""

    root: Path

    @property
    def scratch(self) -> Path:
        return self.root / "artefact"

    def report_progress(self, fraction: float) -> None:
        """Write how much is done, in [0, 1], for `Store.progress_of`."""
        (self.root / PROGRESS_FILE).write_text(f"{fraction:.4f}")


@dataclass(frozen=True)
class Store:
    """A store in a local folder that every worker can reach."""

    root: Path

    def folder(self, ref: ArtefactRef) -> Path:
        return self.root / ref.session_id / ref.kind.__name__ / ref.key

    def has(self, ref: ArtefactRef) -> bool:
        return self.folder(ref).is_dir()

    def load(self, ref: ArtefactRef) -> Artefact:
        """Read an artefact. Raises ToolError where it is not whole any more."""
        try:
            return read_artefact(ref.kind, self.folder(ref))
        except (OSError, EOFError, ValueError, TypeError, LookupError) as error:
            remedy = "remove this folder, then run the same command again"
            raise ToolError(self.folder(ref), f"is damaged ({type(error).__name__})", remedy) from error

    def receipt(self, ref: ArtefactRef) -> Receipt:
        """How `ref` was made; a lost or damaged receipt is replaced by one without history."""
        try:
            return type_adapter(Receipt).validate_json((self.folder(ref) / RECEIPT_FILE).read_bytes())
        except (FileNotFoundError, ValueError):
            return Receipt("unknown", 0, content_digest(ref.kind, self.folder(ref)))

    def digest(self, ref: ArtefactRef) -> str:
        """The digest of the artefact's content, which goes into the keys of later stages."""
        return self.receipt(ref).content_digest

    @contextmanager
    def workspace(self, ref: ArtefactRef) -> Iterator[Workspace]:
        """An empty workspace for `ref`; it is removed at the end with all that is still in it."""
        name = f"{ref.kind.__name__}-{ref.key}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        space = Workspace(self.root / ref.session_id / WORK_FOLDER / name)
        space.scratch.mkdir(parents=True)
        try:
            yield space
        finally:
            shutil.rmtree(space.root, ignore_errors=True)

    def commit(self, ref: ArtefactRef, workspace: Workspace, receipt: Receipt) -> None:
        """Write the receipt, make everything durable, and rename it into place."""
        (workspace.scratch / RECEIPT_FILE).write_bytes(type_adapter(Receipt).dump_json(receipt, indent=1))
        _fsync_tree(workspace.scratch)
        rename_unless_there(workspace.scratch, self.folder(ref))
        _fsync(self.folder(ref).parent)

    def progress_of(self, ref: ArtefactRef) -> float | None:
        """How much of the work on `ref` is done, in [0, 1]; None before the first report."""
        reports: list[tuple[int, float]] = []
        for file in (self.root / ref.session_id / WORK_FOLDER).glob(f"{ref.kind.__name__}-{ref.key}-*/{PROGRESS_FILE}"):
            try:
                reports.append((file.stat().st_mtime_ns, float(file.read_text())))
            except (OSError, ValueError):
                continue  # just removed, or just being written
        return max(reports)[1] if reports else None  # older ones were left by killed runs

    def put(self, session_id: str, artefact: Artefact) -> ArtefactRef:
        """Store an input of a session. Its key is made of its own value, so that equal inputs share a folder."""
        kind = type(artefact)
        with self.workspace(ArtefactRef(session_id, kind, INPUT_STAGE)) as workspace:
            write_artefact(artefact, workspace.scratch)
            ref = ArtefactRef(session_id, kind, folder_digest(workspace.scratch)[:KEY_LENGTH])
            if not self.has(ref):
                digest = content_digest(kind, workspace.scratch, artefact)
                self.commit(ref, workspace, Receipt(INPUT_STAGE, 0, digest))
        return ref


def content_digest(kind: type, folder: Path, artefact: Artefact | None = None) -> str:
    """SHA-256 of the artefact's content: of its own `content_digest()` if it has one, else of all its files."""
    if hasattr(kind, "content_digest"):
        value = read_artefact(kind, folder) if artefact is None else artefact
        return hashlib.sha256(value.content_digest().encode()).hexdigest()
    return folder_digest(folder)


def folder_digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of all files but the receipt."""
    hasher = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name != RECEIPT_FILE:
            with file.open("rb") as stream:
                hasher.update(f"{name}\0{hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return hasher.hexdigest()


def _fsync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _fsync(path)
        if path.is_file():
            path.chmod(0o444)  # results are linked into OUT: nobody may change them in place
    _fsync(folder)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
