"""Making replays and highlights, and looking after results."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import AsJson, LedgerAddress, OutDir, SettingsFile, StoreDir, WorkerCount


class ExecutorChoice(StrEnum):
    """As in job.ExecutorName; typer wants an enumeration."""

    pool = "pool"
    in_process = "in_process"
    ray = "ray"


SessionPaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SESSION...", help="Session folders, or lists of sessions (JSON lines)."),
]
ExecutorOption = Annotated[ExecutorChoice, typer.Option("--executor", help="Who does the work.")]
RayAddress = Annotated[str | None, typer.Option("--ray-address", metavar="ADDRESS", help="A running Ray cluster.")]


@app.command()
@with_exit_code
def run(
    sessions: SessionPaths = None,
    out: OutDir = Path("out"),
    store: StoreDir = None,
    executor: ExecutorOption = ExecutorChoice.pool,
    workers: WorkerCount = None,
    ray_address: RayAddress = None,
    settings: SettingsFile = None,
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
    from kandian.cli.run import run_command
    from pipeline.inputs.find_sessions import overrides_from_flags
    from pipeline.inputs.session_source import SessionOverrides
    from pipeline.run import RunConfig

    file_overrides = SessionOverrides(
        recording=tuple(recording or ()), catalog=catalog, events=events, captions=captions
    )
    flag_values = {"id": session_id, "language": language, "started_at": started_at, "title": title}
    setup = RunConfig(out, store, executor.value, workers, ray_address, settings, ledger)
    return run_command(sessions or [], overrides_from_flags(flag_values, file_overrides), setup, as_json)


@app.command()
@with_exit_code
def status(out: OutDir = Path("out"), store: StoreDir = None, as_json: AsJson = False) -> int:
    """Say which sessions are done, under way or failed, and why."""
    from kandian.cli.status import status_command
    from pipeline.run import RunConfig

    return status_command(RunConfig(out, store), as_json)


@app.command()
@with_exit_code
def show(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT...", help="Results folders or highlights.json files.")
    ],
    as_json: AsJson = False,
) -> int:
    """Print a show's highlights as a table and as a picture of its timeline."""
    from kandian.cli.show import show_command

    return show_command(results, as_json)


@app.command()
@with_exit_code
def sweep(
    out: OutDir = Path("out"),
    store: StoreDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> int:
    """Remove finished work that no delivered result is made from, and what killed runs left behind."""
    from kandian.cli.sweep import sweep_command
    from pipeline.run import RunConfig

    return sweep_command(RunConfig(out, store), dry_run)


@app.command()
@with_exit_code
def doctor(out: OutDir = Path("out"), as_json: AsJson = False) -> int:
    """Check that everything kandian needs is here, and say what to do where it is not."""
    from kandian.cli.doctor import doctor_command

    return doctor_command(out, as_json)
