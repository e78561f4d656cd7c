"""`kandian show`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from domain.errors import InputError
from kandian.terminal.highlights_table import show
from kandian.terminal.recording_summary import show_recording, show_warnings
from kandian.terminal.replay_summary import show_replay
from pipeline.inputs.parsing.json_file import read_json
from pipeline.outputs.highlights_file import REMEDY, highlights_json, read_highlights
from pipeline.outputs.report import Report
from pipeline.outputs.results_folder import INDEX_FILE, REPORT_FILE


def show_command(results: Sequence[Path], as_json: bool) -> int:
    """Print each result; returns the exit code. Raises InputError where one cannot be read."""
    places = [path / INDEX_FILE if path.is_dir() else path for path in results]
    files = [read_highlights(place) for place in places]
    console = Console()
    for file, place in zip(files, places, strict=True):
        if as_json:
            sys.stdout.write(highlights_json(file).decode())
        else:
            show(file, console)
            report = place.with_name(REPORT_FILE)
            if report.is_file():
                told = read_json(Report, report, InputError, REMEDY)
                show_replay(told.replay, console)
                show_recording(told, console)
                show_warnings(told, console)
    return 0
