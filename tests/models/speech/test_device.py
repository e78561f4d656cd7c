"""Where Whisper computes, and what is said where it cannot."""

import pytest

from domain.errors import SettingsError
from models.speech import device
from models.speech.device import check_device, compute_types


@pytest.fixture
def one_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with one card that knows two types."""
    monkeypatch.setattr(device, "cuda_device_count", lambda: 1)
    monkeypatch.setattr(device, "compute_types", lambda _: ("float16", "int8_float16"))


def test_the_processor_of_this_machine_has_the_plain_type() -> None:
    assert "float32" in compute_types("cpu")
    check_device("cpu", "float32", "[transcribe]")


def test_the_defaults_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "compute_types", lambda _: pytest.fail("CTranslate2 was loaded"))
    check_device("cpu", "int8", "[transcribe]")


def test_an_unknown_type_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        SettingsError, match=r"\[rescore\] compute_type: 'int9' is not .* cpu .*; supported are .*float32"
    ):
        check_device("cpu", "int9", "[rescore]")


def test_a_card_that_is_not_there_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "cuda_device_count", lambda: 0)
    with pytest.raises(SettingsError, match=r"\[transcribe\] device: 'cuda' finds no CUDA device .*; set it to 'cpu'"):
        check_device("cuda", "float16", "[transcribe]")


@pytest.mark.usefixtures("one_card")
def test_a_card_is_used_with_a_type_that_it_knows() -> None:
    check_device("cuda", "float16", "[transcribe]")
    with pytest.raises(SettingsError, match=r"'int8' is not .* cuda .*; supported are float16, int8_float16"):
        check_device("cuda", "int8", "[transcribe]")
