from pathlib import Path

import pytest

from domain.errors import WeightsError
from models.speech.whisper_files import whisper_folder
from models.weight_digests import weights_digest


def model_in(folder: Path, *, model: bytes = b"weights") -> Path:
    folder.mkdir(parents=True)
    for name, content in {"model.bin": model, "config.json": b"{}", "tokenizer.json": b"{}"}.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty local cache of a hub that cannot be reached."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "我的模型")
    assert whisper_folder(str(folder)) == folder


def test_a_folder_that_lacks_a_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "m")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"lacks tokenizer\.json"):
        whisper_folder(str(folder))


def test_a_name_that_is_nothing_is_an_error_that_says_what_can_be_set() -> None:
    with pytest.raises(WeightsError, match="set `model` to 'base'"):
        whisper_folder("baze")


def test_a_hub_name_is_found_in_the_local_cache(hub: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    folder = model_in(hub / "models--someone--whisper-x" / "snapshots" / commit)
    refs = hub / "models--someone--whisper-x" / "refs"
    refs.mkdir()
    (refs / "main").write_text(commit)
    assert whisper_folder("someone/whisper-x") == folder


@pytest.mark.usefixtures("hub")
def test_a_hub_name_out_of_reach_is_an_error() -> None:
    with pytest.raises(WeightsError, match="no hub gave it"):
        whisper_folder("someone/whisper-y")


def test_the_digest_of_the_default_needs_no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANDIAN_CACHE", str(tmp_path / "nothing"))
    assert len(weights_digest("base")) == 64
    assert not (tmp_path / "nothing").exists()


def test_the_digest_of_a_folder_goes_with_its_bytes_and_not_with_its_place(tmp_path: Path) -> None:
    here, there = model_in(tmp_path / "here"), model_in(tmp_path / "there")
    other = model_in(tmp_path / "other", model=b"other weights")
    assert weights_digest(str(here)) == weights_digest(str(there)) != weights_digest(str(other))


def test_a_changed_folder_has_another_digest(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "m")
    before = weights_digest(str(folder))
    (folder / "model.bin").write_bytes(b"longer weights")
    assert weights_digest(str(folder)) != before
