"""Finds the files of a Whisper model: in a folder, in packages, or in a hub's cache; and their digest."""

import hashlib
from functools import cache
from pathlib import Path

from domain.errors import WeightsError
from models.speech.packaged_weights import BLOCK_BYTES, packaged_weights_digest, packaged_weights_folder
from models.speech.weights_manifest import PACKAGED

REQUIRED_FILES = ("model.bin", "config.json", "tokenizer.json")
MODEL_FILES = (*REQUIRED_FILES, "vocabulary.json", "vocabulary.txt", "preprocessor_config.json")
HUB_TIMEOUT_S = 10.0  # to learn that a hub is out of reach


def whisper_folder(model: str) -> Path:
    """The folder with the files of `model`: a folder's path, the name of packaged weights, or OWNER/NAME of a hub.

    Raises WeightsError that says what to do when there are none or they are damaged.
    """
    if model in PACKAGED:
        return packaged_weights_folder(PACKAGED[model])
    folder = Path(model).expanduser()
    return _require_files(folder, model) if folder.is_dir() else _require_files(_hub_folder(model), model)


def whisper_digest(model: str) -> str:
    """The digest of the weights of `model`, for cache keys. Packaged weights need not be installed."""
    if model in PACKAGED:
        return packaged_weights_digest(PACKAGED[model])
    files = [file for file in (whisper_folder(model) / name for name in MODEL_FILES) if file.is_file()]
    checksums = "\n".join(f"{file.name} {_file_digest(file, *_file_identity(file))}" for file in files)
    return hashlib.sha256(checksums.encode()).hexdigest()


def _require_files(folder: Path, model: str) -> Path:
    missing = [name for name in REQUIRED_FILES if not (folder / name).is_file()]
    if missing:
        raise WeightsError(folder, f"model {model!r} lacks {', '.join(missing)}", f"{_remedy()}")
    return folder


def _hub_folder(model: str) -> Path:
    """The hub's copy on this machine, fetched now if the hub can be reached."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    if model.count("/") != 1 or model.startswith((".", "/", "~")):
        raise WeightsError(f"model {model!r}", "neither a folder nor a model that comes in packages", _remedy())
    try:
        return Path(snapshot_download(model, allow_patterns=list(MODEL_FILES), local_files_only=True))
    except HFValidationError as error:
        raise WeightsError(f"model {model!r}", "not a name of a hub", _remedy()) from error
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(model, allow_patterns=list(MODEL_FILES), etag_timeout=HUB_TIMEOUT_S))
    except (LocalEntryNotFoundError, RepositoryNotFoundError, OSError) as error:
        raise WeightsError(f"model {model!r}", "not on this machine, and no hub gave it", _remedy()) from error


def _remedy() -> str:
    names = ", ".join(repr(name) for name in PACKAGED)
    return (
        f"set `model` to {names}, to a folder with {', '.join(REQUIRED_FILES)}, "
        f"or to OWNER/NAME of a hub that is in reach"
    )


def _file_identity(file: Path) -> tuple[int, int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


@cache
def _file_digest(file: Path, size: int, mtime_ns: int, inode: int) -> str:  # noqa: ARG001  # the rest is the key of the cache
    digest = hashlib.sha256()
    with file.open("rb") as blocks:
        while block := blocks.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
