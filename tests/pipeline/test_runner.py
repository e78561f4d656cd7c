"""Whole sessions through the real flow, captions instead of speech: what runs, and what one bad show costs."""

import errno
import json
import os
import resource
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from domain.clock import Seconds, Span, Timeline
from domain.recording import MediaInfo
from fixtures.tiny_show import write_broken_show, write_catalog
from kandian import Outcome, run
from kandian.cli.exit_codes import BAD_INPUT, SOME_DONE, TRY_AGAIN, exit_code_of_outcomes
from media.encode.encoders import rendition_outputs
from pipeline.engine.executors.in_process import InProcessExecutor
from pipeline.engine.executors.process_pool import LocalPoolExecutor
from pipeline.engine.failures import Failure, load_failures
from pipeline.engine.stage import Stage
from pipeline.engine.store import Store
from pipeline.engine.task import Task
from pipeline.inputs.find_sessions import find_sessions
from pipeline.run import RunConfig, run_sources
from pipeline.runner import Runner
from pipeline.settings import load_stages
from pipeline.stages.media.encode_video import EncodeVideo

HEAVY = {
    "probe",
    "build_timeline",
    "encode_audio",
    "encode_video",
    "sample_frames",
    "make_sprites",
    "extract_speech_audio",
}
SPEECH = {"transcribe", "import_captions"}
NAME = "双十一"


@dataclass
class Noted:
    """A watcher that remembers what it was told."""

    started_tasks: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    durations: dict[str, Seconds] = field(default_factory=dict)

    @property
    def stages(self) -> set[str]:
        return {name.partition(" (")[0] for name in self.started_tasks}

    def on_session_opened(self, session_id: str, duration: Seconds | None) -> None:
        if duration is not None:
            self.durations[session_id] = duration

    def on_task_started(self, task: Task) -> None:
        self.started_tasks.append(task.name)

    def on_task_progress(self, task: Task, fraction: float) -> None:
        assert 0 <= fraction <= 1, task.name

    def on_task_finished(self, task: Task, wall_s: float) -> None:  # noqa: ARG002
        self.told.append(f"finished {task.name}")

    def on_task_skipped(self, task: Task) -> None:
        self.told.append(f"skipped {task.name}")

    def on_failure(self, failure: Failure) -> None:
        self.told.append(f"failed {failure.stage}")

    def on_session_delivered(self, session_id: str, tasks_run: int) -> None:
        self.told.append(f"delivered {session_id} {tasks_run}")

    def on_session_failed(self, session_id: str) -> None:
        self.told.append(f"given up {session_id}")


def run_in(out: Path, *shows: Path, watcher: Noted | None = None) -> tuple[Outcome, ...]:
    return run(*shows, config=RunConfig(out, executor="in_process"), observer=watcher or Noted())


def with_stage(changed: Stage) -> tuple[Stage, ...]:
    """All stages with their defaults, `changed` in the place of the one it derives from."""
    return tuple(changed if isinstance(changed, type(stage)) else stage for stage in load_stages(None))


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "report.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def states(folder: Path) -> dict[str, tuple[int, int]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "report.json")
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def test_a_show_is_done_whole(tiny_show: Path, done_out: Path) -> None:
    index = json.loads((done_out / NAME / "highlights.json").read_text(encoding="utf-8"))
    assert index["session_id"] == NAME
    assert [highlight["product_ids"][0] for highlight in index["highlights"]] == ["730011", "730013"]
    assert index["unexplained"] == ["730014"]
    assert tiny_show.name == NAME


def test_an_unchanged_second_run_starts_no_task_and_changes_no_file(show: Path, out: Path) -> None:
    run_in(out, show)  # the copy of the show lies elsewhere: its place is noted once
    before, watcher = states(out), Noted()
    (outcome,) = run_in(out, show, watcher=watcher)
    assert (outcome.tasks_run, outcome.folder, watcher.started_tasks) == (0, out / NAME, [])
    assert states(out) == before


def test_how_long_a_show_is_is_told_in_every_run(show: Path, out: Path) -> None:
    watcher = Noted()
    run_in(out, show, watcher=watcher)
    assert watcher.durations == {NAME: pytest.approx(30.0, abs=0.1)}
    assert watcher.told == [f"delivered {NAME} 0"]


def test_a_changed_catalogue_runs_neither_decoding_nor_speech_again(show: Path, out: Path) -> None:
    write_catalog(show, "新款纯棉毛巾加厚")
    watcher = Noted()
    run_in(out, show, watcher=watcher)
    assert "link_mentions" in watcher.stages
    assert not watcher.stages & (HEAVY | SPEECH)


def test_a_changed_title_runs_only_what_writes_it(show: Path, out: Path) -> None:
    (show / "session.json").write_text('{"title": "双十一专场"}', encoding="utf-8")
    watcher = Noted()
    (outcome,) = run_in(out, show, watcher=watcher)
    assert outcome.folder is not None
    assert not watcher.stages & (HEAVY | SPEECH | {"link_mentions"})


