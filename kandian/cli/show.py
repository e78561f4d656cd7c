"""`kandian show`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from domain.errors import InputError
from kandian.terminal.highlights_table import print_highlights
from kandian.terminal.recording_summary import print_recording, print_warnings
from kandian.terminal.replay_summary import print_replay
from pipeline.inputs.parsing.json_file import read_json
from pipeline.outputs.highlights_file import REMEDY, highlights_json, read_highlights
from pipeline.outputs.layout import INDEX_FILE, REPORT_FILE
from pipeline.outputs.report import Report


def show_command(results: Sequence[Path], as_json: bool) -> int:
    """Print each result; returns the exit code. Raises InputError where one cannot be read."""
    highlights_files = [path / INDEX_FILE if path.is_dir() else path for path in results]
    files = [read_highlights(highlights_file) for highlights_file in highlights_files]
    console = Console()
    for file, place in zip(files, highlights_files, strict=True):
        if as_json:
            sys.stdout.write(highlights_json(file).decode())
        else:
            print_highlights(file, console)
            report_file = place.with_name(REPORT_FILE)
            if report_file.is_file():
                run_report = read_json(Report, report_file, InputError, REMEDY)
                print_replay(run_report.replay, console)
                print_recording(run_report, console)
                print_warnings(run_report, console)
    return 0
