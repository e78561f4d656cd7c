"""highlights.json is read back strictly."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.clock import Span
from domain.errors import InputError
from domain.highlight import TakeJudgement
from learning.evaluation.metrics import Prediction, predictions_from_file
from pipeline.outputs.highlights_file import read_highlights, read_takes

ENTRY: dict[str, Any] = {
    "id": "h1",
    "product_ids": ["730013"],
    "start": 12.4,
    "end": 56.8,
    "seek": 12.0,
    "confidence": 0.9,
    "title": "双抗精华",
    "summary": "",
    "moments": [{"kind": "price", "at": 40.0, "quote": "一百六十九"}],
    "reasons": [],
    "thumbnail": None,
    "take": 1,
    "best_take": True,
    "status": "auto",
}


def written(folder: Path, highlights: list[dict[str, Any]], **changes: Any) -> Path:
    value = {
        "schema_version": "1.0",
        "session_id": "zh-mini",
        "revision": 0,
        "duration": 177.8,
        "language": "zh",
        "replay": "replay/master.m3u8",
        "products": [],
        "highlights": highlights,
        "suggestions": [ENTRY | {"id": "s1", "start": 100, "end": 110}],
        "unexplained": [],
    }
    file = folder / "highlights.json"
    file.write_text(json.dumps(value | changes, ensure_ascii=False), encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_highlights(file)
    return str(caught.value).replace(str(file), "highlights.json")


def test_only_what_is_published_is_measured(tmp_path: Path) -> None:
    file = read_highlights(written(tmp_path, [ENTRY]))
    assert predictions_from_file(file).highlights == (Prediction(Span(12.4, 56.8), ("730013",), 12.0, 0.9),)


def test_reasons_of_takes_json_come_with_what_is_measured(tmp_path: Path) -> None:
    judgement = {
        "is_tie": False,
        "evidence": [{"kind": "name", "nats": 3.2}, {"kind": "rival", "nats": -2.0}],
        "other_products": [{"product_id": "730011", "chance": 0.2}],
        "other_starts": [],
    }
    thresholds = {"product": 0.95, "start": 0.05, "suggestion": 0.1}
    file = written(tmp_path, [], suggestions=[ENTRY | {"judgement": judgement}], thresholds=thresholds)
    (suggestion,) = predictions_from_file(read_highlights(file), read_takes(file)).suggestions
    assert suggestion.reasons == (
        "product 0.95 · start 0.95",
        "not published: product 0.949 < 0.950",
        "for: named +3.2",
        "against: next product -2.0",
        "or else: 730011 0.20",
    )


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    assert "highlights.json: schema_version: " in refusal(written(tmp_path, [ENTRY], schema_version="2.0"))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"end": 3.0}, "a span needs 0 <= start <= end, not [12.4, 3.0)"),
        ({"seek": float("nan")}, "seek must be finite, not nan"),
        ({"confidence": 1.2}, "confidence lies in [0, 1], not 1.2"),
        ({"product_confidence": 1.2}, "product_confidence lies in [0, 1], not 1.2"),
        ({"start_confidence": -0.1}, "start_confidence lies in [0, 1], not -0.1"),
        ({"product_ids": []}, "product_ids is empty"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_by_its_place(
    tmp_path: Path, change: dict[str, Any], what: str
) -> None:
    message = refusal(written(tmp_path, [ENTRY, ENTRY | change]))
    assert message == f"highlights.json: highlights[1]: {what}; write it anew with kandian run"


def test_a_show_of_no_duration_is_refused(tmp_path: Path) -> None:
    assert "highlights.json: duration: must be above 0, not 0.0" in refusal(written(tmp_path, [], duration=0.0))


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "highlights.json"
    file.write_text("<html>", encoding="utf-8")
    assert refusal(file).startswith("highlights.json: Invalid JSON")


def test_a_file_of_a_version_with_one_confidence_is_read_with_equal_chances(tmp_path: Path) -> None:
    (entry,) = read_highlights(written(tmp_path, [ENTRY | {"confidence": 0.64}])).highlights
    assert (entry.product_confidence, entry.start_confidence, entry.confidence) == (0.8, 0.8, 0.64)


def test_a_takes_json_of_a_version_that_kept_no_reasons_has_none(tmp_path: Path) -> None:
    takes = read_takes(written(tmp_path, [ENTRY]))
    assert takes.highlights[0].judgement == TakeJudgement()
    assert takes.thresholds is None
