"""`kandian show`: a show's highlights in the terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import InputError
from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson

if TYPE_CHECKING:
    from rich.console import Console


@app.command()
@with_exit_code
def show(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT...", help="Results folders or highlights.json files.")
    ],
    as_json: AsJson = False,
    why: Annotated[
        bool,
        typer.Option(
            "--why", help="All that spoke for and against each take, its runners-up, and why it is not published."
        ),
    ] = False,
) -> int:
    """Print a show's highlights as a table and as a picture of its timeline, with a line a take that says why."""
    from rich.console import Console

    from kandian.terminal.highlights_table import print_highlights
    from pipeline.outputs.highlights_file import highlights_json, read_highlights, read_takes
    from pipeline.outputs.layout import INDEX_FILE, REPORT_FILE, TAKES_FILE

    paths = [path / INDEX_FILE if path.is_dir() else path for path in results]
    documents = [read_highlights(path) for path in paths]
    console = Console()
    for path, document in zip(paths, documents, strict=True):
        if as_json:
            sys.stdout.write(highlights_json(document).decode())
            continue
        takes_file = path.with_name(TAKES_FILE)
        takes = read_takes(takes_file) if takes_file.is_file() else None
        print_highlights(document, console, takes, is_why_whole=why)
        _print_report(path.with_name(REPORT_FILE), console)
    return 0


def _print_report(file: Path, console: "Console") -> None:
    """Print the replay, speech, faults and warnings of report.json, if there is one."""
    from kandian.terminal.recording_summary import print_recording, print_warnings
    from kandian.terminal.replay_summary import print_replay
    from kandian.terminal.speech_summary import print_speech
    from pipeline.inputs.parsing.json_file import read_json
    from pipeline.outputs.highlights_file import REMEDY
    from pipeline.outputs.report import Report

    if not file.is_file():
        return
    report = read_json(Report, file, InputError, REMEDY)
    print_replay(report.replay, console)
    print_speech(report.speech, console)
    print_recording(report, console)
    print_warnings(report, console)
