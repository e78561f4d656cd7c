"""What changes a key, and what does not."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

import pipeline.engine.cache_keys
import pipeline.engine.tool_versions
from domain.clock import Span
from domain.session import Recording, RecordingFile
from fixtures.toy_flow import Extract, Hear, Shelf
from pipeline.engine.cache_keys import key_of, settings_of, weights_of
from pipeline.engine.stage import Needs, Part
from pipeline.engine.store import Store

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


Newer.__name__ = Heavier.__name__ = WithTool.__name__ = "Hear"  # the same stage at another time


def part(index: int, start: float, end: float) -> Part:
    return Part(index, Span(start, end))


def test_the_same_makes_the_same_key() -> None:
    assert key_of(Hear(), "make", DIGESTS) == key_of(Hear(), "make", dict(reversed(DIGESTS.items())))


@pytest.mark.parametrize("other", [Newer(), Hear(is_loud=True), Hear(seconds=0.5), Extract(), WithTool()])
def test_another_stage_version_setting_or_tool_makes_another_key(other: Hear) -> None:
    assert key_of(other, "make", DIGESTS) != key_of(Hear(), "make", DIGESTS)


@pytest.mark.parametrize(
    "digests", [{"sounds": "ac", "shelf": "bb"}, {"sounds": "bb", "shelf": "aa"}, {"sounds": "aa"}, {}]
)
def test_another_input_makes_another_key(digests: dict[str, str]) -> None:
    assert key_of(Hear(), "make", digests) != key_of(Hear(), "make", DIGESTS)


def test_parts_and_their_whole_have_keys_of_their_own() -> None:
    keys = {
        key_of(Hear(), "part", DIGESTS, part(0, 0, 300)),
        key_of(Hear(), "part", DIGESTS, part(1, 300, 600)),
        key_of(Hear(), "part", DIGESTS, part(1, 300, 601)),
        key_of(Hear(), "join", DIGESTS),
        key_of(Hear(), "make", DIGESTS),
    }
    assert len(keys) == 5


def test_the_number_of_a_part_does_not_count_only_its_stretch() -> None:
    """A cut put in before it must not cost a part that is done."""
    assert key_of(Hear(), "part", DIGESTS, part(1, 0, 9)) == key_of(Hear(), "part", DIGESTS, part(2, 0, 9))


def test_what_a_part_is_told_counts() -> None:
    told = [replace(part(0, 0, 9), about=about) for about in (None, Shelf(("毛巾",)), Shelf(("牙刷",)))]
    assert len({key_of(Hear(), "part", DIGESTS, each) for each in told}) == 3


def test_what_a_stage_takes_of_the_machine_does_not_count() -> None:
    assert key_of(Heavier(), "make", DIGESTS) == key_of(Hear(), "make", DIGESTS)


def test_another_version_of_a_tool_makes_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(WithTool(), "make", DIGESTS)
    monkeypatch.setattr(pipeline.engine.tool_versions, "version_of", lambda tool: f"{tool} 99")
    assert key_of(WithTool(), "make", DIGESTS) != before
    assert key_of(Hear(), "make", DIGESTS) == key_of(Hear(), "make", DIGESTS)


def test_other_weights_make_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(Hear(), "make", DIGESTS)
    monkeypatch.setattr(pipeline.engine.cache_keys, "weights_of", lambda _: {"whisper-base": "d1"})
    first = key_of(Hear(), "make", DIGESTS)
    monkeypatch.setattr(pipeline.engine.cache_keys, "weights_of", lambda _: {"whisper-base": "d2"})
    assert len({before, first, key_of(Hear(), "make", DIGESTS)}) == 3


def test_transcribe_counts_the_weights_that_it_loads() -> None:
    from pipeline.stages.speech.transcribe import Transcribe

    named = weights_of(Transcribe())
    assert named
    assert all(len(digest) >= 32 for digest in named.values())
    assert weights_of(Hear()) == {}


def test_settings_are_the_fields_by_name() -> None:
    assert settings_of(Hear(seconds=0.5)) == {"is_loud": False, "seconds": 0.5}


def test_a_recording_that_moved_makes_the_same_key(tmp_path: Path) -> None:
    store = Store(tmp_path)
    here = RecordingFile(Path("/old/录播.flv"), "ab" * 32, 10)
    keys = {
        key_of(Hear(), "make", {"recording": store.digest(store.put("s", Recording((file,))))})
        for file in (here, replace(here, path=Path("/new/录播.flv")))
    }
    assert len(keys) == 1
