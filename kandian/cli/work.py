"""Making replays and highlights, and looking after results."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, ending_well
from kandian.cli.options import AsJson, LedgerAddress, Out, Settings, StoreDir, Workers


class ExecutorChoice(StrEnum):
    """As in job.ExecutorName; typer wants an enumeration."""

    pool = "pool"
    in_process = "in_process"
    ray = "ray"


Sessions = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SESSION...", help="Session folders, or lists of sessions (JSON lines)."),
]
ExecutorOption = Annotated[ExecutorChoice, typer.Option("--executor", help="Who does the work.")]
Address = Annotated[str | None, typer.Option("--ray-address", metavar="ADDRESS", help="A running Ray cluster.")]


@app.command()
@ending_well
def run(
    sessions: Sessions = None,
    out: Out = Path("out"),
    store: StoreDir = None,
    executor: ExecutorOption = ExecutorChoice.pool,
    workers: Workers = None,
    ray_address: Address = None,
    settings: Settings = None,
    as_json: AsJson = False,
    recording: Annotated[
        list[Path] | None, typer.Option("--recording", help="A file of the recording; again for the next, in order.")
    ] = None,
    catalog: Annotated[Path | None, typer.Option("--catalog", help="The catalogue, JSON or CSV.")] = None,
    events: Annotated[Path | None, typer.Option("--events", help="The room's log, JSON lines.")] = None,
    captions: Annotated[Path | None, typer.Option("--captions", help="SRT, VTT or JSON, instead of hearing.")] = None,
    session_id: Annotated[str | None, typer.Option("--id", help="The session's id.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="zh or en. (said in the catalogue, or heard)")
    ] = None,
    started_at: Annotated[str | None, typer.Option("--started-at", help="Wall clock of the first instant.")] = None,
    ledger: LedgerAddress = None,
    title: Annotated[str | None, typer.Option("--title", help="The show's title.")] = None,
) -> int:
    """Make replays and highlights. What is done already is not done again."""
    from kandian.commands.run import run_command
    from pipeline.inputs.find_sessions import session_flags
    from pipeline.inputs.session_source import SessionOverrides
    from pipeline.run import Setup

    files = SessionOverrides(recording=tuple(recording or ()), catalog=catalog, events=events, captions=captions)
    said = {"id": session_id, "language": language, "started_at": started_at, "title": title}
    setup = Setup(out, store, executor.value, workers, ray_address, settings, ledger)
    return run_command(sessions or [], session_flags(said, files), setup, as_json)


@app.command()
@ending_well
def status(out: Out = Path("out"), store: StoreDir = None, as_json: AsJson = False) -> int:
    """Say which sessions are done, under way or failed, and why."""
    from kandian.commands.status import status_command
    from pipeline.run import Setup

    return status_command(Setup(out, store), as_json)


@app.command()
@ending_well
def show(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT...", help="Results folders or highlights.json files.")
    ],
    as_json: AsJson = False,
) -> int:
    """Print a show's highlights as a table and as a picture of its timeline."""
    from kandian.commands.show import show_command

    return show_command(results, as_json)


@app.command()
@ending_well
def sweep(
    out: Out = Path("out"),
    store: StoreDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> int:
    """Remove finished work that no delivered result is made from, and what killed runs left behind."""
    from kandian.commands.sweep import sweep_command
    from pipeline.run import Setup

    return sweep_command(Setup(out, store), dry_run)


@app.command()
@ending_well
def doctor(out: Out = Path("out"), as_json: AsJson = False) -> int:
    """Check that everything kandian needs is here, and say what to do where it is not."""
    from kandian.commands.doctor import doctor_command

    return doctor_command(out, as_json)
