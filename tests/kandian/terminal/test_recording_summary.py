"""What people are told of a broken recording."""

import io

from rich.console import Console

from domain.clock import Cut, Repair
from kandian.terminal.recording_summary import print_recording, print_warnings
from pipeline.outputs.report import RecordingReport, ReplayReport, Report

CLOCK_RESET = Repair("began_anew", 0, 15.0, 0.0, "the recorder's clock began anew; what follows is shown right after")
GAP = Cut(9.0, 6.0, "nothing was recorded (file 1)")


def printed_lines(cuts: tuple[Cut, ...], recording: RecordingReport) -> list[str]:
    replay = ReplayReport(720, 1280, 2_000_000, 90.0)
    report = Report("1.0", "s", 100.0, (), 0.0, 0.0, replay, cuts, (), {}, {}, recording)
    out = io.StringIO()
    print_recording(report, Console(file=out, width=120))
    return out.getvalue().splitlines()


def test_cuts_and_repairs_are_told_in_the_order_of_the_recording() -> None:
    assert printed_lines((GAP,), RecordingReport(1, 6.0, 1, (CLOCK_RESET,))) == [
        "Recording: 1 stretches left out (6.0 s), 1 faults met",
        "0:00:09 left out for 6.0 s: nothing was recorded (file 1)",
        "0:00:15 in file 1: the recorder's clock began anew; what follows is shown right after",
    ]


def test_a_recording_without_faults_prints_nothing() -> None:
    assert printed_lines((), RecordingReport()) == []


def test_many_faults_are_counted_and_the_first_are_told() -> None:
    lines = printed_lines(
        tuple(Cut(float(at), 1.0, "nothing was recorded (file 1)") for at in range(100)), RecordingReport(500)
    )
    assert len(lines) == 12
    assert lines[-1] == "and 490 more: see report.json"


def test_warnings_are_told_a_line_each_and_those_beyond_ten_are_counted() -> None:
    report = Report("1.0", "s", 9.0, (), 0.0, 0.0, ReplayReport(2, 2, 1, 1.0), (), ("a b",) * 12, {}, {})
    out = io.StringIO()
    print_warnings(report, Console(file=out, width=120))
    assert out.getvalue().splitlines() == ["Warning: a b"] * 10 + ["and 2 more warnings: see report.json"]
