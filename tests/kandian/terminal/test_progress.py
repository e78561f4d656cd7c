"""What people see of a run: lines in a log, bars on a terminal."""

import re
import time
from collections.abc import Callable

import pytest

from domain.clock import Span
from domain.errors import MediaError
from fixtures.toy_flow import Hear, Heard, HeardPart
from kandian.terminal.progress import LINE_PERIOD_S, show_progress
from pipeline.engine.failures import Failure
from pipeline.engine.stage import Part
from pipeline.engine.store import ArtefactRef
from pipeline.engine.task import Task

SHOW = "双十一"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def part(index: int, session: str = SHOW) -> Task:
    return Task(
        Hear(), ArtefactRef(session, HeardPart, f"p{index}"), part=Part(index, Span(index * 600, index * 600 + 600))
    )


def whole(session: str = SHOW) -> Task:
    return Task(Hear(), ArtefactRef(session, Heard, "w"))


def failure(task: Task, what: str = "has no sound") -> Failure:
    error = MediaError("录播.flv", what, "record it again")
    return Failure.from_error(
        error, session=task.output.session_id, stage=task.name, key=task.output.key, command="kandian run"
    )


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make standard error look like a terminal, wide enough for a whole bar."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds go by without waiting for them."""
    began, gone = time.monotonic(), [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: began + gone[0])

    def wait(seconds: float) -> None:
        gone[0] += seconds

    return wait


def test_a_log_has_every_end(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(2) as watcher:
        watcher.on_session_opened(SHOW, 3600.0)
        watcher.on_task_started(part(0))
        watcher.on_task_finished(part(0), wall_s=60.0)
        watcher.on_session_delivered(SHOW, 1)
    assert capsys.readouterr().err.splitlines() == [
        "双十一: 1:00:00 long",
        "双十一: hear (part 1): done in 60.0 s, 10x real time",
        "双十一: ready (1 of 2 sessions)",
    ]


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """It belongs to --json and to the program that reads it."""
    with show_progress(1) as watcher:
        watcher.on_session_opened(SHOW, 10.0)
        watcher.on_session_delivered(SHOW, 0)
    assert capsys.readouterr().out == ""


def test_a_log_has_long_work_now_and_then(
    capsys: pytest.CaptureFixture[str], pass_time: Callable[[float], None]
) -> None:
    with show_progress(1) as watcher:
        watcher.on_session_opened(SHOW, 7200.0)
        watcher.on_task_started(whole())
        for _ in range(int(2.5 * LINE_PERIOD_S)):
            pass_time(1.0)
            watcher.on_task_progress(whole(), 0.25)
    assert capsys.readouterr().err.splitlines() == [
        "双十一: 2:00:00 long",
        "双十一: hear: 25%, 60x real time, 0:01:30 left",
        "双十一: hear: 25%, 30x real time, 0:03:00 left",
    ]


def test_of_too_little_nothing_is_guessed(
    capsys: pytest.CaptureFixture[str], pass_time: Callable[[float], None]
) -> None:
    with show_progress(1) as watcher:
        for _ in range(int(1.5 * LINE_PERIOD_S)):
            pass_time(1.0)
            watcher.on_task_progress(whole(), 0.01)
    assert capsys.readouterr().err.splitlines() == ["双十一: hear: 1%"]


def test_work_that_has_told_nothing_yet_is_not_guessed_at(
    capsys: pytest.CaptureFixture[str], pass_time: Callable[[float], None]
) -> None:
    with show_progress(1) as watcher:
        watcher.on_task_started(whole())
        pass_time(2 * LINE_PERIOD_S)
        watcher.on_task_progress(whole(), 0.0)
    assert capsys.readouterr().err == ""


def test_a_log_has_failures_and_sessions_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(2) as watcher:
        watcher.on_task_started(part(0))
        watcher.on_failure(failure(part(0)))
        watcher.on_session_failed(SHOW)
        watcher.on_session_delivered("双十二", 0)
    assert capsys.readouterr().err.splitlines() == [
        "双十一: FAILED in hear (part 1): 录播.flv: has no sound; record it again",
        "双十一: given up (1 of 2 sessions)",
        "双十二: ready (2 of 2 sessions)",
    ]


def test_a_strangers_words_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(1) as watcher:
        watcher.on_failure(failure(whole("\x1b[2J坏"), "says \x1b]0;owned\x07\n[red]no[/red]"))
    line = capsys.readouterr().err
    assert "\x1b" not in line
    assert "\x07" not in line
    assert line.count("\n") == 1
    assert "[red]no[/red]" in line


@pytest.mark.usefixtures("terminal")
def test_a_terminal_shows_stage_part_share_speed_and_sessions(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(3) as watcher:
        watcher.on_session_opened(SHOW, 3600.0)
        watcher.on_task_started(part(1))
        watcher.on_task_progress(part(1), 0.5)
    shown = ESCAPES.sub("", capsys.readouterr().err)
    assert "双十一  hear (part 2)" in shown
    assert " 50%" in shown
    assert re.search(r"\d+x", shown)
    assert "left" in shown
    assert "0/3" in shown


@pytest.mark.usefixtures("terminal")
def test_a_failed_part_takes_its_bar_away_and_leaves_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    """Parts go on when another failed: their progress and their end must find their bar."""
    with show_progress(1) as watcher:
        for task in (part(0), part(1)):
            watcher.on_task_started(task)
        watcher.on_failure(failure(part(0)))
        watcher.on_task_progress(part(1), 0.5)
        watcher.on_task_finished(part(1), wall_s=2.0)
        watcher.on_failure(failure(whole()))
        watcher.on_session_failed(SHOW)
    shown = ESCAPES.sub("", capsys.readouterr().err)
    assert "双十一: FAILED in hear (part 1): 录播.flv: has no sound; record it again" in shown
    assert "1/1" in shown  # one session ended, whatever number of its tasks failed


@pytest.mark.usefixtures("terminal")
def test_a_session_is_told_when_it_is_ready(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(1) as watcher:
        watcher.on_task_started(whole())
        watcher.on_task_finished(whole(), wall_s=2.0)
        watcher.on_session_delivered(SHOW, 1)
    assert "双十一: ready" in ESCAPES.sub("", capsys.readouterr().err)


@pytest.mark.usefixtures("terminal")
def test_names_on_bars_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(1) as watcher:
        watcher.on_task_started(whole("[bold]双[/bold]"))
    assert "[bold]双[/bold]  hear" in ESCAPES.sub("", capsys.readouterr().err)
