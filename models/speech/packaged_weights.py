"""Model weights in installed packages: joined into the cache once, checked, and moved into place atomically."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from domain.errors import WeightsError
from models.speech.weights_manifest import PackagedWeights, WeightFile

BLOCK_BYTES = 1 << 20


def cache_folder() -> Path:
    """The cache folder: $KANDIAN_CACHE, else kandian in the user's cache folder."""
    override = os.environ.get("KANDIAN_CACHE")
    if override:
        return Path(override)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kandian"


def packaged_weights_digest(weights: PackagedWeights) -> str:
    """A digest of the checksums that the files of the weights must have. Reads no file."""
    checksums = "\n".join(f"{file.name} {file.sha256}" for file in weights.files)
    return hashlib.sha256(checksums.encode()).hexdigest()


def packaged_weights_folder(weights: PackagedWeights) -> Path:
    """The folder in the cache with `weights`, joined now if it is missing or incomplete."""
    folder = cache_folder() / "weights" / f"{weights.name}-{packaged_weights_digest(weights)[:12]}"
    if not is_complete(folder, weights):
        _assemble(weights, folder)
    return folder


def is_complete(folder: Path, weights: PackagedWeights) -> bool:
    """Whether every file is there with its size; its checksum was checked before it was moved there."""
    return all(
        (folder / file.name).is_file() and (folder / file.name).stat().st_size == file.size_bytes
        for file in weights.files
    )


def _assemble(weights: PackagedWeights, folder: Path) -> None:
    parts = {file: tuple(_locate_parts(file, weights)) for file in weights.files}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".joining-", dir=folder.parent, ignore_cleanup_errors=True) as scratch:
        assembled = Path(scratch) / "made"
        assembled.mkdir()
        for file, sources in parts.items():
            _write(file, sources, assembled / file.name, weights)
        _move_into_place(assembled, folder, weights, Path(scratch) / "damaged")


def _locate_parts(file: WeightFile, weights: PackagedWeights) -> Iterator[Path]:
    for package, relative_path in file.parts:
        spec = find_spec(package)
        roots = list(spec.submodule_search_locations or ()) if spec else []
        part_file = next((path for path in (Path(root) / relative_path for root in roots) if path.is_file()), None)
        if part_file is None:
            raise WeightsError(
                f"model {weights.name!r}",
                f"its weights are not installed: no {relative_path} of package {package}",
                f"run: {weights.install} - or set `model` to a folder that holds a faster-whisper model",
            )
        yield part_file


def _write(file: WeightFile, sources: tuple[Path, ...], target: Path, weights: PackagedWeights) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for source in sources:
            with source.open("rb") as part:
                while block := part.read(BLOCK_BYTES):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())  # a power cut after the rename must not leave a short file
    if digest.hexdigest() != file.sha256:
        raise WeightsError(
            sources[0],
            f"{file.name} of model {weights.name!r} has SHA-256 {digest.hexdigest()[:12]}, not {file.sha256[:12]}",
            f"the package is damaged or another version; run: {weights.install} --force-reinstall",
        )


def _move_into_place(assembled: Path, folder: Path, weights: PackagedWeights, damaged: Path) -> None:
    """Rename `assembled` into place. Another process may do so at the same time, with the same files."""
    if folder.exists() and not is_complete(folder, weights):
        shutil.move(folder, damaged)
    try:
        assembled.rename(folder)
    except OSError:
        if not is_complete(folder, weights):
            raise
