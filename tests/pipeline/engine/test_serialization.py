"""Artefacts survive the way to a folder and back, and say what does not."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.audio import ReplayAudio
from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import EventLog, FloatArray, HostEvent
from domain.session import Recording, RecordingFile
from domain.speech import Sentence, Transcript
from domain.vision import SampledFrame, SampledFrames
from fixtures.toy_flow import Counted, Sounds
from pipeline.engine.serialization import VALUE_FILE, read_artefact, write_artefact


@dataclass(frozen=True, slots=True)
class Rated:
    """Numbers of every kind that a value may hold."""

    rating: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, eq=False)
class Grid:
    """Arrays beside a value that is not one."""

    units: FloatArray
    products: FloatArray
    names: tuple[str, ...]
    span: Span


Kind = TypeVar("Kind")


def there_and_back(artefact: Kind, folder: Path) -> Kind:
    write_artefact(artefact, folder)
    read: Kind = read_artefact(type(artefact), folder)
    return read


def test_a_transcript_in_chinese_comes_back_as_it_was(tmp_path: Path) -> None:
    sentence = Sentence(
        0.1, 2.3000000000000003, "三号链接，珀莱雅", (0.1, 0.2, 0.30000000000000004, 1, 1, 1, 1, 2), False
    )
    transcript = Transcript("zh", "speech", (sentence,), (Span(3.0, 4.5),))
    assert there_and_back(transcript, tmp_path) == transcript


def test_a_catalogue_comes_back_with_its_attributes_and_gaps(tmp_path: Path) -> None:
    product = Product(product_id="1", title="毛巾 “四条”\n装", attributes={"材质": "纯棉"}, price=3990)
    assert there_and_back(Catalog((product,)), tmp_path) == Catalog((product,))


def test_wall_clock_times_keep_their_zone(tmp_path: Path) -> None:
    log = EventLog((HostEvent("explain_start", at=datetime(2026, 11, 11, 12, tzinfo=UTC)),))
    assert there_and_back(log, tmp_path) == log


@given(some.floats(allow_nan=False, allow_infinity=False), some.lists(some.floats(0, 1e6), max_size=3))
def test_every_finite_number_comes_back_to_the_last_bit(rating: float, starts: list[float]) -> None:
    import tempfile

    rated = Rated(rating, tuple(Span(start, start + 1) for start in starts))
    with tempfile.TemporaryDirectory() as folder:
        assert there_and_back(rated, Path(folder)) == rated


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_have_is_refused_when_it_is_written(number: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_artefact(Rated(number), tmp_path)
    assert not (tmp_path / VALUE_FILE).exists()


def test_arrays_come_back_with_type_shape_and_bits(tmp_path: Path) -> None:
    grid = Grid(np.linspace(0, 1, 7), np.full((2, 0), np.nan), ("毛巾", "牙刷"), Span(1.0, 2.0))
    read = there_and_back(grid, tmp_path)
    assert (read.names, read.span) == (grid.names, grid.span)
    np.testing.assert_array_equal(read.units, grid.units)
    assert (read.units.dtype, read.products.shape) == (grid.units.dtype, (2, 0))


def test_arrays_lie_beside_the_value_and_not_in_it(tmp_path: Path) -> None:
    write_artefact(Counted(("毛巾",), np.array([2.0])), tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {VALUE_FILE, "counts.npy"}
    assert "毛巾" in (tmp_path / VALUE_FILE).read_text(encoding="utf-8")


def test_an_array_of_objects_is_not_read(tmp_path: Path) -> None:
    """A pickle in a store would run code."""
    write_artefact(Counted(("毛巾",), np.array([2.0])), tmp_path)
    np.save(tmp_path / "counts.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        read_artefact(Counted, tmp_path)


def test_files_of_an_artefact_are_found_where_it_lies_now(tmp_path: Path) -> None:
    made, moved = tmp_path / "made", tmp_path / "搬走了"
    made.mkdir()
    (made / "声音.txt").write_text("毛巾", encoding="utf-8")
    write_artefact(Sounds(made / "声音.txt", 1), made)
    made.rename(moved)
    assert read_artefact(Sounds, moved).file == moved / "声音.txt"


def test_files_in_lists_and_absent_ones_are_found_too(tmp_path: Path) -> None:
    frames = SampledFrames(
        (SampledFrame(0.0, tmp_path / "000.jpg"), SampledFrame(2.0, tmp_path / "deep" / "001.jpg")), 160, 96
    )
    assert there_and_back(frames, tmp_path) == frames
    assert str(tmp_path) not in (tmp_path / VALUE_FILE).read_text(encoding="utf-8")
    assert there_and_back(ReplayAudio(None), tmp_path) == ReplayAudio(None)


def test_files_outside_the_artefact_stay_where_they_are(tmp_path: Path) -> None:
    recording = Recording((RecordingFile(Path("/live/录播.flv"), "d", 1),))
    assert there_and_back(recording, tmp_path) == recording


def test_the_same_value_is_written_as_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        write_artefact(Counted(("毛巾",), np.array([2.0, 0.1])), folder)
    assert all((second / file.name).read_bytes() == file.read_bytes() for file in first.iterdir())
