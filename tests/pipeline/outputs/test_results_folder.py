"""OUT/SESSION_ID: what is delivered, in which order, and what is left alone."""

import errno
import json
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

import pipeline.outputs.results_folder
from fixtures.tiny_show import write_catalog
from pipeline.engine.plan import SessionPlan
from pipeline.engine.store import Store
from pipeline.inputs.find_sessions import find_sessions
from pipeline.outputs.layout import INDEX_FILE, REPORT_FILE
from pipeline.outputs.report import build_report
from pipeline.outputs.results_folder import deliver_results, delivered_artefacts
from pipeline.run import RunConfig, run
from pipeline.runner import Outcome, Runner
from pipeline.settings import load_stages

COMPANIONS = {"chapters.vtt", "highlights.vtt", "thumbnails.vtt", "transcript.vtt", "replay/master.m3u8"}


def again(show: Path, out: Path) -> Outcome:
    (outcome,) = run(show, config=RunConfig(out, executor="in_process"))
    assert outcome.folder is not None, outcome.failures
    return outcome


def complete_plan(show: Path, out: Path) -> tuple[Store, SessionPlan]:
    """The store and the plan of a session that is done."""
    from pipeline.engine.executors.in_process import InProcessExecutor

    store = Store((out / ".store").absolute())
    plan = Runner(load_stages(None), store, InProcessExecutor(), out).open_session(find_sessions([show])[0])[1]
    assert plan.next_tasks() == []
    return store, plan


def files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def inodes(folder: Path) -> dict[str, tuple[int, int]]:
    return {name: (path.stat().st_ino, path.stat().st_mtime_ns) for name, path in files(folder).items()}


def test_all_that_a_player_needs_is_delivered(done_out: Path) -> None:
    delivered = files(done_out / "双十一")
    assert {INDEX_FILE, REPORT_FILE, *COMPANIONS} <= delivered.keys()
    assert not {name for name in delivered if Path(name).name.startswith((".", "value.json", "receipt.json"))}


def test_everything_that_is_named_is_there(done_out: Path) -> None:
    folder = done_out / "双十一"
    index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    named = [index["replay"], *(h["thumbnail"] for h in index["highlights"] if h["thumbnail"])]
    named += [
        line.partition("#")[0] for line in (folder / "thumbnails.vtt").read_text().splitlines() if "#xywh" in line
    ]
    for playlist in sorted(file.relative_to(folder) for file in (folder / "replay").rglob("*.m3u8")):
        lines = (folder / playlist).read_text().splitlines()
        named += [f"{Path(playlist).parent}/{line}" for line in lines if line and not line.startswith("#")]
    assert index["highlights"]
    assert [name for name in named if not (folder / name).is_file()] == []


def test_results_are_links_and_cost_no_room(done_out: Path) -> None:
    folder = done_out / "双十一"
    assert [name for name, path in files(folder).items() if path.stat().st_nlink < 2] == [REPORT_FILE]


def test_an_unchanged_show_changes_no_file_but_the_report(show: Path, out: Path) -> None:
    before = inodes(out / "双十一")
    assert again(show, out).tasks_run == 0
    after = inodes(out / "双十一")
    assert {name for name in before if before[name] != after.get(name)} <= {REPORT_FILE}
    assert before.keys() == after.keys()


def test_a_file_of_older_results_is_removed(show: Path, out: Path) -> None:
    folder = out / "双十一"
    (folder / "replay" / "video-av1").mkdir()
    for name in ("replay/video-av1/init.mp4", "thumbnails/hdeadbeef0000.jpg", "sprites/099.jpg", ".ab.partial"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"old")
    expected = files(out / "双十一").keys() - {
        "replay/video-av1/init.mp4",
        "thumbnails/hdeadbeef0000.jpg",
        "sprites/099.jpg",
        ".ab.partial",
    }
    again(show, out)
    assert files(folder).keys() == expected
    assert not (folder / "replay" / "video-av1").exists()


def test_files_of_others_are_left_alone(show: Path, out: Path) -> None:
    (out / "双十一" / "剪辑笔记.txt").write_text("别删")
    again(show, out)
    assert (out / "双十一" / "剪辑笔记.txt").read_text() == "别删"


