"""`kandian run`: make replays and highlights."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.exit_codes import exit_code_of_outcomes
from kandian.cli.options import AsJson, LedgerAddress, OutDir, SettingsFile, StoreDir, WorkerCount, print_json

if TYPE_CHECKING:
    from pipeline.inputs.session_source import SessionSource
    from pipeline.run import RunConfig
    from pipeline.runner import Outcome

SessionPaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SESSION...", help="Session folders, or lists of sessions (JSON lines)."),
]
ExecutorOption = Annotated[Literal["pool", "in_process", "ray"], typer.Option("--executor", help="Who does the work.")]
RayAddress = Annotated[str | None, typer.Option("--ray-address", metavar="ADDRESS", help="A running Ray cluster.")]


@app.command()
@with_exit_code
def run(
    sessions: SessionPaths = None,
    out: OutDir = Path("out"),
    store: StoreDir = None,
    executor: ExecutorOption = "pool",
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
    options = locals()  # by name; those with the name of a SessionSource field are about the session
    from pipeline.inputs.find_sessions import find_sessions
    from pipeline.inputs.session_source import source_from_flags
    from pipeline.run import RunConfig

    flags = source_from_flags(options)
    config = RunConfig(out, store, executor, workers, ray_address, settings, ledger)
    outcomes = run_with_progress(find_sessions(sessions or [], flags), config)
    exit_code = exit_code_of_outcomes(outcomes)
    if as_json:
        print_json({"exit_code": exit_code, "sessions": outcomes})
    else:
        print_outcomes(outcomes)
    return exit_code


def run_with_progress(sources: "Sequence[SessionSource]", config: "RunConfig") -> "tuple[Outcome, ...]":
    """Run sessions, and show on stderr how far they are."""
    from kandian.terminal.progress import show_progress
    from pipeline.run import run_sources

    with show_progress(len(sources)) as observer:
        return run_sources(sources, config, observer)


def print_outcomes(outcomes: "Sequence[Outcome]") -> None:
    """Print how each session ended."""
    from kandian.terminal.outcome import print_outcome

    for outcome in outcomes:
        print_outcome(outcome)
