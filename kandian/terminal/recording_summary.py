"""What was wrong with a recording, in words: what the replay leaves out, and what was repaired."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from domain.clock import Cut, Repair
from kandian.terminal.cells import clock, printable
from pipeline.outputs.report import Report

MOST_LINES = 10  # the rest is in report.json


def show_recording(report: Report, console: Console) -> None:
    """Print what people should know of the recording; nothing where nothing was wrong."""
    recording = report.recording
    if not recording.cuts_in_all and not recording.repairs_in_all:
        return
    left_out = f"{recording.cuts_in_all} stretches left out ({recording.seconds_left_out:.1f} s)"
    console.print(Text(f"Recording: {left_out}, {recording.repairs_in_all} faults met", "bold"))
    lines = [line for _, line in sorted([*_cut_lines(report.cuts), *_repair_lines(recording.repairs)])]
    for line in lines[:MOST_LINES]:
        console.print(Text(printable(line, console.encoding)), soft_wrap=True)
    more = recording.cuts_in_all + recording.repairs_in_all - len(lines[:MOST_LINES])
    if more:
        console.print(Text(f"and {more} more: see report.json", "dim"))


def show_warnings(report: Report, console: Console) -> None:
    """Print what people should know besides, a line each."""
    for warning in report.warnings[:MOST_LINES]:
        console.print(Text(printable(f"Warning: {warning}", console.encoding), "yellow"), soft_wrap=True)
    if len(report.warnings) > MOST_LINES:
        console.print(Text(f"and {len(report.warnings) - MOST_LINES} more warnings: see report.json", "dim"))


def _cut_lines(cuts: tuple[Cut, ...]) -> Iterator[tuple[float, str]]:
    for cut in cuts:
        yield cut.recording_start, f"{clock(cut.recording_start)} left out for {cut.duration:.1f} s: {cut.reason}"


def _repair_lines(repairs: tuple[Repair, ...]) -> Iterator[tuple[float, str]]:
    for repair in repairs:
        often = f" ({repair.count} times)" if repair.count > 1 else ""
        length = f" for {repair.duration:.1f} s" if repair.duration > 0 else ""
        place = f"{clock(repair.recording_start)} in file {repair.file + 1}"
        yield repair.recording_start, f"{place}{length}: {repair.what}{often}"
