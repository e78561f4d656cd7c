"""`kandian show` says why, from the takes.json beside highlights.json."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.highlight import Highlight, HighlightsFile, PublishingThresholds, TakeEvidence, TakeJudgement
from pipeline.outputs.highlights_file import build_takes_file, highlights_json, takes_json

Command = Callable[..., Any]
SUGGESTED = Highlight(
    *("h1", ("锅",), 10.0, 60.0, 10.0, 0.2, "铁锅", "", (), (), None, 1, True, "auto"),
    product_confidence=0.31,
    start_confidence=0.62,
)
FILE = HighlightsFile("1.0", "s", 0, 200.0, "zh", "replay/master.m3u8", (), (), (SUGGESTED,), ("锅",))
JUDGEMENT = TakeJudgement(evidence=(TakeEvidence("name", 1.2), TakeEvidence("rival", -2.0)))


@pytest.fixture
def results(tmp_path: Path) -> Path:
    takes = build_takes_file(FILE, {"h1": JUDGEMENT}, PublishingThresholds(0.5, 0.05, 0.1))
    (tmp_path / "highlights.json").write_bytes(highlights_json(FILE))
    (tmp_path / "takes.json").write_bytes(takes_json(takes))
    return tmp_path


def test_a_take_is_a_line_that_says_why(kandian_command: Command, results: Path) -> None:
    answer = kandian_command("show", results)
    assert answer.code == 0
    assert "0:00:10 锅  product 0.31 < 0.50; named +1.2 · next product -2.0" in answer.out


def test_on_demand_all_of_it_is_told(kandian_command: Command, results: Path) -> None:
    assert "against: next product -2.0" in kandian_command("show", results, "--why").out


def test_without_takes_json_there_are_no_reasons(kandian_command: Command, results: Path) -> None:
    (results / "takes.json").unlink()
    answer = kandian_command("show", results, "--why")
    assert (answer.code, "nats" in answer.out) == (0, False)
