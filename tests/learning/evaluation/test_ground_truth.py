"""Truth is read strictly, and mapped to the replay clock."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.clock import Cut, Span, Timeline, TimelineClip
from domain.errors import TruthError
from learning.evaluation.ground_truth import (
    GroundTruth,
    TrueHighlight,
    read_ground_truth,
    single_file_timeline,
    to_replay_clock,
)

SHOWS = Path(__file__).parents[3] / "fixtures" / "shows"


def written(folder: Path, **changes: Any) -> Path:
    highlight = {"start": 10.0, "end": 30.0, "product_ids": ["p1"]}
    truth = {"stream_id": "晚场", "duration": 100.0, "highlights": [highlight], "ignored": [{"start": 50, "end": 55.5}]}
    file = folder / "truth.json"
    file.write_text(json.dumps(truth | changes, ensure_ascii=False), encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(TruthError) as caught:
        read_ground_truth(file)
    return str(caught.value).replace(str(file), "truth.json")


def test_what_the_file_says_is_read(tmp_path: Path) -> None:
    truth = read_ground_truth(written(tmp_path))
    assert truth == GroundTruth("晚场", 100.0, (TrueHighlight(10.0, 30.0, ("p1",)),), (Span(50.0, 55.5),))


@pytest.mark.parametrize(("show", "products"), [("zh-mini", 4), ("en-mini", 2)])
def test_the_small_shows_have_truth_that_can_be_read(show: str, products: int) -> None:
    truth = read_ground_truth(SHOWS / show / "truth.json")
    assert len(truth.highlights) == products


def test_a_start_that_is_text_is_refused_with_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, highlights=[{"start": "10", "end": 30.0, "product_ids": ["p1"]}])
    assert refusal(file).startswith("truth.json: highlights[0].start: Input should be a valid number; mend the file")


def test_an_end_before_the_start_is_refused_with_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, highlights=[{"start": 30.0, "end": 10.0, "product_ids": ["p1"]}])
    assert "truth.json: highlights[0]: " in refusal(file)


def test_a_time_that_is_no_number_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace("30.0", "NaN"), encoding="utf-8")
    assert "highlights[0].end" in refusal(file)


def test_a_highlight_without_products_is_refused(tmp_path: Path) -> None:
    assert "at least one product" in refusal(written(tmp_path, highlights=[{"start": 1, "end": 2, "product_ids": []}]))


def test_a_highlight_after_the_end_of_the_show_is_refused(tmp_path: Path) -> None:
    assert "[10.0, 30.0) ends after the show, which lasts 20.0 s" in refusal(
        written(tmp_path, duration=20.0, ignored=[])
    )


def test_the_manners_of_the_show_are_read_and_stay_on_the_replay_clock(tmp_path: Path) -> None:
    truth = read_ground_truth(written(tmp_path, manners=["noprice", "duo"]))
    assert truth.manners == ("noprice", "duo")
    assert to_replay_clock(truth, single_file_timeline(100.0)).manners == ("noprice", "duo")


def test_a_manner_that_is_unknown_is_refused_with_its_place(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, manners=["duo", "chaty"])).startswith("truth.json: manners[1]: ")


def test_a_manner_named_twice_is_refused(tmp_path: Path) -> None:
    assert "manners names a manner twice" in refusal(written(tmp_path, manners=["duo", "duo"]))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    assert refusal(tmp_path / "truth.json").startswith("truth.json: cannot be read (No such file or directory); ")


def test_truth_of_a_recording_without_cuts_stays_where_it_is(tmp_path: Path) -> None:
    truth = read_ground_truth(written(tmp_path))
    assert to_replay_clock(truth, single_file_timeline(100.0)) == truth


def test_truth_moves_up_by_the_cuts_before_it() -> None:
    timeline = Timeline(
        (TimelineClip(0, 0.0, 0.0, 0.0, 20.0), TimelineClip(0, 35.0, 35.0, 20.0, 65.0)), (Cut(20.0, 15.0, "gap"),)
    )
    truth = GroundTruth("s", 100.0, (TrueHighlight(15.0, 60.0, ("p1",)),), (Span(70.0, 75.0),))
    moved = to_replay_clock(truth, timeline)
    assert moved == GroundTruth("s", 85.0, (TrueHighlight(15.0, 45.0, ("p1",)),), (Span(55.0, 60.0),))


def test_truth_wholly_inside_a_cut_is_gone() -> None:
    timeline = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 20.0), TimelineClip(0, 35.0, 35.0, 20.0, 65.0)))
    truth = GroundTruth("s", 100.0, (TrueHighlight(22.0, 33.0, ("p1",)),), (Span(24.0, 30.0),))
    assert to_replay_clock(truth, timeline) == GroundTruth("s", 85.0, (), ())