def test_changed_events_run_neither_decoding_nor_speech_again(show: Path, out: Path) -> None:
    (show / "events.jsonl").write_text('{"t": 3.0, "type": "product_push", "product_id": "730011"}\n')
    watcher = Noted()
    run_in(out, show, watcher=watcher)
    assert "align_events" in watcher.stages
    assert not watcher.stages & (HEAVY | SPEECH | {"link_mentions"})


def test_changed_captions_run_no_decoding_again(show: Path, out: Path) -> None:
    captions = show / "captions.srt"
    captions.write_text(captions.read_text(encoding="utf-8").replace("很吸水", "特别吸水"), encoding="utf-8")
    watcher = Noted()
    run_in(out, show, watcher=watcher)
    assert {"import_captions", "link_mentions"} <= watcher.stages
    assert not watcher.stages & HEAVY


def test_a_recording_that_was_moved_costs_nothing(show: Path, out: Path, tmp_path: Path) -> None:
    moved = shutil.move(show, tmp_path / "搬家" / NAME)
    (outcome,) = run_in(out, Path(moved))
    assert outcome.tasks_run == 0


def test_a_setting_of_one_stage_costs_that_stage_and_what_its_change_reaches(show: Path, out: Path) -> None:
    (show.parent / "k.toml").write_text("[make_sprites]\njpeg_quality = 20\n")
    watcher = Noted()
    run(show, config=RunConfig(out, executor="in_process", settings=show.parent / "k.toml"), observer=watcher)
    assert watcher.stages == {"make_sprites", "write_index"}


def test_a_broken_show_among_good_ones_leaves_them_whole_and_is_named_with_its_reason(
    show: Path, done_out: Path, tmp_path: Path
) -> None:
    broken = write_broken_show(tmp_path / "坏了的场次")
    second = shutil.copytree(show, tmp_path / "双十二")
    out = tmp_path / "out"
    outcomes = run(show, broken, second, config=RunConfig(out, workers=2))
    assert [outcome.session_id for outcome in outcomes] == [NAME, "坏了的场次", "双十二"]
    assert [outcome.folder is not None for outcome in outcomes] == [True, False, True]
    (failure,) = outcomes[1].failures
    assert (failure.stage, failure.blame) == ("probe", "input")
    assert str(broken / "recording.mp4") in failure.error
    assert failure.command == shlex.join(["kandian", "run", str(broken), "--out", str(out), "--workers", "2"])
    assert [note.error for note in load_failures(out / ".store", "坏了的场次")] == [failure.error]
    assert contents(out / NAME) == contents(done_out / NAME)
    assert contents(out / "双十二").keys() >= {"highlights.json", "replay/master.m3u8"}
    assert exit_code_of_outcomes(outcomes) == SOME_DONE


@pytest.mark.media
def test_when_all_are_broken_trying_again_is_no_use(tmp_path: Path) -> None:
    shows = [write_broken_show(tmp_path / name) for name in ("坏一", "坏二")]
    outcomes = run_in(tmp_path / "out", *shows, tmp_path / "没有这场")
    assert [len(outcome.failures) for outcome in outcomes] == [1, 1, 1]
    assert exit_code_of_outcomes(outcomes) == BAD_INPUT


def test_a_mended_show_loses_its_note(show: Path, tmp_path: Path) -> None:
    out, recording = tmp_path / "out", (show / "recording.flv").read_bytes()
    (show / "recording.flv").write_bytes(b"FLV no more" * 100)
    run_in(out, show)
    assert list(load_failures(out / ".store", NAME))
    (show / "recording.flv").write_bytes(recording)
    (outcome,) = run_in(out, show)
    assert outcome.failures == ()
    assert list(load_failures(out / ".store", NAME)) == []


@pytest.mark.slow
def test_two_sessions_may_have_the_same_recording(show: Path, out: Path, tmp_path: Path) -> None:
    other = shutil.copytree(show, tmp_path / "重播")
    outcomes = run(show, other, config=RunConfig(out, workers=2))
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    replays = [contents(out / name / "replay") for name in (NAME, "重播")]
    assert replays[0] == replays[1]


def test_one_session_named_twice_is_refused_before_anything_runs(show: Path, tmp_path: Path) -> None:
    from domain.errors import UsageError

    with pytest.raises(UsageError, match=NAME):
        run_in(tmp_path / "out", show, show)
    assert not (tmp_path / "out").exists()


def test_no_sessions_at_all_are_done_at_once(tmp_path: Path) -> None:
    runner = Runner(load_stages(None), Store(tmp_path / ".store"), InProcessExecutor(), tmp_path)
    assert runner.run([]) == ()


@dataclass(frozen=True)
class CannotBeDivided(EncodeVideo):
    def parts(self, media: MediaInfo, timeline: Timeline) -> tuple[Span, ...]:
        raise ZeroDivisionError(f"{len(media.files)} / {timeline.duration - timeline.duration}")


