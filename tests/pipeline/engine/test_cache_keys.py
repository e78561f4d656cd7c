"""What changes a key, and what does not."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pytest

import pipeline.engine.cache_keys
import pipeline.engine.tool_versions
from domain.clock import Span
from domain.session import Recording, RecordingFile
from fixtures.toy_flow import Extract, Hear, Shelf
from pipeline.engine.cache_keys import artefact_key, settings_of, weight_digests
from pipeline.engine.stage import NOT_IN_KEY, Needs, Part
from pipeline.engine.store import Store
from pipeline.stages.speech.rescore import Rescore
from pipeline.stages.speech.transcribe import Transcribe

DIGESTS = {"sounds": "aa", "shelf": "bb"}


@dataclass(frozen=True)
class Newer(Hear):
    version: ClassVar[int] = 2


@dataclass(frozen=True)
class Heavier(Hear):
    needs: ClassVar[Needs] = Needs(cpus=4, memory_mb=4000)


@dataclass(frozen=True)
class WithTool(Hear):
    tools: ClassVar[tuple[str, ...]] = ("numpy",)


@dataclass(frozen=True)
class Patient(Hear):
    patience_s: float = field(default=1.0, metadata=NOT_IN_KEY)


Newer.__name__ = Heavier.__name__ = WithTool.__name__ = "Hear"  # the same stage at another time


def part(index: int, start: float, end: float) -> Part:
    return Part(index, Span(start, end))


def test_the_same_makes_the_same_key() -> None:
    assert artefact_key(Hear(), "make", DIGESTS) == artefact_key(Hear(), "make", dict(reversed(DIGESTS.items())))


@pytest.mark.parametrize("other", [Newer(), Hear(is_loud=True), Hear(seconds=0.5), Extract(), WithTool()])
def test_another_stage_version_setting_or_tool_makes_another_key(other: Hear) -> None:
    assert artefact_key(other, "make", DIGESTS) != artefact_key(Hear(), "make", DIGESTS)


@pytest.mark.parametrize(
    "digests", [{"sounds": "ac", "shelf": "bb"}, {"sounds": "bb", "shelf": "aa"}, {"sounds": "aa"}, {}]
)
def test_another_input_makes_another_key(digests: dict[str, str]) -> None:
    assert artefact_key(Hear(), "make", digests) != artefact_key(Hear(), "make", DIGESTS)


def test_a_setting_that_cannot_change_the_output_is_in_no_key() -> None:
    assert artefact_key(Patient(), "make", DIGESTS) == artefact_key(Patient(patience_s=9.0), "make", DIGESTS)
    assert "patience_s" not in settings_of(Patient())


def test_parts_and_their_whole_have_keys_of_their_own() -> None:
    keys = {
        artefact_key(Hear(), "part", DIGESTS, part(0, 0, 300)),
        artefact_key(Hear(), "part", DIGESTS, part(1, 300, 600)),
        artefact_key(Hear(), "part", DIGESTS, part(1, 300, 601)),
        artefact_key(Hear(), "join", DIGESTS),
        artefact_key(Hear(), "make", DIGESTS),
    }
    assert len(keys) == 5


def test_the_number_of_a_part_does_not_count_only_its_stretch() -> None:
    """A cut put in before it must not cost a part that is done."""
    assert artefact_key(Hear(), "part", DIGESTS, part(1, 0, 9)) == artefact_key(Hear(), "part", DIGESTS, part(2, 0, 9))


def test_the_payload_of_a_part_counts() -> None:
    parts = [replace(part(0, 0, 9), payload=about) for about in (None, Shelf(("毛巾",)), Shelf(("牙刷",)))]
    assert len({artefact_key(Hear(), "part", DIGESTS, each) for each in parts}) == 3


def test_what_a_stage_takes_of_the_machine_does_not_count() -> None:
    assert artefact_key(Heavier(), "make", DIGESTS) == artefact_key(Hear(), "make", DIGESTS)


def test_another_version_of_a_tool_makes_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = artefact_key(WithTool(), "make", DIGESTS)
    monkeypatch.setattr(pipeline.engine.tool_versions, "tool_version", lambda tool: f"{tool} 99")
    assert artefact_key(WithTool(), "make", DIGESTS) != before
    assert artefact_key(Hear(), "make", DIGESTS) == artefact_key(Hear(), "make", DIGESTS)


def test_other_weights_make_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = artefact_key(Hear(), "make", DIGESTS)
    monkeypatch.setattr(pipeline.engine.cache_keys, "weight_digests", lambda _: {"whisper-base": "d1"})
    first = artefact_key(Hear(), "make", DIGESTS)
    monkeypatch.setattr(pipeline.engine.cache_keys, "weight_digests", lambda _: {"whisper-base": "d2"})
    assert len({before, first, artefact_key(Hear(), "make", DIGESTS)}) == 3


@pytest.mark.parametrize("stage", [Transcribe, Rescore])
def test_what_whisper_computes_with_counts(stage: type[Transcribe | Rescore]) -> None:
    stages = (stage(), stage(device="cuda"), stage(compute_type="float32"))
    assert len({artefact_key(each, "part", DIGESTS) for each in stages}) == 3


def test_transcribe_counts_the_weights_that_it_loads() -> None:
    named = weight_digests(Transcribe())
    assert named
    assert all(len(digest) >= 32 for digest in named.values())
    assert weight_digests(Hear()) == {}


def test_settings_are_the_fields_by_name() -> None:
    assert settings_of(Hear(seconds=0.5)) == {"is_loud": False, "seconds": 0.5}


def test_a_recording_that_moved_makes_the_same_key(tmp_path: Path) -> None:
    store = Store(tmp_path)
    file_before = RecordingFile(Path("/old/录播.flv"), "ab" * 32, 10)
    keys = {
        artefact_key(Hear(), "make", {"recording": store.digest(store.put("s", Recording((file,))))})
        for file in (file_before, replace(file_before, path=Path("/new/录播.flv")))
    }
    assert len(keys) == 1