@pytest.mark.slow
def test_results_beside_the_recording_leave_the_show_whole(show: Path) -> None:
    """OUT is the folder of the sessions: the results folder is the session's own."""
    before = {name: path.read_bytes() for name, path in files(show).items()}
    again(show, show.parent)
    assert (show / INDEX_FILE).is_file()
    assert {name: (show / name).read_bytes() for name in before} == before
    assert again(show, show.parent).tasks_run == 0


def test_highlights_come_last_but_for_the_report(show: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, plan = complete_plan(show, out)
    report, placed = build_report(store, plan, (), ()), list[str]()
    place = pipeline.outputs.results_folder._link_if_changed

    def noted(source: Path, target: Path) -> None:
        placed.append(target.name)
        place(source, target)

    monkeypatch.setattr(pipeline.outputs.results_folder, "_link_if_changed", noted)
    deliver_results(plan, report, out / "新")
    assert placed[-1] == INDEX_FILE
    assert placed.count(INDEX_FILE) == 1


def test_highlights_are_not_there_when_what_they_name_could_not_be_placed(
    show: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, plan = complete_plan(show, out)
    copies: list[Path] = []

    def full_after_three(source: Path, target: Path) -> Path:
        copies.append(target)
        if len(copies) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return Path(shutil.copy(source, target))

    monkeypatch.setattr(os, "link", other_device)
    monkeypatch.setattr(shutil, "copy2", full_after_three)
    with pytest.raises(OSError, match="No space left"):
        deliver_results(plan, build_report(store, plan, (), ()), out / "新")
    assert not (out / "新" / INDEX_FILE).exists()


def other_device(source: Path, target: Path) -> NoReturn:
    raise OSError(errno.EXDEV, "Invalid cross-device link", str(source), None, str(target))


def test_a_store_on_another_device_is_copied_from(show: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, plan = complete_plan(show, out)
    monkeypatch.setattr(os, "link", other_device)
    deliver_results(plan, build_report(store, plan, (), ()), out / "新")
    linked, copied = files(out / "双十一"), files(out / "新")
    assert copied.keys() == linked.keys()
    assert all(copied[name].read_bytes() == linked[name].read_bytes() for name in copied.keys() - {REPORT_FILE})
    assert {path.stat().st_nlink for path in copied.values()} == {1}


def test_copies_of_an_unchanged_show_are_not_made_again(show: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, plan = complete_plan(show, out)
    monkeypatch.setattr(os, "link", other_device)
    deliver_results(plan, build_report(store, plan, (), ()), out / "新")
    before = inodes(out / "新")
    deliver_results(plan, build_report(store, plan, (), ()), out / "新")
    after = inodes(out / "新")
    assert {name for name in before if before[name] != after[name]} == {REPORT_FILE}


def test_a_damaged_result_is_mended_by_the_next_run(show: Path, out: Path) -> None:
    chapters = out / "双十一" / "chapters.vtt"
    whole = chapters.read_bytes()
    chapters.unlink()
    chapters.write_bytes(whole[:10])
    again(show, out)
    assert chapters.read_bytes() == whole


def test_a_changed_show_gets_its_new_results(show: Path, out: Path) -> None:
    write_catalog(show, "新款纯棉毛巾")
    again(show, out)
    index = json.loads((out / "双十一" / INDEX_FILE).read_text(encoding="utf-8"))
    assert index["products"][0]["title"] == "新款纯棉毛巾"


def test_the_artefacts_behind_results_are_told_by_kind(done_out: Path) -> None:
    behind = delivered_artefacts(done_out / "双十一")
    assert behind is not None
    assert {"Recording", "Catalog", "Timeline", "Transcript", "Takes", "HighlightIndex"} <= behind.keys()
    assert all((done_out / ".store" / "双十一" / kind / key).is_dir() for kind, key in behind.items())


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"artefacts": []}', "\udcff"])
def test_there_are_no_artefacts_behind_what_is_no_report(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / REPORT_FILE).write_text(text, errors="surrogateescape")
    assert delivered_artefacts(tmp_path) is None
