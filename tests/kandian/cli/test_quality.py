"""`kandian quality`: from session folders with truth to a card and a page."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.segmentation.weights_bundle import CONFIDENCE_FILE, DEFAULT_WEIGHTS, SCORES_FILE, weights_bundle_folder

Command = Callable[..., Any]
TRUTH = {
    "stream_id": "双十一",
    "duration": 30.0,
    "highlights": [
        {"start": 0.2, "end": 14.0, "product_ids": ["730011"]},
        {"start": 14.2, "end": 29.5, "product_ids": ["730013"]},
    ],
}
MISLEADING = [
    {"t": 14.5 + 0.5 * i, "type": kind, "product_id": "730014"}
    for i in range(28)
    for kind in ("product_push", "product_click", "order")
]
"""A room that pushes, clicks and buys a toothbrush all the while the serum is explained."""


@pytest.fixture
def marked(show: Path) -> Path:
    """The tiny show with truth."""
    (show / "truth.json").write_text(json.dumps(TRUTH), encoding="utf-8")
    return show


@pytest.fixture
def misled(marked: Path) -> Path:
    (marked / "events.jsonl").write_text("\n".join(map(json.dumps, MISLEADING)), encoding="utf-8")
    return marked


def card(answer: Any) -> dict[str, Any]:
    assert answer.code == 0, answer.err
    read: dict[str, Any] = json.loads(answer.out)
    return read


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_show_that_is_done_gets_a_card_of_tables(kandian_command: Command, marked: Path, out: Path) -> None:
    answer = kandian_command("quality", marked, "--out", out, "--rivals")
    assert answer.code == 0
    assert "| kandian, all shows" in answer.out
    assert "| exact names, worst show" in answer.out
    assert "| substrings, worst show" in answer.out
    assert "| AUC of talk" in answer.out
    assert "| wrong catalogue" not in answer.out
    assert "with less" not in answer.out


def test_without_events_it_is_as_if_there_had_been_no_log(kandian_command: Command, marked: Path, out: Path) -> None:
    quiet = card(kandian_command("quality", marked, "--out", out, "--json"))["methods"][0]
    (marked / "events.jsonl").write_text("\n".join(map(json.dumps, MISLEADING)), encoding="utf-8")
    loud = card(kandian_command("quality", marked, "--out", out, "--json", "--ablations"))
    assert loud["methods"][0]["over_all"] != quiet["over_all"]
    speech_only, everything = loud["ablations"][0], loud["ablations"][-1]
    assert speech_only["over_all"] == quiet["over_all"]
    assert everything["over_all"]["counts"]["highlights"] == loud["methods"][0]["over_all"]["counts"]["highlights"]


def test_ablations_leave_results_and_store_as_they_were(kandian_command: Command, misled: Path, out: Path) -> None:
    assert kandian_command("quality", misled, "--out", out).code == 0
    before = contents(out)
    assert kandian_command("quality", misled, "--out", out, "--ablations").code == 0
    assert contents(out).keys() == before.keys()
    changed = [file for file, was in before.items() if file.read_bytes() != was and file.name != "report.json"]
    assert changed == []


def other_catalog(folder: Path, *products: dict[str, Any]) -> Path:
    file = folder / "other.json"
    file.write_text(json.dumps({"language": "zh", "products": products}), encoding="utf-8")
    return file


def test_a_catalogue_of_which_nothing_is_said_gets_no_dots_and_results_and_store_stay(
    kandian_command: Command, misled: Path, out: Path, tmp_path: Path
) -> None:
    assert kandian_command("quality", misled, "--out", out).code == 0
    before, file = contents(out), other_catalog(tmp_path, {"product_id": "x", "title": "割草机"})
    read = card(kandian_command("quality", misled, "--out", out, "--json", "--wrong-catalog", file))
    (show,) = read["wrong_catalog"]["shows"]
    assert (show["highlights"], read["wrong_catalog"]["per_hour"], round(show["duration"])) == (0, 0.0, 30)
    assert read["methods"][0]["over_all"]["counts"]["highlights"] > 0
    assert contents(out).keys() == before.keys()
    changed = [file for file, was in before.items() if file.read_bytes() != was and file.name != "report.json"]
    assert changed == []


def test_a_wrong_catalogue_that_is_the_right_one_is_refused(kandian_command: Command, marked: Path, out: Path) -> None:
    answer = kandian_command("quality", marked, "--out", out, "--wrong-catalog", marked / "catalog.json")
    assert answer.code == 2
    assert "catalog.json holds 730011, which is explained in 双十一; name a catalogue of which nothing" in answer.err


def test_a_wrong_catalogue_that_is_not_there_is_told_before_anything_runs(
    kandian_command: Command, marked: Path, tmp_path: Path
) -> None:
    answer = kandian_command("quality", marked, "--out", tmp_path / "out", "--wrong-catalog", tmp_path / "none.json")
    assert "none.json" in answer.err
    assert answer.code != 0
    assert not (tmp_path / "out").exists()


def test_a_moved_log_is_scored_like_one_input_less(kandian_command: Command, misled: Path, out: Path) -> None:
    rows = card(kandian_command("quality", misled, "--out", out, "--json", "--shifts"))["ablations"]
    assert [row["method"] for row in rows] == [
        *(f"log {seconds} s early" for seconds in (90, 60, 30)),
        *(f"log {seconds} s late" for seconds in (30, 60, 90)),
    ]


def test_a_push_that_fits_nothing_is_named_in_the_report(kandian_command: Command, marked: Path, out: Path) -> None:
    wrong = {"t": 8.0, "type": "product_push", "product_id": "730014"}
    (marked / "events.jsonl").write_text(json.dumps(wrong), encoding="utf-8")
    assert kandian_command("quality", marked, "--out", out).code == 0
    warnings = json.loads((out / "双十一" / "report.json").read_text(encoding="utf-8"))["warnings"]
    (warning_text,) = [warning for warning in warnings if "pushes" in warning]
    assert warning_text.startswith("1 of 1 pushes of the room fit nothing that was found to be explained near them")
    assert "0:08" in warning_text


def test_the_page_shows_each_show(kandian_command: Command, marked: Path, out: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "quality.html"
    assert kandian_command("quality", marked, "--out", out, "--html", file).code == 0
    page = file.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<h2>双十一</h2>" in page
    assert "1 纯棉毛巾" in page


def test_the_tables_go_into_a_page_between_comments(
    kandian_command: Command, marked: Path, out: Path, tmp_path: Path
) -> None:
    page = tmp_path / "card.md"
    page.write_text("<!-- quality: shows -->\n<!-- end of shows -->\n", encoding="utf-8")
    assert kandian_command("quality", marked, "--out", out, "--scorecard", page).code == 0
    assert "near-duplicate" in page.read_text(encoding="utf-8")


def test_a_page_that_is_a_folder_is_refused_before_anything_runs(
    kandian_command: Command, marked: Path, tmp_path: Path
) -> None:
    answer = kandian_command("quality", marked, "--out", tmp_path / "out", "--html", tmp_path)
    assert answer.code == 2
    assert f"--html: {tmp_path} is a folder; name a file to write" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_page_that_cannot_be_written_is_told(kandian_command: Command, marked: Path, out: Path) -> None:
    answer = kandian_command("quality", marked, "--out", out, "--html", marked / "truth.json" / "page.html")
    assert answer.code == 2
    assert "--html" in answer.err


def test_weights_that_are_missing_for_a_show_are_told(
    kandian_command: Command, marked: Path, out: Path, tmp_path: Path
) -> None:
    answer = kandian_command("quality", marked, "--out", out, "--held-out", tmp_path / "held-out")
    assert answer.code == 2
    assert "has no weights for 双十一; make it by `kandian train SHOWS --leave-one-out`" in answer.err


def test_a_show_is_judged_by_the_weights_that_have_not_seen_it(
    kandian_command: Command, marked: Path, out: Path, tmp_path: Path
) -> None:
    """Weights with no confidence give no highlights; the default ones, as held out, what was delivered."""
    weights = weights_bundle_folder(DEFAULT_WEIGHTS)
    for name in ("same", "unsure"):
        shutil.copytree(weights, tmp_path / name / "双十一")
    confidence = json.loads((weights / CONFIDENCE_FILE).read_text(encoding="utf-8"))
    unsure = json.dumps(confidence | {"product": confidence["product"] | {"bias": -60.0}})
    (tmp_path / "unsure" / "双十一" / CONFIDENCE_FILE).write_text(unsure, encoding="utf-8")
    delivered = card(kandian_command("quality", marked, "--out", out, "--json"))
    same, unsure_scores = (
        card(kandian_command("quality", marked, "--out", out, "--held-out", tmp_path / name, "--json"))
        for name in ("same", "unsure")
    )
    assert (same["methods"][0], same["discourse"]) == (delivered["methods"][0], delivered["discourse"])
    assert unsure_scores["methods"][0] != delivered["methods"][0]


def test_talk_and_a_wrong_catalogue_are_judged_by_the_held_out_weights_too(
    kandian_command: Command, marked: Path, out: Path, tmp_path: Path
) -> None:
    """Weights of scores that are all 0 tell no unit from another. All units of the tiny show lie in explanations."""
    folder = tmp_path / "held-out" / "双十一"
    shutil.copytree(weights_bundle_folder(DEFAULT_WEIGHTS), folder)
    scores = json.loads((folder / SCORES_FILE).read_text(encoding="utf-8"))
    (folder / SCORES_FILE).write_text(json.dumps(with_zeros(scores)), encoding="utf-8")
    file = other_catalog(tmp_path, {"product_id": "x", "title": "割草机"})
    options = ("--held-out", folder.parent, "--wrong-catalog", file, "--json")
    read = card(kandian_command("quality", marked, "--out", out, *options))
    assert read["discourse"]["mean"] == {"talk": None, "opening": 0.5}
    assert read["wrong_catalog"]["shows"][0]["show"] == "双十一"


def with_zeros(value: Any) -> Any:
    """The same JSON with 0 for every number."""
    if isinstance(value, dict):
        return {key: with_zeros(each) for key, each in value.items()}
    return [*map(with_zeros, value)] if isinstance(value, list) else 0.0 if isinstance(value, float) else value
