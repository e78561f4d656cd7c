"""The faults of a recording in words: what the replay leaves out, and what was repaired."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from domain.clock import Cut, Repair
from domain.text import format_hms, printable
from pipeline.outputs.report import Report

MAX_LINES = 10  # the rest is in report.json


def print_recording(report: Report, console: Console) -> None:
    """Print the faults of the recording; nothing where there are none."""
    recording = report.recording
    if not recording.cuts_in_all and not recording.repairs_in_all:
        return
    cuts_text = f"{recording.cuts_in_all} stretches left out ({recording.seconds_left_out:.1f} s)"
    console.print(Text(f"Recording: {cuts_text}, {recording.repairs_in_all} faults met", "bold"))
    lines = [line for _, line in sorted([*_cut_lines(report.cuts), *_repair_lines(recording.repairs)])]
    for line in lines[:MAX_LINES]:
        console.print(Text(printable(line, console.encoding)), soft_wrap=True)
    omitted = recording.cuts_in_all + recording.repairs_in_all - len(lines[:MAX_LINES])
    if omitted:
        console.print(Text(f"and {omitted} more: see report.json", "dim"))


def print_warnings(report: Report, console: Console) -> None:
    """Print the warnings of the report, a line each."""
    for warning in report.warnings[:MAX_LINES]:
        console.print(Text(printable(f"Warning: {warning}", console.encoding), "yellow"), soft_wrap=True)
    if len(report.warnings) > MAX_LINES:
        console.print(Text(f"and {len(report.warnings) - MAX_LINES} more warnings: see report.json", "dim"))


def _cut_lines(cuts: tuple[Cut, ...]) -> Iterator[tuple[float, str]]:
    for cut in cuts:
        yield cut.recording_start, f"{format_hms(cut.recording_start)} left out for {cut.duration:.1f} s: {cut.reason}"


def _repair_lines(repairs: tuple[Repair, ...]) -> Iterator[tuple[float, str]]:
    for repair in repairs:
        count_text = f" ({repair.count} times)" if repair.count > 1 else ""
        duration_text = f" for {repair.duration:.1f} s" if repair.duration > 0 else ""
        position = f"{format_hms(repair.recording_start)} in file {repair.file + 1}"
        yield repair.recording_start, f"{position}{duration_text}: {repair.what}{count_text}"