def test_a_stage_that_cannot_even_be_planned_fails_its_session_and_not_the_run(show: Path, tmp_path: Path) -> None:
    watcher, other = Noted(), write_broken_show(tmp_path / "坏")
    stages, store = with_stage(CannotBeDivided()), Store((tmp_path / ".store").absolute())
    runner = Runner(stages, store, InProcessExecutor(), tmp_path / "out", watcher)
    first, second = runner.run(find_sessions([show, other]))
    (failure,) = first.failures
    assert (failure.blame, failure.error) == ("kandian", "ZeroDivisionError: 1 / 0.0")
    assert second.failures[0].stage == "probe"
    assert {"given up 坏", f"given up {NAME}"} <= set(watcher.told)
    assert exit_code_of_outcomes([first, second]) == TRY_AGAIN


def test_a_failed_part_stops_only_what_depends_on_it_and_is_done_again_alone(show: Path, tmp_path: Path) -> None:
    """The light half goes on, and so do the other parts, so that the next run has less to do."""
    begun: list[object] = []

    def broken_in_the_second(*arguments: Any) -> Any:
        begun.append(arguments)
        if len(begun) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rendition_outputs(*arguments)

    stages, store, watcher = with_stage(EncodeVideo(part_s=10.0)), Store((tmp_path / ".store").absolute()), Noted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.stages.media.encode_video.rendition_outputs", broken_in_the_second)
        (outcome,) = Runner(stages, store, InProcessExecutor(), tmp_path / "out", watcher).run(find_sessions([show]))
    (failure,) = outcome.failures
    assert (failure.stage, failure.blame) == ("encode_video (part 2)", "machine")
    assert {"finished segment_takes", "finished describe_takes", "finished make_sprites"} <= set(watcher.told)
    assert "write_index" not in watcher.stages
    assert exit_code_of_outcomes([outcome]) == TRY_AGAIN
    again = Noted()
    Runner(stages, store, InProcessExecutor(), tmp_path / "out", again).run(find_sessions([show]))
    assert again.stages == {"encode_video", "write_index"}
    assert [name for name in again.started_tasks if "(part" in name] == ["encode_video (part 2)"]


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """No file of this process grows over `size` bytes: writing fails as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_is_a_reason_to_try_again_and_leaves_nothing_half(
    show: Path, done_out: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with files_limited_to(4000):
        (outcome,) = run_in(out, show)
    assert {failure.blame for failure in outcome.failures} == {"machine"}, outcome.failures
    assert exit_code_of_outcomes([outcome]) == TRY_AGAIN
    assert not (out / NAME).exists()
    run_in(out, show)
    assert contents(out / NAME) == contents(done_out / NAME)


def test_a_store_that_cannot_be_written_is_a_reason_to_try_again(
    show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def read_only(path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if path.is_relative_to(tmp_path / "out" / ".store" / NAME):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        make(path, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", read_only)
    (outcome,) = run_in(tmp_path / "out", show)
    (failure,) = outcome.failures
    assert (failure.stage, failure.blame) == ("read", "machine")
    assert "Read-only file system" in failure.error


def test_results_that_cannot_be_placed_are_a_reason_to_try_again(show: Path, out: Path) -> None:
    shutil.rmtree(out / NAME)
    (out / NAME).write_text("a file where the folder is to be")
    (outcome,) = run_in(out, show)
    assert [(failure.stage, failure.blame) for failure in outcome.failures] == [("deliver", "machine")]


def test_an_artefact_that_was_damaged_fails_its_session_with_its_place(show: Path, out: Path) -> None:
    (value,) = (out / ".store" / NAME / "Timeline").rglob("value.json")
    value.chmod(0o644)
    value.write_text("{")
    (outcome,) = run_in(out, show)
    (failure,) = outcome.failures
    assert (failure.blame, str(value.parent) in failure.error) == ("machine", True)
    shutil.rmtree(value.parent)
    assert run_in(out, show)[0].failures == ()


@pytest.mark.slow
def test_the_command_line_and_the_import_do_the_same(show: Path, done_out: Path, tmp_path: Path) -> None:
    sources = find_sessions([show])
    outcomes = run_sources(sources, RunConfig(tmp_path / "out", executor="in_process"), Noted())
    assert [outcome.failures for outcome in outcomes] == [()]
    assert [outcome.tasks_run for outcome in run_in(tmp_path / "out", show)] == [0]
    assert contents(tmp_path / "out" / NAME) == contents(done_out / NAME)


def test_many_sessions_are_done_by_few_workers_in_the_order_given(out: Path, show: Path, tmp_path: Path) -> None:
    store = out / ".store"
    names = [f"场次 {number}" for number in range(7)]
    for name in names:
        shutil.copytree(show, tmp_path / "many" / name)
        shutil.copytree(store / NAME, store / name)
    executor = LocalPoolExecutor(workers=1)
    runner = Runner(load_stages(None), Store(store), executor, out)
    outcomes = runner.run(find_sessions([tmp_path / "many" / name for name in names]))
    executor.close()
    assert [(outcome.session_id, outcome.failures) for outcome in outcomes] == [(name, ()) for name in names]
