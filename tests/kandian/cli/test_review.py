"""Editors work on a file: exported, edited by hand, checked and recorded; a later run keeps what they did."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.outputs.highlights_file import read_highlights
from tests.conftest import Command

NAME = "双十一"


@pytest.fixture
def edit(out: Path, tmp_path: Path, kandian_command: Command) -> Callable[[Callable[[Any], object]], Path]:
    """Export the session, change the document, and give the file."""

    def edited(change: Callable[[Any], object]) -> Path:
        file = tmp_path / "review.json"
        assert kandian_command("export", NAME, file, "--review", "--out", out).code == 0
        document = json.loads(file.read_text(encoding="utf-8"))
        change(document)
        file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return file

    return edited


Editing = Callable[[Callable[[Any], object]], Path]


def test_an_untouched_file_changes_nothing(edit: Editing, out: Path, kandian_command: Command) -> None:
    answer = kandian_command("apply-edits", edit(lambda _: None), "--out", out)
    assert (answer.code, answer.out.splitlines()[-1]) == (0, f"{NAME}: 0 edits, nothing is changed")


def test_edits_are_told_recorded_and_kept_by_the_next_run(
    edit: Editing, out: Path, show: Path, kandian_command: Command
) -> None:
    def change(document: Any) -> None:
        first = document["highlights"][0]
        first["title"], first["end"] = "改过的标题", first["end"] - 1

    answer = kandian_command("apply-edits", edit(change), "--out", out, "--by", "编辑")
    assert answer.code == 0
    assert "改过的标题" in answer.out
    assert answer.out.splitlines()[-1].endswith("2 edits, recorded")
    shown = read_highlights(out / NAME / "highlights.json")
    assert (shown.highlights[0].title, shown.highlights[0].status) == ("改过的标题", "edited")
    assert kandian_command("run", show, "--out", out, "--executor", "in_process").code == 0
    assert read_highlights(out / NAME / "highlights.json") == shown


def test_who_changed_what_and_when_is_told(edit: Editing, out: Path, kandian_command: Command) -> None:
    before = kandian_command("edits", NAME, "--out", out).out
    file = edit(lambda document: document["highlights"][0].update(title="改过的\u202e标题"))
    kandian_command("apply-edits", file, "--out", out, "--by", "编辑\x1b[2J")
    message = kandian_command("edits", NAME, "--out", out).out
    (logged,) = json.loads(kandian_command("edits", NAME, "--json", "--out", out).out)
    assert before == f"{NAME}: no edits\n"
    assert re.fullmatch(
        r'1  20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\+00:00  编辑[^\x1b]*: retitle h\w+ ".*": [^\u202e]+\n', message
    )
    assert (logged["number"], logged["edit"]["operation"]["kind"]) == (1, "retitle")
    assert kandian_command("edits", "nobody", "--out", out).code == 3


def test_a_dry_run_records_nothing(edit: Editing, out: Path, kandian_command: Command) -> None:
    file = edit(lambda document: document["highlights"].clear())
    before = (out / NAME / "highlights.json").read_bytes()
    assert kandian_command("apply-edits", file, "--out", out, "--dry-run").out.splitlines()[-1].endswith("(--dry-run)")
    assert (out / NAME / "highlights.json").read_bytes() == before
    assert kandian_command("apply-edits", file, "--out", out).code == 0
    assert read_highlights(out / NAME / "highlights.json").highlights == ()


def test_a_new_entry_needs_a_product_and_edges_only(edit: Editing, out: Path, kandian_command: Command) -> None:
    def change(document: Any) -> None:
        product = document["products"][0]["product_id"]
        document["highlights"].append({"id": "", "product_ids": [product], "start": 1.0, "end": 3.0})

    assert kandian_command("apply-edits", edit(change), "--out", out).code == 0
    added = [h for h in read_highlights(out / NAME / "highlights.json").highlights if h.status == "added"]
    assert [(h.start, h.end, h.confidence) for h in added] == [(1, 3, 1)]
    assert added[0].title


def test_a_copied_entry_splits_its_highlight(edit: Editing, out: Path, kandian_command: Command) -> None:
    def change(document: Any) -> None:
        first = document["highlights"][0]
        second = dict(first)
        middle = (first["start"] + first["end"]) / 2
        first["end"], second["start"] = middle, middle
        document["highlights"].append(second)

    before = read_highlights(out / NAME / "highlights.json").highlights
    assert kandian_command("apply-edits", edit(change), "--out", out).code == 0
    after = read_highlights(out / NAME / "highlights.json").highlights
    (first,) = (h for h in after if h.id == before[0].id)
    (second,) = (h for h in after if h.id not in {h.id for h in before})
    assert (first.start, first.end, second.seek, second.end) == (
        before[0].start,
        second.start,
        second.start,
        before[0].end,
    )


def test_edits_of_the_same_highlight_by_two_people_are_a_conflict(
    edit: Editing, out: Path, tmp_path: Path, kandian_command: Command
) -> None:
    def retitled(title: str) -> Callable[[Any], object]:
        return lambda document: document["highlights"][0].update(title=title)

    mine = edit(retitled("我的")).rename(tmp_path / "mine.json")
    theirs = edit(retitled("他的"))
    assert kandian_command("apply-edits", theirs, "--out", out).code == 0
    answer = kandian_command("apply-edits", mine, "--out", out)
    assert (answer.code, "meanwhile" in answer.err) == (3, True)
    assert read_highlights(out / NAME / "highlights.json").highlights[0].title == "他的"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["highlights"][0].update(start=-1), "highlights[0]"),
        (lambda d: d["highlights"][0].update(start="1"), "highlights[0].start"),
        (lambda d: d["highlights"][0].update(product_ids=["nothing"]), 'no product "nothing"'),
        (lambda d: d["highlights"][0].update(id="h0"), "there is no highlight h0"),
        (lambda d: d["highlights"][0].update(end=1e9), "highlights[0].end: must lie in the replay"),
        (lambda d: d["highlights"][0].update(seek=float("nan")), "highlights[0]: seek must be a time"),
        (lambda d: d["review"].update(edits=9), "the file says that 9 were seen"),
        (lambda d: d.pop("review"), "is no edited highlights.json"),
        (lambda d: d["highlights"].append(7), "highlights["),
    ],
)
def test_a_file_that_cannot_be_is_told_with_the_place(
    change: Callable[[Any], object], message: str, edit: Editing, out: Path, kandian_command: Command
) -> None:
    answer = kandian_command("apply-edits", edit(change), "--out", out)
    assert (answer.code, message in answer.err) == (3, True), answer.err


def test_an_id_typed_with_a_folders_slash_is_the_session_and_an_address_is_refused(
    out: Path, edit: Editing, kandian_command: Command
) -> None:
    file = edit(lambda document: document["highlights"][0].update(title="有斜线"))
    assert kandian_command("apply-edits", file, "--out", out).code == 0
    assert "有斜线" in kandian_command("export", f"{NAME}/", "--format", "csv", "--out", out).out
    assert f"{NAME}: published revision 1" in kandian_command("publish", f"{NAME}/", "--out", out).out
    for address in (f"../out/{NAME}", str(out / NAME), "x" * 300):
        for command in (("publish", address), ("export", address, "--review")):
            answer = kandian_command(*command, "--out", out)
            assert (answer.code, "give its id alone" in answer.err) == (3, True), answer.err
    assert kandian_command("publish", f"../out/{NAME}", "--out", out).err.strip().endswith(f"in OUT: {NAME}")


def test_what_was_refused_can_be_brought_back_under_its_id(edit: Editing, out: Path, kandian_command: Command) -> None:
    before = read_highlights(out / NAME / "highlights.json").highlights
    gone = edit(lambda document: document["highlights"].pop(0))
    assert kandian_command("apply-edits", gone, "--out", out).code == 0
    back = edit(lambda document: document["highlights"].append(document["refused"].pop()))
    assert f"approve {before[0].id}" in kandian_command("apply-edits", back, "--out", out).out
    after = read_highlights(out / NAME / "highlights.json").highlights
    assert [(h.id, h.start) for h in after] == [(h.id, h.start) for h in before]
    assert json.loads(edit(lambda _: None).read_text(encoding="utf-8"))["refused"] == []


def test_a_product_that_leaves_the_catalogue_stays_with_the_dot_that_a_person_gave_it(
    edit: Editing, out: Path, show: Path, kandian_command: Command
) -> None:
    file = edit(lambda document: document["highlights"][0].update(product_ids=["730014"]))
    assert kandian_command("apply-edits", file, "--out", out).code == 0
    assert kandian_command("publish", NAME, "--out", out).code == 0
    before = read_highlights(out / "published" / NAME / "r1" / "highlights.json")
    assert (before.highlights[0].title, before.highlights[0].summary) == ("电动牙刷", "")
    catalog = json.loads((show / "catalog.json").read_text(encoding="utf-8"))
    catalog["products"].pop()
    (show / "catalog.json").write_text(json.dumps(catalog), encoding="utf-8")
    assert kandian_command("run", show, "--out", out, "--executor", "in_process").code == 0
    after = read_highlights(out / NAME / "highlights.json")
    assert kandian_command("publish", NAME, "--out", out).code == 0
    again = read_highlights(out / "published" / NAME / "r2" / "highlights.json")
    for shown in (after, again):
        assert (shown.highlights[0].id, shown.highlights[0].title) == (before.highlights[0].id, "电动牙刷")
        assert shown.products[-1] == before.products[-1]


def test_publishing_is_told_once(out: Path, kandian_command: Command) -> None:
    assert "published revision 1" in kandian_command("publish", NAME, "--out", out).out
    assert "revision 1" in kandian_command("show", out / NAME).out
    assert "unchanged since revision 1" in kandian_command("publish", NAME, "--out", out).out


def test_an_export_is_of_the_draft_or_as_published(edit: Editing, out: Path, kandian_command: Command) -> None:
    def exported(*options: str) -> Any:
        return kandian_command("export", NAME, "--format", "json-ld", "--out", out, *options)

    unpublished = exported("--published")
    kandian_command("publish", NAME, "--out", out)
    kandian_command("apply-edits", edit(lambda d: d["highlights"][0].update(title="改过的")), "--out", out)
    draft, published = (
        json.loads(exported(*options, "--page", "https://a.cn/x").out) for options in ((), ("--published",))
    )
    assert (unpublished.code, "is not published" in unpublished.err) == (3, True)
    assert [draft["hasPart"][0]["name"] == "改过的", published["hasPart"][0]["name"] == "改过的"] == [True, False]
    assert ("uploadDate" in draft, "uploadDate" in published) == (False, True)
    assert published["contentUrl"].startswith("https://a.cn/published/%E5%8F%8C%E5%8D%81%E4%B8%80/replay-")
    assert kandian_command("export", NAME, "--review", "--published", "--out", out).code == 2
