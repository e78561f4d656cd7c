"""`kandian doctor`: what is here, and what to do where it is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kandian.cli.doctor as doctor
import media.ffmpeg
from domain.errors import ToolError
from models.speech.device import compute_types, cuda_device_count
from pipeline.engine.tool_versions import tool_version

Command = Callable[..., Any]


def check_results(answer: Any) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in json.loads(answer.out)}


def test_every_check_has_a_line(kandian_command: Command, tmp_path: Path) -> None:
    lines = kandian_command("doctor", "--out", tmp_path).out.splitlines()
    names = ["python", "ffmpeg", "speech weights", "speech recognition", "disk", "memory", "ray"]
    assert [line[5:].split(":")[0] for line in lines] == names
    assert {line[:4] for line in lines} <= {"ok  ", "FAIL", "note"}


def test_versions_are_those_that_keys_are_made_of(kandian_command: Command, tmp_path: Path) -> None:
    checks = check_results(kandian_command("doctor", "--out", tmp_path, "--json"))
    assert tool_version("ffmpeg") in checks["ffmpeg"]["text"]
    assert checks["ffmpeg"]["is_well"]


def test_the_place_for_results_need_not_be_there_yet(kandian_command: Command, tmp_path: Path) -> None:
    checks = check_results(kandian_command("doctor", "--out", tmp_path / "a" / "b", "--json"))
    assert checks["disk"]["text"].endswith(f"GB free at {tmp_path}")


def test_a_missing_tool_fails_with_its_remedy(
    kandian_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise ToolError("ffmpeg", "was not found", "install imageio-ffmpeg")

    monkeypatch.setattr(media.ffmpeg, "binary", missing)
    answer = kandian_command("doctor", "--out", tmp_path)
    assert answer.code == 4
    assert "FAIL ffmpeg: ffmpeg: was not found; install imageio-ffmpeg" in answer.out


def test_too_little_room_fails(kandian_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "MIN_FREE_GB", 1e9)
    answer = kandian_command("doctor", "--out", tmp_path, "--json")
    assert (answer.code, check_results(answer)["disk"]["is_well"]) == (4, False)


def test_what_is_not_needed_does_not_fail(
    kandian_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    monkeypatch.setattr(doctor, "MIN_FREE_GB", 0.0)
    monkeypatch.setattr(doctor, "MIN_MEMORY_GB", 0.0)
    answer = kandian_command("doctor", "--out", tmp_path)
    assert "note ray: not installed; for clusters: pip install 'kandian[ray]'" in answer.out
    assert (answer.code == 0) == ("FAIL" not in answer.out)


@pytest.mark.parametrize(
    ("machine", "found", "advice"),
    [
        ((2, 8.0, 0), "2 cores, 8 GB, no CUDA devices: base takes some 3.0 minutes", 'keep model = "base"'),
        ((16, 2.0, 0), "base takes some 3.0 minutes an hour of show with 2 workers", 'keep model = "base"'),
        ((1, 0.5, 0), "base takes some 6.0 minutes an hour of show with 1 workers", 'keep model = "base"'),
        ((16, 64.0, 0), "base takes some 0.4 minutes an hour of show with 16 workers", "a larger model is worth a try"),
        ((4, 16.0, 1), "4 cores, 16 GB, 1 CUDA device: ", 'set device = "cuda" and compute_type = "float16"'),
    ],
)
def test_what_a_machine_can_carry_is_told(machine: tuple[int, float, int], found: str, advice: str) -> None:
    text = doctor.speech_advice(*machine)
    assert found in text
    assert advice in text


def test_the_compute_types_of_this_machine_are_told(kandian_command: Command, tmp_path: Path) -> None:
    speech = check_results(kandian_command("doctor", "--out", tmp_path, "--json"))["speech recognition"]
    assert f"compute_type may be {', '.join(compute_types('cuda' if cuda_device_count() else 'cpu'))}" in speech["text"]
    assert speech["is_well"]
